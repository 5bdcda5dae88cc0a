//! `datapackage.json`: what every file of an export is, after Data Package 2.0 (Frictionless).

use std::collections::BTreeSet;
use std::io::Write;

use depeche_record::Run;
use serde_json::{Value, json};

use super::arrow::{Kind, Table};
use super::export::Counts;
use super::format::Format;
use super::sink::{Error, Output, OwnColumn, Resource};
use super::store::FileWriter;

const PROFILE: &str = "https://datapackage.org/profiles/2.0/datapackage.json";

/// Writes the description of an export, and the schemas that it names.
pub(crate) fn write(
    format: &Format,
    resources: &[Resource],
    runs: &[Run],
    counts: Counts,
    out: &mut Output<'_>,
) -> Result<(), Error> {
    let tables: BTreeSet<Table> = resources.iter().filter_map(|r| r.table).collect();
    for table in tables {
        json_file(out, &schema_path(table), &schema_of(table))?;
    }
    let described: Vec<Value> = resources.iter().map(resource).collect();
    let package = json!({
        "$schema": PROFILE,
        "name": "depeche-export",
        "title": format!("Records of press articles by depeche, as {}", format.title),
        "resources": described,
        "depeche": {
            "record": depeche_record::SCHEMA,
            "format": format.name,
            "writer": concat!("depeche ", env!("CARGO_PKG_VERSION")),
            "runs": runs,
            "counts": counts,
        },
    });
    json_file(out, "datapackage.json", &package)
}

fn json_file(out: &mut Output<'_>, path: &str, value: &Value) -> Result<(), Error> {
    let mut file = out.create(path)?;
    serde_json::to_writer_pretty(&mut file, value)?;
    file.write_all(b"\n")?;
    FileWriter::finish(file, 1)?;
    Ok(())
}

fn schema_path(table: Table) -> String {
    format!("schemas/{table}.json")
}

fn resource(resource: &Resource) -> Value {
    let file = &resource.file;
    let (stem, format) = file.path.rsplit_once('.').unwrap_or((&file.path, ""));
    let mut described = json!({
        "name": stem.replace(['/', '='], "-").to_lowercase(),
        "title": resource.title,
        "path": file.path,
        "format": format,
        "mediatype": resource.media_type,
        "bytes": file.bytes,
        "hash": format!("sha256:{}", file.sha256),
        "depeche:rows": file.rows,
    });
    if let Some(table) = resource.table {
        described["type"] = json!("table");
        described["schema"] = json!(schema_path(table));
    } else if !resource.columns.is_empty() {
        described["type"] = json!("table");
        described["schema"] = own_schema(resource.columns);
    }
    if let Some(dialect) = resource.dialect {
        described["encoding"] = json!("utf-8");
        described["dialect"] = json!({
            "delimiter": dialect.delimiter.to_string(),
            "header": dialect.header,
        });
    }
    described
}

fn own_schema(columns: &[OwnColumn]) -> Value {
    let field = |column: &OwnColumn| {
        json!({
            "name": column.name,
            "type": column.data_type,
            "description": column.meaning,
        })
    };
    json!({"fields": columns.iter().map(field).collect::<Vec<_>>()})
}

/// The Table Schema of a table.
pub(crate) fn schema_of(table: Table) -> Value {
    let field = |column: &super::arrow::Column| {
        let mut field = json!({
            "name": column.name,
            "type": type_of(column.kind),
            "description": column.meaning,
        });
        if !column.kind.may_be_null() {
            // An empty text is a text, and not a missing one.
            field["constraints"] = match column.kind {
                Kind::Text => json!({}),
                _ => json!({"required": true}),
            };
        }
        field
    };
    json!({"fields": table.columns().map(field).collect::<Vec<_>>()})
}

/// The type of a column in a Table Schema: lists and spans are JSON.
fn type_of(kind: Kind) -> &'static str {
    match kind {
        Kind::Text | Kind::MaybeText => "string",
        Kind::Int | Kind::MaybeInt => "integer",
        Kind::Share | Kind::MaybeReal => "number",
        Kind::Flag | Kind::MaybeFlag => "boolean",
        Kind::MaybeDay => "date",
        Kind::Texts | Kind::MaybeTexts | Kind::Spans => "array",
        Kind::Span | Kind::MaybeSpan => "object",
    }
}
