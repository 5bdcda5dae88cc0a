//! How does somebody hear of what is new? Any search as a feed: Atom, RFC 4287, and JSON Feed.

use depeche_archive::Day;
use serde_json::{Value, json};

use super::shape::Item;

/// A title is cut after so many characters.
const TITLE: usize = 120;
/// What has no date is of that time, for a feed must say one.
const LONG_AGO: &str = "1600-01-01T00:00:00Z";

/// A feed after RFC 4287.
pub(crate) fn atom(base: &str, this: &str, items: &[impl Item]) -> String {
    let updated = items.iter().map(|i| moment(i.published())).max();
    let mut feed = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\">\n\
         <id>{0}</id>\n<title>depeche</title>\n<updated>{1}</updated>\n\
         <link rel=\"self\" href=\"{0}\"/>\n<author><name>depeche</name></author>\n",
        escaped(&format!("{base}{this}")),
        updated.unwrap_or_else(|| LONG_AGO.into()),
    );
    for item in items {
        let link = escaped(&address(base, item.reference()));
        feed.push_str(&format!(
            "<entry>\n<id>{link}</id>\n<title>{}</title>\n<updated>{}</updated>\n\
             <link rel=\"alternate\" href=\"{link}\"/>\n<content type=\"text\">{}</content>\n\
             </entry>\n",
            escaped(&title(item)),
            moment(item.published()),
            escaped(item.words()),
        ));
    }
    feed.push_str("</feed>\n");
    feed
}

/// A feed after JSON Feed 1.1.
pub(crate) fn json(
    base: &str,
    this: &str,
    next: Option<&str>,
    items: &[impl Item],
) -> Value {
    let entry = |item: &_| entry(base, item);
    let mut feed = json!({
        "version": "https://jsonfeed.org/version/1.1",
        "title": "depeche",
        "feed_url": format!("{base}{this}"),
        "items": items.iter().map(entry).collect::<Vec<Value>>(),
    });
    if let Some(next) = next {
        feed["next_url"] = json!(format!("{base}{next}"));
    }
    feed
}

fn entry(base: &str, item: &impl Item) -> Value {
    let address = address(base, item.reference());
    json!({
        "id": address,
        "url": address,
        "title": title(item),
        "content_text": item.words(),
        "date_published": moment(item.published()),
    })
}

/// Where a person reads on: the article, at that stretch.
fn address(base: &str, reference: &str) -> String {
    format!("{base}/article/{reference}")
}

fn title(item: &impl Item) -> String {
    let line: Vec<String> =
        item.headline().split_whitespace().map(str::to_owned).collect();
    let line = line.join(" ");
    match line.char_indices().nth(TITLE) {
        Some((cut, _)) => format!("{}…", line[..cut].trim_end()),
        None => line,
    }
}

/// The first moment that a date in EDTF may mean, after RFC 3339.
fn moment(published: Option<&str>) -> String {
    let first = published.and_then(|edtf| Day::bounds(edtf).0);
    first.map_or_else(|| LONG_AGO.into(), |day| format!("{day}T00:00:00Z"))
}

/// Text that can stand in XML 1.0.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' | '\r' => out.push(c),
            c if c.is_control() || matches!(c, '\u{FFFE}' | '\u{FFFF}') => {
                out.push('\u{FFFD}');
            }
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_stays_text_and_dates_are_whole() {
        assert_eq!(
            escaped("<a href=\"x\">&\u{0}"),
            "&lt;a href=&quot;x&quot;&gt;&amp;\u{FFFD}"
        );
        assert_eq!(moment(Some("2025-02")), "2025-02-01T00:00:00Z");
        assert_eq!(moment(Some("2025-02-18T13:05")), "2025-02-18T00:00:00Z");
        assert_eq!(moment(None), LONG_AGO);
    }
}
