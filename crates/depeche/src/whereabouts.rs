//! Which names of seats of power are no more than places? « à Moscou », when nobody acts there.

use depeche_record::MentionForm;

use crate::Analysis;

/// Takes away mentions of a power by its seat where the words are a place and no role rests on
/// them, and the actors that nothing else speaks of.
pub(crate) fn drop_mere_places(a: &mut Analysis<'_>) {
    let used = used_heads(a);
    let within = within_names(a);
    let Analysis { actors, places, .. } = a;
    for actor in actors.iter_mut() {
        actor.mentions.retain(|m| {
            let at = places.partition_point(|p| p.tokens.start < m.tokens.start);
            let place = places.get(at).is_some_and(|p| p.tokens == m.tokens);
            let mere = place || within[m.head];
            m.form != MentionForm::Metonym || !mere || used[m.head]
        });
    }
    if actors.iter().any(|actor| actor.mentions.is_empty()) {
        drop_silent(a);
    }
}

/// Of each token, whether it heads a speaker, a role or who holds a position.
fn used_heads(a: &Analysis<'_>) -> Vec<bool> {
    let layers = a.layers();
    let speakers =
        a.statements.iter().filter_map(|s| s.speaker.as_ref().map(|(_, h)| *h));
    let roles = a.events.iter().flat_map(|e| &e.roles).filter(|f| !f.actors.is_empty());
    let roles = roles.map(|f| layers.head_of(&f.tokens));
    let mut used = vec![false; a.tokens.len()];
    for head in speakers.chain(roles).chain(a.positions.iter().map(|p| p.head)) {
        used[head] = true;
    }
    used
}

/// Of each token, whether it stands within the name or the title of somebody whom another word
/// heads: « la cour d'appel de Paris ».
fn within_names(a: &Analysis<'_>) -> Vec<bool> {
    let mut within = vec![false; a.tokens.len()];
    for mention in a.actors.iter().flat_map(|actor| &actor.mentions) {
        if mention.form == MentionForm::Metonym {
            continue;
        }
        for token in mention.tokens.clone().filter(|&t| t > mention.head) {
            within[token] = true;
        }
    }
    within
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
        let told = c.addressee.iter_mut().chain(&mut c.about).chain(&mut c.behalf);
        told.for_each(&mut look);
    }
    for e in &mut a.events {
        let roles = e.roles.iter_mut().flat_map(|f| &mut f.actors);
        roles.chain(&mut e.actor).chain(&mut e.recipient).for_each(&mut look);
    }
    a.positions.iter_mut().for_each(|p| look(&mut p.actor));
}
