//! Which names of seats of power are no more than places? « à Moscou », when nobody acts there.

use depeche_record::MentionForm;

use crate::Analysis;

/// Takes away mentions of a power by its seat where the words are a place and no role rests on
/// them, and the actors that nothing else speaks of.
pub(crate) fn drop_mere_places(a: &mut Analysis<'_>) {
    let used = used_tokens(a);
    let Analysis { actors, places, .. } = a;
    for actor in actors.iter_mut() {
        actor.mentions.retain(|m| {
            let at = places.partition_point(|p| p.tokens.start < m.tokens.start);
            let place = places.get(at).is_some_and(|p| p.tokens == m.tokens);
            m.form != MentionForm::Metonym || !place || used[m.head]
        });
    }
    if actors.iter().any(|actor| actor.mentions.is_empty()) {
        drop_silent(a);
    }
}

/// Of each token, whether it is part of a speaker, of a role or of who holds a position.
fn used_tokens(a: &Analysis<'_>) -> Vec<bool> {
    let mut used = vec![false; a.tokens.len()];
    let speakers = a.statements.iter().filter_map(|s| s.speaker.as_ref().map(|(t, _)| t));
    let roles = a.events.iter().flat_map(|e| &e.roles);
    let roles = roles.filter(|f| !f.actors.is_empty()).map(|f| &f.tokens);
    let holders = a.positions.iter().map(|p| &p.holder);
    for tokens in speakers.chain(roles).chain(holders) {
        used[tokens.clone()].fill(true);
    }
    used
}

/// Takes away actors without a mention that nothing refers to, and renumbers the others.
fn drop_silent(a: &mut Analysis<'_>) {
    let mut kept: Vec<bool> = a.actors.iter().map(|x| !x.mentions.is_empty()).collect();
    references(a, |n| kept[*n] = true);
    let mut next = 0;
    let places: Vec<usize> = kept
        .iter()
        .map(|&kept| {
            next += usize::from(kept);
            next - usize::from(kept)
        })
        .collect();
    references(a, |n| *n = places[*n]);
    let mut keep = kept.into_iter();
    a.actors.retain(|_| keep.next().unwrap_or(true));
}

/// Every number of an actor that another layer holds.
fn references(a: &mut Analysis<'_>, mut look: impl FnMut(&mut usize)) {
    a.speakers.iter_mut().flatten().for_each(|(n, _)| look(n));
    a.rivals.iter_mut().flatten().for_each(&mut look);
    for c in &mut a.circumstances {
        c.addressee.iter_mut().chain(&mut c.about).for_each(&mut look);
    }
    for e in &mut a.events {
        let roles = e.roles.iter_mut().flat_map(|f| &mut f.actors);
        roles.chain(&mut e.actor).chain(&mut e.recipient).for_each(&mut look);
    }
    a.positions.iter_mut().for_each(|p| look(&mut p.actor));
}
