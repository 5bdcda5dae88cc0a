//! The page's own files, under names that change with their content.

use std::sync::OnceLock;

use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use rust_embed::RustEmbed;

use crate::error::Problem;

#[derive(RustEmbed)]
#[folder = "web/"]
struct Files;

/// For a year: a file of another content has another name.
const KEPT: &str = "public, max-age=31536000, immutable";

/// Where a file is served: `/assets/depeche.1a2b3c4d.css`.
pub(crate) fn path(name: &'static str) -> &'static str {
    static PATHS: OnceLock<Vec<(String, String)>> = OnceLock::new();
    let paths = PATHS.get_or_init(|| {
        let hashed =
            |name: &str| Some((name.to_owned(), format!("/assets/{}", hashed(name)?)));
        Files::iter().filter_map(|name| hashed(&name)).collect()
    });
    paths.iter().find(|(known, _)| known == name).map_or("", |(_, path)| path)
}

fn hashed(name: &str) -> Option<String> {
    let file = Files::get(name)?;
    let hash = file.metadata.sha256_hash();
    let digits: String = hash.iter().take(4).map(|b| format!("{b:02x}")).collect();
    let (stem, ending) = name.rsplit_once('.')?;
    Some(format!("{stem}.{digits}.{ending}"))
}

/// A file, by its name with or without the digits of its content.
pub(crate) async fn file(Path(asked): Path<String>) -> Result<Response, Problem> {
    let missing = || Problem::missing(format!("there is no file {asked}"));
    let name = Files::iter()
        .filter(|name| !name.contains('/'))
        .find(|name| **name == asked || hashed(name).is_some_and(|h| h == asked))
        .ok_or_else(missing)?;
    let file = Files::get(&name).ok_or_else(missing)?;
    let media = match name.rsplit_once('.').map(|(_, ending)| ending) {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        _ => "image/svg+xml",
    };
    let kept = if *name == asked { "no-cache" } else { KEPT };
    let headers = [(header::CONTENT_TYPE, media), (header::CACHE_CONTROL, kept)];
    Ok((headers, file.data.into_owned()).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_hold_their_content() {
        let style = path("depeche.css");
        assert!(
            style.starts_with("/assets/depeche.") && style.ends_with(".css"),
            "{style}"
        );
        assert_eq!(style.len(), "/assets/depeche.00000000.css".len());
        assert_eq!(path("nothing.css"), "");
    }
}
