//! An archive of a few articles, and a server over it that is asked without a socket.
#![allow(dead_code, reason = "each test file uses some of it")]

use std::path::PathBuf;
use std::sync::{Arc, LazyLock};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, Request, StatusCode, header};
use depeche::{Document, Languages, Meta, Reader};
use depeche_archive::Writer;
use depeche_web::{App, Options, router};
use serde_json::Value;
use tempfile::TempDir;
use tower::ServiceExt;

pub(crate) static LANGUAGES: LazyLock<Languages> = LazyLock::new(Languages::shipped);

/// Outlet, date and text of each article. Two are copies of one dispatch, and one is hostile.
pub(crate) const ARTICLES: &[(&str, &str, &str)] = &[
    (
        "Agence",
        "2025-02-17",
        "« Le port restera fermé trois semaines », a annoncé lundi la ministre Zoé Kerbrat. Une \
         grue s'est renversée dans la nuit sur un cargo chargé de bois, et personne n'a été \
         blessé. Les pilotes demandent depuis deux ans que le quai soit refait. La région a \
         promis une enquête et dix millions d'euros pour les travaux.",
    ),
    (
        "Ouest",
        "2025-02-18",
        "« Le port restera fermé trois semaines », a annoncé lundi la ministre Zoé Kerbrat. Une \
         grue s'est renversée dans la nuit sur un cargo chargé de bois, et personne n'a été \
         blessé. Les pilotes demandent depuis deux ans que le quai soit refait. La région a \
         promis une enquête et dix millions d'euros pour les travaux.",
    ),
    (
        "Le Môle",
        "2025-03-02",
        "La Norvège refuse d'envoyer des troupes en Ukraine, a déclaré dimanche le Premier \
         ministre norvégien. Le président américain a rencontré samedi à Oslo le ministre \
         ukrainien de la Défense. « Nous ne céderons pas », a-t-il affirmé à la presse.",
    ),
    (
        "Mal & <b>net</b>",
        "2025-03-05",
        "« <script>alert(1)</script> \u{202e}erviv ut ed \"non\" & rien », a lancé mercredi le \
         maire Paul Nord. Le conseil a voté contre le budget, a dit Zoé Kerbrat à la radio.",
    ),
];

pub(crate) struct Site {
    pub(crate) folder: TempDir,
    pub(crate) path: PathBuf,
}

/// An archive of the articles.
pub(crate) fn site() -> Site {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let path = folder.path().join("t.depeche");
    let mut reader = Reader::new(&LANGUAGES);
    let mut writer = Writer::open(&path).expect("it can be written");
    let packer = writer.packer();
    let prepared = ARTICLES
        .iter()
        .map(|(outlet, date, text)| {
            let meta = Meta {
                outlet: Some((*outlet).into()),
                published: Some((*date).into()),
                lang: Some("fr".into()),
                ..Meta::default()
            };
            let document = Document::new((*text).into(), meta).expect("it is a document");
            packer.prepare(reader.read(&document))
        })
        .collect();
    writer.commit(prepared).expect("it is written");
    writer.finish().expect("it is folded");
    Site { folder, path }
}

impl Site {
    pub(crate) fn options(&self) -> Options {
        let mut options = bare();
        options.archive = Some(self.path.clone());
        options
    }

    pub(crate) fn server(&self) -> Server {
        Server::of(self.options())
    }
}

/// What a server without an archive is told.
pub(crate) fn bare() -> Options {
    let mut options =
        Options::new(&LANGUAGES, Arc::new(|| "2025-03-06T10:00:00Z".into()));
    options.author = "tester".into();
    options
}

/// A server that is asked without a socket.
pub(crate) struct Server(pub(crate) Router);

pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Server {
    pub(crate) fn of(options: Options) -> Server {
        Server(router(&App::new(options).expect("the archive opens")))
    }

    pub(crate) async fn ask(&self, request: Request<Body>) -> Answer {
        let Ok(response) = self.0.clone().oneshot(request).await;
        let (head, body) = response.into_parts();
        let body = axum::body::to_bytes(body, usize::MAX).await.expect("it is whole");
        Answer { status: head.status, headers: head.headers, body }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.get_with(path, &[]).await
    }

    pub(crate) async fn get_with(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        self.send("GET", path, headers, Body::empty()).await
    }

    pub(crate) async fn post(
        &self,
        path: &str,
        media_type: &str,
        body: impl Into<Body>,
    ) -> Answer {
        self.send("POST", path, &[("content-type", media_type)], body.into()).await
    }

    pub(crate) async fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Body,
    ) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        if headers.iter().all(|(name, _)| *name != "host") {
            request = request.header(header::HOST, "localhost:7700");
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.ask(request.body(body).expect("it is a request")).await
    }

    /// The JSON at a path that answers well.
    pub(crate) async fn json(&self, path: &str) -> Value {
        let answer = self.get(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text());
        answer.json()
    }

    /// What a request is refused with; the answer is a problem of RFC 9457.
    pub(crate) async fn refusal(&self, path: &str) -> (u16, String) {
        self.get(path).await.problem()
    }
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("it is JSON")
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.body.to_vec()).expect("it is UTF-8")
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default()
    }

    /// Status and detail of a problem, which must be well made.
    pub(crate) fn problem(&self) -> (u16, String) {
        assert_eq!(self.header("content-type"), "application/problem+json");
        let problem = self.json();
        assert_eq!(problem["status"], self.status.as_u16());
        assert_eq!(problem["type"], "about:blank");
        let detail = problem["detail"].as_str().unwrap_or_default();
        assert!(!detail.is_empty());
        (self.status.as_u16(), detail.to_owned())
    }
}
