//! JSON lines: the records themselves, each with what the archive knows of it.

use std::io::Write;

use depeche_record::Record;
use serde::Serialize;

use crate::write::Entry;
use crate::write::onefile::Body;
use crate::write::sink::Error;
use crate::write::store::FileWriter;

#[derive(Default)]
pub(crate) struct Jsonl;

/// A record, and beside it what the archive says of copies.
#[derive(Serialize)]
struct Line<'a> {
    #[serde(flatten)]
    record: &'a Record,
    #[serde(rename = "ref")]
    reference: &'a str,
    is_copy: bool,
    dispatch_id: &'a str,
    relation: Option<&'a str>,
    repeated: &'a [String],
}

impl Body for Jsonl {
    const PATH: &'static str = "records.jsonl";
    const TITLE: &'static str = "Records, one a line";
    const MEDIA_TYPE: &'static str = "application/jsonl";

    fn article(
        &mut self,
        article: Entry<'_>,
        mut file: &mut FileWriter,
    ) -> Result<u64, Error> {
        match article.origin {
            None => serde_json::to_writer(&mut file, article.record)?,
            Some(origin) => {
                let line = Line {
                    record: article.record,
                    reference: &origin.reference,
                    is_copy: origin.is_copy(),
                    dispatch_id: &origin.dispatch,
                    relation: origin.relation.as_deref(),
                    repeated: &origin.repeated,
                };
                serde_json::to_writer(&mut file, &line)?;
            }
        }
        file.write_all(b"\n")?;
        Ok(1)
    }
}
