//! How do figures look as lines and boxes? SVG, drawn from plain numbers.
//!
//! Colours and patterns are classes of the style sheet, so that light, dark and print differ
//! there alone; nothing here carries a style of its own, for the page's security policy allows
//! none. Whatever is text comes from the caller and is escaped.

mod chronology;
mod map;
mod months;
mod network;
mod svg;

pub(crate) use chronology::{Bar, Mark, Tick, chronology};
pub(crate) use map::{Point, map};
pub(crate) use months::{Month, months};
pub(crate) use network::{Edge, Node, Tone, network};
