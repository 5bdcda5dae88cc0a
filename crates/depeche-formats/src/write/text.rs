//! Places in an article's text, counted in other units than code points, and the words around.

use depeche_record::Record;

/// Where each code point of a text starts.
pub(crate) struct Offsets<'a> {
    text: &'a str,
    /// Bytes before each code point, and the length at the end.
    bytes: Vec<u32>,
    /// UTF-16 code units before each code point, and their number at the end.
    utf16: Vec<u32>,
}

impl<'a> Offsets<'a> {
    pub(crate) fn new(text: &'a str) -> Offsets<'a> {
        let (mut bytes, mut utf16) = (Vec::new(), Vec::new());
        let mut units = 0;
        for (at, c) in text.char_indices() {
            bytes.push(at as u32);
            utf16.push(units);
            units += c.len_utf16() as u32;
        }
        bytes.push(text.len() as u32);
        utf16.push(units);
        Offsets { text, bytes, utf16 }
    }

    /// How many code points the text has.
    pub(crate) fn len(&self) -> u32 {
        (self.bytes.len() - 1) as u32
    }

    /// The place in UTF-16 code units.
    pub(crate) fn utf16(&self, at: u32) -> u32 {
        self.utf16[at.min(self.len()) as usize]
    }

    /// The words between two places.
    pub(crate) fn slice(&self, start: u32, end: u32) -> &'a str {
        let byte = |at: u32| self.bytes[at.min(self.len()) as usize] as usize;
        let (start, end) = (byte(start), byte(end));
        if start < end { &self.text[start..end] } else { "" }
    }

    /// The sentence in which a stretch stands, without the blanks around it. It is told by marks
    /// and capitals alone, so it may be too long, never too short by an abbreviation of a letter
    /// or two.
    pub(crate) fn sentence(&self, record: &Record, start: u32, end: u32) -> (u32, u32) {
        let inside = |b: &&depeche_record::Block| b.start <= start && start < b.end;
        let block = record.article.blocks.iter().find(inside);
        let (from, to) = block.map_or((0, self.len()), |b| (b.start, b.end.max(end)));
        let words = self.slice(from, to);
        let chars: Vec<char> = words.chars().collect();
        let at = |place: u32| (place - from) as usize;
        let ends = |n: usize| is_end(&chars, n);
        let first =
            (1..=at(start).min(chars.len())).rev().find(|n| ends(*n)).unwrap_or(0);
        let last = (at(end)..chars.len()).find(|n| *n > 0 && ends(*n));
        let last = last.unwrap_or(chars.len());
        let blanks =
            chars[first..last.max(first)].iter().take_while(|c| c.is_whitespace());
        let first = first + blanks.count();
        let blanks = chars[first.min(last)..last].iter().rev();
        let last = last - blanks.take_while(|c| c.is_whitespace()).count();
        (from + first as u32, from + last.max(first) as u32)
    }
}

/// Whether a sentence ends before the nth character, which is a blank before a capital.
fn is_end(chars: &[char], n: usize) -> bool {
    let opens = |c: &char| c.is_uppercase() || c.is_numeric() || "«“\"—–".contains(*c);
    let next = chars[n..].iter().find(|c| !c.is_whitespace());
    if !chars.get(n).is_some_and(|c| c.is_whitespace()) || !next.is_some_and(opens) {
        return false;
    }
    let before = chars[..n].iter().rev();
    let mut before = before.skip_while(|c| c.is_whitespace() || "»”\")".contains(**c));
    match before.next() {
        Some('!' | '?' | '…') => true,
        Some('.') => before.take_while(|c| c.is_alphanumeric()).count() > 2,
        _ => false,
    }
}

/// Up to so many characters before and after a stretch.
pub(crate) fn around<'a>(
    offsets: &Offsets<'a>,
    start: u32,
    end: u32,
    most: u32,
) -> (&'a str, &'a str) {
    (offsets.slice(start.saturating_sub(most), start), offsets.slice(end, end + most))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_counted_in_every_unit() {
        let text = Offsets::new("🕊é!");
        assert_eq!((text.len(), text.utf16(1), text.utf16(3)), (3, 2, 4));
        assert_eq!(text.slice(1, 2), "é");
        assert_eq!(text.slice(2, 9), "!");
        assert_eq!(text.slice(3, 2), "");
    }

    #[test]
    fn an_abbreviation_ends_no_sentence() {
        let chars: Vec<char> = "M. Duval sort. Elle rit".chars().collect();
        assert_eq!((1..chars.len()).find(|n| is_end(&chars, *n)), Some(14));
    }
}
