//! Who did what to whom: roles by construction, and one event per happening.
#![allow(missing_docs, reason = "a test")]

use depeche::record::Event;
use depeche::{Document, Language, Meta, Pipeline};

/// The events of a text, one a line: type, actors, recipients, triggers, factuality.
fn events(text: &str) -> Vec<String> {
    let language = Language::shipped("fr").expect("French is built in");
    let document = Document::new(text.to_owned(), Meta::default()).expect("it is short");
    let record = Pipeline::new(&language).analyze(&document).record();
    let names = |ids: &[String]| {
        let name = |id: &String| {
            let actor = record.actors.iter().find(|a| a.id == *id).expect("it is listed");
            actor.country.clone().unwrap_or_else(|| actor.name.clone())
        };
        ids.iter().map(name).collect::<Vec<_>>().join("+")
    };
    let event = |e: &Event| {
        let mentions: Vec<&str> = e.mentions.iter().map(|m| m.text.as_str()).collect();
        format!(
            "{} {} > {} | {} | {}",
            e.kind.plover().name,
            names(&e.actor),
            names(&e.recipient),
            mentions.join(", "),
            if e.aux.is_empty() { "-".to_owned() } else { e.aux.join("+") }
        )
    };
    record.events.iter().map(event).collect()
}

/// The events of a text are these.
fn check(text: &str, wanted: &[&str]) {
    assert_eq!(events(text), wanted, "{text}");
}

#[test]
fn roles_by_construction() {
    check(
        "L'expulsion de diplomates russes par Varsovie a surpris.",
        &["SANCTION POL > RUS | expulsion | -"],
    );
    check(
        "Les pourparlers russo-américains ont duré quatre heures.",
        &["CONSULT RUS > USA | pourparlers | -"],
    );
    check(
        "L'Arménie et l'Azerbaïdjan ont signé un accord à Washington.",
        &["SUPPORT ARM > AZE | signé un accord | -"],
    );
    check(
        "Le ministre français a été reçu à Ankara par son homologue turc.",
        &["CONSULT FRA > TUR | reçu | -"],
    );
    check(
        "Des combats opposant l'armée syrienne à l'armée turque ont éclaté.",
        &["ASSAULT SYR > TUR | combats | -"],
    );
    check(
        "L'Inde a rejeté une proposition du gouvernement chinois.",
        &["REJECT IND > CHN | rejeté | -", "AGREE CHN >  | proposition | -"],
    );
}

#[test]
fn one_event_per_happening() {
    check(
        "La police kényane a arrêté trois militants. Ces arrestations ont indigné les juges.",
        &["COERCE KEN > trois militants | arrêté, arrestations | -"],
    );
    check(
        "Une attaque a visé l'ambassade de Suède à Bagdad. L'attaque, menée par l'armée \
         iranienne, a fait deux morts.",
        &["ASSAULT IRN > SWE | attaque, visé l'ambassade, attaque | -"],
    );
}

#[test]
fn what_did_not_happen() {
    check(
        "Paris n'a pas bombardé Tripoli.",
        &["ASSAULT FRA > LBY | bombardé | negation"],
    );
    check(
        "Rome a refusé d'accueillir le président serbe.",
        &["REJECT ITA > SRB | refusé d'accueillir | -"],
    );
    check(
        "Oslo annulera sa visite à Minsk.",
        &["REJECT NOR > BLR | annulera sa visite | future"],
    );
}
