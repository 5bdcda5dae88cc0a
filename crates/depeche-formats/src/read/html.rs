//! HTML: the main text of a page, and what the page says about it.
//!
//! Who wrote it, when and where it appeared is taken from JSON-LD (schema.org), Open Graph,
//! `<meta>` and `<time>`, in this order. Whatever had to be taken from a weaker place is said in a
//! note of the article.

mod around;

use depeche_text::{Document, Meta, Note};
use dom_query::Document as Tree;
use dom_smoothie::{Config, Readability, TextMode};
use serde_json::Value;

use super::common::encoding::{declared_by_html, decode};
use super::common::input::Input;
use super::common::markup::{self, one_line, tidy};
use super::{
    Article, Draft, Format, Head, Item, LONGEST, Once, Options, Problem, Source, Step,
    Work, common, plain, with_defaults,
};

pub(super) const FORMAT: Format = Format {
    name: "html",
    about: "HTML: a page is one article; navigation, notices and comments are left out",
    endings: &["html", "htm", "xhtml", "shtml"],
    is,
    open,
};

/// Elements that a page or a piece of one starts with.
const OPENERS: &[&str] = &[
    "html",
    "head",
    "body",
    "title",
    "meta",
    "link",
    "script",
    "style",
    "article",
    "main",
    "section",
    "header",
    "nav",
    "div",
    "p",
    "span",
    "h1",
    "h2",
    "h3",
    "table",
    "center",
    "font",
    "br",
    "b",
    "i",
    "a",
    "ul",
    "ol",
    "blockquote",
];

/// The shortest article, in characters, that is taken for the whole of one.
const BRIEF: usize = 140;
/// Less main text than this, in characters, and another source of it is looked for.
const SHORT: usize = 250;

fn is(head: &Head<'_>) -> bool {
    let doctype =
        head.text.get(..14).is_some_and(|d| d.eq_ignore_ascii_case("<!doctype html"));
    doctype
        || head.root().is_some_and(|root| {
            OPENERS.iter().any(|o| o.eq_ignore_ascii_case(root))
                && head.text.contains('>')
        })
}

fn open(mut input: Input, options: &Options) -> Result<Box<dyn Source>, Problem> {
    let origin = input.origin.clone();
    Once::boxed(match input.rest(LONGEST) {
        Ok(bytes) => Item::Draft(Draft {
            work: Work::Page(Box::new(Page {
                origin,
                bytes,
                charset: None,
                meta: Meta::default(),
                fetched: None,
                defaults: options.defaults.clone(),
            })),
        }),
        Err(error) => Item::problem(origin, plain(&error)),
    })
}

/// A page that is not read yet.
pub(super) struct Page {
    pub(super) origin: String,
    pub(super) bytes: Vec<u8>,
    /// The encoding that its transfer declares, which goes before what the page says.
    pub(super) charset: Option<String>,
    /// What is known of it for sure: the address of a crawl.
    pub(super) meta: Meta,
    /// When it was fetched, as EDTF.
    pub(super) fetched: Option<String>,
    /// What is known where the page says nothing.
    pub(super) defaults: Meta,
}

impl Page {
    /// The article of the page.
    pub(super) fn read(self) -> Step {
        let origin = self.origin.clone();
        self.document()
            .map(|document| Article { origin: origin.clone(), document })
            .map_err(|message| Problem { origin, message })
    }

    fn document(self) -> Result<Document, String> {
        if self.bytes.len() > Document::LONGEST {
            return Err(format!(
                "a page of {} bytes, and an article may have {}; no page of the press is that \
                 long",
                self.bytes.len(),
                Document::LONGEST
            ));
        }
        let charset = self.charset.clone().or_else(|| declared_by_html(&self.bytes));
        let (html, note) = decode(&self.bytes, charset.as_deref());
        let mut found = read(&html, self.meta.url.as_deref())?;
        found.notes.extend(note);
        found.notes.extend(self.meta.notes);
        let undated = found.published.is_none() && self.defaults.published.is_none();
        if let Some(fetched) = self.fetched.filter(|_| undated) {
            found.notes.push(Note::new(
                "date",
                format!(
                    "The page gives no date of publication; it was fetched on {fetched}."
                ),
            ));
        }
        let meta = Meta {
            key: self.meta.key,
            title: found.title,
            published: found.published,
            outlet: found.outlet,
            url: self.meta.url.or(found.url),
            rights: found.rights,
            lang: found.lang,
            byline: found.byline,
            notes: found.notes,
            wire: self.meta.wire,
        };
        let meta = with_defaults(meta, &self.defaults);
        Document::new(found.text, meta).map_err(|e| e.to_string())
    }
}

/// What a page gave.
#[derive(Default)]
struct Found {
    text: String,
    title: Option<String>,
    published: Option<String>,
    outlet: Option<String>,
    url: Option<String>,
    rights: Option<String>,
    lang: Option<String>,
    byline: Option<String>,
    notes: Vec<Note>,
}

/// Reads a page whose encoding is known.
fn read(html: &str, address: Option<&str>) -> Result<Found, String> {
    markup::check(html)
        .map_err(|refused| format!("a page that is not read: {}", refused.message()))?;
    let config = Config {
        // What JSON-LD says is read below, with graphs and lists.
        disable_json_ld: true,
        text_mode: TextMode::Formatted,
        // Below it the library takes more and more of what surrounds the article; dispatches of two
        // sentences are whole.
        char_threshold: BRIEF,
        ..Config::default()
    };
    let mut reader = Readability::new(html, None, Some(config))
        .map_err(|error| format!("a page that is not read: {error}"))?;
    let said = Said::new(&reader.doc);
    let mut found = said.found(address);
    around::remove(&reader.doc);
    let parsed = reader.parse().ok();
    let main = parsed.as_ref().map(|a| tidy(&a.text_content)).unwrap_or_default();
    if let Some(parsed) = parsed {
        fall_back(&mut found, &said, &parsed.title, parsed.byline);
    }
    found.text = text(main, said.body.clone(), html, &mut found.notes);
    if said.is_closed {
        found.notes.push(Note::new(
            "paywall",
            "The page says that it is not free to read: its text may be the beginning only.",
        ));
    }
    if found.text.is_empty() {
        return Err(
            "no text in the page; it may be made by a script, so save it from a browser"
                .into(),
        );
    }
    Ok(found)
}

/// The text of the article: the main part of the page, or what comes nearest.
fn text(main: String, body: Option<String>, html: &str, notes: &mut Vec<Note>) -> String {
    let length = main.chars().count();
    if let Some(body) = body.filter(|b| length < SHORT && b.chars().count() > 2 * length)
    {
        notes.push(Note::new(
            "main-text",
            "The page shows little text: it was taken from `articleBody` of its JSON-LD.",
        ));
        return body;
    }
    if !main.is_empty() {
        return main;
    }
    let page = Tree::from(html);
    page.select("script, style, noscript, template, dialog").remove();
    let everything = tidy(&page.select("body").formatted_text());
    if !everything.is_empty() {
        notes.push(Note::new(
            "main-text",
            "No main text was found in the page: all of its text was taken, with what surrounds \
             the article.",
        ));
    }
    everything
}

/// What is taken from the looks of a page where it says nothing.
fn fall_back(found: &mut Found, said: &Said, title: &str, byline: Option<String>) {
    if found.title.is_none() {
        found.title =
            said.h1.clone().or_else(|| Some(one_line(title)).filter(|t| !t.is_empty()));
        if found.title.is_some() {
            found.notes.push(Note::new(
                "title",
                "The page declares no headline: it was taken from its first heading or its title.",
            ));
        }
    }
    if found.byline.is_none() {
        found.byline = byline.map(|b| one_line(&b)).filter(|b| !b.is_empty());
    }
}

/// What a page says about itself, as it stands in its source.
#[derive(Default)]
struct Said {
    /// Objects of JSON-LD that are articles, the first one first.
    articles: Vec<Value>,
    /// `<meta>`: property or name, in lower case, and content.
    metas: Vec<(String, String)>,
    /// `<time>`: what says it is the publication's, and its date.
    times: Vec<(bool, String)>,
    lang: Option<String>,
    canonical: Option<String>,
    licence: Option<String>,
    h1: Option<String>,
    /// `articleBody` of JSON-LD.
    body: Option<String>,
    /// Whether JSON-LD says that it is not free to read.
    is_closed: bool,
}

impl Said {
    /// Goes through a page once: to select by CSS walks all of it for every question.
    fn new(page: &Tree) -> Said {
        let mut said = Said::default();
        let mut headings = Vec::new();
        for node in page.root().descendants_it() {
            let Some(name) = node.node_name() else { continue };
            let attribute = |name: &str| {
                let value = one_line(&node.attr(name)?);
                Some(value).filter(|v| !v.is_empty())
            };
            match &*name {
                "html" => said.lang = attribute("lang").or_else(|| attribute("xml:lang")),
                "meta" => said.meta_element(&attribute),
                "script"
                    if attribute("type").as_deref() == Some("application/ld+json") =>
                {
                    if let Ok(value) = serde_json::from_str(node.text().trim()) {
                        articles(value, &mut said.articles);
                    }
                }
                "link" if attribute("rel").as_deref() == Some("canonical") => {
                    said.canonical = attribute("href");
                }
                "link" | "a" if attribute("rel").as_deref() == Some("license") => {
                    said.licence = said.licence.take().or_else(|| attribute("href"));
                }
                "time" => {
                    let of_publication =
                        attribute("itemprop").is_some_and(|i| i == "datePublished");
                    let marked = node.has_attr("pubdate") || of_publication;
                    said.times.extend(attribute("datetime").map(|date| (marked, date)));
                }
                "h1" => headings.push(one_line(&node.text())),
                _ => {}
            }
        }
        // The article before the page that holds it.
        said.articles.sort_by_key(|a| !is_article(a));
        said.h1 = headings.pop().filter(|h| headings.is_empty() && !h.is_empty());
        let first = said.articles.first();
        said.body = first.and_then(|a| a.get("articleBody")?.as_str()).and_then(|body| {
            let text = markup::text_of(body).ok()?;
            Some(tidy(&text)).filter(|t| !t.is_empty())
        });
        said.is_closed =
            first.and_then(|a| a.get("isAccessibleForFree")).is_some_and(|free| {
                free == false
                    || free.as_str().is_some_and(|f| f.eq_ignore_ascii_case("false"))
            });
        said
    }

    fn meta_element(&mut self, attribute: &dyn Fn(&str) -> Option<String>) {
        let names = ["property", "name", "itemprop", "http-equiv"];
        let name = names.iter().find_map(|n| attribute(n));
        if let (Some(name), Some(content)) = (name, attribute("content")) {
            self.metas.push((name.to_ascii_lowercase(), content));
        }
    }

    /// The first of some `<meta>` that is there.
    fn meta(&self, names: &[&str]) -> Option<String> {
        let one = |name: &&str| self.metas.iter().find(|(n, _)| n == name);
        names.iter().find_map(one).map(|(_, content)| content.clone())
    }

    /// A text of JSON-LD, of the first article that has it.
    fn ld(&self, names: &[&str]) -> Option<String> {
        let one = |name: &&str| self.articles.iter().find_map(|a| name_of(a.get(*name)?));
        names.iter().find_map(one)
    }

    fn found(&self, address: Option<&str>) -> Found {
        let mut notes = Vec::new();
        let own = self.meta(&["og:url"]).or_else(|| self.canonical.clone());
        let url = self.ld(&["url"]).or(own).filter(|u| u.starts_with("http"));
        let address = address.map(str::to_owned).or_else(|| url.clone());
        let title = self.ld(&["headline"]).or_else(|| {
            self.meta(&["og:title", "twitter:title", "dc.title", "dcterms.title"])
        });
        Found {
            text: String::new(),
            title: title.map(|t| unescaped(&t)),
            published: self.published(address.as_deref(), &mut notes),
            outlet: self.outlet(address.as_deref(), &mut notes),
            rights: self.rights(),
            lang: self.lang(&mut notes),
            byline: self.byline(),
            url,
            notes,
        }
    }

    fn published(&self, address: Option<&str>, notes: &mut Vec<Note>) -> Option<String> {
        let declared = self.ld(&["datePublished"]).into_iter().chain(
            [
                "article:published_time",
                "og:article:published_time",
                "datepublished",
                "dc.date.issued",
                "dcterms.issued",
                "dcterms.date",
                "dc.date",
                "dcterms.created",
                "article:published",
                "parsely-pub-date",
                "sailthru.date",
                "publish-date",
                "pubdate",
                "publication_date",
                "cxenseparse:recs:publishtime",
                "date",
            ]
            .iter()
            .filter_map(|name| self.meta(&[name])),
        );
        if let Some(date) = declared.into_iter().find_map(|d| common::date::edtf(&d)) {
            return Some(date);
        }
        let time = |wanted: bool| {
            let mut of_kind = self.times.iter().filter(|(is, _)| *is == wanted);
            of_kind.find_map(|(_, date)| common::date::edtf(date))
        };
        if let Some(date) = time(true) {
            return Some(date);
        }
        // A page of comments or links has many times; the first one of a page is nearly always the
        // article's, and is said to be no more than that.
        if let Some(date) = time(false) {
            notes.push(Note::new(
                "date",
                format!("The page declares no date of publication: {date} is its first <time>."),
            ));
            return Some(date);
        }
        let date = address.and_then(date_of_address)?;
        notes.push(Note::new(
            "date",
            format!(
                "The page declares no date of publication: {date} stands in its address."
            ),
        ));
        Some(date)
    }

    fn outlet(&self, address: Option<&str>, notes: &mut Vec<Note>) -> Option<String> {
        let said = self.ld(&["publisher"]).or_else(|| {
            self.meta(&[
                "og:site_name",
                "dc.publisher",
                "dcterms.publisher",
                "application-name",
            ])
        });
        if let Some(said) = said {
            return Some(unescaped(&said));
        }
        let host = host(address?)?;
        notes.push(Note::new(
            "outlet",
            format!("The page does not say who publishes it: {host} is the host of its address."),
        ));
        Some(host)
    }

    fn byline(&self) -> Option<String> {
        let said = self.ld(&["author"]).or_else(|| {
            let names =
                ["author", "article:author", "dc.creator", "dcterms.creator", "byl"];
            let mut said = names.iter().filter_map(|n| self.meta(&[n]));
            // Open Graph has the address of a profile there.
            said.find(|s| !s.contains("://"))
        });
        said.map(|s| unescaped(&s))
    }

    fn rights(&self) -> Option<String> {
        let ld = self.ld(&["license", "copyrightNotice", "usageInfo"]);
        let said = ld.or_else(|| self.licence.clone()).or_else(|| {
            self.meta(&["dcterms.rights", "dc.rights", "copyright", "dcterms.license"])
        });
        // The reservation of TDMRep (W3C): text and data mining is not free here.
        let reserved = self.meta(&["tdm-reservation"]).filter(|r| r == "1");
        match (said, reserved) {
            (said, None) => said,
            (None, Some(_)) => Some("tdm-reservation: 1".into()),
            (Some(said), Some(_)) => Some(format!("{said}; tdm-reservation: 1")),
        }
    }

    /// The language that the page declares, unless it says two things: templates are copied.
    fn lang(&self, notes: &mut Vec<Note>) -> Option<String> {
        let locale = self.meta(&[
            "og:locale",
            "dc.language",
            "dcterms.language",
            "content-language",
        ]);
        let said = [self.ld(&["inLanguage"]), locale, self.lang.clone()];
        let mut said = said.into_iter().flatten().map(|l| l.replace('_', "-"));
        let first = said.next()?;
        let base = |l: &str| l.split('-').next().unwrap_or(l).to_ascii_lowercase();
        if let Some(other) = said.find(|l| base(l) != base(&first)) {
            notes.push(Note::new(
                "language",
                format!(
                    "The page declares `{first}` and `{other}`: its language was told from its \
                     text."
                ),
            ));
            return None;
        }
        Some(first)
    }
}

/// Collects the objects of JSON-LD that are articles or pages, wherever they lie.
fn articles(value: Value, into: &mut Vec<Value>) {
    let mut waiting = vec![value];
    while let Some(value) = waiting.pop() {
        match value {
            Value::Array(list) => waiting.extend(list.into_iter().rev()),
            Value::Object(mut object) => {
                if let Some(graph) = object.remove("@graph") {
                    waiting.push(graph);
                }
                if let Some(main) = object.remove("mainEntity") {
                    waiting.push(main);
                }
                let object = Value::Object(object);
                if is_article(&object) || has_type(&object, &["WebPage"]) {
                    into.push(object);
                }
            }
            _ => {}
        }
    }
}

/// Articles of schema.org: `NewsArticle`, `ReportageNewsArticle`, `BlogPosting`…
fn is_article(object: &Value) -> bool {
    has_type(object, &["Article", "BlogPosting", "LiveBlogPosting", "Report"])
}

fn has_type(object: &Value, names: &[&str]) -> bool {
    let is = |t: &str| names.iter().any(|n| t.ends_with(n));
    match object.get("@type") {
        Some(Value::String(name)) => is(name),
        Some(Value::Array(list)) => list.iter().filter_map(Value::as_str).any(is),
        _ => false,
    }
}

/// A text of JSON-LD: itself, the name of what it stands for, or those of a list.
fn name_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(one_line(text)).filter(|t| !t.is_empty()),
        Value::Object(object) => {
            let name =
                ["name", "@value", "url", "@id"].iter().find_map(|n| object.get(*n));
            name.and_then(Value::as_str).map(one_line).filter(|t| !t.is_empty())
        }
        Value::Array(list) => {
            let names: Vec<String> = list.iter().filter_map(name_of).collect();
            (!names.is_empty()).then(|| names.join(", "))
        }
        _ => None,
    }
}

/// A value in which a template escaped twice: `L&#039;accord`.
fn unescaped(text: &str) -> String {
    match markup::text_of(text) {
        Ok(plain) if text.contains('&') => one_line(&plain),
        _ => text.to_owned(),
    }
}

/// The day or month in an address: `/2025/02/18/`, `/2025-02-18/`, `/2025/02/`.
fn date_of_address(address: &str) -> Option<String> {
    let path = address.split_once("://").map_or(address, |(_, rest)| rest);
    let path = path.split(['?', '#']).next()?;
    let parts: Vec<&str> = path.split(['/', '-', '_', '.']).skip(1).collect();
    let number = |part: &str, digits: usize| {
        let fits = part.len() == digits && part.bytes().all(|b| b.is_ascii_digit());
        fits.then(|| part.to_owned())
    };
    let year =
        |part: &str| number(part, 4).filter(|y| ("1990".."2100").contains(&y.as_str()));
    let day = parts.windows(3).find_map(|w| {
        let date = format!("{}-{}-{}", year(w[0])?, number(w[1], 2)?, number(w[2], 2)?);
        common::date::edtf(&date)
    });
    day.or_else(|| {
        let folders: Vec<&str> = path.split('/').collect();
        folders.windows(2).find_map(|w| {
            common::date::edtf(&format!("{}-{}", year(w[0])?, number(w[1], 2)?))
        })
    })
}

/// The host of an address, without `www.`.
fn host(address: &str) -> Option<String> {
    let rest = address.split_once("://")?.1;
    let host = rest.split(['/', '?', '#', ':']).next()?;
    let host = host.strip_prefix("www.").unwrap_or(host);
    (!host.is_empty()).then(|| host.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_may_hold_a_date() {
        let check = |address: &str, expected: Option<&str>| {
            assert_eq!(date_of_address(address).as_deref(), expected, "{address}");
        };
        check("https://x.example/monde/2025/02/18/accord.html", Some("2025-02-18"));
        check("https://x.example/accord-2025-02-18-7.html", Some("2025-02-18"));
        check("https://x.example/2025/02/accord", Some("2025-02"));
        check("https://x.example/dossier-2025/12345678", None);
        check("https://x.example/2025/13/40/", None);
    }
}
