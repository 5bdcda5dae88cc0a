//! Which states do adjectives name?

use depeche_rule::{ClassId, Value};
use depeche_text::fold;

use super::Reader;
use crate::actor::Cast;

impl Reader<'_> {
    /// The country of an adjective, or the body it belongs to, behind `=`.
    pub(super) fn demonym_of(&self, token: usize) -> Option<String> {
        let l = self.l;
        if let Some(hit) = l.hit(token, self.rules.demonym) {
            return l
                .field(hit, "country")
                .map(str::to_owned)
                .or_else(|| l.field(hit, "org").map(|o| format!("={o}")));
        }
        self.compound(token).map(|parts| parts.join("+"))
    }

    /// « russo-américain »: the countries of both halves.
    pub(super) fn compound(&self, token: usize) -> Option<Vec<String>> {
        let l = self.l;
        let word = fold(l.word(token));
        let (first, second) = word.rsplit_once('-')?;
        let country = |class: Option<ClassId>, part: &str| {
            let class = class?;
            l.pack.members(class).find_map(|(spelling, value)| {
                (spelling == part).then(|| {
                    value.get("country").and_then(Value::text).map(str::to_owned)
                })?
            })
        };
        let a = country(self.rules.demonym_prefix, first)
            .or_else(|| country(self.rules.demonym, first))?;
        let b = country(self.rules.demonym, second)?;
        Some(vec![a, b])
    }

    /// The states that adjectives name, in order.
    pub(crate) fn adjective_sides(
        &self,
        adjectives: &[usize],
        cast: &mut Cast,
    ) -> Vec<usize> {
        let mut sides = Vec::new();
        for &adjective in adjectives {
            let named = self
                .compound(adjective)
                .unwrap_or_else(|| self.demonym_of(adjective).into_iter().collect());
            for name in named {
                let actor = match name.strip_prefix('=') {
                    Some(organisation) => {
                        cast.organisation(self.l, organisation, adjective)
                    }
                    None => cast.state(self.l, &name, adjective),
                };
                if !sides.contains(&actor) {
                    sides.push(actor);
                }
            }
        }
        sides
    }

    /// « anti-américain »: the country that an adjective is against.
    pub(super) fn opposed_country(&self, adjective: usize) -> Option<String> {
        let l = self.l;
        let word = fold(l.word(adjective));
        let (against, demonym) = (self.rules.against?, self.rules.demonym?);
        let rest = l.pack.members(against).find_map(|(prefix, _)| {
            word.strip_prefix(&prefix).map(|rest| rest.trim_start_matches('-').to_owned())
        })?;
        let named = l.pack.members(demonym).find(|(spelling, _)| *spelling == rest);
        named.and_then(|(_, v)| v.get("country").and_then(Value::text).map(str::to_owned))
    }
}
