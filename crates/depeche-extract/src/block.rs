//! Which parts does an article have? Dateline, title, lede, headings, paragraphs.

use std::ops::Range;

use depeche_rule::{Pack, Words};
use depeche_text::{Gap, Orthography, Token, TokenKind};
use depeche_time::Edtf;

pub use depeche_record::BlockKind;

/// A part of an article.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// What it is.
    pub kind: BlockKind,
    /// Its tokens.
    pub tokens: Range<usize>,
}

/// The parts of an article, and what its head says about its date.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Layout {
    /// The parts, in order, without a hole.
    pub blocks: Vec<Block>,
    /// The date of a first line such as `date 2025-02`.
    pub header_date: Option<Edtf>,
    /// The tokens of a dateline.
    pub dateline: Option<Range<usize>>,
}

impl Layout {
    /// Sentences that end where a block does: a dateline is no part of what follows it.
    pub fn sentences(&self, sentences: Vec<Range<usize>>) -> Vec<Range<usize>> {
        let mut cut = Vec::with_capacity(sentences.len() + self.blocks.len());
        let mut starts = self.blocks.iter().map(|b| b.tokens.start).peekable();
        for sentence in sentences {
            let mut from = sentence.start;
            while let Some(start) = starts.next_if(|&s| s < sentence.end) {
                if start > from {
                    cut.push(from..start);
                    from = start;
                }
            }
            cut.push(from..sentence.end);
        }
        cut
    }
}

/// A title or heading has no more words than this.
const SHORT: usize = 22;
/// A dateline ends in a dash within so many tokens.
const DATELINE: usize = 18;

/// The name of the place of a date line has no more words than this.
const PLACE: usize = 4;

/// The classes that [`layout`] looks for.
pub const LAYOUT_CLASSES: [&str; 5] =
    ["month", "weekday", "date-line", "media", "capital"];

/// Finds the parts of an article, before anything is tagged.
pub fn layout(
    pack: &Pack,
    orthography: &Orthography,
    words: &Words,
    text: &str,
    tokens: &[Token],
) -> Layout {
    let mut layout = Layout::default();
    let mut start = 0;
    if let Some((end, date)) = header(orthography, text, tokens) {
        layout.blocks.push(Block { kind: BlockKind::Dateline, tokens: 0..end });
        layout.header_date = Some(date);
        start = end;
    }
    let paragraphs = paragraphs(tokens, start);
    let count = paragraphs.len();
    let mut lede_seen = false;
    for (n, paragraph) in paragraphs.into_iter().enumerate() {
        let mut body = paragraph.clone();
        if !lede_seen && let Some(end) = dateline(pack, words, text, tokens, &paragraph) {
            layout
                .blocks
                .push(Block { kind: BlockKind::Dateline, tokens: paragraph.start..end });
            layout.dateline = Some(paragraph.start..end);
            body.start = end;
            if body.is_empty() {
                continue;
            }
        }
        let last = n + 1 == count;
        let is_line = is_headline(text, &tokens[body.clone()]) && !last;
        let kind = match (is_line, lede_seen) {
            (true, false) if layout.dateline.is_none() => BlockKind::Title,
            (true, _) => BlockKind::Heading,
            (false, false) => BlockKind::Lede,
            (false, true) => BlockKind::Paragraph,
        };
        lede_seen |= kind == BlockKind::Lede;
        layout.blocks.push(Block { kind, tokens: body });
    }
    layout
}

/// A first line such as `date 2025-02`, with or without a line end behind it.
fn header(
    orthography: &Orthography,
    text: &str,
    tokens: &[Token],
) -> Option<(usize, Edtf)> {
    for word in &orthography.header_words {
        let length = word.split_whitespace().count();
        let head = tokens.get(..length)?;
        let written = head.iter().map(|t| depeche_text::fold(t.span.of(text)));
        if written.eq(word.split_whitespace().map(str::to_owned)) {
            let mut at = length;
            if tokens.get(at).is_some_and(|t| t.span.of(text) == ":") {
                at += 1;
            }
            let date = tokens.get(at)?.span.of(text).parse().ok()?;
            return Some((at + 1, date));
        }
    }
    None
}

fn paragraphs(tokens: &[Token], start: usize) -> Vec<Range<usize>> {
    let mut paragraphs = Vec::new();
    let mut from = start;
    for (i, token) in tokens.iter().enumerate().skip(start + 1) {
        if token.gap >= Gap::Line {
            paragraphs.push(from..i);
            from = i;
        }
    }
    if from < tokens.len() {
        paragraphs.push(from..tokens.len());
    }
    paragraphs
}

/// Whether a line says no more than where and when: « Bruxelles, le 5 mai 2023 », « Publié le
/// 12 mars 2024 à 8h15 ».
fn is_date_line(
    pack: &Pack,
    words: &Words,
    text: &str,
    tokens: &[Token],
    line: &Range<usize>,
) -> bool {
    if line.len() > DATELINE {
        return false;
    }
    let word = |i: usize| tokens[i].span.of(text);
    let number = |i: usize| word(i).starts_with(|c: char| c.is_ascii_digit());
    let in_class = |i: usize, name: &str| {
        let class = pack.class(name);
        class.is_some() && words.hits_at(i).iter().any(|h| Some(h.class) == class)
    };
    let year =
        |i: usize| word(i).len() == 4 && word(i).bytes().all(|b| b.is_ascii_digit());
    let mut inner = line.clone().skip(1).take(line.len().saturating_sub(2));
    if !inner.any(|i| in_class(i, "month") && number(i - 1) && year(i + 1)) {
        return false;
    }
    // What stands before the date is a place, set apart by a comma.
    let place = line
        .clone()
        .take_while(|&i| {
            word(i).starts_with(char::is_uppercase) && !in_class(i, "date-line")
        })
        .count();
    let at = line.start + place;
    let apart = place == 0 || place <= PLACE && matches!(word(at), "," | "(");
    apart
        && (at..line.end).all(|i| {
            tokens[i].kind == TokenKind::Punct
                || number(i)
                || in_class(i, "month")
                || in_class(i, "weekday")
                || in_class(i, "date-line")
                || in_class(i, "media")
        })
}

/// The end of a dateline: « MOSCOU, 18 février (AFP) - », « 3 septembre 2016. – ».
fn dateline(
    pack: &Pack,
    words: &Words,
    text: &str,
    tokens: &[Token],
    paragraph: &Range<usize>,
) -> Option<usize> {
    if is_date_line(pack, words, text, tokens, paragraph) {
        return Some(paragraph.end);
    }
    let reach = paragraph.start..paragraph.end.min(paragraph.start + DATELINE);
    let is_dash = |i: &usize| {
        matches!(tokens[*i].span.of(text), "-" | "–" | "—" | "--")
            && tokens[*i].gap != Gap::None
    };
    let dash = reach.skip(1).find(is_dash)?;
    let classes = ["month", "media", "capital"].map(|c| pack.class(c));
    let told = (paragraph.start..dash).any(|i| {
        let shouted = tokens[i].kind == TokenKind::Word
            && tokens[i].span.len() > 3
            && tokens[i].span.of(text).chars().all(char::is_uppercase);
        shouted || words.hits_at(i).iter().any(|h| classes.contains(&Some(h.class)))
    });
    // A sentence may begin with a name and a dash; a dateline has no small verb before it.
    let first = tokens[paragraph.start].span.of(text);
    let heads = first.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit());
    (told && heads).then_some(dash + 1)
}

/// A line by itself, short, that no stop ends.
fn is_headline(text: &str, tokens: &[Token]) -> bool {
    let Some(last) = tokens.last() else { return false };
    let stops =
        matches!(last.span.of(text), "." | "!" | "?" | "…" | ":" | ";" | "," | "...");
    let words = tokens.iter().filter(|t| t.kind != TokenKind::Punct).count();
    let ends_quote = matches!(last.span.of(text), "»" | "”" | "\"")
        && tokens.len() > 1
        && matches!(tokens[tokens.len() - 2].span.of(text), "." | "!" | "?" | "…");
    !stops && !ends_quote && words <= SHORT
}
