//! Does an archive keep what it was given, count it once, and say what is wrong? Records are
//! made by hand, so that the engine can change without these tests.
#![allow(missing_docs, reason = "a test")]
#![allow(clippy::disallowed_methods, reason = "a test of files")]

use std::fs;
use std::path::{Path, PathBuf};

use depeche_archive::{
    Added, Archive, Correction, Day, ErrorKind, Filter, Match, Order, Reference, Signed,
    Writer,
};
use depeche_record::Record;
use serde_json::{Value, json};
use tempfile::TempDir;

const PORT: &str = "Le port restera fermé trois semaines, a annoncé lundi Zoé Kerbrat. Une grue \
    s'est renversée dans la nuit sur un cargo chargé de bois, et personne n'a été blessé. Les \
    pilotes demandent depuis deux ans que le quai soit refait. La région a promis une enquête et \
    dix millions d'euros pour les travaux, qui commenceront au printemps.";
const MORE: &str =
    " Le trafic passera par la rade voisine, où deux remorqueurs attendent déjà.";
const OTHER: &str = "Le marché aux fleurs ouvrira plus tôt cette année, a dit Zoé Kerbrat, et \
    les halles resteront vides jusqu'à la fin des travaux de la place, en septembre.";

/// A record in which Zoé Kerbrat says the first words of a text.
fn record(text: &str, outlet: &str, published: &str, said: &str) -> Record {
    let place = |words: &str| {
        let start = text.find(words).map(|b| text[..b].chars().count());
        start
            .map(|s| json!({"start": s, "end": s + words.chars().count(), "text": words}))
    };
    let with = |span: Option<Value>, more: Value| {
        let mut span = span.expect("the words are in the text");
        let object = span.as_object_mut().expect("it is an object");
        object.extend(more.as_object().expect("it is an object").clone());
        span
    };
    let speaker = place("Zoé Kerbrat");
    let statements = place(said).map(|content| {
        json!({
            "id": "s1", "kind": "indirect", "content": [content], "cue": null,
            "speaker": with(speaker.clone(), json!({"actor": "a1", "via": "name"})),
            "speakers": ["a1"], "addressee": [], "about": [], "said_at": null, "venue": null,
            "nested_in": null, "block": null, "confidence": 0.9, "rule": "test"
        })
    });
    let value = json!({
        "schema": "depeche.record/1",
        "run": {"tool": "test", "engine": "sha256:0", "options": "sha256:0"},
        "article": {
            "id": format!("sha256:{}", sha256(text)), "key": null, "lang": "fr", "title": null,
            "published": published, "outlet": outlet, "agency": null, "url": null,
            "rights": null, "text": text, "blocks": []
        },
        "actors": speaker.iter().map(|s| json!({
            "id": "a1", "name": "Zoé Kerbrat", "kind": "person", "country": "FRA",
            "sector": null, "office": null, "qid": null, "why": "name",
            "mentions": [with(Some(s.clone()), json!({"form": "name"}))]
        })).collect::<Vec<_>>(),
        "times": [], "places": [], "statements": statements.into_iter().collect::<Vec<_>>(),
        "events": [], "positions": [], "warnings": []
    });
    serde_json::from_value(value).expect("it is a record")
}

fn sha256(text: &str) -> String {
    use sha2::Digest;
    sha2::Sha256::digest(text.as_bytes()).iter().map(|b| format!("{b:02x}")).collect()
}

struct Made {
    _folder: TempDir,
    path: PathBuf,
}

/// An archive with the port in three outlets, and the market in one.
fn made() -> Made {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let path = folder.path().join("t.depeche");
    let said = "Le port restera fermé trois semaines";
    // The earliest comes last: the order of arrival is not that of dates.
    add(
        &path,
        vec![
            record(&format!("{PORT}{MORE}"), "Le Môle", "2025-02-19", said),
            record(PORT, "Ouest", "2025-02-18", said),
            record(
                OTHER,
                "Ouest",
                "2025-03-02",
                "Le marché aux fleurs ouvrira plus tôt cette année",
            ),
            record(PORT, "Agence", "2025-02-17", said),
        ],
    );
    Made { _folder: folder, path }
}

fn add(path: &Path, records: Vec<Record>) -> Vec<Added> {
    let mut writer = Writer::open(path).expect("it can be written");
    let packer = writer.packer();
    let prepared = records.into_iter().map(|r| packer.prepare(r)).collect();
    let added = writer.commit(prepared).expect("it is written");
    writer.finish().expect("it is folded");
    added
}

fn open(path: &Path) -> Archive {
    Archive::open(path).expect("it is an archive")
}

fn asked() -> Filter {
    Filter { limit: 10, ..Filter::default() }
}

fn signed(reason: &str) -> Signed<'_> {
    Signed { at: "2025-03-03T10:00:00Z", author: "tester", reason }
}

#[test]
fn copies_are_kept_and_counted_once() {
    let made = made();
    let archive = open(&made.path);
    let facts = archive.facts().expect("they can be counted");
    assert_eq!((facts.articles, facts.copies, facts.statements), (4, 2, 2));

    let found = archive.statements(&asked()).expect("it answers");
    let shown: Vec<(Option<&str>, u64)> =
        found.hits.iter().map(|h| (h.published.as_deref(), h.copies)).collect();
    // Newest first; of the dispatch its earliest article.
    assert_eq!(shown, [(Some("2025-03-02"), 0), (Some("2025-02-17"), 2)]);

    let all =
        archive.statements(&Filter { copies: true, ..asked() }).expect("it answers");
    assert_eq!(all.hits.len(), 4);

    let stored = archive.article(&found.hits[1].reference).expect("it is there");
    let relations: Vec<Option<&str>> =
        stored.versions.iter().map(|v| v.relation.as_deref()).collect();
    assert_eq!(relations, [None, Some("identical"), Some("extended")]);
}

#[test]
fn an_article_comes_in_once_and_whole() {
    let made = made();
    let said = "Le port restera fermé trois semaines";
    let again = record(PORT, "Ouest", "2025-02-18", said);
    assert_eq!(
        add(&made.path, vec![again.clone(), again.clone()]),
        [Added::Known, Added::Known]
    );

    let archive = open(&made.path);
    let mut records = Vec::new();
    archive
        .each_record(|_, record| {
            records.push(record);
            true
        })
        .expect("they can be read");
    assert_eq!(records.len(), 4);
    assert!(records.contains(&again));
}

#[test]
fn words_actors_and_days_narrow_an_answer() {
    let made = made();
    let archive = open(&made.path);
    let zoe = archive.who("zoe kerbrat").expect("she is there");
    let day = |edtf: &str| Day::bounds(edtf).0;
    let cases: &[(&str, Filter, usize)] = &[
        ("all", asked(), 2),
        ("word", Filter { words: Some("ports".into()), ..asked() }, 1),
        ("accents", Filter { words: Some("ferme".into()), ..asked() }, 1),
        ("phrase", Filter { words: Some("\"trois semaines\"".into()), ..asked() }, 1),
        ("no phrase", Filter { words: Some("\"semaines trois\"".into()), ..asked() }, 0),
        ("who", Filter { who: Some(zoe.clone()), ..asked() }, 2),
        ("about", Filter { about: Some(zoe.clone()), ..asked() }, 0),
        ("since", Filter { since: day("2025-03"), ..asked() }, 1),
        ("until", Filter { until: day("2025-03"), ..asked() }, 1),
        ("never", Filter { since: day("2026"), ..asked() }, 0),
        ("outlet", Filter { outlet: Some("ouest".into()), copies: true, ..asked() }, 2),
        ("kind", Filter { types: vec!["indirect".into()], ..asked() }, 2),
        ("certain", Filter { certain: true, ..asked() }, 2),
        (
            "word and who",
            Filter { words: Some("fleurs".into()), who: Some(zoe), ..asked() },
            1,
        ),
    ];
    for (name, filter, hits) in cases {
        let found = archive.statements(filter).unwrap_or_else(|e| panic!("{name}: {e}"));
        assert_eq!(found.hits.len(), *hits, "{name}");
    }
    let text = archive.search(&Filter { words: Some("grue cargo".into()), ..asked() });
    assert_eq!(text.expect("it answers").len(), 1);
    // The word weighs more in the older one, where it comes again.
    let first = |order| {
        let filter = Filter { words: Some("les".into()), order, ..asked() };
        archive.search(&filter).expect("it answers")[0].published.clone()
    };
    assert_eq!(first(Order::Newest).as_deref(), Some("2025-03-02"));
    assert_eq!(first(Order::Relevance).as_deref(), Some("2025-02-17"));
    for (asked, words) in [("Personne", "nobody"), ("ZZZ", "nobody")] {
        let error = archive.who(asked).expect_err("nobody is called so");
        assert!(error.to_string().starts_with(words), "{error}");
    }
}

#[test]
fn a_quotation_is_checked() {
    let made = made();
    let archive = open(&made.path);
    let how = |words: &str| {
        let hits = archive.quoted(words, 5).expect("it answers");
        hits.first().map(|h| (h.how.clone(), h.statement.published.clone()))
    };
    let (exact, published) =
        how("le port restera fermé trois semaines").expect("it was said");
    assert_eq!((exact, published.as_deref()), (Match::Exact, Some("2025-02-17")));
    let (part, _) = how("restera fermé").expect("it was said");
    assert!(matches!(part, Match::Partial { .. }));
    let (altered, _) =
        how("le port restera fermé quatre semaines").expect("it was said so");
    assert!(matches!(altered, Match::Altered(_)));
    assert_eq!(how("la neige tombera demain sur la côte"), None);
}

#[test]
fn decisions_hold_and_can_be_undone() {
    let made = made();
    let mut writer = Writer::open(&made.path).expect("it can be written");
    let other = record(
        "Z. Kerbrat alias Zoé Kerbrat, a dit non à tout le monde hier soir au conseil.",
        "Est",
        "2025-04-01",
        "non à tout le monde",
    );
    let other = {
        let mut other = other;
        other.actors[0].name = "Z. Kerbrat".into();
        other.actors[0].country = None;
        other
    };
    let packer = writer.packer();
    writer.commit(vec![packer.prepare(other)]).expect("it is written");
    let said = |writer: &Writer, name: &str| {
        let who = writer.archive().who(name).expect("there is one");
        let found = writer.archive().statements(&Filter { who: Some(who), ..asked() });
        found.expect("it answers").hits.len()
    };
    let from = writer.archive().one_actor("Z. Kerbrat").expect("there is one");
    let into = writer.archive().who("Zoé Kerbrat").expect("there are two");
    assert_eq!(said(&writer, "Z. Kerbrat"), 1);
    let first = writer.archive().actors(&into, 1).expect("it answers")[0].id;
    writer.merge(from, first, signed("one person")).expect("it is merged");
    assert_eq!(said(&writer, "Z. Kerbrat"), 3);
    // Of no country herself, she is of that of the actor that she was merged into.
    assert_eq!(said(&writer, "FRA"), 3);
    whole(&writer);
    writer.undo(1, signed("two after all")).expect("it is undone");
    assert_eq!(said(&writer, "Z. Kerbrat"), 1);
    assert_eq!(said(&writer, "FRA"), 2);
    // The other way round, who is of a country takes it along.
    writer.merge(first, from, signed("one person")).expect("it is merged");
    assert_eq!(said(&writer, "FRA"), 3);
    writer.undo(2, signed("two after all")).expect("it is undone");
    whole(&writer);
    assert!(writer.undo(1, signed("again")).is_err());

    let newest =
        writer.archive().statements(&asked()).expect("it answers").hits[1].clone();
    let article = Reference { span: None, ..newest.reference.clone() };
    writer
        .split(first, "Zoé Kerbrat (fleuriste)", &[article], signed("another"))
        .expect("split");
    assert_eq!(said(&writer, "Zoé Kerbrat (fleuriste)"), 1);
    whole(&writer);

    let to = Correction::NotAStatement;
    let what = writer.archive().correction(&newest.reference, to).expect("it can be");
    writer.decide(&what, signed("a headline")).expect("it is corrected");
    let words = Filter { words: Some("fleurs".into()), ..asked() };
    assert_eq!(writer.archive().statements(&words).expect("it answers").hits.len(), 0);
    whole(&writer);
    writer.finish().expect("it is folded");

    // An archive that is made anew says the same, and so do its decisions.
    let anew = made.path.with_extension("anew");
    let archive = open(&made.path);
    let rebuilt = archive.rebuild(&anew, |_| {}).expect("it is made anew");
    assert_eq!((rebuilt.saved, rebuilt.lost), (5, 0));
    let again = open(&anew);
    assert_eq!(
        again.statements(&asked()).unwrap().hits,
        archive.statements(&asked()).unwrap().hits
    );
    assert_eq!(again.decisions().unwrap(), archive.decisions().unwrap());
    assert!(again.check().expect("it can be read").faults.is_empty());
}

/// What is counted beforehand, and whole countries, are as the records say.
fn whole(writer: &Writer) {
    let check = writer.archive().check().expect("it can be read");
    assert_eq!(check.faults, Vec::<String>::new());
}

#[test]
fn months_are_counted_beforehand() {
    let made = made();
    let archive = open(&made.path);
    let counts = |who: &str| {
        let who = archive.who(who).expect("there is one");
        let months = archive.timeline(&who).expect("it answers");
        months.into_iter().map(|(month, c)| (month, c.statements)).collect::<Vec<_>>()
    };
    // Of three copies one counts: the earliest, which came last.
    let expected = [("2025-02".to_owned(), 1), ("2025-03".to_owned(), 1)];
    assert_eq!(counts("Zoé Kerbrat"), expected);
    assert_eq!(counts("FRA"), expected);
    drop(archive);
    let db = rusqlite::Connection::open(&made.path).expect("it is SQLite");
    db.execute_batch(
        "UPDATE tally SET said = said + 1 WHERE entity > 0; DELETE FROM said WHERE entity < 0",
    )
    .expect("it can be spoilt");
    drop(db);
    let faults = open(&made.path).check().expect("it can be read").faults;
    assert_eq!(faults.len(), 2, "{faults:?}");
}

#[test]
fn a_correction_wins_over_a_new_reading() {
    let made = made();
    let mut writer = Writer::open(&made.path).expect("it can be written");
    let hit = writer.archive().statements(&asked()).expect("it answers").hits[0].clone();
    let to = Correction::Speaker(Some("Ana Ruiz".into()));
    let what = writer.archive().correction(&hit.reference, to).expect("it can be");
    writer.decide(&what, signed("she said it")).expect("it is corrected");
    // The engine now finds one word less, and still the wrong speaker.
    let shorter = record(
        OTHER,
        "Ouest",
        "2025-03-02",
        "Le marché aux fleurs ouvrira plus tôt cette",
    );
    let prepared = writer.packer().prepare(shorter);
    let reread =
        writer.reread(&prepared).expect("it is written").expect("something changed");
    assert_eq!((reread.gone.len(), reread.new.len()), (1, 1));
    let now = writer.archive().statements(&asked()).expect("it answers").hits[0].clone();
    assert_eq!(now.speakers, ["Ana Ruiz"]);
    assert_eq!(now.content, "Le marché aux fleurs ouvrira plus tôt cette");
    let words = Filter { words: Some("année".into()), ..asked() };
    assert_eq!(writer.archive().statements(&words).expect("it answers").hits.len(), 0);
}

#[test]
fn what_is_wrong_with_a_file_is_said() {
    let made = made();
    let folder = made.path.parent().expect("it lies in a folder");
    let kind =
        |path: &Path| Archive::open(path).map(|_| ()).expect_err("it is wrong").kind();
    assert_eq!(kind(&folder.join("none")), ErrorKind::Missing);

    let text = folder.join("text");
    fs::write(&text, "Le port est fermé.").expect("it can be written");
    assert_eq!(kind(&text), ErrorKind::NotAnArchive);
    let written = Writer::open(&text).map(|_| ()).expect_err("it is wrong");
    assert_eq!(written.kind(), ErrorKind::NotAnArchive);

    let newer = folder.join("newer");
    fs::copy(&made.path, &newer).expect("it can be copied");
    let db = rusqlite::Connection::open(&newer).expect("it is SQLite");
    db.pragma_update(None, "user_version", 99).expect("it can be set");
    drop(db);
    assert_eq!(kind(&newer), ErrorKind::Newer);

    let foreign = folder.join("foreign");
    rusqlite::Connection::open(&foreign)
        .and_then(|db| db.execute_batch("CREATE TABLE t (x)"))
        .expect("it is SQLite");
    assert_eq!(kind(&foreign), ErrorKind::NotAnArchive);
}

#[test]
fn of_a_truncated_file_what_can_be_read_is_saved() {
    let made = made();
    let bytes = fs::read(&made.path).expect("it can be read");
    let mut whole = 0;
    for tenth in 1..10 {
        let cut = made.path.with_extension(format!("cut{tenth}"));
        fs::write(&cut, &bytes[..bytes.len() * tenth / 10]).expect("it can be written");
        let error = Archive::open(&cut).map(|_| ()).expect_err("it is too short");
        assert_eq!(error.kind(), ErrorKind::Damaged, "{error}");
        // What can be saved depends on what was cut; it never panics.
        let Ok(archive) = Archive::open_damaged(&cut) else { continue };
        let saved = archive.rebuild(&cut.with_extension(format!("saved{tenth}")), |_| {});
        whole += saved.map_or(0, |s| s.saved);
    }
    assert!(whole > 0, "something of some of them is saved");
}

#[test]
fn other_programs_read_the_views() {
    let made = made();
    let db = rusqlite::Connection::open(&made.path).expect("it is SQLite");
    let mut views = db
        .prepare("SELECT name FROM sqlite_schema WHERE type = 'view' ORDER BY name")
        .expect("it can be asked");
    let views: Vec<String> =
        views.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    assert_eq!(
        views,
        [
            "actors",
            "appearances",
            "articles",
            "dispatches",
            "events",
            "places",
            "positions",
            "statements"
        ]
    );
    for view in views {
        let sql = format!("SELECT count(*) FROM (SELECT * FROM {view})");
        let count: i64 =
            db.query_row(&sql, [], |row| row.get(0)).expect("it is well formed");
        let empty = ["events", "places", "positions"].contains(&view.as_str());
        assert_eq!(count == 0, empty, "{view}");
    }
    let sql =
        "SELECT speakers, content FROM statements WHERE NOT is_copy ORDER BY published";
    let first: (String, String) = db
        .query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?)))
        .expect("there is one");
    assert_eq!(
        first,
        ("Zoé Kerbrat".into(), "Le port restera fermé trois semaines".into())
    );
}

/// Archives of every form that was ever released open, and answer.
#[test]
fn earlier_archives_open() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data");
    let scratch = tempfile::tempdir().expect("a folder can be made");
    for form in 1..=depeche_archive::FORMAT {
        let packed =
            fs::read(folder.join(format!("v{form}.depeche.zst"))).expect("it is there");
        let path = scratch.path().join(format!("v{form}.depeche"));
        fs::write(&path, zstd::decode_all(packed.as_slice()).unwrap())
            .expect("it is written");
        let facts = open(&path).facts().expect("they can be counted");
        assert_eq!((facts.articles, facts.copies), (12, 1), "form {form}");
        assert!(facts.statements > 20 && facts.events > 20, "form {form}: {facts:?}");
        let found = open(&path).statements(&asked()).expect("it answers");
        for hit in &found.hits {
            open(&path).article(&hit.reference).expect("its evidence opens");
        }
        // And writing to it brings it to the present form.
        Writer::open(&path).expect("it can be written").finish().expect("it is folded");
        // A copy of what lies in it is known for one.
        let reference = &found.hits[0].reference;
        let mut copy = open(&path).article(reference).expect("it opens").record;
        copy.article.outlet = Some("Un autre journal".into());
        let added = add(&path, vec![copy]);
        let [Added::New { copy_of: Some(_), .. }] = added.as_slice() else {
            panic!("form {form}: {added:?}");
        };
        assert!(open(&path).check().expect("it can be read").faults.is_empty());
    }
}
