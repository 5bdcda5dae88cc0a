//! In which form does somebody want an answer?
//!
//! The ending of a path says so (`/v1/statements.csv`), else `Accept`. The ending is taken off
//! before the request is routed, so that a route knows only its own name.

use std::convert::Infallible;

use axum::extract::{FromRequestParts, OptionalFromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::uri::{PathAndQuery, Uri};
use axum::http::{HeaderMap, header};

use crate::error::Problem;

/// A form of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Form {
    /// A page.
    Html,
    /// One JSON object.
    Json,
    /// One JSON object a line.
    Ndjson,
    /// W3C Web Annotations.
    JsonLd,
    /// Comma-separated values.
    Csv,
    /// A feed, RFC 4287.
    Atom,
    /// A feed in JSON, version 1.1.
    JsonFeed,
}

/// Forms, the ending that asks for each, and its media type.
const FORMS: &[(Form, &str, &str)] = &[
    (Form::Json, "json", "application/json"),
    (Form::Html, "html", "text/html"),
    (Form::Ndjson, "ndjson", "application/x-ndjson"),
    (Form::JsonLd, "jsonld", "application/ld+json"),
    (Form::Csv, "csv", "text/csv"),
    (Form::Atom, "atom", "application/atom+xml"),
    (Form::JsonFeed, "jsonfeed", "application/feed+json"),
];

/// Other names of the same media types.
const ALSO: &[(Form, &str)] =
    &[(Form::Ndjson, "application/ndjson"), (Form::Ndjson, "application/jsonl")];

impl Form {
    /// Its media type, with its character set where that is not fixed.
    pub fn media_type(self) -> &'static str {
        match self {
            Form::Html => "text/html; charset=utf-8",
            Form::Csv => "text/csv; charset=utf-8",
            _ => FORMS.iter().find(|(form, ..)| *form == self).map_or("", |f| f.2),
        }
    }

    /// The ending of a path that asks for it.
    pub fn ending(self) -> &'static str {
        FORMS.iter().find(|(form, ..)| *form == self).map_or("", |f| f.1)
    }

    fn of_ending(ending: &str) -> Option<Form> {
        FORMS.iter().find(|(_, known, _)| *known == ending).map(|(form, ..)| *form)
    }

    fn of_media_type(media_type: &str) -> Option<Form> {
        let first =
            FORMS.iter().find(|(.., known)| media_type.eq_ignore_ascii_case(known));
        let also = ALSO.iter().find(|(_, known)| media_type.eq_ignore_ascii_case(known));
        first.map(|(form, ..)| *form).or_else(|| also.map(|(form, _)| *form))
    }
}

/// The forms in which a caller takes an answer, the dearest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// What the ending of the path says: nothing else will do.
    named: Option<Form>,
    /// What `Accept` says, with a weight in thousandths; `None` is any form.
    accepted: Vec<(Option<Form>, u32)>,
}

impl Wanted {
    /// The form that the ending of the path names, if it has one.
    pub fn ending(&self) -> Option<Form> {
        self.named
    }

    fn of(named: Option<Form>, headers: &HeaderMap) -> Wanted {
        let mut accepted = Vec::new();
        for accept in headers.get_all(header::ACCEPT) {
            for range in accept.to_str().unwrap_or_default().split(',') {
                let mut parts = range.split(';').map(str::trim);
                let media_type = parts.next().unwrap_or_default();
                let weight = parts
                    .find_map(|p| p.strip_prefix("q="))
                    .and_then(|q| q.parse::<f32>().ok())
                    .map_or(1000, |q| (q.clamp(0.0, 1.0) * 1000.0) as u32);
                let form = Form::of_media_type(media_type);
                let any = media_type == "*/*" || media_type == "application/*";
                if form.is_some() || any {
                    accepted.push((form, weight));
                } else if !media_type.is_empty() {
                    // A form that nobody here writes still means that the caller chooses.
                    accepted.push((None, 0));
                }
            }
        }
        Wanted { named, accepted }
    }

    /// The best of the forms in which something can be had; the first when the caller does
    /// not mind.
    ///
    /// # Errors
    ///
    /// 406 when none of them will do.
    pub fn among(&self, forms: &[Form]) -> Result<Form, Problem> {
        let refusal = || {
            let known: Vec<&str> = forms.iter().map(|f| f.media_type()).collect();
            Problem::new(
                axum::http::StatusCode::NOT_ACCEPTABLE,
                format!("this can be had as {}", known.join(", ")),
            )
        };
        if let Some(named) = self.named {
            return forms.iter().copied().find(|f| *f == named).ok_or_else(refusal);
        }
        let Some(first) = forms.first().filter(|_| self.accepted.is_empty()) else {
            let weight = |form: Form| {
                let own = self.accepted.iter().find(|(f, _)| *f == Some(form));
                let any = || self.accepted.iter().filter(|(f, _)| f.is_none());
                own.map(|(_, w)| *w).or_else(|| any().map(|(_, w)| *w).max()).unwrap_or(0)
            };
            // Of equal ones the first: `max_by_key` would take the last.
            let best = forms.iter().copied().rev().max_by_key(|f| weight(*f));
            return best.filter(|f| weight(*f) > 0).ok_or_else(refusal);
        };
        Ok(*first)
    }
}

/// The ending that was taken off the path.
#[derive(Clone, Copy, Debug)]
struct Ending(Form);

/// Takes the ending off a path, and keeps what it says. Files of the page keep theirs.
pub(crate) fn take_ending(mut request: Request) -> Request {
    let uri = request.uri().clone();
    let path = uri.path();
    if KEPT.iter().any(|kept| path.starts_with(kept)) {
        return request;
    }
    let Some((stem, ending)) = path.rsplit_once('.') else { return request };
    let Some(form) = Form::of_ending(ending) else { return request };
    let stem = if stem.ends_with('/') { stem.trim_end_matches('/') } else { stem };
    let stem = if stem.is_empty() { "/" } else { stem };
    let whole = match uri.query() {
        Some(query) => format!("{stem}?{query}"),
        None => stem.to_owned(),
    };
    let Ok(whole) = whole.parse::<PathAndQuery>() else { return request };
    let mut parts = uri.into_parts();
    parts.path_and_query = Some(whole);
    if let Ok(uri) = Uri::from_parts(parts) {
        *request.uri_mut() = uri;
        request.extensions_mut().insert(Ending(form));
    }
    request
}

/// Paths whose ending belongs to their name.
const KEPT: &[&str] = &["/openapi.", "/assets/"];

impl<S: Send + Sync> FromRequestParts<S> for Wanted {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Wanted, Infallible> {
        let named = parts.extensions.get::<Ending>().map(|e| e.0);
        Ok(Wanted::of(named, &parts.headers))
    }
}

/// The form that the ending of a path names.
impl<S: Send + Sync> OptionalFromRequestParts<S> for Form {
    type Rejection = Infallible;

    async fn from_request_parts(
        parts: &mut Parts,
        _: &S,
    ) -> Result<Option<Form>, Infallible> {
        Ok(parts.extensions.get::<Ending>().map(|e| e.0))
    }
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    const OFFERED: &[Form] = &[Form::Json, Form::Ndjson, Form::Csv];

    fn wanted(accept: &str) -> Result<Form, u16> {
        let mut headers = HeaderMap::new();
        if !accept.is_empty() {
            headers.insert(header::ACCEPT, accept.parse().expect("it is a header"));
        }
        Wanted::of(None, &headers).among(OFFERED).map_err(|p| p.status().as_u16())
    }

    #[test]
    fn the_form_that_a_caller_likes_best_is_taken() {
        assert_eq!(wanted(""), Ok(Form::Json));
        assert_eq!(wanted("*/*"), Ok(Form::Json));
        assert_eq!(wanted("text/csv"), Ok(Form::Csv));
        assert_eq!(
            wanted("text/csv;q=0.2, application/x-ndjson;q=0.9"),
            Ok(Form::Ndjson)
        );
        assert_eq!(wanted("text/html, */*;q=0.1"), Ok(Form::Json));
        assert_eq!(wanted("text/html"), Err(406));
        assert_eq!(wanted("application/json;q=0, text/csv"), Ok(Form::Csv));
        assert_eq!(wanted("application/json;q=0"), Err(406));
    }

    #[test]
    fn an_ending_is_taken_off() {
        let taken = |path: &str| {
            let request = Request::get(path).body(Body::empty()).expect("it is a path");
            let request = take_ending(request);
            let form = request.extensions().get::<Ending>().map(|e| e.0);
            (request.uri().to_string(), form)
        };
        let csv = Some(Form::Csv);
        assert_eq!(taken("/v1/statements.csv?q=a"), ("/v1/statements?q=a".into(), csv));
        assert_eq!(taken("/.json"), ("/".into(), Some(Form::Json)));
        assert_eq!(taken("/a.pdf"), ("/a.pdf".into(), None));
        assert_eq!(taken("/assets/a.json"), ("/assets/a.json".into(), None));
    }
}
