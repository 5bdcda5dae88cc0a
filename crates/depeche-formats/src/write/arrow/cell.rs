//! What may stand in a column?

use std::borrow::Cow;
use std::sync::Arc;

use arrow::datatypes::{DataType, Field, Fields};
use depeche_record::{Cue, Mention, Place, Role, Span, Speaker, Time};
use serde::Serialize;

/// A column: its name, what it holds, and what that means.
#[derive(Debug)]
pub struct Column {
    /// Its name.
    pub name: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// What it means, for people.
    pub meaning: &'static str,
}

/// What a column holds. `Maybe…` may be null.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Text.
    Text,
    /// Text, if known.
    MaybeText,
    /// A whole number.
    Int,
    /// A whole number, if known.
    MaybeInt,
    /// A number from 0 to 1.
    Share,
    /// A number, if known.
    MaybeReal,
    /// Yes or no.
    Flag,
    /// Yes or no, if known.
    MaybeFlag,
    /// A day of the Gregorian calendar, if known.
    MaybeDay,
    /// Texts, in order.
    Texts,
    /// Texts in order, each if known.
    MaybeTexts,
    /// A stretch of the article's text.
    Span,
    /// A stretch of the article's text, if there is one.
    MaybeSpan,
    /// Stretches of the article's text.
    Spans,
}

/// A value of a column, of the kind of the same name.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs, reason = "kinds say what each is")]
pub enum Cell<'a> {
    Text(Cow<'a, str>),
    MaybeText(Option<Cow<'a, str>>),
    Int(i32),
    MaybeInt(Option<i32>),
    Share(f32),
    MaybeReal(Option<f64>),
    Flag(bool),
    MaybeFlag(Option<bool>),
    /// Days since 1970-01-01.
    MaybeDay(Option<i32>),
    Texts(Vec<Cow<'a, str>>),
    MaybeTexts(Vec<Option<Cow<'a, str>>>),
    Span(Slice<'a>),
    MaybeSpan(Option<Slice<'a>>),
    Spans(Vec<Slice<'a>>),
}

/// A stretch of an article's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Slice<'a> {
    /// Where it starts, in code points.
    pub start: u32,
    /// The first code point after it.
    pub end: u32,
    /// The slice.
    pub text: &'a str,
}

macro_rules! slices {
    ($($of:ty),*) => {$(
        impl<'a> From<&'a $of> for Slice<'a> {
            fn from(of: &'a $of) -> Slice<'a> {
                Slice { start: of.start, end: of.end, text: &of.text }
            }
        }
    )*};
}

slices!(Cue, Mention, Place, Role, Span, Speaker, Time);

impl Kind {
    /// Whether a value may be missing.
    pub fn may_be_null(self) -> bool {
        use Kind::{MaybeDay, MaybeFlag, MaybeInt, MaybeReal, MaybeSpan, MaybeText};
        matches!(
            self,
            MaybeText | MaybeInt | MaybeReal | MaybeFlag | MaybeDay | MaybeSpan
        )
    }

    fn data_type(self) -> DataType {
        match self {
            Kind::Text | Kind::MaybeText => DataType::Utf8,
            Kind::Int | Kind::MaybeInt => DataType::Int32,
            Kind::Share => DataType::Float32,
            Kind::MaybeReal => DataType::Float64,
            Kind::Flag | Kind::MaybeFlag => DataType::Boolean,
            Kind::MaybeDay => DataType::Date32,
            Kind::Texts => list_of(DataType::Utf8, false),
            Kind::MaybeTexts => list_of(DataType::Utf8, true),
            Kind::Span | Kind::MaybeSpan => DataType::Struct(span_fields()),
            Kind::Spans => list_of(DataType::Struct(span_fields()), false),
        }
    }
}

impl Column {
    /// Its field in an Arrow schema.
    pub fn field(&self) -> Field {
        Field::new(self.name, self.kind.data_type(), self.kind.may_be_null())
    }
}

/// The fields of a span.
pub(crate) fn span_fields() -> Fields {
    Fields::from(vec![
        // Signed, for Spark and the JVM have no other numbers; no text is long enough to mind.
        Field::new("start", DataType::Int32, false),
        Field::new("end", DataType::Int32, false),
        Field::new("text", DataType::Utf8, false),
    ])
}

/// The field of what stands in a list.
pub(crate) fn element(data_type: DataType, nullable: bool) -> Field {
    Field::new("element", data_type, nullable)
}

fn list_of(data_type: DataType, nullable: bool) -> DataType {
    DataType::List(Arc::new(element(data_type, nullable)))
}
