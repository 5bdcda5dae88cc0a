//! An SVG picture, written element by element.

use std::fmt::{Display, Write};

/// A picture that is being drawn.
pub(crate) struct Svg {
    out: String,
    open: Vec<&'static str>,
}

/// Whether something in a picture can be followed: then it is no image to a screen reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// It is looked at.
    Image,
    /// It has links.
    Links,
}

type Attributes<'a> = &'a [(&'static str, &'a dyn Display)];

impl Svg {
    /// An empty picture of a size in pixels, and what it is called.
    pub(crate) fn new(
        view: (f64, f64, f64, f64),
        class: &str,
        role: Role,
        name: &str,
    ) -> Svg {
        let mut svg = Svg { out: String::new(), open: Vec::new() };
        let (x, y, width, height) = view;
        let view =
            format!("{} {} {} {}", short(x), short(y), short(width), short(height));
        let role = match role {
            Role::Image => "img",
            Role::Links => "group",
        };
        svg.open(
            "svg",
            &[
                ("xmlns", &"http://www.w3.org/2000/svg"),
                ("viewBox", &view),
                ("class", &class),
                ("role", &role),
                ("aria-label", &name),
            ],
        );
        svg
    }

    /// Opens an element.
    pub(crate) fn open(&mut self, tag: &'static str, attributes: Attributes<'_>) {
        self.start(tag, attributes);
        self.out.push('>');
        self.open.push(tag);
    }

    /// Closes what was opened last.
    pub(crate) fn close(&mut self) {
        if let Some(tag) = self.open.pop() {
            let _ = write!(self.out, "</{tag}>");
        }
    }

    /// An element without content.
    pub(crate) fn leaf(&mut self, tag: &'static str, attributes: Attributes<'_>) {
        self.start(tag, attributes);
        self.out.push_str("/>");
    }

    /// An element with text.
    pub(crate) fn text(
        &mut self,
        tag: &'static str,
        attributes: Attributes<'_>,
        text: &str,
    ) {
        self.open(tag, attributes);
        escape(text, &mut self.out);
        self.close();
    }

    /// The picture.
    pub(crate) fn end(mut self) -> String {
        while !self.open.is_empty() {
            self.close();
        }
        self.out
    }

    fn start(&mut self, tag: &str, attributes: Attributes<'_>) {
        let _ = write!(self.out, "<{tag}");
        for (name, value) in attributes {
            let _ = write!(self.out, " {name}=\"");
            escape(&value.to_string(), &mut self.out);
            self.out.push('"');
        }
    }
}

/// A length in tenths of a pixel: no more is seen.
pub(crate) fn short(length: f64) -> String {
    let tenths = (length * 10.0).round() / 10.0;
    if tenths == 0.0 { "0".into() } else { tenths.to_string() }
}

fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            // XML has no place for most control characters, whatever an article holds.
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
}

/// A text cut to a number of characters.
pub(crate) fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((at, _)) => format!("{}…", text[..at].trim_end()),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_stays_text() {
        let mut svg = Svg::new((0.0, 0.0, 9.0, 9.04), "a", Role::Image, "\"><script>");
        svg.text("text", &[("x", &short(-0.01))], "a<b & \u{1b}c");
        let out = svg.end();
        assert!(out.contains("aria-label=\"&quot;&gt;&lt;script&gt;\""), "{out}");
        assert!(out.ends_with("<text x=\"0\">a&lt;b &amp;  c</text></svg>"), "{out}");
        assert!(out.contains("viewBox=\"0 0 9 9\""), "{out}");
    }

    #[test]
    fn long_labels_are_cut_between_characters() {
        assert_eq!(cut("Élysée", 3), "Ély…");
        assert_eq!(cut("Élysée", 6), "Élysée");
    }
}
