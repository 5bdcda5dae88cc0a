//! When did it happen? Time expressions: found by rules, understood from where they stand.
//!
//! [`TimeRules`] finds them without any tagger; [`resolve`] says when they are, as TIMEX3
//! values and, beside them, as EDTF: exactly as much about a date as the text allows. « Now »
//! is the document's own date ([`Dct`]); this crate has no clock.

mod dct;
pub mod edtf;
mod meaning;
mod point;
mod recognise;
mod resolve;
mod tense;

pub use dct::{Dct, Source};
pub use edtf::Edtf;
pub use meaning::{ClockTime, Division, Feast, From, Meaning, Period, Tense, To, Unit};
pub use point::Direction;
pub use recognise::{Found, TimeRules};
pub use resolve::{Anchored, Context, Timex, TimexType, resolve};
pub use tense::{TenseWords, direction};
