//! How does the record stand in the description of the API? As its own schema says.

use serde_json::{Map, Value, json};
use utoipa::ToSchema;

/// A name under which the schema of the record is put into the description.
#[derive(ToSchema)]
#[schema(as = Record)]
#[allow(
    dead_code,
    reason = "only its name is used: the schema is that of depeche-record"
)]
pub(crate) struct RecordSchema {}

/// Puts the schema of the record among those of a description, its parts as `Record.Part`.
pub(crate) fn put_into(schemas: &mut Map<String, Value>) {
    let mut schema = depeche::record::schema();
    let parts = schema.as_object_mut().and_then(|s| s.remove("$defs"));
    if let Some(Value::Object(parts)) = parts {
        for (name, mut part) in parts {
            point_to_parts(&mut part);
            schemas.insert(format!("Record.{name}"), part);
        }
    }
    if let Some(schema) = schema.as_object_mut() {
        schema.remove("$schema");
        schema.remove("$id");
    }
    point_to_parts(&mut schema);
    schemas.insert("Record".into(), schema);
}

fn point_to_parts(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            if let Some(Value::String(target)) = fields.get("$ref")
                && let Some(name) = target.strip_prefix("#/$defs/")
            {
                let target = format!("#/components/schemas/Record.{name}");
                fields.insert("$ref".into(), json!(target));
            }
            fields.values_mut().for_each(point_to_parts);
        }
        Value::Array(items) => items.iter_mut().for_each(point_to_parts),
        _ => {}
    }
}
