//! What was sent, and is it not too much?
//!
//! A body is read up to a limit, and unpacked up to the same one: what would unpack to more is
//! refused before it does.

use std::future::poll_fn;
use std::io::Read;
use std::pin::Pin;

use axum::body::{Body, HttpBody};
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, StatusCode, header};
use flate2::read::MultiGzDecoder;

use crate::error::Problem;
use crate::state::App;

/// A body that was read.
#[derive(Clone, Debug)]
pub(crate) struct Sent {
    /// The media type, in lower case and without parameters; empty when none was given.
    pub(crate) media_type: String,
    /// BCP 47, as the request says.
    pub(crate) language: Option<String>,
    /// The bytes, unpacked.
    pub(crate) bytes: Vec<u8>,
}

impl FromRequest<App> for Sent {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Sent, Problem> {
        let limit = app.limits().body;
        let (head, body) = request.into_parts();
        let declared = text(&head.headers, header::CONTENT_LENGTH);
        if declared.and_then(|l| l.parse::<u64>().ok()).is_some_and(|l| l > limit as u64)
        {
            return Err(too_large(limit));
        }
        let bytes = read(body, limit).await?;
        let bytes = match text(&head.headers, header::CONTENT_ENCODING).map(str::trim) {
            None | Some("" | "identity") => bytes,
            Some("gzip" | "x-gzip") => unpacked(&bytes, limit)?,
            Some(other) => {
                return Err(Problem::new(
                    StatusCode::UNSUPPORTED_MEDIA_TYPE,
                    format!("{other:?} cannot be unpacked; send gzip, or nothing packed"),
                ));
            }
        };
        let media_type = text(&head.headers, header::CONTENT_TYPE).unwrap_or_default();
        let essence = media_type.split(';').next().unwrap_or_default().trim();
        let charset =
            media_type.split(';').find_map(|p| p.trim().strip_prefix("charset="));
        if charset.is_some_and(|c| !is_utf8(c.trim_matches('"'))) {
            return Err(Problem::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "send UTF-8: other character sets are not read here",
            ));
        }
        Ok(Sent {
            media_type: essence.to_ascii_lowercase(),
            language: text(&head.headers, header::CONTENT_LANGUAGE).map(str::to_owned),
            bytes,
        })
    }
}

impl Sent {
    /// The text that was sent.
    pub(crate) fn text(self) -> Result<String, Problem> {
        String::from_utf8(self.bytes).map_err(|e| {
            let at = e.utf8_error().valid_up_to();
            Problem::asked(format!("not UTF-8 at byte {at}; convert it first"))
        })
    }

    /// Refuses every media type but some.
    pub(crate) fn is_of(&self, media_types: &[&str]) -> Result<(), Problem> {
        match media_types.contains(&self.media_type.as_str()) {
            true => Ok(()),
            false => Err(Problem::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                format!(
                    "Content-Type {:?} is not read here; send {}",
                    self.media_type,
                    media_types.join(", ")
                ),
            )),
        }
    }
}

fn is_utf8(charset: &str) -> bool {
    ["utf-8", "utf8", "us-ascii"].iter().any(|known| charset.eq_ignore_ascii_case(known))
}

fn text(headers: &HeaderMap, name: header::HeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok()
}

fn too_large(limit: usize) -> Problem {
    let mebibytes = limit >> 20;
    Problem::new(
        StatusCode::PAYLOAD_TOO_LARGE,
        format!(
            "the body is over {mebibytes} MiB, as sent or unpacked; send less at a time"
        ),
    )
}

async fn read(mut body: Body, limit: usize) -> Result<Vec<u8>, Problem> {
    let mut bytes = Vec::new();
    while let Some(frame) = poll_fn(|cx| Pin::new(&mut body).poll_frame(cx)).await {
        let frame = frame.map_err(|_| Problem::asked("the body broke off"))?;
        let Ok(data) = frame.into_data() else { continue };
        if bytes.len() + data.len() > limit {
            return Err(too_large(limit));
        }
        bytes.extend_from_slice(&data);
    }
    Ok(bytes)
}

fn unpacked(bytes: &[u8], limit: usize) -> Result<Vec<u8>, Problem> {
    let mut unpacked = Vec::new();
    let read =
        MultiGzDecoder::new(bytes).take(limit as u64 + 1).read_to_end(&mut unpacked);
    read.map_err(|_| Problem::asked("the body says that it is gzip, and is not"))?;
    match unpacked.len() > limit {
        true => Err(too_large(limit)),
        false => Ok(unpacked),
    }
}
