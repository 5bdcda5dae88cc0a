//! Which encoding are some bytes in? Their mark, UTF-8 itself, what is declared, or a guess.

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use depeche_text::Note;
use encoding_rs::Encoding;

/// So many bytes are enough for a guess.
const ENOUGH: usize = 1 << 16;

/// Bytes as text, and what was assumed where they are not UTF-8.
///
/// Bytes that are UTF-8 are taken for it whatever is declared: text of another encoding that
/// happens to be UTF-8 is plain ASCII, or shorter than a sentence.
pub(crate) fn decode<'b>(
    bytes: &'b [u8],
    declared: Option<&str>,
) -> (Cow<'b, str>, Option<Note>) {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        let (text, _) = encoding.decode_without_bom_handling(&bytes[mark..]);
        return (text, None);
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return (Cow::Borrowed(text), None);
    }
    let named = declared.and_then(|label| Encoding::for_label(label.trim().as_bytes()));
    if let Some(encoding) = named {
        let (text, broken) = encoding.decode_without_bom_handling(bytes);
        if !broken {
            return (text, None);
        }
    }
    let encoding = guess(bytes);
    let (text, broken) = encoding.decode_without_bom_handling(bytes);
    let name = encoding.name();
    let loss = if broken { "; what is not in it became U+FFFD" } else { "" };
    let against = match declared {
        Some(label) => format!("It declares `{label}`, which it is not"),
        None => "It declares no encoding, and is no UTF-8".into(),
    };
    let text_of_note = format!("{against}: read as {name}, as its bytes look{loss}.");
    (text, Some(Note::new("encoding", text_of_note)))
}

/// The encoding that bytes look like.
fn guess(bytes: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    // The first byte that is not ASCII may come late.
    let first = bytes.iter().position(|b| !b.is_ascii()).unwrap_or(0);
    let start = first.saturating_sub(ENOUGH / 2);
    let end = bytes.len().min(start + ENOUGH);
    detector.feed(&bytes[start..end], true);
    detector.guess(None, Utf8Detection::Allow)
}

/// The encoding that an XML declaration at the head of some bytes names.
pub(crate) fn declared_by_xml(bytes: &[u8]) -> Option<String> {
    let head = &bytes[..bytes.len().min(256)];
    let head = String::from_utf8_lossy(head);
    let declaration = head.trim_start().strip_prefix("<?xml")?.split("?>").next()?;
    let value = declaration.split("encoding").nth(1)?.trim_start().strip_prefix('=')?;
    quoted(value)
}

/// The encoding that a page names within its first bytes, as browsers look for it.
pub(crate) fn declared_by_html(bytes: &[u8]) -> Option<String> {
    let head = &bytes[..bytes.len().min(4096)];
    let head = String::from_utf8_lossy(head).to_ascii_lowercase();
    let value = head.split("charset").nth(1)?.trim_start().strip_prefix('=')?;
    quoted(value).or_else(|| {
        let end =
            |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '>' | ';' | '/');
        let label = value.trim_start().split(end).next()?;
        (!label.is_empty()).then(|| label.to_owned())
    })
}

/// What stands between the quotation marks that open a value.
fn quoted(value: &str) -> Option<String> {
    let value = value.trim_start();
    let mark = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let (label, _) = value[1..].split_once(mark)?;
    Some(label.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_say_what_they_are() {
        let latin = b"Le pr\xe9sident a d\xe9clar\xe9 que l'arm\xe9e \xe9tait pr\xeate.";
        let right = "Le président a déclaré que l'armée était prête.";
        assert_eq!(decode(right.as_bytes(), Some("iso-8859-1")), (right.into(), None));
        assert_eq!(decode(latin, Some("iso-8859-1")), (right.into(), None));
        let (text, note) = decode(latin, None);
        assert_eq!(text, right);
        assert!(note.expect("it was guessed").text.contains("windows-1252"));
        let (text, note) = decode(latin, Some("utf-8"));
        assert_eq!(text, right);
        assert!(note.expect("it was guessed").text.starts_with("It declares `utf-8`"));
    }

    #[test]
    fn declarations_are_found() {
        let xml = declared_by_xml(b"<?xml version='1.0' encoding='ISO-8859-15'?><nitf/>");
        assert_eq!(xml.as_deref(), Some("ISO-8859-15"));
        let short = declared_by_html(b"<html><meta charset=windows-1252>");
        assert_eq!(short.as_deref(), Some("windows-1252"));
        let long = declared_by_html(
            b"<META http-equiv='Content-Type' content='text/html; charset=ISO-8859-1'>",
        );
        assert_eq!(long.as_deref(), Some("iso-8859-1"));
    }
}
