//! IPTC NewsML-G2: a news item is one article, alone or in a message.

use depeche_text::{Document, Meta, Note, Wire};

use super::common::encoding::declared_by_xml;
use super::common::input::Input;
use super::common::markup;
use super::common::xml::Element;
use super::{
    Format, Head, Item, Options, Problem, Source, dated, nitf, whole, with_defaults,
};

pub(super) const FORMAT: Format = Format {
    name: "newsml",
    about: "IPTC NewsML-G2: a news item is one article, alone or in a news message",
    endings: &["newsml", "g2"],
    is,
    open,
};

/// The roots of NewsML-G2, and that of the `NewsML` before it, to say that it is not read.
const ROOTS: &[&str] = &[
    "newsItem",
    "newsMessage",
    "packageItem",
    "conceptItem",
    "knowledgeItem",
    "planningItem",
    "catalogItem",
    "NewsML",
];

fn is(head: &Head<'_>) -> bool {
    head.root().is_some_and(|r| ROOTS.contains(&r))
}

fn open(mut input: Input, options: &Options) -> Result<Box<dyn Source>, Problem> {
    let (text, note) = whole(&mut input, declared_by_xml)?;
    let origin = input.origin;
    let fail = |message: String| Problem { origin: origin.clone(), message };
    let root = Element::parse(&text).map_err(fail)?;
    let items = root.all("newsItem");
    if items.is_empty() {
        return Err(fail(no_news(&root.name)));
    }
    let alone = items.len() == 1;
    let read = |(n, item): (usize, &&Element)| {
        let origin = if alone { origin.clone() } else { format!("{origin}#{n}") };
        match document(item, note.clone(), options) {
            Ok(document) => Item::article(origin, document),
            Err(message) => Item::problem(origin, message),
        }
    };
    let items: Vec<Item> = (1..).zip(&items).map(read).collect();
    Ok(Box::new(Items(items.into_iter())))
}

/// What a document without news is told.
fn no_news(root: &str) -> String {
    match root {
        "NewsML" => "NewsML 1, and depeche reads NewsML-G2; ask the service for G2, NITF or ninjs"
            .into(),
        "packageItem" => {
            "a package of NewsML-G2, which names its stories and does not hold them; read the \
             items it names"
                .into()
        }
        other => format!("a `{other}` of NewsML-G2, which is no news; nothing to read in it"),
    }
}

/// The items of a message.
struct Items(std::vec::IntoIter<Item>);

impl Source for Items {
    fn next(&mut self, _: &Options) -> Option<Item> {
        self.0.next()
    }
}

/// The article of a news item.
fn document(
    item: &Element,
    note: Option<Note>,
    options: &Options,
) -> Result<Document, String> {
    let text = text(item)?.ok_or_else(|| {
        let class =
            item.at(&["itemMeta", "itemClass"]).and_then(code).unwrap_or_default();
        let class = if class.is_empty() { String::new() } else { format!(" ({class})") };
        format!("no text in this news item{class}; nothing to read in it")
    })?;
    let mut meta = meta(item);
    meta.notes.extend(note);
    Document::new(text, with_defaults(meta, &options.defaults)).map_err(|e| e.to_string())
}

/// The text that an item holds inline, as NITF, XHTML or plain.
fn text(item: &Element) -> Result<Option<String>, String> {
    let Some(content) = item.child("contentSet") else { return Ok(None) };
    for inline in content.elements().filter(|e| e.name == "inlineXML") {
        // Sports results and the like are markup of figures.
        let is_text = inline.elements().any(|e| {
            matches!(
                e.name.as_str(),
                "nitf" | "html" | "body" | "div" | "p" | "section" | "article"
            )
        });
        let text = if is_text { nitf::text(inline) } else { String::new() };
        if !text.is_empty() {
            return Ok(Some(text));
        }
    }
    for inline in content.elements().filter(|e| e.name == "inlineData") {
        let kind = inline.attribute("contenttype").unwrap_or("text/plain");
        if !kind.starts_with("text/") && !kind.contains("html") {
            continue;
        }
        let raw = inline.paragraphs(&|_| false, &|_| false);
        let text = markup::text_of(&raw).map_err(markup::Refused::message)?;
        if !text.is_empty() {
            return Ok(Some(text));
        }
    }
    Ok(None)
}

/// What an item says of its article; what it leaves out, the NITF within may say.
fn meta(item: &Element) -> Meta {
    let inner = item.any("nitf").map(nitf::meta).unwrap_or_default();
    let line = |path: &[&str]| item.at(path).and_then(Element::line);
    let of_item = |name: &str| line(&["itemMeta", name]);
    let of_content = |name: &str| line(&["contentMeta", name]);
    let date = |written: Option<String>| written.map(|d| dated(&d));
    let versioned = date(of_item("versionCreated"));
    let published = versioned
        .clone()
        .or_else(|| date(of_item("firstCreated")))
        .or_else(|| date(of_content("contentCreated")));
    let rights: Vec<String> = ["copyrightNotice", "usageTerms"]
        .iter()
        .filter_map(|name| line(&["rightsInfo", name]))
        .collect();
    let holder = || item.at(&["rightsInfo", "copyrightHolder"]).and_then(party);
    let rights = if rights.is_empty() { holder() } else { Some(rights.join(" · ")) };
    let language = item.at(&["contentMeta", "language"]).and_then(|l| l.attribute("tag"));
    let byline = of_content("by").or_else(|| inner.byline.clone());
    let creator = || item.at(&["contentMeta", "creator"]).and_then(party);
    Meta {
        key: item.attribute("guid").map(str::to_owned).or(inner.key),
        title: of_content("headline").or(inner.title),
        published: published.or(inner.published),
        outlet: item.at(&["itemMeta", "provider"]).and_then(party).or(inner.outlet),
        url: inner.url,
        rights: rights.or(inner.rights),
        lang: language
            .or_else(|| item.attribute("lang"))
            .map(str::to_owned)
            .or(inner.lang),
        byline: byline.or_else(creator),
        wire: Wire {
            slug: of_content("slugline").or(inner.wire.slug),
            version: item.attribute("version").map(str::to_owned).or(inner.wire.version),
            versioned,
            urgency: of_content("urgency").or(inner.wire.urgency),
            status: item
                .at(&["itemMeta", "pubStatus"])
                .and_then(code)
                .or(inner.wire.status),
            embargo: date(of_item("embargoed")).or(inner.wire.embargo),
            dateline: of_content("dateline").or(inner.wire.dateline),
            editorial: of_item("edNote").or(inner.wire.editorial),
        },
        notes: inner.notes,
    }
}

/// Who somebody is: the name, or else what stands for it.
fn party(party: &Element) -> Option<String> {
    let name = party.child("name").and_then(Element::line);
    let named = || {
        party.attribute("literal").or_else(|| party.attribute("uri")).map(str::to_owned)
    };
    name.or_else(|| code(party)).or_else(named)
}

/// A code without the alias of its list: `usable` of `stat:usable`.
fn code(element: &Element) -> Option<String> {
    let code = element.attribute("qcode")?;
    Some(code.split_once(':').map_or(code, |(_, c)| c).to_owned())
}
