//! Do articles come out of every format as they should, and are faults said with their place?
#![allow(clippy::disallowed_methods, reason = "fixtures are files")]
#![allow(clippy::print_stdout, reason = "figures are for people")]
#![allow(clippy::type_complexity, reason = "a table of cases")]

use std::fs;
use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::{ArrayRef, Date32Array, RecordBatch, StringArray};
use depeche_formats::read::{Draft, FORMATS, Options, Step, articles, bytes, format};
use depeche_text::{Document, Meta};
use flate2::Compression;
use flate2::write::GzEncoder;

/// The steps of some bytes.
fn steps(content: impl Into<Vec<u8>>) -> Vec<Step> {
    bytes(content.into(), "in", &Options::default()).map(Draft::finish).collect()
}

/// The only article of some bytes.
fn one(content: impl Into<Vec<u8>>) -> Document {
    let mut steps = steps(content);
    assert_eq!(steps.len(), 1, "{steps:?}");
    steps.remove(0).expect("it is an article").document
}

/// The only problem of some bytes, with its place.
fn fault(content: impl Into<Vec<u8>>) -> String {
    let mut steps = steps(content);
    assert_eq!(steps.len(), 1, "{steps:?}");
    steps.remove(0).expect_err("it is no article").to_string()
}

fn codes(document: &Document) -> Vec<&str> {
    document.meta().notes.iter().map(|n| n.code.as_str()).collect()
}

fn gzip(content: &[u8]) -> Vec<u8> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::default());
    packer.write_all(content).expect("memory");
    packer.finish().expect("memory")
}

#[test]
fn plain_text_stays_as_it_came() {
    let text = "\u{feff} Un texte,\r\n avec ses blancs. \n";
    assert_eq!(one(text).text(), text);
    assert_eq!(one("").text(), "");
    let latin =
        one(b"Le pr\xe9sident a refus\xe9 l'accord que proposait l'Europe.".to_vec());
    assert_eq!(latin.text(), "Le président a refusé l'accord que proposait l'Europe.");
    assert_eq!(codes(&latin), ["input-encoding"]);
    let utf16: Vec<u8> =
        "\u{feff}Un été.".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(one(utf16).text(), "Un été.");
}

#[test]
fn wrappers_are_taken_off() {
    let lines = b"{\"text\": \"Un.\"}\n{\"text\": \"Deux.\"}\n";
    assert_eq!(steps(gzip(lines)).len(), 2);
    let both = [gzip(lines), gzip(lines)].concat();
    assert_eq!(steps(both).len(), 4);
    assert_eq!(steps(zstd::encode_all(&lines[..], 3).expect("memory")).len(), 2);
    assert!(fault(gzip(&gzip(lines))).contains("compressed twice"));
    let whole = gzip(lines);
    let cut = steps(whole[..whole.len() - 12].to_vec());
    assert!(cut.last().is_some_and(Result::is_err), "{cut:?}");
}

#[test]
fn what_expands_without_end_is_stopped() {
    let bomb = zstd::encode_all(Cursor::new(vec![b'\n'; 200 << 20]), 3).expect("memory");
    let said = fault(bomb);
    assert!(said.contains("expands to more than"), "{said}");
}

#[test]
fn json_may_take_many_lines() {
    let array = "[\n {\"text\": \"Un {.\", \"id\": 1},\n {\"title\": \"x\"},\n {\"text\": \"Deux.\"}\n]";
    let steps = steps(array);
    let origins: Vec<String> = steps
        .iter()
        .map(|s| match s {
            Ok(article) => article.origin.clone(),
            Err(problem) => problem.to_string(),
        })
        .collect();
    assert_eq!(origins, ["in:2", "in:3: no field `text` beside title", "in:4"]);
    assert_eq!(
        fault("{\n \"text\": \"Un."),
        "in:1: cut off: the object that starts here is not closed"
    );
}

#[test]
fn tables_are_read_by_their_header() {
    let table = "Identifiant;Date;Titre;Texte\n7;2025-02-18;Accord;\"Un accord; enfin.\"\n8;2025;Rien\n9;;Vide;\n";
    let steps = steps(table);
    let article = steps[0].as_ref().expect("it is a row");
    assert_eq!(article.origin, "in:2");
    assert_eq!(article.document.text(), "Un accord; enfin.");
    assert_eq!(article.document.meta().published.as_deref(), Some("2025-02-18"));
    let faults: Vec<String> =
        steps[1..].iter().map(|s| s.as_ref().expect_err("a fault").to_string()).collect();
    assert!(
        faults[0].starts_with("in:3: a row of 3 cells under a header of 4"),
        "{faults:?}"
    );
    assert!(faults[1].starts_with("in:4: its cell of text is empty"), "{faults:?}");
    let latin = one(b"titre\ttexte\nFin\tLa gr\xe8ve a cess\xe9 hier matin.\n".to_vec());
    assert_eq!(latin.text(), "La grève a cessé hier matin.");
}

#[test]
fn parquet_is_read_by_its_schema() {
    let column =
        |values: Vec<Option<&str>>| Arc::new(StringArray::from(values)) as ArrayRef;
    let days = Arc::new(Date32Array::from(vec![Some(20_137), None])) as ArrayRef;
    let batch = RecordBatch::try_from_iter([
        ("n", column(vec![Some("x"), Some("y")])),
        ("titre", column(vec![None, Some("Deux")])),
        ("date", days),
        ("texte", column(vec![Some("Un texte."), Some("Un autre.")])),
    ])
    .expect("the columns are equally long");
    let mut file = Vec::new();
    let mut writer =
        parquet::arrow::ArrowWriter::try_new(&mut file, batch.schema(), None)
            .expect("memory");
    writer.write(&batch).expect("memory");
    writer.close().expect("memory");
    let steps = steps(file.clone());
    let articles: Vec<_> = steps.iter().map(|s| s.as_ref().expect("a row")).collect();
    assert_eq!(articles[0].document.text(), "Un texte.");
    assert_eq!(articles[0].document.meta().published.as_deref(), Some("2025-02-18"));
    assert_eq!(articles[1].document.meta().title.as_deref(), Some("Deux"));
    assert_eq!(articles[1].origin, "in:2");
    file.truncate(file.len() / 2);
    assert!(fault(file).starts_with("in: no Parquet that can be read"));
}

#[test]
fn pages_say_who_when_and_where() {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/pages");
    let page = |name: &str| one(fs::read(data.join(name)).expect("it is there"));
    let semantic = page("01-semantic.html");
    let meta = semantic.meta();
    assert_eq!(
        meta.title.as_deref(),
        Some("Le port de Valmer rouvre après dix jours de blocage")
    );
    assert_eq!(meta.published.as_deref(), Some("2025-02-19T09:12:00+01:00"));
    assert_eq!(meta.outlet.as_deref(), Some("Le Courrier de Valmer"));
    assert_eq!(meta.byline.as_deref(), Some("Claire Vasseur"));
    assert_eq!(meta.lang.as_deref(), Some("fr"));
    assert_eq!(meta.notes, []);
    let graph = page("13-graph.html");
    assert_eq!(graph.meta().byline.as_deref(), Some("Lise Morel, Jean Tardy"));
    assert_eq!(graph.meta().published.as_deref(), Some("2024-11-07T19:00:00+01:00"));
    assert_eq!(codes(&page("09-paywall.html")), ["input-main-text", "input-paywall"]);
    assert_eq!(codes(&page("10-brief.html")), ["input-date", "input-title"]);
    let latin = page("07-tables-latin1.html");
    assert!(latin.text().contains("réclament l'abandon définitif"), "{}", latin.text());
}

/// Four words in a row, as the benchmark of scrapinghub counts them.
fn shingles(text: &str) -> Vec<String> {
    let words: Vec<String> = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty())
        .map(str::to_lowercase)
        .collect();
    let mut shingles: Vec<String> = words.windows(4).map(|w| w.join(" ")).collect();
    shingles.sort();
    shingles
}

/// Precision, recall and F1 of a text against its label.
fn score(found: &str, label: &str) -> (f64, f64, f64) {
    let (found, label) = (shingles(found), shingles(label));
    let mut rest = label.clone();
    let hit = |s: &&String| match rest.iter().position(|r| r == *s) {
        Some(at) => {
            rest.remove(at);
            true
        }
        None => false,
    };
    let hits = found.iter().filter(hit).count() as f64;
    let share = |of: usize| if of == 0 { 0.0 } else { hits / of as f64 };
    let (p, r) = (share(found.len()), share(label.len()));
    (p, r, if p + r == 0.0 { 0.0 } else { 2.0 * p * r / (p + r) })
}

#[test]
fn the_main_text_of_pages_is_found() {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/pages");
    let mut names: Vec<PathBuf> = fs::read_dir(&data)
        .expect("it is there")
        .map(|e| e.expect("a file").path())
        .collect();
    names.retain(|n| n.extension().is_some_and(|e| e == "html"));
    names.sort();
    let mut sum = 0.0;
    for name in &names {
        let found = one(fs::read(name).expect("it is there"));
        let label =
            fs::read_to_string(name.with_extension("txt")).expect("it is labelled");
        let (p, r, f) = score(found.text(), &label);
        println!(
            "{:30} P {p:.3} R {r:.3} F1 {f:.3}",
            name.file_stem().expect("a name").display()
        );
        sum += f;
    }
    let mean = sum / names.len() as f64;
    println!("mean F1 {mean:.4} of {} pages", names.len());
    assert!(mean > 0.93, "mean F1 {mean:.3}");
}

#[test]
fn hostile_pages_are_refused_and_deep_ones_read() {
    assert!(fault("<div>".repeat(200_000)).contains("nested deeper"));
    let deep = "<div>".repeat(380) + "<p>Un texte au fond.</p>" + &"</div>".repeat(380);
    let read = std::thread::Builder::new().stack_size(2 << 20).spawn(move || one(deep));
    let read = read.expect("a thread").join().expect("the stack is enough");
    assert_eq!(read.text(), "Un texte au fond.");
    assert!(
        fault("<html><body><script>app()</script></body></html>")
            .contains("no text in the page")
    );
}

const RSS: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
     xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>Le Courrier</title><language>fr</language>
<item><title>Accord &amp; refus</title><link>https://x.example/1</link><guid>g1</guid>
  <pubDate>Tue, 18 Feb 2025 00:30:00 +0100</pubDate><dc:creator>Claire Vasseur</dc:creator>
  <description>Un résumé.</description>
  <content:encoded><![CDATA[<p>Un accord a été signé.</p><p>Un autre, refusé.</p>]]></content:encoded></item>
<item><title>Bref</title><link>https://x.example/2</link>
  <description>&lt;p&gt;Le maire a &lt;b&gt;démissionné&lt;/b&gt;.&lt;/p&gt;</description></item>
<item><title>Vide</title><link>https://x.example/3</link></item>
</channel></rss>"#;

#[test]
fn items_of_feeds_are_articles() {
    let steps = steps(RSS);
    assert_eq!(steps.len(), 3);
    let first = &steps[0].as_ref().expect("an item").document;
    assert_eq!(first.text(), "Un accord a été signé.\n\nUn autre, refusé.");
    let meta = first.meta();
    assert_eq!(meta.title.as_deref(), Some("Accord & refus"));
    // The day of the writer, not that of Greenwich.
    assert_eq!(meta.published.as_deref(), Some("2025-02-18T00:30:00"));
    assert_eq!(
        (
            meta.key.as_deref(),
            meta.outlet.as_deref(),
            meta.url.as_deref(),
            meta.lang.as_deref()
        ),
        (Some("g1"), Some("Le Courrier"), Some("https://x.example/1"), Some("fr"))
    );
    assert_eq!(meta.byline.as_deref(), Some("Claire Vasseur"));
    let second = &steps[1].as_ref().expect("an item").document;
    assert_eq!(second.text(), "Le maire a démissionné.");
    assert_eq!(codes(second), ["input-summary-only"]);
    let third = steps[2].as_ref().expect_err("no text");
    assert!(third.to_string().starts_with("in#3: the feed gives no text of this item"));
    // An id that nobody gave is none: the library would draw one by lot.
    assert_eq!(second.meta().key, None);
}

#[test]
fn lists_of_feeds_stay_in_their_folder() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, content: &str| {
        let path = folder.path().join(name);
        fs::write(&path, content).expect("it can be written");
        path
    };
    write("a.rss", RSS);
    let list = write(
        "flux.opml",
        "<opml version='2.0'><body><outline xmlUrl='https://x.example/rss'/><outline text='d'>\
         <outline xmlUrl='a.rss'/></outline><outline xmlUrl='../secret'/><outline xmlUrl='flux.opml'/>\
         <outline xmlUrl='flux.opml'/></body></opml>",
    );
    let steps: Vec<Step> =
        articles(&[list], &Options::default()).map(Draft::finish).collect();
    let faults: Vec<String> = steps
        .iter()
        .filter_map(|s| s.as_ref().err())
        .map(|p| p.message.clone())
        .collect();
    assert!(faults[0].ends_with("name the files: https://x.example/rss"), "{faults:?}");
    assert!(faults[1].ends_with("name them yourself: ../secret"), "{faults:?}");
    // Twice the list, once through itself, and once the feed.
    assert_eq!(steps.iter().filter(|s| s.is_ok()).count(), 2);
}

/// A record of WARC.
fn record(kind: &str, fields: &str, block: &[u8]) -> Vec<u8> {
    let head = format!(
        "WARC/1.1\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:uuid:{}>\r\nWARC-Date: \
         2025-02-19T06:00:00Z\r\n{fields}Content-Length: {}\r\n\r\n",
        block.len(),
        block.len()
    );
    [head.as_bytes(), block, b"\r\n\r\n"].concat()
}

fn response(address: &str, http: &str, body: &[u8]) -> Vec<u8> {
    let fields = format!(
        "WARC-Target-URI: {address}\r\nContent-Type: application/http; msgtype=response\r\n"
    );
    let block = [format!("HTTP/1.1 200 OK\r\n{http}\r\n").as_bytes(), body].concat();
    record("response", &fields, &block)
}

const PAGE: &str = "<html><title>Accord</title><body><article><h1>Accord</h1><p>Les deux pays ont \
                    signé un accord mardi à Riyad, après trois jours de pourparlers, ont annoncé \
                    leurs ministres des Affaires étrangères.</p></article></body></html>";

#[test]
fn crawls_are_streamed() {
    let html = "Content-Type: text/html; charset=utf-8\r\n";
    let chunked = {
        let (a, b) = PAGE.as_bytes().split_at(40);
        [
            format!("{:x}\r\n", a.len()).as_bytes(),
            a,
            format!("\r\n{:x};x=y\r\n", b.len()).as_bytes(),
            b,
            b"\r\n0\r\n\r\n",
        ]
        .concat()
    };
    let packed = gzip(PAGE.as_bytes());
    let records = [
        record(
            "warcinfo",
            "Content-Type: application/warc-fields\r\n",
            b"software: x\r\n",
        ),
        response("https://x.example/2025/02/18/a", html, PAGE.as_bytes()),
        response(
            "https://x.example/b",
            &format!("{html}Transfer-Encoding: chunked\r\n"),
            &chunked,
        ),
        response(
            "https://x.example/c",
            &format!("{html}Content-Encoding: gzip\r\n"),
            &packed,
        ),
        response("https://x.example/d.png", "Content-Type: image/png\r\n", b"\x89PNG"),
        record("conversion", "Content-Type: text/plain\r\n", "Un texte nu.".as_bytes()),
    ];
    let check = |file: Vec<u8>| {
        let steps = steps(file);
        let texts: Vec<&str> = steps
            .iter()
            .map(|s| s.as_ref().expect("an article").document.text())
            .collect();
        assert_eq!(texts.len(), 4, "{texts:?}");
        assert!(
            texts[..3]
                .iter()
                .all(|t| t.starts_with("Les deux pays") && t.ends_with("étrangères.")),
            "{texts:?}"
        );
        assert_eq!(texts[3], "Un texte nu.");
        let first = steps[0].as_ref().expect("an article");
        assert_eq!(first.origin, "in#2 https://x.example/2025/02/18/a");
        assert_eq!(first.document.meta().published.as_deref(), Some("2025-02-18"));
        assert_eq!(first.document.meta().outlet.as_deref(), Some("x.example"));
    };
    check(records.concat());
    check(records.iter().flat_map(|r| gzip(r)).collect());
}

#[test]
fn a_broken_record_costs_no_other() {
    let html = "Content-Type: text/html\r\n";
    let good =
        |n: usize| response(&format!("https://x.example/{n}"), html, PAGE.as_bytes());
    let broken = {
        let mut record = good(2);
        let at =
            record.windows(14).position(|w| w == b"Content-Length").expect("it has one");
        record[at] = b'X';
        record
    };
    let short = [good(1), broken, good(3)].concat();
    let seen = |file: Vec<u8>| -> (usize, Vec<String>) {
        let steps = steps(file);
        let faults =
            steps.iter().filter_map(|s| s.as_ref().err()).map(ToString::to_string);
        (steps.iter().filter(|s| s.is_ok()).count(), faults.collect())
    };
    let (read, faults) = seen(short);
    assert_eq!(read, 2, "{faults:?}");
    assert!(
        faults[0].starts_with(
            "in#2: no Content-Length that is a number, in the record at byte"
        )
    );
    assert!(faults[0].ends_with("the next record is read"));
    let mut member = gzip(&good(2));
    let middle = member.len() / 2;
    for byte in &mut member[middle..middle + 20] {
        *byte = !*byte;
    }
    let (read, faults) = seen([gzip(&good(1)), member, gzip(&good(3))].concat());
    assert_eq!((read, faults.len()), (2, 1), "{faults:?}");
    let whole = [good(1), good(2)].concat();
    let (read, faults) = seen(whole[..whole.len() - 100].to_vec());
    assert_eq!(read, 1);
    assert!(
        faults[0].contains("cut off:")
            && faults[0].ends_with("there is no record after it")
    );
}

const NITF: &str = r#"<?xml version="1.0" encoding="ISO-8859-1"?>
<nitf version="-//IPTC//DTD NITF 3.6//EN"><head><title>Accord</title>
<docdata><doc-id id-string="d7"/><urgency ed-urg="2"/><date.issue norm="20250218T130500+0100"/>
<date.release norm="20250219T000000Z"/><ed-msg info="Corrige le nom au 2e paragraphe"/>
<du-key key="ACCORD-PRIX" version="3"/><doc.copyright year="2025" holder="L'Agence"/></docdata>
<pubdata name="Le Fil"/></head>
<body><body.head><hedline><hl1>Un accord sur les prix</hl1></hedline><byline>Par Paul Aubert</byline>
<dateline>RIYAD, 18 fév</dateline></body.head>
<body.content><p>Un accord a &#233;t&#xe9; <em>sign&#233;</em>.</p><media><media-caption>Une photo</media-caption></media>
<p>Il vaut un an.</p></body.content><body.end><tagline>pa/xy</tagline></body.end></body></nitf>"#;

#[test]
fn marks_of_wires_are_carried() {
    let nitf = one(NITF);
    assert_eq!(nitf.text(), "Un accord a été signé.\n\nIl vaut un an.");
    let meta = nitf.meta();
    assert_eq!(meta.key.as_deref(), Some("d7"));
    assert_eq!(meta.title.as_deref(), Some("Un accord sur les prix"));
    assert_eq!(meta.published.as_deref(), Some("2025-02-18T13:05:00+01:00"));
    assert_eq!(meta.outlet.as_deref(), Some("Le Fil"));
    assert_eq!(meta.rights.as_deref(), Some("© 2025 L'Agence"));
    assert_eq!(meta.byline.as_deref(), Some("Par Paul Aubert"));
    let wire = &meta.wire;
    let marks = [&wire.slug, &wire.version, &wire.urgency, &wire.embargo, &wire.dateline];
    let marks: Vec<&str> =
        marks.into_iter().map(|m| m.as_deref().unwrap_or("-")).collect();
    assert_eq!(marks, ["ACCORD-PRIX", "3", "2", "2025-02-19T00:00:00Z", "RIYAD, 18 fév"]);

    let g2 = format!(
        "<newsMessage xmlns='http://iptc.org/std/nar/2006-10-01/'><itemSet><newsItem guid='urn:x:1' \
         version='4' xml:lang='fr'><rightsInfo><copyrightNotice>© L'Agence</copyrightNotice>\
         <usageTerms>Pas d'archive</usageTerms></rightsInfo><itemMeta><itemClass qcode='ninat:text'/>\
         <provider literal='Agence'/><versionCreated>2025-02-18T13:05:00+01:00</versionCreated>\
         <embargoed>2025-02-19T00:00:00Z</embargoed><pubStatus qcode='stat:usable'/></itemMeta>\
         <contentMeta><urgency>3</urgency><slugline>ACCORD</slugline><headline>Accord</headline>\
         </contentMeta><contentSet><inlineXML>{}</inlineXML></contentSet></newsItem>\
         <newsItem guid='p'><itemMeta><itemClass qcode='ninat:picture'/></itemMeta></newsItem>\
         </itemSet></newsMessage>",
        NITF.split_once("?>").expect("a declaration").1
    );
    let steps = steps(g2);
    assert_eq!(steps.len(), 2);
    let item = &steps[0].as_ref().expect("a text").document;
    assert_eq!(item.text(), nitf.text());
    assert_eq!(item.meta().rights.as_deref(), Some("© L'Agence · Pas d'archive"));
    assert_eq!(item.meta().wire.status.as_deref(), Some("usable"));
    assert_eq!(item.meta().wire.version.as_deref(), Some("4"));
    assert_eq!(item.meta().wire.dateline.as_deref(), Some("RIYAD, 18 fév"));
    let picture = steps[1].as_ref().expect_err("a picture").to_string();
    assert_eq!(
        picture,
        "in#2: no text in this news item (picture); nothing to read in it"
    );

    let ninjs = r#"{
      "uri": "urn:x:9", "type": "text", "language": "fr", "version": "2", "urgency": 4,
      "versionCreated": "2025-02-18T13:05:00+01:00", "pubStatus": "usable", "slugline": "ACCORD",
      "copyrightNotice": "© L'Agence", "usageTerms": "Sans archive", "by": "Paul Aubert",
      "embargoed": "2025-02-19T00:00:00Z",
      "headlines": [{"role": "short", "value": "Court"}, {"role": "main", "value": "Accord"}],
      "bodies": [{"contentType": "text/plain", "value": "Un. Deux."},
                 {"contentType": "text/html", "value": "<p>Un.</p><p>Deux.</p>"}]
    }"#;
    let item = one(ninjs);
    assert_eq!(item.text(), "Un.\n\nDeux.");
    let meta = item.meta();
    assert_eq!(meta.title.as_deref(), Some("Accord"));
    assert_eq!(meta.rights.as_deref(), Some("© L'Agence · Sans archive"));
    assert_eq!(meta.wire.urgency.as_deref(), Some("4"));
    assert_eq!(meta.wire.embargo.as_deref(), Some("2025-02-19T00:00:00Z"));
    // The same on one line, and beside lines of JSONL.
    let line = ninjs.replace('\n', " ") + "\n{\"text\": \"Trois.\"}\n";
    let steps: Vec<Step> =
        bytes(line.into(), "in", &Options::default()).map(Draft::finish).collect();
    assert_eq!(steps[0].as_ref().expect("an item").document, item);
    assert_eq!(steps[1].as_ref().expect("a line").document.text(), "Trois.");
}

#[test]
fn defaults_fill_what_an_input_leaves_out() {
    let defaults = Meta {
        published: Some("2025".into()),
        outlet: Some("Le Fil".into()),
        ..Meta::default()
    };
    let options = Options { defaults, format: format("html") };
    let page = "<meta property='og:site_name' content='Le Courrier'><p>Un texte.</p>";
    let mut drafts = bytes(page.into(), "in", &options);
    let article = drafts.next().expect("one").finish().expect("a page");
    assert_eq!(article.document.meta().outlet.as_deref(), Some("Le Courrier"));
    assert_eq!(article.document.meta().published.as_deref(), Some("2025"));
}

#[test]
fn every_reader_stands_any_bytes() {
    let seeds: Vec<Vec<u8>> = vec![
        RSS.into(),
        NITF.into(),
        PAGE.into(),
        response("https://x.example", "Content-Type: text/html\r\n", PAGE.as_bytes()),
        gzip(RSS.as_bytes()),
        b"PAR1\x00\x01PAR1".to_vec(),
        b"[{\"text\": \"\\ud800\"}, 3".to_vec(),
    ];
    // A generator of our own: the same bytes in every run.
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut random = move |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % below as u64).expect("it is smaller")
    };
    for seed in &seeds {
        for format in FORMATS.iter().map(Some).chain([None]) {
            for _ in 0..12 {
                let mut content = seed.clone();
                for _ in 0..random(6) {
                    let at = random(content.len());
                    content[at] = u8::try_from(random(256)).expect("a byte");
                }
                content.truncate(content.len() - random(content.len() / 2));
                let options = Options { format, ..Options::default() };
                for step in bytes(content, "in", &options).map(Draft::finish) {
                    if let Err(problem) = step {
                        assert!(
                            !problem.message.contains("a bug in depeche"),
                            "{problem}"
                        );
                    }
                }
            }
        }
    }
}

/// The fixtures of other projects, where they are.
fn corpora() -> Option<PathBuf> {
    let folder =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpora/formats");
    if !folder.is_dir() {
        println!("no fixtures of other projects here: passed over");
        return None;
    }
    Some(folder)
}

/// How many articles and problems the files under a folder give, by what they are named.
fn count(folder: &Path, of: &dyn Fn(&str) -> bool) -> (usize, Vec<String>) {
    let (mut read, mut faults) = (0, Vec::new());
    let mut waiting = vec![folder.to_owned()];
    while let Some(path) = waiting.pop() {
        if path.is_dir() {
            let mut inner: Vec<PathBuf> = fs::read_dir(&path)
                .expect("a folder")
                .map(|e| e.expect("a file").path())
                .collect();
            inner.sort();
            waiting.extend(inner.into_iter().rev());
        } else if of(&path.to_string_lossy()) {
            for step in articles(&[path], &Options::default()).map(Draft::finish) {
                match step {
                    Ok(_) => read += 1,
                    Err(problem) => faults.push(problem.to_string()),
                }
            }
        }
    }
    (read, faults)
}

#[test]
fn fixtures_of_other_projects_are_read() {
    let Some(folder) = corpora() else { return };
    let bug = |faults: &[String]| faults.iter().any(|f| f.contains("a bug in depeche"));
    let cases: &[(&str, &dyn Fn(&str) -> bool, usize, usize)] = &[
        (
            "feed-rs",
            &|p| p.ends_with(".xml") || p.contains("jsonfeed") && !p.contains("serde"),
            95,
            10,
        ),
        ("ninjs/examples", &|p| p.ends_with(".json") && !p.contains("schema"), 20, 35),
        ("newsml-g2", &|p| p.ends_with(".xml"), 4, 34),
        ("warcio", &|p| p.contains(".warc"), 5, 12),
        ("jwarc", &|p| p.contains(".warc"), 1, 1),
    ];
    for (name, of, least, most_faults) in cases {
        let (read, faults) = count(&folder.join(name), of);
        println!("{name}: {read} articles, {} problems", faults.len());
        for fault in &faults {
            println!("  {}", fault.rsplit('/').next().unwrap_or(fault));
        }
        assert!(!bug(&faults), "{faults:?}");
        assert!(
            read >= *least && faults.len() <= *most_faults,
            "{name}: {read}, {}",
            faults.len()
        );
    }
}
