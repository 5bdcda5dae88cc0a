//! How does marked-up text become text, and which markup is no page of anybody?

use dom_query::Document;

/// Elements may be open within each other so deep. Pages stay under a hundred; what walks a page
/// element by element within element needs the stack for it.
const DEEPEST: usize = 400;
/// Opened elements times their depth may come to so much: it bounds what a parser does on tags
/// that are never closed.
const MOST_WORK: usize = 20_000_000;
/// A new paragraph opens all formatting anew that was left open; so many nodes may come of it. The
/// longest pages of the press, with a thousand comments, have a tenth.
const MOST_NODES: usize = 400_000;

/// Elements that have no end tag, or whose end a parser supplies.
const ENDLESS: &[&str] = &[
    "area", "base", "br", "col", "colgroup", "dd", "dt", "embed", "frame", "hr", "img",
    "input", "li", "link", "meta", "optgroup", "option", "p", "param", "rp", "rt",
    "source", "tbody", "td", "tfoot", "th", "thead", "tr", "track", "wbr",
];
/// Elements that stay open into the next paragraph (the "formatting" elements of HTML).
const FORMATTING: &[&str] = &[
    "a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong",
    "tt", "u",
];

/// Why some markup is not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    /// Elements within elements, deeper than any page has them.
    TooDeep,
    /// Tags left open by the thousand.
    TooMuch,
}

impl Refused {
    /// What, and what to do.
    pub(crate) fn message(self) -> String {
        match self {
            Refused::TooDeep => format!(
                "its elements are nested deeper than {DEEPEST}, as no page is; take its text out \
                 by hand if you need it"
            ),
            Refused::TooMuch => {
                "it has more tags than any page, or tags that are never closed; \
                                 take its text out by hand if you need it"
                    .into()
            }
        }
    }
}

/// Looks over tags before a tree is made of them, in one pass. What it counts is never less than
/// what a parser would hold: an end tag closes only what was opened under that name.
pub(crate) fn check(markup: &str) -> Result<(), Refused> {
    let mut open: Vec<(&str, usize)> = Vec::new();
    let (mut depth, mut formatting, mut work, mut nodes) =
        (0_usize, 0_usize, 0_usize, 0_usize);
    let mut rest = markup;
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        if let Some(comment) = rest.strip_prefix("!--") {
            rest = comment.find("-->").map_or("", |end| &comment[end + 3..]);
            continue;
        }
        let (closing, tag) = match rest.strip_prefix('/') {
            Some(tag) => (true, tag),
            None => (false, rest),
        };
        let name = name(tag);
        if name.is_empty() || is_one_of(name, ENDLESS) {
            nodes += 1 + formatting;
        } else {
            let slot = match open.iter().position(|(n, _)| n.eq_ignore_ascii_case(name)) {
                Some(slot) => slot,
                // Names beyond any vocabulary share a slot that is never closed.
                None if open.len() >= 256 => 0,
                None => {
                    open.push((name, 0));
                    open.len() - 1
                }
            };
            let is_formatting = is_one_of(name, FORMATTING);
            if closing {
                if open[slot].1 > 0 && open[slot].0.eq_ignore_ascii_case(name) {
                    open[slot].1 -= 1;
                    depth -= 1;
                    formatting -= usize::from(is_formatting);
                }
            } else if !is_empty_tag(tag) {
                open[slot].1 += 1;
                depth += 1;
                formatting += usize::from(is_formatting);
                work += depth;
                nodes += 1 + formatting;
                if let Some(raw) = raw_text(name, &open) {
                    rest = skip(rest, raw);
                }
            }
        }
        if depth > DEEPEST {
            return Err(Refused::TooDeep);
        }
        if work > MOST_WORK || nodes > MOST_NODES {
            return Err(Refused::TooMuch);
        }
    }
    Ok(())
}

/// The name of a tag; empty when it is none.
fn name(tag: &str) -> &str {
    if !tag.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return "";
    }
    let end = |c: char| c.is_ascii_whitespace() || matches!(c, '/' | '>');
    // No element of any vocabulary has a longer name.
    let within = tag.char_indices().take(64).find(|&(_, c)| end(c));
    within.map_or("", |(at, _)| &tag[..at])
}

fn is_one_of(name: &str, list: &[&str]) -> bool {
    list.iter().any(|n| n.eq_ignore_ascii_case(name))
}

/// Whether a start tag ends itself, as in XML. HTML takes that for open, save in foreign content;
/// to count it as closed would count too little, so only names that no HTML has are.
fn is_empty_tag(tag: &str) -> bool {
    let Some(end) = tag.bytes().take(4096).position(|b| b == b'>') else { return false };
    tag[..end].ends_with('/') && tag[..end].contains([':', '.'])
}

/// The element whose text is no markup, when this is one. Inside of drawings and formulas nothing
/// is, for HTML.
fn raw_text(name: &str, open: &[(&str, usize)]) -> Option<&'static str> {
    let foreign =
        |n: &str| n.eq_ignore_ascii_case("svg") || n.eq_ignore_ascii_case("math");
    if open.iter().any(|(n, count)| *count > 0 && foreign(n)) {
        return None;
    }
    ["script", "style", "textarea"].into_iter().find(|n| n.eq_ignore_ascii_case(name))
}

/// What follows up to the end tag of an element of raw text, which is left to be counted.
fn skip<'m>(markup: &'m str, name: &str) -> &'m str {
    let mut rest = markup;
    while let Some(at) = rest.find("</") {
        let tag = &rest[at + 2..];
        let is_end = tag.get(..name.len()).is_some_and(|n| n.eq_ignore_ascii_case(name));
        if is_end {
            return &rest[at..];
        }
        rest = tag;
    }
    ""
}

/// The text of a fragment of HTML, a paragraph a line, as a feed or wire carries it.
pub(crate) fn text_of(fragment: &str) -> Result<String, Refused> {
    if !fragment.contains(['<', '&']) {
        return Ok(fragment.trim().to_owned());
    }
    check(fragment)?;
    let document = Document::fragment(fragment);
    document.select("script, style, noscript, template").remove();
    Ok(tidy(&document.formatted_text()))
}

/// Paragraphs with one empty line between them, without blanks at their ends.
pub(crate) fn tidy(text: &str) -> String {
    let mut tidied = String::with_capacity(text.len());
    let mut empty = false;
    for line in text.lines().map(str::trim) {
        if line.is_empty() {
            empty = !tidied.is_empty();
            continue;
        }
        if !tidied.is_empty() {
            tidied.push('\n');
        }
        if empty {
            tidied.push('\n');
        }
        empty = false;
        tidied.push_str(line);
    }
    tidied
}

/// Blanks as single spaces, for titles and by-lines.
pub(crate) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paragraphs_stay_apart() {
        let text =
            text_of("<p>Un &eacute;cart.</p><script>x()</script><p>Deux<br>trois.</p>");
        assert_eq!(text.as_deref(), Ok("Un écart.\n\nDeux\ntrois."));
        assert_eq!(text_of("  sans marque "), Ok("sans marque".into()));
    }

    #[test]
    fn no_tree_is_made_of_a_trap() {
        assert_eq!(check(&"<div>".repeat(500)), Err(Refused::TooDeep));
        assert_eq!(check(&"<x></y>".repeat(500)), Err(Refused::TooDeep));
        let fonts: String = (0..300).map(|n| format!("<font id={n}>")).collect();
        assert_eq!(check(&(fonts + &"<p>".repeat(100_000))), Err(Refused::TooMuch));
        assert_eq!(check(&"<ul><li>a<li>b</ul><p>c<p>d".repeat(10_000)), Ok(()));
        let script = "<script>for(i=0;i<n;i++)a<b</script>".repeat(1_000);
        assert_eq!(check(&script), Ok(()));
    }
}
