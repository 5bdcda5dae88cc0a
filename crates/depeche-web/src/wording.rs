//! What of a language does an archive understand? Marks of versions and numbers, as the language's
//! files have them.

use depeche::Languages;
use depeche::rule::{Pack, Value};
use depeche_archive::{Form, Mark, Relation, Wording, Writer};

/// Tells an archive what the press of every language writes.
///
/// # Errors
///
/// When the archive cannot be written to.
pub fn teach(
    writer: &mut Writer,
    languages: &Languages,
) -> Result<(), depeche_archive::Error> {
    for code in languages.codes() {
        if let Some(language) = languages.get(code) {
            writer.learn(wording(language.pack()))?;
        }
    }
    Ok(())
}

fn wording(pack: &Pack) -> Wording {
    Wording {
        lang: pack.code.clone(),
        marks: members(pack, "version-mark", mark),
        numbers: members(pack, "cardinal", number),
        multipliers: members(pack, "multiplier", number),
    }
}

/// The members of a class, as `read` understands them; none where the language has no such class.
fn members<T>(
    pack: &Pack,
    class: &str,
    read: impl Fn(String, &Value) -> Option<T>,
) -> Vec<T> {
    let Some(class) = pack.class(class) else { return Vec::new() };
    pack.members(class).filter_map(|(words, value)| read(words, value)).collect()
}

fn number(words: String, value: &Value) -> Option<(String, u64)> {
    Some((words, u64::try_from(value.integer()?).ok()?))
}

fn mark(words: String, value: &Value) -> Option<Mark> {
    let version = match value.get("version")?.text()? {
        "update" => Relation::Update,
        "correction" => Relation::Correction,
        "withdrawal" => Relation::Withdrawal,
        _ => return None,
    };
    let form = match value.get("form")?.text()? {
        "label" => Form::Label,
        "phrase" => Form::Phrase,
        _ => return None,
    };
    Some(Mark { words, version, form })
}
