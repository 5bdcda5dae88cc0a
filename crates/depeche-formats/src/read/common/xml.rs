//! What does an XML document of the press hold? A small tree, of local names.

use quick_xml::Reader;
use quick_xml::XmlVersion;
use quick_xml::events::{BytesRef, BytesStart, Event};

/// Elements may be nested so deep.
const DEEPEST: usize = 200;

/// An element with what it holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Element {
    /// Its name, without prefix.
    pub(crate) name: String,
    attributes: Vec<(String, String)>,
    children: Vec<Node>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Node {
    Element(Element),
    Text(String),
}

impl Element {
    /// The root of a document; or why there is none, with the byte.
    pub(crate) fn parse(xml: &str) -> Result<Element, String> {
        let mut reader = Reader::from_str(xml);
        // The last is the innermost that is open.
        let mut open: Vec<Element> = vec![Element::default()];
        loop {
            let at = reader.buffer_position();
            let event = reader.read_event().map_err(|e| {
                format!("no XML at byte {}: {e}", reader.error_position())
            })?;
            let inner = open.last_mut().expect("the document itself is never closed");
            match event {
                Event::Start(start) => {
                    if open.len() > DEEPEST {
                        return Err(format!(
                            "elements nested deeper than {DEEPEST} at byte {at}"
                        ));
                    }
                    open.push(element(&start));
                }
                Event::Empty(start) => {
                    inner.children.push(Node::Element(element(&start)));
                }
                Event::End(_) => {
                    let done = open.pop().expect("the reader checks end tags");
                    match open.last_mut() {
                        Some(outer) => outer.children.push(Node::Element(done)),
                        None => return Err(format!("an end tag too many at byte {at}")),
                    }
                }
                Event::Text(text) => inner.push(&text.xml10_content()),
                Event::CData(text) => inner.push(&text.xml10_content()),
                Event::GeneralRef(reference) => inner.push(&resolve(&reference)),
                Event::Eof => break,
                _ => {}
            }
        }
        if open.len() > 1 {
            let name = &open[open.len() - 1].name;
            return Err(format!(
                "cut off: `{name}` is not closed at the end of the file"
            ));
        }
        let document = open.pop().unwrap_or_default();
        let root = document.elements().next().cloned();
        root.ok_or_else(|| "there is no element in it".into())
    }

    fn push(&mut self, text: &str) {
        match self.children.last_mut() {
            Some(Node::Text(held)) => held.push_str(text),
            _ => self.children.push(Node::Text(text.to_owned())),
        }
    }

    /// The elements right inside it.
    pub(crate) fn elements(&self) -> impl Iterator<Item = &Element> {
        self.children.iter().filter_map(|node| match node {
            Node::Element(element) => Some(element),
            Node::Text(_) => None,
        })
    }

    /// The first element right inside it of that name.
    pub(crate) fn child(&self, name: &str) -> Option<&Element> {
        self.elements().find(|e| e.name == name)
    }

    /// The first element along a path of names.
    pub(crate) fn at(&self, path: &[&str]) -> Option<&Element> {
        path.iter().try_fold(self, |element, name| element.child(name))
    }

    /// Every element within it of some name, itself too, in the order of the text.
    pub(crate) fn all<'e>(&'e self, name: &str) -> Vec<&'e Element> {
        let mut found = Vec::new();
        let mut waiting = vec![self];
        while let Some(element) = waiting.pop() {
            if element.name == name {
                found.push(element);
            }
            let first = waiting.len();
            waiting.extend(element.elements());
            waiting[first..].reverse();
        }
        found
    }

    /// The first within it of some name.
    pub(crate) fn any(&self, name: &str) -> Option<&Element> {
        self.all(name).into_iter().next()
    }

    /// An attribute that is not empty.
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(n, _)| n == name)?;
        Some(found.1.trim()).filter(|v| !v.is_empty())
    }

    /// All text in it, on one line; `None` when there is none.
    pub(crate) fn line(&self) -> Option<String> {
        let mut text = String::new();
        self.collect(&mut text);
        let line = super::markup::one_line(&text);
        (!line.is_empty()).then_some(line)
    }

    fn collect(&self, into: &mut String) {
        for node in &self.children {
            match node {
                Node::Text(text) => into.push_str(text),
                Node::Element(element) => element.collect(into),
            }
        }
    }

    /// Its text as paragraphs, an empty line between them: elements that `is_block` knows stand on
    /// lines of their own, those that `is_left_out` knows are passed over.
    pub(crate) fn paragraphs(
        &self,
        is_block: &dyn Fn(&str) -> bool,
        is_left_out: &dyn Fn(&str) -> bool,
    ) -> String {
        let mut lines = vec![String::new()];
        self.flow(is_block, is_left_out, &mut lines);
        let lines = lines.iter().map(|l| super::markup::one_line(l));
        lines.filter(|l| !l.is_empty()).collect::<Vec<_>>().join("\n\n")
    }

    fn flow(
        &self,
        is_block: &dyn Fn(&str) -> bool,
        is_left_out: &dyn Fn(&str) -> bool,
        lines: &mut Vec<String>,
    ) {
        for node in &self.children {
            match node {
                Node::Text(text) => {
                    lines.last_mut().expect("there is always a line").push_str(text);
                }
                Node::Element(e) if is_left_out(&e.name) => {}
                Node::Element(e) if is_block(&e.name) => {
                    lines.push(String::new());
                    e.flow(is_block, is_left_out, lines);
                    lines.push(String::new());
                }
                Node::Element(e) => e.flow(is_block, is_left_out, lines),
            }
        }
    }
}

fn element(start: &BytesStart<'_>) -> Element {
    let attribute = |a: quick_xml::events::attributes::Attribute<'_>| {
        let value = a.normalized_value(XmlVersion::Explicit1_0).ok()?.into_owned();
        Some((a.key.local_name().into_inner().to_owned(), value))
    };
    Element {
        name: start.local_name().into_inner().to_owned(),
        attributes: start.attributes().flatten().filter_map(attribute).collect(),
        children: Vec::new(),
    }
}

/// What a reference stands for; itself when nobody here knows.
fn resolve(reference: &BytesRef<'_>) -> String {
    if let Ok(Some(character)) = reference.resolve_char_ref() {
        return character.to_string();
    }
    match reference.xml10_content().as_ref() {
        "amp" => "&".into(),
        "lt" => "<".into(),
        "gt" => ">".into(),
        "quot" => "\"".into(),
        "apos" => "'".into(),
        "nbsp" => "\u{a0}".into(),
        other => format!("&{other};"),
    }
}

#[cfg(test)]
mod tests {
    use super::Element;

    #[test]
    fn a_tree_of_local_names() {
        let root =
            Element::parse("<a:x><y k='1&amp;2'>d&#233;j&#xe0; &lt;</y><y/></a:x>");
        let root = root.expect("it is XML");
        assert_eq!(root.name, "x");
        let y = root.child("y").expect("there is one");
        assert_eq!(
            (y.attribute("k"), y.line().as_deref()),
            (Some("1&2"), Some("déjà <"))
        );
        assert_eq!(root.all("y").len(), 2);
    }

    #[test]
    fn what_is_wrong_is_said_with_its_byte() {
        let fault = |xml: &str| Element::parse(xml).expect_err("it is wrong");
        assert_eq!(fault("<a><b>"), "cut off: `b` is not closed at the end of the file");
        assert!(fault("<a></b>").starts_with("no XML at byte 3"));
        assert!(fault(&"<a>".repeat(500)).starts_with("elements nested deeper than 200"));
    }
}
