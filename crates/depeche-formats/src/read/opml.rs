//! OPML: a list of feeds. Files beside it are read, addresses are named: depeche fetches nothing.

use std::path::{Component, Path, PathBuf};

use super::common::encoding::declared_by_xml;
use super::common::input::Input;
use super::common::xml::Element;
use super::{Format, Head, Item, Options, Problem, Source, whole};

pub(super) const FORMAT: Format = Format {
    name: "opml",
    about: "OPML: the feeds that it names as files beside it; addresses are named, not fetched",
    endings: &["opml"],
    is: |head: &Head<'_>| head.root() == Some("opml"),
    open,
};

/// So many addresses are named in one message.
const NAMED: usize = 20;

fn open(mut input: Input, _: &Options) -> Result<Box<dyn Source>, Problem> {
    let (text, _) = whole(&mut input, declared_by_xml)?;
    let origin = input.origin.clone();
    let list = Element::parse(&text)
        .map_err(|message| Problem { origin: origin.clone(), message })?;
    let folder = input.path.as_deref().and_then(Path::parent).unwrap_or(Path::new(""));
    let (mut addresses, mut outside, mut files) = (Vec::new(), Vec::new(), Vec::new());
    for outline in list.all("outline") {
        let Some(named) =
            outline.attribute("xmlUrl").or_else(|| outline.attribute("url"))
        else {
            continue;
        };
        match local(named) {
            None => addresses.push(named.to_owned()),
            Some(path) if is_beside(&path) => files.push(folder.join(path)),
            Some(_) => outside.push(named.to_owned()),
        }
    }
    let mut items: Vec<Item> = Vec::new();
    if !addresses.is_empty() {
        items.push(Item::problem(
            origin.clone(),
            format!(
                "feeds named by address are not fetched; save them and name the files: {}",
                some_of(&addresses)
            ),
        ));
    }
    if !outside.is_empty() {
        items.push(Item::problem(
            origin,
            format!(
                "files outside of its own folder are not followed; name them yourself: {}",
                some_of(&outside)
            ),
        ));
    }
    // The last that is named is opened first.
    items.extend(files.into_iter().rev().map(Item::File));
    Ok(Box::new(Outlines(items.into_iter())))
}

struct Outlines(std::vec::IntoIter<Item>);

impl Source for Outlines {
    fn next(&mut self, _: &Options) -> Option<Item> {
        self.0.next()
    }
}

/// The path that is named, unless it is an address.
fn local(named: &str) -> Option<PathBuf> {
    let path = named.strip_prefix("file://").unwrap_or(named);
    (!path.contains("://")).then(|| PathBuf::from(path))
}

/// Whether a path stays in the folder that it is taken from: a list that somebody sends must not
/// choose what else is read.
fn is_beside(path: &Path) -> bool {
    path.components().all(|c| matches!(c, Component::Normal(_) | Component::CurDir))
}

fn some_of(names: &[String]) -> String {
    let shown = names[..names.len().min(NAMED)].join(", ");
    match names.len().saturating_sub(NAMED) {
        0 => shown,
        more => format!("{shown}, and {more} more"),
    }
}
