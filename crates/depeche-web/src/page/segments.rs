//! How are stretches that overlap shown in one text? It is cut wherever one starts or ends, and
//! each piece says of what it is a part.

use depeche::Record;
use depeche::record::{Block, BlockKind};

/// A stretch of the text that means something.
#[derive(Clone, Debug)]
pub(crate) struct Layer {
    /// The first code point.
    pub(crate) start: u32,
    /// The first code point after it.
    pub(crate) end: u32,
    /// What it is: the class of its colour.
    pub(crate) class: &'static str,
    /// The item of the record that it belongs to.
    pub(crate) item: String,
}

/// A paragraph, in code points.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Paragraph {
    pub(crate) kind: &'static str,
    pub(crate) start: u32,
    pub(crate) end: u32,
}

/// A piece of a paragraph in which nothing starts or ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Segment {
    pub(crate) text: String,
    /// What it is, with blanks between.
    pub(crate) classes: String,
    /// Of which items it is a part, with blanks between.
    pub(crate) items: String,
    /// Items whose words start here.
    pub(crate) starts: Vec<String>,
    /// Items whose words end here.
    pub(crate) ends: Vec<String>,
    /// Whether it is what the address names.
    pub(crate) lit: bool,
}

/// Of so many items at most a piece says that it is part of them: an article cannot make a page
/// grow faster than itself.
const DEEPEST: usize = 12;

/// The paragraphs of an article: its blocks, and whatever text stands outside of them; what
/// stands on one line stands in one paragraph.
pub(crate) fn paragraphs(record: &Record, text: &[char]) -> Vec<Paragraph> {
    let length = text.len() as u32;
    let mut all: Vec<Paragraph> = Vec::new();
    let mut at = 0;
    for block in &record.article.blocks {
        let (start, end) = (block.start.clamp(at, length), block.end.clamp(at, length));
        outside(text, at, start, &mut all);
        add(text, Paragraph { kind: name(block), start, end }, &mut all);
        at = end;
    }
    outside(text, at, length, &mut all);
    all
}

/// Adds a paragraph, or joins it to the one before on whose line it stands.
fn add(text: &[char], new: Paragraph, all: &mut Vec<Paragraph>) {
    match all.last_mut() {
        Some(last) if !breaks(text, last.end, new.start) => {
            last.end = new.end;
            if matches!(last.kind, "dateline" | OUTSIDE) {
                last.kind = new.kind;
            }
        }
        _ if new.start < new.end => all.push(new),
        _ => {}
    }
}

/// What text outside of blocks is shown as.
const OUTSIDE: &str = "paragraph";

fn outside(text: &[char], from: u32, to: u32, all: &mut Vec<Paragraph>) {
    let slice = &text[from as usize..to as usize];
    let Some(first) = slice.iter().position(|c| !c.is_whitespace()) else { return };
    let last = slice.iter().rposition(|c| !c.is_whitespace()).unwrap_or(first);
    let (start, end) = (from + first as u32, from + last as u32 + 1);
    add(text, Paragraph { kind: OUTSIDE, start, end }, all);
}

fn breaks(text: &[char], from: u32, to: u32) -> bool {
    text[from as usize..to as usize].contains(&'\n')
}

fn name(block: &Block) -> &'static str {
    match block.kind {
        BlockKind::Dateline => "dateline",
        BlockKind::Title => "title",
        BlockKind::Lede => "lede",
        BlockKind::Heading => "heading",
        BlockKind::Paragraph => "paragraph",
    }
}

/// The pieces of a stretch. `layers` are in order of their start; `lit` is what the address
/// names.
pub(crate) fn segments(
    text: &[char],
    paragraph: &Paragraph,
    layers: &[Layer],
    lit: &[(u32, u32)],
) -> Vec<Segment> {
    let Paragraph { start, end, .. } = *paragraph;
    let inside: Vec<&Layer> =
        layers.iter().filter(|l| l.start < end && l.end > start).collect();
    let mut cuts: Vec<u32> = vec![start, end];
    cuts.extend(inside.iter().flat_map(|l| [l.start, l.end]));
    cuts.extend(lit.iter().flat_map(|(s, e)| [*s, *e]));
    cuts.retain(|cut| (start..=end).contains(cut));
    cuts.sort_unstable();
    cuts.dedup();
    let mut next = 0;
    let mut open: Vec<&Layer> = Vec::new();
    let mut segments = Vec::new();
    for pair in cuts.windows(2) {
        let (from, to) = (pair[0], pair[1]);
        open.retain(|l| l.end > from);
        while let Some(layer) = inside.get(next).filter(|l| l.start <= from) {
            open.push(layer);
            next += 1;
        }
        let is_lit = lit.iter().any(|(s, e)| *s < to && *e > from);
        segments.push(segment(text, from, to, &open, is_lit));
    }
    segments
}

fn segment(text: &[char], from: u32, to: u32, open: &[&Layer], lit: bool) -> Segment {
    let once = |words: &mut dyn Iterator<Item = &str>| {
        let mut all: Vec<&str> = Vec::new();
        for word in words {
            if !all.contains(&word) && all.len() < DEEPEST {
                all.push(word);
            }
        }
        all.join(" ")
    };
    let at = |is: &dyn Fn(&Layer) -> bool| {
        let mut items: Vec<String> = Vec::new();
        for layer in open.iter().filter(|l| is(l)) {
            if !items.contains(&layer.item) && items.len() < DEEPEST {
                items.push(layer.item.clone());
            }
        }
        items
    };
    Segment {
        text: text[from as usize..to as usize].iter().collect(),
        classes: once(&mut open.iter().map(|l| l.class)),
        items: once(&mut open.iter().map(|l| l.item.as_str())),
        starts: at(&|l| l.start == from),
        ends: at(&|l| l.end == to),
        lit,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layer(start: u32, end: u32, class: &'static str, item: &str) -> Layer {
        Layer { start, end, class, item: item.into() }
    }

    #[test]
    fn what_stands_on_one_line_is_one_paragraph() {
        let text: Vec<char> =
            "\u{202e}Un titre\n\nPARIS – Le texte. Fin".chars().collect();
        let mut all = Vec::new();
        outside(&text, 0, 1, &mut all);
        add(&text, Paragraph { kind: "title", start: 1, end: 9 }, &mut all);
        add(&text, Paragraph { kind: "dateline", start: 11, end: 18 }, &mut all);
        add(&text, Paragraph { kind: "lede", start: 19, end: 28 }, &mut all);
        outside(&text, 28, text.len() as u32, &mut all);
        let shown: Vec<(&str, u32, u32)> =
            all.iter().map(|p| (p.kind, p.start, p.end)).collect();
        assert_eq!(shown, [("title", 0, 9), ("lede", 11, 32)]);
    }

    #[test]
    fn stretches_that_overlap_are_cut() {
        let text: Vec<char> = "0123456789".chars().collect();
        let paragraph = Paragraph { kind: "paragraph", start: 1, end: 9 };
        let layers = [
            layer(0, 5, "said", "s1"),
            layer(3, 7, "event", "e1"),
            layer(3, 4, "said", "s1"),
        ];
        let all = segments(&text, &paragraph, &layers, &[(4, 6)]);
        let shown: Vec<(&str, &str, bool)> =
            all.iter().map(|s| (s.text.as_str(), s.items.as_str(), s.lit)).collect();
        assert_eq!(
            shown,
            [
                ("12", "s1", false),
                ("3", "s1 e1", false),
                ("4", "s1 e1", true),
                ("5", "e1", true),
                ("6", "e1", false),
                ("78", "", false)
            ]
        );
        assert_eq!(all[1].starts, ["e1", "s1"]);
        let whole: String = all.iter().map(|s| s.text.as_str()).collect();
        assert_eq!(whole, "12345678");
    }
}
