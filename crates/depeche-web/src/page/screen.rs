//! What do all pages share? A frame, the visitor's language, and twins in other forms.

use std::fmt::Write;

use askama::Template;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::labels::{self, Labels};
use super::{assets, text};
use crate::error::Problem;
use crate::form::Form;
use crate::query::escape;
use crate::state::App;

/// The cookie that holds a chosen language.
const COOKIE: &str = "lang";

/// Who looks: in which language, at which address.
#[derive(Clone, Debug)]
pub(crate) struct Visitor {
    /// The words to use.
    pub(crate) labels: &'static Labels,
    path: String,
    query: String,
    base: String,
}

impl<S: Send + Sync> FromRequestParts<S> for Visitor {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(
        parts: &mut Parts,
        _: &S,
    ) -> Result<Visitor, std::convert::Infallible> {
        let uri = &parts.uri;
        Ok(Visitor::of(uri.path(), uri.query().unwrap_or_default(), &parts.headers))
    }
}

impl Visitor {
    /// Who looks at an address: the language that it names, else that chosen before, else that
    /// of the browser, else the usual one.
    pub(crate) fn of(path: &str, query: &str, headers: &HeaderMap) -> Visitor {
        let named = pairs(query)
            .find_map(|(n, v)| if n == "lang" { labels::of(v) } else { None });
        let texts =
            |name| headers.get_all(name).into_iter().filter_map(|v| v.to_str().ok());
        let chosen = || {
            let cookies = texts(header::COOKIE).flat_map(|c| c.split(';'));
            let mut pairs = cookies.filter_map(|c| c.trim().split_once('='));
            pairs.find_map(|(n, v)| if n == COOKIE { labels::of(v) } else { None })
        };
        let accepted = || texts(header::ACCEPT_LANGUAGE).find_map(labels::accepted);
        let labels = named.or_else(chosen).or_else(accepted).unwrap_or(&labels::all()[0]);
        let host = texts(header::HOST).next().unwrap_or("localhost");
        let base = format!("http://{host}");
        Visitor { labels, path: path.to_owned(), query: query.to_owned(), base }
    }

    /// What comes before a path where it is written out.
    pub(crate) fn base(&self) -> &str {
        &self.base
    }

    /// The frame of a page, which has the twins given.
    pub(crate) fn page(
        &self,
        app: &App,
        current: &'static str,
        twins: &'static [Form],
    ) -> Page {
        Page {
            t: self.labels,
            archive: app.name().map(|n| text::calm(&n)),
            may_write: app.may_write(),
            current,
            path: self.path.clone(),
            query: self.query.clone(),
            twins,
        }
    }
}

fn pairs(query: &str) -> impl Iterator<Item = (&str, &str)> {
    query.split('&').filter_map(|p| p.split_once('='))
}

/// The frame around a page, and the words it speaks.
#[derive(Clone, Debug)]
pub(crate) struct Page {
    t: &'static Labels,
    /// The name of the archive.
    pub(crate) archive: Option<String>,
    /// Whether corrections can be made.
    pub(crate) may_write: bool,
    /// The key of the screen.
    pub(crate) current: &'static str,
    path: String,
    query: String,
    twins: &'static [Form],
}

/// The screens to which every page leads.
const SCREENS: &[(&str, &str)] = &[
    ("search", "/"),
    ("chronology", "/chronology"),
    ("matrix", "/matrix"),
    ("compare", "/compare"),
    ("network", "/network"),
    ("map", "/map"),
    ("check", "/check"),
    ("read", "/read"),
    ("corrections", "/corrections"),
];

impl Page {
    /// BCP 47.
    pub(crate) fn lang(&self) -> &'static str {
        self.t.lang
    }

    pub(crate) fn say<'a>(&'a self, key: &'a str) -> &'a str {
        self.t.say(key)
    }

    pub(crate) fn with(&self, key: &str, value: impl AsRef<str>) -> String {
        self.t.with(key, value.as_ref())
    }

    pub(crate) fn count(&self, key: &str, number: &u64) -> String {
        self.t.count(key, *number)
    }

    pub(crate) fn number(&self, number: &u64) -> String {
        self.t.number(*number)
    }

    pub(crate) fn term<'a>(&'a self, family: &str, code: &'a str) -> &'a str {
        self.t.term(family, code)
    }

    /// A date in words; that there is none, without one.
    pub(crate) fn date(&self, edtf: &Option<String>) -> String {
        let none = || self.say("date.none").to_owned();
        edtf.as_deref().map_or_else(none, |e| self.t.date(e))
    }

    /// A moment in UTC in words: `2025-02-18T13:05:00Z`.
    pub(crate) fn stamp(&self, moment: &str) -> String {
        self.t.date(moment.get(..16).unwrap_or(moment))
    }

    /// A month in words.
    pub(crate) fn month(&self, month: &str) -> String {
        self.t.month(month)
    }

    /// A text for one line.
    pub(crate) fn calm(&self, text: &str) -> String {
        text::calm(text)
    }

    /// The address of an actor.
    pub(crate) fn actor(&self, name: &str) -> String {
        actor(name)
    }

    /// The screens, with whether each is this one.
    pub(crate) fn screens(
        &self,
    ) -> impl Iterator<Item = (&'static str, &'static str, bool)> {
        let needs = |name: &str| self.archive.is_some() || name == "read";
        let shown = SCREENS.iter().filter(move |(name, _)| needs(name));
        shown.map(|(name, path)| (*name, *path, *name == self.current))
    }

    /// This page in other forms.
    pub(crate) fn twins(&self) -> Vec<(String, &'static str)> {
        let link = |form: &Form| {
            let path = if self.path == "/" { "/search" } else { &self.path };
            let query = if self.query.is_empty() {
                String::new()
            } else {
                format!("?{}", self.query)
            };
            (format!("{path}.{}{query}", form.ending()), form.ending())
        };
        self.twins.iter().map(link).collect()
    }

    /// This page in the other languages.
    pub(crate) fn languages(&self) -> Vec<(String, &'static str, &'static str)> {
        let others = labels::all().iter().filter(|l| l.lang != self.t.lang);
        let rest: Vec<&str> = self
            .query
            .split('&')
            .filter(|p| !p.is_empty() && !p.starts_with("lang="))
            .collect();
        let link = |labels: &'static Labels| {
            let mut url = format!("{}?", self.path);
            for pair in &rest {
                let _ = write!(url, "{pair}&");
            }
            (
                format!("{url}lang={}", labels.lang),
                labels.lang,
                labels.say("language.name"),
            )
        };
        others.map(link).collect()
    }

    pub(crate) fn style(&self) -> &'static str {
        assets::path("depeche.css")
    }

    pub(crate) fn script(&self) -> &'static str {
        assets::path("depeche.js")
    }

    pub(crate) fn icon(&self) -> &'static str {
        assets::path("icon.svg")
    }
}

/// The address of an actor's page.
pub(crate) fn actor(name: &str) -> String {
    format!("/actor/{}", escape(name))
}

/// A table, for CSV.
#[derive(Debug, Default)]
pub(crate) struct Table {
    /// Names of the columns.
    pub(crate) head: &'static [&'static str],
    /// Cells of each row.
    pub(crate) rows: Vec<Vec<String>>,
}

impl Table {
    fn csv(&self) -> String {
        let head: Vec<String> = self.head.iter().map(|h| (*h).to_owned()).collect();
        let mut out = String::new();
        for row in std::iter::once(&head).chain(&self.rows) {
            let cells: Vec<String> = row.iter().map(|c| cell(c)).collect();
            out.push_str(&cells.join(","));
            out.push_str("\r\n");
        }
        out
    }
}

/// A cell of CSV. What a spreadsheet would take for a formula gets an apostrophe before it: an
/// article must not compute anything on its reader's machine.
fn cell(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '@', '\t', '\r'])
        || (text.starts_with('-') && !text.starts_with("- "));
    let text = if formula { format!("'{text}") } else { text.to_owned() };
    match text.contains(['"', ',', '\n', '\r']) {
        true => format!("\"{}\"", text.replace('"', "\"\"")),
        false => text,
    }
}

/// A page, and what its twins hold.
pub(crate) trait Screen: Template {
    /// What it shows, as plain data.
    type View: Serialize;

    /// What it shows.
    fn view(&self) -> &Self::View;

    /// The same as rows, where it has any.
    fn table(&self) -> Table {
        Table::default()
    }
}

/// A page in the form that was asked for.
pub(crate) fn answer<S: Screen>(
    screen: &S,
    form: Option<Form>,
    visitor: &Visitor,
) -> Result<Response, Problem> {
    match form {
        None | Some(Form::Html) => html(screen, visitor),
        Some(Form::Json) => Ok(axum::Json(screen.view()).into_response()),
        Some(Form::Csv) => {
            let media = [(header::CONTENT_TYPE, Form::Csv.media_type())];
            Ok((media, screen.table().csv()).into_response())
        }
        Some(_) => Err(Problem::missing("this page can be had as .json and as .csv")),
    }
}

/// A page for people.
pub(crate) fn html<T: Template>(
    page: &T,
    visitor: &Visitor,
) -> Result<Response, Problem> {
    let body = page.render().map_err(|_| Problem::bug("a page could not be written"))?;
    let mut response = axum::response::Html(body).into_response();
    let headers = response.headers_mut();
    headers
        .insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(visitor.labels.lang));
    headers.insert(header::VARY, HeaderValue::from_static("accept-language, cookie"));
    let chosen = pairs(&visitor.query).any(|(name, _)| name == "lang");
    if chosen {
        let lang = visitor.labels.lang;
        let cookie = format!("{COOKIE}={lang}; Path=/; Max-Age=31536000; SameSite=Lax");
        if let Ok(cookie) = HeaderValue::from_str(&cookie) {
            headers.insert(header::SET_COOKIE, cookie);
        }
    }
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_text_to_a_spreadsheet() {
        for (text, written) in [
            ("a", "a"),
            ("a, \"b\"", "\"a, \"\"b\"\"\""),
            ("=1+1", "'=1+1"),
            ("-2+cmd", "'-2+cmd"),
            ("- Bonjour", "- Bonjour"),
        ] {
            assert_eq!(cell(text), written);
        }
    }

    #[test]
    fn a_visitor_is_spoken_to_in_their_language() {
        let lang = |query: &str, cookie: &str, accept: &str| {
            let mut headers = HeaderMap::new();
            for (name, value) in
                [(header::COOKIE, cookie), (header::ACCEPT_LANGUAGE, accept)]
            {
                headers.insert(name, value.parse().expect("it is a header"));
            }
            Visitor::of("/", query, &headers).labels.lang
        };
        assert_eq!(lang("", "", ""), "fr");
        assert_eq!(lang("", "", "en-GB"), "en");
        assert_eq!(lang("", "a=b; lang=fr", "en-GB"), "fr");
        assert_eq!(lang("q=a&lang=en", "lang=fr", "fr"), "en");
        assert_eq!(lang("lang=tlh", "", "en"), "en");
    }
}
