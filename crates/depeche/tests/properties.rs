//! What holds for every text, whoever wrote it and whatever it is?
#![allow(missing_docs, reason = "a test")]

use std::sync::LazyLock;

use depeche::text::Span;
use depeche::time::Edtf;
use depeche::{Analysis, Document, Languages, Meta, Pipeline, Reader, Record};
use proptest::prelude::*;
use serde_json::Value;

static LANGUAGES: LazyLock<Languages> = LazyLock::new(Languages::shipped);

/// Pieces of the press, and what is none.
const PIECES: &[&str] = &[
    "Le ministre des Transports a déclaré mardi que le tunnel rouvrirait.",
    "« Nous partons demain », a dit Irène Valadon.",
    " « Rien n'est décidé",
    "\"Jamais\", répond-il, \"jamais.\" ",
    "Selon la Norvège, l'accord du 3 mars 2021 tient toujours.",
    "Elle a ajouté qu'elle l'avait signé il y a deux ans.",
    "La Finlande et le Chili ont conclu un accord à Genève lundi dernier.",
    "L'ONU condamne l'attaque contre un convoi, début septembre.",
    "M. Dupré, chef de la diplomatie, n'exclut pas de démissionner.",
    "au premier semestre 2019, d'ici à la fin de l'année, à 18h30",
    "dernier trimestre",
    "OSLO, 12 mai (AFP) - ",
    "date 2025-02\n",
    "\n\n",
    "\n– Tu viens ?\n– Non.\n",
    "»",
    "“",
    "”, ",
    "\"",
    " ",
    "\u{0}",
    "🦊👩‍👩‍👧",
    "قال الوزير إن ",
    "e\u{301}te\u{301} ",
    "l'l'l'",
    "1111/1111-11-1.1,1 000 000",
    "(([[",
    "…………",
    "https://exemple.fr/a?b=« »",
    "ﬁn\u{ad}al\u{200b}e",
    "que que que que",
    "ÉTAT D'URGENCE",
];

fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        6 => proptest::sample::select(PIECES).prop_map(str::to_owned),
        1 => ".{0,12}".prop_map(|noise| noise),
    ];
    proptest::collection::vec(piece, 0..12).prop_map(|pieces| pieces.join(" "))
}

fn document(text: &str, published: Option<&str>) -> Document {
    let meta = Meta {
        published: published.map(str::to_owned),
        lang: Some("fr".into()),
        ..Meta::default()
    };
    Document::new(text.to_owned(), meta).expect("it is short")
}

/// Every layer lies in the text, on the borders of characters, and in order.
fn layers_hold(a: &Analysis<'_>) {
    let text = a.document.text();
    let n = a.tokens.len();
    let slices = |span: Span| {
        assert!(span.start <= span.end, "{span:?} runs backward");
        assert!(
            text.get(span.start as usize..span.end as usize).is_some(),
            "{span:?} cuts {text:?}"
        );
    };
    let mut at = 0;
    for token in &a.tokens {
        slices(token.span);
        assert!(!token.span.is_empty() && token.span.start >= at);
        let between = &text[at as usize..token.span.start as usize];
        assert!(
            between.chars().all(|c| !c.is_alphanumeric()),
            "{between:?} belongs to no token"
        );
        at = token.span.end;
    }
    let mut next = 0;
    for sentence in &a.sentences {
        assert!(sentence.start == next && sentence.end > next, "a hole before {next}");
        next = sentence.end;
        for token in sentence.clone() {
            let inside = a.syntax.head[token]
                .is_none_or(|h| h as usize != token && sentence.contains(&(h as usize)));
            assert!(inside, "the head of {token} lies outside of {sentence:?}");
        }
    }
    assert_eq!(next, n);
    assert_eq!(a.syntax.morph.len(), n);
    for quote in &a.quotes {
        assert!(quote.inside.start < quote.inside.end && quote.outside.end <= n);
        assert!(quote.outside.start <= quote.inside.start);
        assert!(quote.inside.end <= quote.outside.end);
    }
    for time in &a.times {
        slices(time.span);
        assert!(time.tokens.start < time.tokens.end && time.tokens.end <= n);
    }
    assert_eq!(a.speakers.len(), a.statements.len());
}

/// Every `start`, `end` and `text` of a record's JSON is a stretch of the article, in code
/// points.
fn spans_hold(value: &Value, text: &[char]) {
    match value {
        Value::Array(items) => items.iter().for_each(|v| spans_hold(v, text)),
        Value::Object(fields) => {
            fields.values().for_each(|v| spans_hold(v, text));
            let place = |name: &str| fields.get(name).and_then(Value::as_u64);
            let (Some(start), Some(end)) = (place("start"), place("end")) else { return };
            let slice = text.get(start as usize..end as usize);
            let slice: String = slice.expect("a span lies in the text").iter().collect();
            if let Some(words) = fields.get("text") {
                assert_eq!(words.as_str(), Some(slice.as_str()));
            }
        }
        _ => {}
    }
}

fn record_holds(record: &Record) {
    let json = serde_json::to_string(record).expect("a record is plain data");
    let value: Value = serde_json::from_str(&json).expect("it is JSON");
    let text: Vec<char> = record.article.text.chars().collect();
    spans_hold(&value, &text);
    let again: Record = serde_json::from_str(&json).expect("it is a record");
    assert_eq!(serde_json::to_string(&again).expect("it is plain data"), json);
    let ids: Vec<&str> = record.actors.iter().map(|a| a.id.as_str()).collect();
    for statement in &record.statements {
        assert!(statement.speakers.iter().all(|a| ids.contains(&a.as_str())));
        assert!((0.0..=1.0).contains(&statement.confidence));
    }
    for event in &record.events {
        let named = event.actor.iter().chain(&event.recipient);
        assert!(named.into_iter().all(|a| ids.contains(&a.as_str())));
    }
    for time in &record.times {
        assert!(is_timex_value(&time.value), "`{}` for {:?}", time.value, time.text);
        if let Some(edtf) = &time.edtf {
            let parsed: Edtf = edtf.parse().expect("it is EDTF");
            assert_eq!(&parsed.to_string(), edtf);
        }
        if let (Some(first), Some(last)) = (&time.earliest, &time.latest) {
            assert!(first <= last || first.starts_with('-'), "{first} to {last}");
        }
    }
}

/// The grammar of `value` in TIMEX3 (TimeML 1.2.1), with BC years as `HeidelTime` writes them.
fn is_timex_value(value: &str) -> bool {
    if matches!(value, "PAST_REF" | "PRESENT_REF" | "FUTURE_REF") {
        return true;
    }
    if let Some(amounts) = value.strip_prefix('P') {
        return is_duration(amounts);
    }
    match value.split_once('T') {
        Some((day, time)) => is_date(day) && is_time(time),
        None => is_date(value),
    }
}

/// Whether a text looks like a picture, in which `9` is a digit or `X`.
fn looks_like(text: &str, picture: &str) -> bool {
    text.len() == picture.len()
        && text.bytes().zip(picture.bytes()).all(|(c, p)| match p {
            b'9' => c.is_ascii_digit() || c == b'X',
            _ => c == p,
        })
}

fn is_date(date: &str) -> bool {
    let pictures = [
        "99",
        "999",
        "9999",
        "BC99",
        "BC9999",
        "9999-99",
        "9999-99-99",
        "9999-W99",
        "9999-W99-9",
        "9999-W99-WE",
        "9999-SP",
        "9999-SU",
        "9999-FA",
        "9999-WI",
        "9999-Q9",
        "9999-H9",
    ];
    pictures.iter().any(|p| looks_like(date, p))
}

fn is_time(time: &str) -> bool {
    let part = matches!(time, "MO" | "MI" | "AF" | "EV" | "NI" | "DT");
    let zone = |zone: &str| {
        matches!(zone, "" | "Z")
            || ["+99:99", "-99:99"].iter().any(|p| looks_like(zone, p))
    };
    let clock = ["99:99", "99:99:99"].iter().any(|p| {
        time.get(..p.len()).is_some_and(|t| looks_like(t, p)) && zone(&time[p.len()..])
    });
    part || clock
}

fn is_duration(amounts: &str) -> bool {
    let (days, hours) = amounts.split_once('T').unwrap_or((amounts, ""));
    let all = |part: &str, units: &str| {
        let amounts = part.split_inclusive(|c: char| units.contains(c));
        amounts.into_iter().all(|amount| {
            amount.strip_suffix(|c: char| units.contains(c)).is_some_and(|n| {
                n == "X" || n.parse::<f64>().is_ok_and(|n| n >= 0.0 && n.is_finite())
            })
        })
    };
    // Decades and centuries are `DE` and `CE`.
    let days = days.replace("DE", "E").replace("CE", "C");
    !amounts.is_empty() && all(&days, "YMWDQECL") && all(hours, "HMS")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn every_layer_lies_in_its_text(
        text in text(),
        published in proptest::option::of(proptest::sample::select(
            &["2025-02-18", "2025-02", "2024", "2025-02-10/2025-02-20", "nonsense"][..],
        )),
    ) {
        let document = document(&text, published);
        let language = LANGUAGES.get("fr").expect("French was built in");
        let mut pipeline = Pipeline::new(language);
        let analysis = pipeline.analyze(&document);
        layers_hold(&analysis);
        record_holds(&analysis.record());
    }

    #[test]
    fn any_bytes_are_a_record_or_a_clear_error(
        bytes in proptest::collection::vec(any::<u8>(), 0..200),
    ) {
        match Document::read(bytes.clone(), Meta::default()) {
            Ok(document) => record_holds(&Reader::new(&LANGUAGES).read(&document)),
            Err(error) => {
                let good = std::str::from_utf8(&bytes).map_or_else(|e| e.valid_up_to(), str::len);
                let place = format!("at byte {good} ");
                prop_assert!(error.to_string().contains(&place));
            }
        }
    }
}

#[test]
fn what_was_read_before_changes_nothing() {
    let language = LANGUAGES.get("fr").expect("French was built in");
    let mut worn = Pipeline::new(language);
    for (n, piece) in PIECES.iter().enumerate() {
        let text = format!("{piece} {}", PIECES[(n * 7 + 3) % PIECES.len()]);
        let document = document(&text, Some("2025-02-18"));
        let fresh = Pipeline::new(language).analyze(&document).record();
        assert_eq!(worn.analyze(&document).record(), fresh, "{text}");
    }
}

/// Texts that nobody wrote, long enough to be read in parts.
#[test]
fn hostile_texts_are_read_to_their_end() {
    let noise: String =
        (0..2_000).map(|n| PIECES[(n * n + n / 3) % PIECES.len()]).collect();
    let names: String =
        (0..3_000).map(|n| format!("Jean Valmi{n} a dit oui. ")).collect();
    let texts = [
        "\"".repeat(100_000),
        "« ".repeat(50_000),
        "« a ".repeat(10_000),
        "« a » ".repeat(6_000),
        "« Oui », dit-il. ".repeat(2_500),
        "\" a".repeat(10_000),
        "Paris, ".repeat(8_000),
        "le 3 mars 2021, ".repeat(3_000),
        "il affirme que ".repeat(4_000),
        "La Russie attaque l'Ukraine. ".repeat(2_500),
        "1".repeat(50_000) + &"-1".repeat(20_000),
        "a".repeat(200_000),
        format!("e{}", "\u{301}".repeat(50_000)),
        "\u{0}".repeat(100_000),
        "👩‍👩‍👧‍👦 ".repeat(5_000),
        "قال إن ".repeat(5_000),
        "(".repeat(50_000) + &")".repeat(50_000),
        "\n".repeat(100_000),
        noise,
        names,
    ];
    let language = LANGUAGES.get("fr").expect("French was built in");
    let mut pipeline = Pipeline::new(language);
    for text in &texts {
        let document = document(text, Some("2025-02-18"));
        let analysis = pipeline.analyze(&document);
        layers_hold(&analysis);
        record_holds(&analysis.record());
    }
}
