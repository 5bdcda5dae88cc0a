//! Rows become columns.

use std::sync::Arc;

use arrow::array::{
    ArrayBuilder, ArrayRef, BooleanBuilder, Date32Builder, Float32Builder,
    Float64Builder, Int32Builder, ListBuilder, RecordBatch, StringBuilder, StructBuilder,
};
use arrow::datatypes::DataType;

use super::Table;
use super::cell::{Cell, Kind, Slice, element, span_fields};

/// The columns of a table while rows come.
pub(crate) struct Columns {
    table: Table,
    builders: Vec<Builder>,
}

impl Columns {
    pub(crate) fn new(table: Table) -> Columns {
        let builders = table.columns().map(|c| Builder::new(c.kind)).collect();
        Columns { table, builders }
    }

    /// Adds a row: a cell for each column, in order.
    pub(crate) fn push(&mut self, row: &[Cell<'_>]) {
        assert_eq!(row.len(), self.builders.len(), "a cell a column");
        for (builder, cell) in self.builders.iter_mut().zip(row) {
            builder.push(cell);
        }
    }

    pub(crate) fn finish(self) -> RecordBatch {
        let columns: Vec<ArrayRef> =
            self.builders.into_iter().map(Builder::finish).collect();
        RecordBatch::try_new(self.table.schema(), columns)
            .expect("columns are built as the schema says")
    }
}

enum Builder {
    Text(StringBuilder),
    Int(Int32Builder),
    Share(Float32Builder),
    Real(Float64Builder),
    Flag(BooleanBuilder),
    Day(Date32Builder),
    Texts(ListBuilder<StringBuilder>),
    Span(StructBuilder),
    Spans(ListBuilder<StructBuilder>),
}

impl Builder {
    fn new(kind: Kind) -> Builder {
        match kind {
            Kind::Text | Kind::MaybeText => Builder::Text(texts()),
            Kind::Int | Kind::MaybeInt => Builder::Int(numbers()),
            Kind::Share => Builder::Share(Float32Builder::with_capacity(0)),
            Kind::MaybeReal => Builder::Real(Float64Builder::with_capacity(0)),
            Kind::Flag | Kind::MaybeFlag => {
                Builder::Flag(BooleanBuilder::with_capacity(0))
            }
            Kind::MaybeDay => Builder::Day(Date32Builder::with_capacity(0)),
            Kind::Texts | Kind::MaybeTexts => {
                let field = element(DataType::Utf8, kind == Kind::MaybeTexts);
                Builder::Texts(
                    ListBuilder::with_capacity(texts(), 0).with_field(Arc::new(field)),
                )
            }
            Kind::Span | Kind::MaybeSpan => Builder::Span(spans()),
            Kind::Spans => {
                let field = element(DataType::Struct(span_fields()), false);
                Builder::Spans(
                    ListBuilder::with_capacity(spans(), 0).with_field(Arc::new(field)),
                )
            }
        }
    }

    fn push(&mut self, cell: &Cell<'_>) {
        match (self, cell) {
            (Builder::Text(b), Cell::Text(text)) => b.append_value(text),
            (Builder::Text(b), Cell::MaybeText(text)) => b.append_option(text.as_ref()),
            (Builder::Int(b), Cell::Int(number)) => b.append_value(*number),
            (Builder::Int(b), Cell::MaybeInt(number)) => b.append_option(*number),
            (Builder::Share(b), Cell::Share(number)) => b.append_value(*number),
            (Builder::Real(b), Cell::MaybeReal(number)) => b.append_option(*number),
            (Builder::Flag(b), Cell::Flag(flag)) => b.append_value(*flag),
            (Builder::Flag(b), Cell::MaybeFlag(flag)) => b.append_option(*flag),
            (Builder::Day(b), Cell::MaybeDay(day)) => b.append_option(*day),
            (Builder::Texts(b), Cell::Texts(texts)) => {
                texts.iter().for_each(|text| b.values().append_value(text));
                b.append(true);
            }
            (Builder::Texts(b), Cell::MaybeTexts(texts)) => {
                texts.iter().for_each(|text| b.values().append_option(text.as_ref()));
                b.append(true);
            }
            (Builder::Span(b), Cell::Span(span)) => push_span(b, Some(span)),
            (Builder::Span(b), Cell::MaybeSpan(span)) => push_span(b, span.as_ref()),
            (Builder::Spans(b), Cell::Spans(spans)) => {
                spans.iter().for_each(|span| push_span(b.values(), Some(span)));
                b.append(true);
            }
            _ => unreachable!("a cell is of the kind of its column"),
        }
    }

    fn finish(self) -> ArrayRef {
        match self {
            Builder::Text(mut b) => Arc::new(b.finish()),
            Builder::Int(mut b) => Arc::new(b.finish()),
            Builder::Share(mut b) => Arc::new(b.finish()),
            Builder::Real(mut b) => Arc::new(b.finish()),
            Builder::Flag(mut b) => Arc::new(b.finish()),
            Builder::Day(mut b) => Arc::new(b.finish()),
            Builder::Texts(mut b) => Arc::new(b.finish()),
            Builder::Span(mut b) => Arc::new(b.finish()),
            Builder::Spans(mut b) => Arc::new(b.finish()),
        }
    }
}

/// Without room to begin with: most batches are of few rows, and Arrow would make room for a
/// thousand.
fn texts() -> StringBuilder {
    StringBuilder::with_capacity(0, 0)
}

fn numbers() -> Int32Builder {
    Int32Builder::with_capacity(0)
}

fn spans() -> StructBuilder {
    let fields: Vec<Box<dyn ArrayBuilder>> =
        vec![Box::new(numbers()), Box::new(numbers()), Box::new(texts())];
    StructBuilder::new(span_fields(), fields)
}

/// Adds a span; where there is none, its fields hold what nobody reads.
fn push_span(builder: &mut StructBuilder, span: Option<&Slice<'_>>) {
    const FIELD: &str = "a span has a start, an end and a text";
    let slice = span.copied().unwrap_or(Slice { start: 0, end: 0, text: "" });
    let numbers = [slice.start as i32, slice.end as i32];
    for (n, number) in numbers.into_iter().enumerate() {
        builder.field_builder::<Int32Builder>(n).expect(FIELD).append_value(number);
    }
    builder.field_builder::<StringBuilder>(2).expect(FIELD).append_value(slice.text);
    builder.append(span.is_some());
}
