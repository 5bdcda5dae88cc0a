//! Which tables do records become, and how do they reach Python? As Arrow, without a copy.

use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::compute::cast;
use arrow::datatypes::{DataType, Field, FieldRef, Schema, SchemaRef};
use arrow::error::ArrowError;
use depeche_formats::write::arrow::Table;
use pyo3::exceptions::{PyKeyError, PyValueError};
use pyo3::prelude::*;
use pyo3_arrow::{PyRecordBatch, PySchema, PyTable};

use crate::record::Core;
use crate::spark::{handed_over, records};

/// The names of all tables.
pub(crate) fn names() -> Vec<&'static str> {
    Table::ALL.iter().map(|table| table.name()).collect()
}

fn of_name(name: &str) -> PyResult<Table> {
    name.parse().map_err(|error: String| PyKeyError::new_err(error))
}

/// A table of some records, in their order.
#[pyfunction]
#[expect(clippy::needless_pass_by_value, reason = "Python hands it over")]
pub(crate) fn table(
    py: Python<'_>,
    records: Vec<Py<Core>>,
    name: &str,
) -> PyResult<PyTable> {
    let table = of_name(name)?;
    let batch = py.detach(|| table.batch(records.iter().map(|core| &core.get().record)));
    let schema = batch.schema();
    PyTable::try_new(vec![batch], schema)
        .map_err(|error| PyValueError::new_err(error.to_string()))
}

/// The columns of a table, as Spark has types for them: it knows no unsigned numbers.
#[pyfunction]
pub(crate) fn table_schema(name: &str) -> PyResult<PySchema> {
    Ok(PySchema::new(signed_schema(&of_name(name)?.schema())))
}

/// A table of the records that a batch holds as JSON, as Spark has types for it.
#[pyfunction]
pub(crate) fn table_rows(
    py: Python<'_>,
    batch: PyRecordBatch,
    name: &str,
) -> PyResult<PyRecordBatch> {
    let table = of_name(name)?;
    let batch = batch.into_inner();
    handed_over(py.detach(|| {
        let records = records(&batch)?;
        signed(&table.batch(records.iter().map(|(_, record)| record)))
    }))
}

fn signed(batch: &RecordBatch) -> Result<RecordBatch, ArrowError> {
    let schema = signed_schema(&batch.schema());
    let fields = schema.fields().iter().zip(batch.columns());
    let columns = fields.map(|(field, column)| cast(column, field.data_type()));
    RecordBatch::try_new(Arc::clone(&schema), columns.collect::<Result<_, _>>()?)
}

fn signed_schema(schema: &Schema) -> SchemaRef {
    let fields: Vec<FieldRef> = schema.fields().iter().map(signed_field).collect();
    Arc::new(Schema::new(fields))
}

fn signed_field(field: &FieldRef) -> FieldRef {
    let kind = match field.data_type() {
        DataType::UInt8 => DataType::Int16,
        DataType::UInt16 => DataType::Int32,
        DataType::UInt32 | DataType::UInt64 => DataType::Int64,
        DataType::LargeUtf8 | DataType::Utf8View => DataType::Utf8,
        DataType::Dictionary(_, values) => (**values).clone(),
        DataType::List(item) => DataType::List(signed_field(item)),
        DataType::Struct(fields) => {
            DataType::Struct(fields.iter().map(signed_field).collect())
        }
        kind => kind.clone(),
    };
    Arc::new(Field::new(field.name(), kind, field.is_nullable()))
}
