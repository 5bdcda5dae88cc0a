//! Where exactly does it stand?

use std::fmt;

/// A stretch of a document's text, `start..end`, in bytes.
///
/// The end is not included. Both ends lie on character boundaries of the text the span was
/// made for. Bytes are what the engine counts in; code points appear only in the record.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span {
    /// Where it starts.
    pub start: u32,
    /// Where it ends: the first byte after it.
    pub end: u32,
}

impl Span {
    /// A span from `start` up to `end`.
    pub fn new(start: u32, end: u32) -> Span {
        debug_assert!(start <= end, "a span runs forward: {start}..{end}");
        Span { start, end }
    }

    /// The text the span covers.
    ///
    /// ```
    /// use depeche_text::Span;
    ///
    /// let text = "Lavrov a parlé mardi.";
    /// assert_eq!(Span { start: 0, end: 6 }.of(text), "Lavrov");
    /// ```
    pub fn of(self, text: &str) -> &str {
        &text[self.start as usize..self.end as usize]
    }

    /// The length, in bytes.
    pub fn len(self) -> u32 {
        self.end - self.start
    }

    /// Whether nothing lies between the two ends.
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// Whether the two share at least one byte.
    pub fn overlaps(self, other: Span) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// Whether `other` lies wholly inside.
    pub fn contains(self, other: Span) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// The smallest span that holds both.
    pub fn join(self, other: Span) -> Span {
        Span { start: self.start.min(other.start), end: self.end.max(other.end) }
    }
}

impl fmt::Debug for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}..{}", self.start, self.end)
    }
}
