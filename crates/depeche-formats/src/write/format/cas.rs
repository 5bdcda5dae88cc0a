//! UIMA CAS JSON 0.4.0, one file an article, for `INCEpTION`: offsets count UTF-16 code units, as
//! UIMA does. Layers are custom ones; sentences and tokens are left to the program that reads.

use std::collections::BTreeSet;
use std::io::Write;

use depeche_record::Record;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use crate::write::Entry;
use crate::write::arrow::{Context, name_of};
use crate::write::sink::{Error, Output, Resource, Sink};
use crate::write::store::Written;
use crate::write::text::Offsets;

/// Layers and their features.
const LAYERS: &[(&str, &[&str])] = &[
    ("Actor", &["actorId", "name", "kind", "code", "qid", "form"]),
    ("Cue", &["statementId", "lemma", "cueClass"]),
    ("Event", &["eventId", "plover", "mode", "factuality", "actors", "recipients"]),
    ("Place", &["placeId", "name", "country", "geonames"]),
    ("Position", &["positionId", "actor", "stance", "issue"]),
    ("Speaker", &["statementId", "actorId", "name", "via"]),
    ("Statement", &["statementId", "kind", "speakers", "about", "confidence"]),
    ("Time", &["timeId", "timexType", "value", "edtf"]),
];

/// The files, as they were written.
#[derive(Default)]
pub(crate) struct Cas {
    files: Vec<Written>,
    names: BTreeSet<String>,
}

impl Sink for Cas {
    fn write(
        &mut self,
        articles: &[Entry<'_>],
        out: &mut Output<'_>,
    ) -> Result<(), Error> {
        for article in articles {
            let name = self.name(article.record);
            let mut file = out.create(&format!("cas/{name}.json"))?;
            serde_json::to_writer(&mut file, &cas(*article))?;
            file.write_all(b"\n")?;
            self.files.push(file.finish(1)?);
        }
        Ok(())
    }

    fn finish(mut self: Box<Self>, _: &mut Output<'_>) -> Result<Vec<Resource>, Error> {
        self.files.sort();
        let resource = |file| {
            Resource::plain(file, "An article as UIMA CAS JSON", "application/json")
        };
        Ok(self.files.into_iter().map(resource).collect())
    }
}

impl Cas {
    /// The name of an article's file, of what every file system takes: its key as far as that
    /// is plain, and enough of its hash that no two are alike.
    fn name(&mut self, record: &Record) -> String {
        let article = &record.article;
        let key = article.key.as_deref().unwrap_or_default();
        let plain = |c: char| if c.is_ascii_alphanumeric() || c == '-' { c } else { '_' };
        let key: String = key.chars().take(60).map(plain).collect();
        let outlet = article.outlet.as_deref().unwrap_or_default();
        let hash = Sha256::digest(format!("{}\u{0}{key}\u{0}{outlet}", article.id));
        let digits: String = hash.iter().take(6).map(|b| format!("{b:02x}")).collect();
        let stem = if key.is_empty() { digits } else { format!("{key}-{digits}") };
        let mut name = stem.clone();
        let mut again = 1;
        while !self.names.insert(name.clone()) {
            again += 1;
            name = format!("{stem}-{again}");
        }
        name
    }
}

/// The whole CAS of an article.
fn cas(article: Entry<'_>) -> Value {
    let mut cas = Structures {
        offsets: Offsets::new(&article.record.article.text),
        all: Vec::new(),
        members: Vec::new(),
    };
    let context = Context::new(article);
    let text = &article.record.article;
    cas.all.push(json!({
        "%ID": 1,
        "%TYPE": "uima.cas.Sofa",
        "sofaNum": 1,
        "sofaID": "_InitialView",
        "mimeType": "text",
        "sofaString": text.text,
    }));
    let end = cas.offsets.len();
    cas.add("uima.tcas.DocumentAnnotation", 0, end, &[("language", text.lang.clone())]);
    let title = text.title.clone().or_else(|| text.key.clone()).unwrap_or_default();
    cas.add(
        "de.tudarmstadt.ukp.dkpro.core.api.metadata.type.DocumentMetaData",
        0,
        end,
        &[("documentTitle", title), ("documentId", text.id.clone())],
    );
    layers(&context, &mut cas);
    let mut types = Map::new();
    types.insert(
        "de.tudarmstadt.ukp.dkpro.core.api.metadata.type.DocumentMetaData".into(),
        declared(
            "de.tudarmstadt.ukp.dkpro.core.api.metadata.type.DocumentMetaData",
            "uima.tcas.DocumentAnnotation",
            &["documentTitle", "documentId"],
        ),
    );
    for (layer, features) in LAYERS {
        let name = layer_name(layer);
        types.insert(name.clone(), declared(&name, "uima.tcas.Annotation", features));
    }
    json!({
        "%TYPES": types,
        "%FEATURE_STRUCTURES": cas.all,
        "%VIEWS": {"_InitialView": {"%SOFA": 1, "%MEMBERS": cas.members}},
    })
}

/// Feature structures, numbered from 1.
struct Structures<'a> {
    offsets: Offsets<'a>,
    all: Vec<Value>,
    members: Vec<usize>,
}

impl Structures<'_> {
    fn add(&mut self, name: &str, start: u32, end: u32, features: &[(&str, String)]) {
        let id = self.all.len() + 1;
        let mut structure = json!({
            "%ID": id,
            "%TYPE": name,
            "@sofa": 1,
            "begin": self.offsets.utf16(start),
            "end": self.offsets.utf16(end),
        });
        for (feature, value) in features.iter().filter(|(_, value)| !value.is_empty()) {
            structure[*feature] = json!(value);
        }
        self.all.push(structure);
        self.members.push(id);
    }

    /// Adds an annotation of a layer: a value a feature, in their order.
    fn layer<const N: usize>(
        &mut self,
        layer: &str,
        (start, end): (u32, u32),
        values: [String; N],
    ) {
        let features = LAYERS.iter().find(|(name, _)| *name == layer);
        let names = features.map_or(&[][..], |(_, names)| names);
        let features: Vec<(&str, String)> = names.iter().copied().zip(values).collect();
        self.add(&layer_name(layer), start, end, &features);
    }
}

fn layer_name(layer: &str) -> String {
    format!("webanno.custom.Depeche{layer}")
}

fn declared(name: &str, parent: &str, features: &[&str]) -> Value {
    let mut declared = json!({"%NAME": name, "%SUPER_TYPE": parent});
    for feature in features {
        declared[*feature] = json!({"%NAME": feature, "%RANGE": "uima.cas.String"});
    }
    declared
}

fn layers(c: &Context<'_>, cas: &mut Structures<'_>) {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let names = |ids: &[String]| {
        let names = ids.iter().filter_map(|id| c.actor(id)).map(|a| a.name.as_str());
        names.collect::<Vec<_>>().join("; ")
    };
    for a in &c.record.actors {
        let code = crate::write::arrow::code(a).unwrap_or_default().into_owned();
        for m in &a.mentions {
            let facts = [
                a.id.clone(),
                a.name.clone(),
                name_of(&a.kind),
                code.clone(),
                text(&a.qid),
                name_of(&m.form),
            ];
            cas.layer("Actor", (m.start, m.end), facts);
        }
    }
    for t in &c.record.times {
        let facts = [t.id.clone(), name_of(&t.kind), t.value.clone(), text(&t.edtf)];
        cas.layer("Time", (t.start, t.end), facts);
    }
    for p in &c.record.places {
        let geonames = p.geonames.map_or_else(String::new, |g| g.to_string());
        let facts = [p.id.clone(), p.name.clone(), text(&p.country), geonames];
        cas.layer("Place", (p.start, p.end), facts);
    }
    for s in &c.record.statements {
        let facts = [
            s.id.clone(),
            name_of(&s.kind),
            names(&s.speakers),
            names(&s.about),
            s.confidence.to_string(),
        ];
        for part in &s.content {
            cas.layer("Statement", (part.start, part.end), facts.clone());
        }
        if let Some(cue) = &s.cue {
            let facts = [s.id.clone(), cue.lemma.clone(), name_of(&cue.class)];
            cas.layer("Cue", (cue.start, cue.end), facts);
        }
        if let Some(p) = &s.speaker {
            let name = p.actor.as_ref().and_then(|id| c.actor(id));
            let name = name.map_or_else(String::new, |a| a.name.clone());
            let facts = [s.id.clone(), text(&p.actor), name, text(&p.via)];
            cas.layer("Speaker", (p.start, p.end), facts);
        }
    }
    for e in &c.record.events {
        let facts = [
            e.id.clone(),
            e.kind.plover().name.to_owned(),
            text(&e.mode),
            name_of(&e.factuality),
            names(&e.actor),
            names(&e.recipient),
        ];
        for m in &e.mentions {
            cas.layer("Event", (m.start, m.end), facts.clone());
        }
    }
    for p in &c.record.positions {
        let actor = names(std::slice::from_ref(&p.actor));
        let facts = [p.id.clone(), actor, name_of(&p.stance), text(&p.issue)];
        cas.layer("Position", (p.object.start, p.object.end), facts);
    }
}
