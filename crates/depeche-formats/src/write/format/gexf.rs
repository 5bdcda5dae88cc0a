//! GEXF 1.3: a network with time. Actors that have a name are nodes, across articles; an edge is
//! what one did to the other (events that certainly happened), or that one spoke of the other.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;

use depeche_record::{Actor, ActorKind, MentionForm, StatementKind};
use quick_xml::escape::escape;

use super::gdelt::{happened, pairs};
use crate::write::Entry;
use crate::write::arrow::{Context, days, iso, name_of};
use crate::write::onefile::Body;
use crate::write::sink::Error;
use crate::write::store::FileWriter;

/// The kind of edges from a speaker to whom the words speak of.
const SPEAKS_OF: &str = "speaks-of";

/// The network, held in memory: it grows with actors and pairs, not with articles.
#[derive(Default)]
pub(crate) struct Gexf {
    nodes: BTreeMap<String, Node>,
    edges: BTreeMap<(String, String, &'static str), Edge>,
}

struct Node {
    name: String,
    kind: String,
    country: String,
    qid: String,
    articles: u64,
}

#[derive(Default)]
struct Edge {
    quad: u8,
    weight: u64,
    /// First and last day of each time it happened, as far as both are known.
    spells: BTreeSet<(i32, i32)>,
}

impl Body for Gexf {
    const PATH: &'static str = "actors.gexf";
    const TITLE: &'static str = "Network of actors, with time";
    const MEDIA_TYPE: &'static str = "application/gexf+xml";

    fn article(&mut self, article: Entry<'_>, _: &mut FileWriter) -> Result<u64, Error> {
        let context = Context::new(article);
        for actor in &article.record.actors {
            if let Some(key) = key(actor) {
                let text = |value: &Option<String>| value.clone().unwrap_or_default();
                let node = self.nodes.entry(key).or_insert_with(|| Node {
                    name: actor.name.clone(),
                    kind: name_of(&actor.kind),
                    country: text(&actor.country),
                    qid: text(&actor.qid),
                    articles: 0,
                });
                node.articles += 1;
            }
        }
        for event in &article.record.events {
            if !happened(event) || article.repeats(&event.id) {
                continue;
            }
            let when = days(event.edtf.as_deref());
            for pair in pairs(event) {
                if let (Some(one), Some(other)) = pair {
                    let kind = event.kind.plover().name;
                    self.add(&context, one, other, (kind, event.quad), when);
                }
            }
        }
        for s in &article.record.statements {
            if s.kind == StatementKind::Scare || article.repeats(&s.id) {
                continue;
            }
            let said = context.time(s.said_at.as_ref()).and_then(|t| t.edtf.as_deref());
            let when = said.map_or(context.published, |edtf| days(Some(edtf)));
            for one in &s.speakers {
                for other in &s.about {
                    self.add(&context, one, other, (SPEAKS_OF, 0), when);
                }
            }
        }
        Ok(0)
    }

    fn tail(&mut self, file: &mut FileWriter) -> Result<u64, Error> {
        self.write(file)?;
        Ok(self.edges.len() as u64)
    }
}

impl Gexf {
    fn add(
        &mut self,
        context: &Context<'_>,
        one: &str,
        other: &str,
        (kind, quad): (&'static str, u8),
        when: (Option<i32>, Option<i32>),
    ) {
        let key = |id| context.actor(id).and_then(key);
        let (Some(one), Some(other)) = (key(one), key(other)) else { return };
        if one == other {
            return;
        }
        let edge = self.edges.entry((one, other, kind)).or_default();
        edge.quad = quad;
        edge.weight += 1;
        edge.spells.extend(when.0.zip(when.1));
    }

    fn write(&self, file: &mut FileWriter) -> Result<(), Error> {
        file.write_all(
            b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
              <gexf xmlns=\"http://gexf.net/1.3\" version=\"1.3\">\n\
              <meta><creator>depeche</creator></meta>\n\
              <graph mode=\"dynamic\" timeformat=\"date\" defaultedgetype=\"directed\">\n\
              <attributes class=\"node\" mode=\"static\">\n\
              <attribute id=\"0\" title=\"kind\" type=\"string\"/>\n\
              <attribute id=\"1\" title=\"country\" type=\"string\"/>\n\
              <attribute id=\"2\" title=\"wikidata\" type=\"string\"/>\n\
              <attribute id=\"3\" title=\"articles\" type=\"integer\"/>\n\
              </attributes>\n\
              <attributes class=\"edge\" mode=\"static\">\n\
              <attribute id=\"0\" title=\"relation\" type=\"string\"/>\n\
              <attribute id=\"1\" title=\"quad\" type=\"integer\"/>\n\
              </attributes>\n<nodes>\n",
        )?;
        for (key, node) in &self.nodes {
            let values =
                [&node.kind, &node.country, &node.qid, &node.articles.to_string()];
            writeln!(
                file,
                "<node id=\"{}\" label=\"{}\">{}</node>",
                xml(key),
                xml(&node.name),
                values_of(&values.map(String::as_str))
            )?;
        }
        file.write_all(b"</nodes>\n<edges>\n")?;
        for (n, ((one, other, kind), edge)) in self.edges.iter().enumerate() {
            write!(
                file,
                "<edge id=\"{n}\" source=\"{}\" target=\"{}\" kind=\"{kind}\" label=\"{kind}\" \
                 weight=\"{}\">{}<spells>",
                xml(one),
                xml(other),
                edge.weight,
                values_of(&[kind, &edge.quad.to_string()])
            )?;
            for (first, last) in &edge.spells {
                write!(
                    file,
                    "<spell start=\"{}\" end=\"{}\"/>",
                    iso(*first),
                    iso(*last)
                )?;
            }
            file.write_all(b"</spells></edge>\n")?;
        }
        Ok(file.write_all(b"</edges>\n</graph>\n</gexf>\n")?)
    }
}

/// What is the same for the same actor in every article: a Wikidata id, a state, or a full name
/// of one kind and country. Nobody in particular has none.
fn key(actor: &Actor) -> Option<String> {
    if let Some(qid) = &actor.qid {
        return Some(qid.clone());
    }
    let country = actor.country.as_deref().unwrap_or_default();
    if actor.kind == ActorKind::State && !country.is_empty() {
        return Some(country.to_owned());
    }
    let named = |m: &depeche_record::Mention| {
        matches!(m.form, MentionForm::Name | MentionForm::Metonym)
    };
    let named = actor.mentions.iter().any(named);
    named.then(|| {
        format!("{}:{country}:{}", name_of(&actor.kind), actor.name.to_lowercase())
    })
}

fn values_of(values: &[&str]) -> String {
    let told = values.iter().enumerate().filter(|(_, value)| !value.is_empty());
    let value = |(n, value): (usize, &&str)| {
        format!("<attvalue for=\"{n}\" value=\"{}\"/>", xml(value))
    };
    format!("<attvalues>{}</attvalues>", told.map(value).collect::<String>())
}

/// Text as an attribute of XML 1.0, which has no other control characters than blanks.
fn xml(text: &str) -> String {
    let allowed = |c: char| {
        if c.is_control() || c == '\u{FFFE}' || c == '\u{FFFF}' { ' ' } else { c }
    };
    escape(text.chars().map(allowed).collect::<String>()).into_owned()
}
