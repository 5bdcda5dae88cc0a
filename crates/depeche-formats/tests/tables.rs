//! Are the typed tables what the records say?

use arrow::array::{Array, AsArray};
use arrow::datatypes::{Date32Type, Int32Type};
use depeche_formats::write::arrow::Table;
use depeche_formats::write::{Entry, Origin};
use depeche_record::Record;

fn records() -> Vec<Record> {
    let lines = include_str!("data/records.jsonl").lines();
    lines.map(|line| serde_json::from_str(line).expect("it is a record")).collect()
}

#[test]
fn every_instance_has_a_row() {
    let records = records();
    let rows = |table: Table| table.batch(&records).num_rows();
    let sum = |count: fn(&Record) -> usize| records.iter().map(count).sum::<usize>();
    assert_eq!(rows(Table::Articles), records.len());
    assert_eq!(rows(Table::Actors), sum(|r| r.actors.len()));
    assert_eq!(
        rows(Table::Mentions),
        sum(|r| r.actors.iter().map(|a| a.mentions.len()).sum())
    );
    assert_eq!(rows(Table::Times), sum(|r| r.times.len()));
    assert_eq!(rows(Table::Places), sum(|r| r.places.len()));
    assert_eq!(rows(Table::Statements), sum(|r| r.statements.len()));
    assert_eq!(rows(Table::Events), sum(|r| r.events.len()));
    let sides =
        |r: &Record| r.events.iter().map(|e| e.actor.len() + e.recipient.len()).sum();
    assert_eq!(rows(Table::EventActors), sum(sides));
    let roles = |r: &Record| r.events.iter().map(|e| e.roles.len()).sum();
    assert_eq!(rows(Table::EventRoles), sum(roles));
    assert_eq!(rows(Table::Positions), sum(|r| r.positions.len()));
}

#[test]
fn no_articles_make_tables_without_rows() {
    for table in Table::ALL {
        let batch = table.batch(Vec::<&Record>::new());
        assert_eq!(batch.num_rows(), 0);
        assert_eq!(batch.schema(), table.schema());
    }
}

#[test]
fn a_span_is_a_struct_that_slices_the_text() {
    let records = records();
    let batch = Table::Times.batch(&records);
    let spans = batch["span"].as_struct();
    let (starts, ends) = (
        spans.column(0).as_primitive::<Int32Type>(),
        spans.column(1).as_primitive::<Int32Type>(),
    );
    let keys = batch["article_key"].as_string::<i32>();
    for row in 0..batch.num_rows() {
        let of = |r: &&Record| r.article.key.as_deref() == Some(keys.value(row));
        let text = &records.iter().find(of).expect("it is one of them").article.text;
        let (start, end) = (starts.value(row) as usize, ends.value(row) as usize);
        let slice: String = text.chars().skip(start).take(end - start).collect();
        assert_eq!(slice, spans.column(2).as_string::<i32>().value(row));
    }
}

#[test]
fn a_date_is_as_precise_as_it_is_known() {
    let records = records();
    let batch = Table::Articles.batch(&records);
    let keys = batch["article_key"].as_string::<i32>();
    let first = batch["published_first"].as_primitive::<Date32Type>();
    let last = batch["published_last"].as_primitive::<Date32Type>();
    let row = |key: &str| keys.iter().position(|k| k == Some(key)).expect("it is there");
    let (dated, vague, undated) =
        (row("03-finlande-otan"), row("annee"), row("sans-date"));
    assert_eq!(first.value(dated), last.value(dated));
    assert_eq!(last.value(vague) - first.value(vague), 364);
    assert!(first.is_null(undated) && last.is_null(undated));
}

#[test]
fn copies_are_marked_where_they_are_known() {
    let records = records();
    let plain = Table::Statements.batch(&records);
    assert_eq!(plain["is_copy"].null_count(), plain.num_rows());
    let with = records.iter().find(|r| r.statements.len() > 1).expect("one has several");
    let origin = Origin {
        reference: "b".into(),
        dispatch: "a".into(),
        relation: Some("extended".into()),
        repeated: vec![with.statements[0].id.clone()],
    };
    let entry = Entry { record: with, origin: Some(&origin) };
    let batch = Table::Statements.batch([entry]);
    let copies = batch["is_copy"].as_boolean();
    assert!(copies.value(0) && !copies.value(1));
    let articles = Table::Articles.batch([entry]);
    assert!(articles["is_copy"].as_boolean().value(0));
    assert_eq!(articles["dispatch_id"].as_string::<i32>().value(0), "a");
}

#[test]
fn names_of_columns_are_unique_and_explained() {
    for table in Table::ALL {
        let mut names: Vec<&str> = table.columns().map(|c| c.name).collect();
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count, "{table}");
        assert!(table.columns().all(|c| !c.meaning.is_empty()), "{table}");
        assert_eq!(table.name().parse(), Ok(table));
    }
}
