//! Feeds: RSS, Atom and JSON Feed; an item is one article.

use depeche_text::{Meta, Note};
use feed_rs::model::{Entry, Feed, Text};
use feed_rs::parser::Builder;

use super::common::date;
use super::common::encoding::declared_by_xml;
use super::common::input::Input;
use super::common::markup::{self, one_line};
use super::{Format, Head, Item, Options, Problem, Source, whole, with_defaults};

pub(super) const FORMAT: Format = Format {
    name: "feed",
    about: "RSS, Atom or JSON Feed: an item is one article",
    endings: &["rss", "atom"],
    is,
    open,
};

fn is(head: &Head<'_>) -> bool {
    let json = head.text.starts_with('{')
        && head.text.split("\"version\"").skip(1).any(is_version);
    json || head.root().is_some_and(|r| matches!(r, "rss" | "feed" | "entry" | "RDF"))
}

/// Whether what follows the name `version` is the value that JSON Feed gives it.
fn is_version(after: &str) -> bool {
    let value = after.trim_start().strip_prefix(':').map(str::trim_start);
    let plain = |v: &str| v.get(..40).unwrap_or(v).replace("\\/", "/");
    value.is_some_and(|v| plain(v).starts_with("\"https://jsonfeed.org/version"))
}

fn open(mut input: Input, options: &Options) -> Result<Box<dyn Source>, Problem> {
    let (text, note) = whole(&mut input, declared_by_xml)?;
    let origin = input.origin;
    let fail = |message: String| Problem { origin: origin.clone(), message };
    let text = text.trim_start_matches('\u{feff}').trim_start();
    if text.starts_with('<') {
        markup::check(text)
            .map_err(|r| fail(format!("a feed that is not read: {}", r.message())))?;
    }
    // The text is UTF-8 by now, whatever its declaration says.
    let body = match text.strip_prefix("<?xml").and_then(|t| t.split_once("?>")) {
        Some((_, body)) => body,
        None => text,
    };
    let parser = Builder::new()
        // An item without an id has none: the library would draw one by lot.
        .id_generator(|_, _, _| String::new())
        // The clock of the writer, without its offset; see `date`.
        .timestamp_parser(|written| {
            let edtf = date::edtf(written)?;
            let local = match edtf.len() {
                10 => format!("{edtf}T00:00:00Z"),
                16 | 17 => format!("{}:00Z", edtf.get(..16)?),
                _ => format!("{}Z", edtf.get(..19)?),
            };
            local.parse().ok()
        })
        .build();
    let feed = parser.parse(body.as_bytes()).map_err(|error| {
        fail(format!(
            "no feed that can be read: {error}; mend the file, or fetch it again"
        ))
    })?;
    let entries: Vec<Item> = (1..)
        .zip(&feed.entries)
        .map(|(n, entry)| {
            item(&feed, entry, format!("{origin}#{n}"), note.as_ref(), options)
        })
        .collect();
    if entries.is_empty() {
        return Err(fail("a feed without items; there is nothing to read".into()));
    }
    Ok(Box::new(Items(entries.into_iter())))
}

/// The items of a feed.
struct Items(std::vec::IntoIter<Item>);

impl Source for Items {
    fn next(&mut self, _: &Options) -> Option<Item> {
        self.0.next()
    }
}

fn item(
    feed: &Feed,
    entry: &Entry,
    origin: String,
    note: Option<&Note>,
    options: &Options,
) -> Item {
    let mut notes: Vec<Note> = note.into_iter().cloned().collect();
    let content = entry.content.as_ref().and_then(|c| {
        let body = c.body.as_deref().filter(|b| !b.trim().is_empty())?;
        Some((body, c.content_type.subty().as_str() == "plain"))
    });
    let summary = entry
        .summary
        .as_ref()
        .map(|s| (s.content.as_str(), s.content_type.subty() == "plain"));
    let title = entry.title.as_ref().and_then(line);
    let link =
        entry.links.iter().find(|l| l.rel.as_deref().is_none_or(|r| r == "alternate"));
    let link = link.map(|l| l.href.clone());
    let from_summary = content.is_none();
    let Some((body, is_plain)) = content.or(summary) else {
        let where_it_is =
            link.map_or(String::new(), |l| format!(", for instance of {l}"));
        return Item::problem(
            origin,
            format!(
                "the feed gives no text of this item; save its page and read that{where_it_is}"
            ),
        );
    };
    // Plain text of RSS is often marked up all the same; an escape shows.
    let text = if is_plain && !looks_marked_up(body) {
        Ok(body.trim().to_owned())
    } else {
        markup::text_of(body)
    };
    let text = match text {
        Ok(text) => text,
        Err(refused) => return Item::problem(origin, refused.message()),
    };
    if text.is_empty() {
        return Item::problem(
            origin,
            "the text of this item is empty: pictures only, perhaps",
        );
    }
    if from_summary {
        let whole =
            link.as_ref().map_or(String::new(), |l| format!(" The whole is at {l}."));
        notes.push(Note::new(
            "summary-only",
            format!("The feed gives a summary, not the text of the article.{whole}"),
        ));
    }
    let published = entry.published.as_ref().or_else(|| {
        let updated = entry.updated.as_ref()?;
        notes.push(Note::new(
            "date",
            "The feed gives no date of publication: that of the last change was taken.",
        ));
        Some(updated)
    });
    let published = published.map(|d| {
        let at = d.format("%Y-%m-%dT%H:%M:%S").to_string();
        // A day without a clock came as midnight.
        at.strip_suffix("T00:00:00").map_or(at.clone(), str::to_owned)
    });
    let authors = if entry.authors.is_empty() { &feed.authors } else { &entry.authors };
    let names: Vec<String> = authors.iter().filter_map(|a| a.name.clone()).collect();
    let id = Some(entry.id.clone()).filter(|id| !id.is_empty());
    let meta = Meta {
        key: id,
        title,
        published,
        outlet: feed.title.as_ref().and_then(line),
        url: link,
        rights: entry.rights.as_ref().or(feed.rights.as_ref()).and_then(line),
        lang: entry.language.clone().or_else(|| feed.language.clone()),
        byline: Some(names.join(", ")).filter(|n| !n.is_empty()),
        notes,
        ..Meta::default()
    };
    Item::text(origin, text, with_defaults(meta, &options.defaults))
}

/// Whether a text has tags or escapes in it.
fn looks_marked_up(text: &str) -> bool {
    let tag = |at: usize| {
        let next = text[at + 1..].trim_start_matches('/').chars().next();
        next.is_some_and(|c| c.is_ascii_alphabetic()) && text[at..].contains('>')
    };
    let escape = text.split('&').skip(1).any(|after| {
        after.split(';').next().is_some_and(|name| {
            name.len() < 10
                && after.len() > name.len()
                && !name.contains(char::is_whitespace)
        })
    });
    escape || text.match_indices('<').take(20).any(|(at, _)| tag(at))
}

/// A title, without markup.
fn line(text: &Text) -> Option<String> {
    let plain = if looks_marked_up(&text.content) {
        markup::text_of(&text.content).ok()?
    } else {
        text.content.clone()
    };
    Some(one_line(&plain)).filter(|l| !l.is_empty())
}
