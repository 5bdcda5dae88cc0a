//! The text of an article with colours over it.

use anstyle::Style;
use depeche::Record;
use depeche::record::StatementKind;

use super::{CUE, EVENT, PLACE, SAID, SPEAKER, TIME};

/// What some characters are evidence of. Where several meet, the last of these wins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Part {
    Plain,
    Place,
    Time,
    Event,
    Speaker,
    Cue,
}

impl Part {
    fn style(self, said: bool) -> Style {
        let style = match self {
            Part::Plain if said => return SAID,
            Part::Plain => return Style::new(),
            Part::Place => PLACE,
            Part::Time => TIME,
            Part::Event => EVENT,
            Part::Speaker => SPEAKER,
            Part::Cue => CUE,
        };
        if said { style.underline() } else { style }
    }
}

/// The text with everything lit that the record rests on.
pub(super) fn article(record: &Record) -> String {
    let mut parts: Vec<(u32, u32, Part)> = Vec::new();
    let mut said: Vec<(u32, u32)> = Vec::new();
    for s in &record.statements {
        if s.kind == StatementKind::Scare {
            continue;
        }
        said.extend(s.content.iter().map(|c| (c.start, c.end)));
        parts.extend(s.cue.iter().map(|c| (c.start, c.end, Part::Cue)));
        parts.extend(s.speaker.iter().map(|p| (p.start, p.end, Part::Speaker)));
    }
    for e in &record.events {
        parts.extend(e.mentions.iter().map(|m| (m.start, m.end, Part::Event)));
    }
    parts.extend(record.times.iter().map(|t| (t.start, t.end, Part::Time)));
    parts.extend(record.places.iter().map(|p| (p.start, p.end, Part::Place)));
    lit(&record.article.text, &parts, &said)
}

/// A text with some of its parts lit and some of it underlined.
pub(crate) fn lit(text: &str, parts: &[(u32, u32, Part)], said: &[(u32, u32)]) -> String {
    let length = text.chars().count();
    let mut part = vec![Part::Plain; length];
    for &(start, end, what) in parts {
        for p in &mut part[start as usize..end as usize] {
            *p = what.max(*p);
        }
    }
    let mut underlined = vec![false; length];
    for &(start, end) in said {
        underlined[start as usize..end as usize].fill(true);
    }
    let mut out = String::with_capacity(text.len() * 2);
    let mut now = Style::new();
    for (n, c) in text.chars().enumerate() {
        // A line end carries no style: pagers and terminals would smear it.
        let style = if c == '\n' { Style::new() } else { part[n].style(underlined[n]) };
        if style != now {
            out += &format!("{now:#}{style}");
            now = style;
        }
        // A terminal takes orders from control characters; a text gives none.
        out.push(if c.is_control() && c != '\n' && c != '\t' { '\u{FFFD}' } else { c });
    }
    out += &format!("{now:#}");
    out
}

/// What the colours mean.
pub(crate) fn legend() -> String {
    format!(
        "{SPEAKER}who{SPEAKER:#} {CUE}says{CUE:#} {SAID}what{SAID:#}   \
         {EVENT}event{EVENT:#}   {TIME}when{TIME:#}   {PLACE}where{PLACE:#}\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_nest_and_control_characters_give_no_orders() {
        let text = "a\u{1b}bé\nf";
        let lit = lit(text, &[(2, 5, Part::Cue)], &[(3, 6)]);
        let (on, both, said) = (CUE, CUE.underline(), SAID);
        assert_eq!(lit, format!("a\u{FFFD}{on}b{on:#}{both}é{both:#}\n{said}f{said:#}"));
    }
}
