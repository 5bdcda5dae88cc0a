//! Trees that the parser builds wrong in the same way again and again, set right by words.

use depeche_rule::{Pack, Words};
use depeche_text::syntax::{Deprel, Syntax};
use depeche_text::{Number, Quotation, Upos, VerbForm};

/// How many commas and adverbs may stand beside the phrase.
const BESIDE: usize = 3;

/// Joins auxiliaries to the participles that a phrase of the class `aside-phrase` parts from
/// them, where the parser took the auxiliary for a verb of its own.
pub fn join_perfects(pack: &Pack, words: &Words, syntax: &mut Syntax) {
    let (Some(aside), Some(auxiliary)) =
        (pack.class("aside-phrase"), pack.class("perfect-auxiliary"))
    else {
        return;
    };
    for start in 1..syntax.head.len() {
        let Some(phrase) = words.hit(start, aside) else { continue };
        let skips = |t: &usize| matches!(syntax.morph[*t].upos, Upos::Punct | Upos::Adv);
        let from = start.saturating_sub(BESIDE);
        let before = (from..start).rev().find(|t| !skips(t));
        let end = phrase.end as usize;
        let until = syntax.head.len().min(end + BESIDE);
        let behind = (end..until).find(|t| !skips(t));
        let (Some(verb), Some(participle)) = (before, behind) else { continue };
        let perfect = words.hit(verb, auxiliary).is_some()
            && syntax.morph[verb].is_finite()
            && syntax.deprel[verb] != Deprel::Aux
            && syntax.morph[participle].verb == Some(VerbForm::PartPast)
            && (is_below(syntax, participle, verb)
                || syntax.head[participle]
                    .is_some_and(|h| (start..end).contains(&(h as usize))));
        if perfect {
            join(syntax, verb, participle);
        }
    }
}

/// How many steps up the tree an auxiliary may lie above what should be its verb.
const STEPS: usize = 4;

fn is_below(syntax: &Syntax, token: usize, above: usize) -> bool {
    let mut node = token;
    for _ in 0..STEPS {
        let Some(head) = syntax.head[node].map(|h| h as usize) else { return false };
        if head == above {
            return true;
        }
        node = head;
    }
    false
}

/// Gives the place of an auxiliary to its participle.
fn join(syntax: &mut Syntax, auxiliary: usize, participle: usize) {
    for head in &mut syntax.head {
        if *head == Some(auxiliary as u32) {
            *head = Some(participle as u32);
        }
    }
    syntax.head[participle] = syntax.head[auxiliary];
    syntax.deprel[participle] = syntax.deprel[auxiliary];
    syntax.head[auxiliary] = Some(participle as u32);
    syntax.deprel[auxiliary] = Deprel::Aux;
    syntax.morph[auxiliary].upos = Upos::Aux;
    syntax.morph[participle].upos = Upos::Verb;
}

/// « a déclaré à l'AFP Jean Dupont, qui … »: makes a name behind that of a medium the subject of
/// the verb, where the parser took it for another name of the medium.
pub fn free_speakers(pack: &Pack, words: &Words, syntax: &mut Syntax) {
    let Some(media) = pack.class("media") else { return };
    for medium in 0..syntax.head.len() {
        let Some(hit) = words.hit(medium, media) else { continue };
        let name = hit.end as usize;
        let Some(verb) = syntax.head[medium].map(|h| h as usize) else { continue };
        let named = syntax.head.get(name) == Some(&Some(medium as u32))
            && syntax.deprel[name] == Deprel::Appos
            && syntax.morph[name].upos == Upos::Propn;
        let told = verb < medium
            && syntax.morph[verb].upos == Upos::Verb
            && matches!(syntax.deprel[medium], Deprel::Obl | Deprel::Iobj);
        let end = syntax.head.len().min(name + REACH);
        let of = |t: usize, head: usize| syntax.head[t] == Some(head as u32);
        let subject = |t: usize| {
            of(t, verb) && matches!(syntax.deprel[t], Deprel::Nsubj | Deprel::NsubjPass)
        };
        if !named || !told || (verb.saturating_sub(REACH)..end).any(subject) {
            continue;
        }
        for head in &mut syntax.head[name + 1..end] {
            if *head == Some(medium as u32) {
                *head = Some(name as u32);
            }
        }
        syntax.head[name] = Some(verb as u32);
        syntax.deprel[name] = Deprel::Nsubj;
    }
}

/// « X a été écroué à Lyon, soupçonné de … »: hangs a participle of the class `told-of-somebody`
/// on the clause, whose subject it tells of, where the parser hung it on the place before the
/// comma.
pub fn free_participles(pack: &Pack, words: &Words, syntax: &mut Syntax) {
    let (Some(told), Some(locative)) =
        (pack.class("told-of-somebody"), pack.class("locative"))
    else {
        return;
    };
    for participle in 2..syntax.head.len() {
        let Some(place) = syntax.head[participle].map(|h| h as usize) else { continue };
        let hangs = syntax.deprel[participle] == Deprel::Acl
            && syntax.morph[participle].verb == Some(VerbForm::PartPast)
            && words.hit(participle, told).is_some()
            && place < participle
            && syntax.morph[participle - 1].upos == Upos::Punct
            && syntax.morph[place].upos == Upos::Propn;
        let ends =
            |t: usize| words.hit(t, locative).is_some_and(|h| h.end as usize == place);
        if !hangs || !(place.saturating_sub(3)..place).any(ends) {
            continue;
        }
        let clause = (0..STEPS).try_fold(place, |node, _| {
            let has_subject = (0..node).rev().take(REACH).any(|t| {
                syntax.head[t] == Some(node as u32)
                    && matches!(syntax.deprel[t], Deprel::Nsubj | Deprel::NsubjPass)
            });
            if has_subject {
                return Err(node);
            }
            syntax.head[node].map(|h| h as usize).ok_or(participle)
        });
        if let Err(verb) = clause
            && verb != participle
        {
            syntax.head[participle] = Some(verb as u32);
            syntax.deprel[participle] = Deprel::Advcl;
        }
    }
}

/// « X a accusé Y de … »: of two subjects of one verb, the one behind it is its object.
pub fn one_subject(syntax: &mut Syntax) {
    let mut before: Vec<bool> = vec![false; syntax.head.len()];
    let mut object = before.clone();
    for token in 0..syntax.head.len() {
        let Some(verb) = syntax.head[token].map(|h| h as usize) else { continue };
        match syntax.deprel[token] {
            Deprel::Nsubj if token < verb => before[verb] = true,
            Deprel::Obj => object[verb] = true,
            _ => {}
        }
    }
    for token in 0..syntax.head.len() {
        let Some(verb) = syntax.head[token].map(|h| h as usize) else { continue };
        let second = syntax.deprel[token] == Deprel::Nsubj
            && token > verb
            && before[verb]
            && !object[verb]
            && syntax.morph[verb].upos == Upos::Verb
            && matches!(syntax.morph[token].upos, Upos::Noun | Upos::Propn);
        if second {
            syntax.deprel[token] = Deprel::Obj;
            object[verb] = true;
        }
    }
}

/// « … », a lancé en fin de séance Mme Dupont: makes a titled name the subject of a verb that has
/// none, where the parser hung it on a circumstance.
pub fn free_names(pack: &Pack, words: &Words, syntax: &mut Syntax) {
    let Some(title) = pack.class("title") else { return };
    for name in 1..syntax.head.len() {
        let Some(noun) = syntax.head[name].map(|h| h as usize) else { continue };
        let hangs =
            matches!(syntax.deprel[name], Deprel::Nmod | Deprel::Appos | Deprel::Flat)
                && words.hit(name, title).is_some()
                && noun < name
                && syntax.morph[name - 1].upos == Upos::Noun;
        if !hangs {
            continue;
        }
        let mut verb = noun;
        for _ in 0..STEPS {
            let circumstance = matches!(
                syntax.deprel[verb],
                Deprel::Obl | Deprel::Nmod | Deprel::Advmod
            );
            match syntax.head[verb].map(|h| h as usize).filter(|_| circumstance) {
                Some(head) if head < verb => verb = head,
                _ => break,
            }
        }
        let end = syntax.head.len().min(name + REACH);
        let subject = |t: usize| {
            syntax.head[t] == Some(verb as u32)
                && matches!(syntax.deprel[t], Deprel::Nsubj | Deprel::NsubjPass)
        };
        let told = verb < noun && syntax.morph[verb].upos == Upos::Verb;
        if told && !(verb.saturating_sub(REACH)..end).any(subject) {
            syntax.head[name] = Some(verb as u32);
            syntax.deprel[name] = Deprel::Nsubj;
        }
    }
}

/// « L'ambassade à Oslo, qui … »: hangs a relative clause behind a place on the body or the person
/// that is there.
pub fn free_bodies(pack: &Pack, words: &Words, syntax: &mut Syntax) {
    let Some(locative) = pack.class("locative") else { return };
    let classes = ["group-noun", "office", "organisation", "seat", "seat-phrase"]
        .map(|class| pack.class(class));
    for clause in 2..syntax.head.len() {
        let Some(place) = syntax.head[clause].map(|h| h as usize) else { continue };
        if syntax.deprel[clause] != Deprel::AclRelcl
            || place == 0
            || place > clause
            || syntax.deprel[place] != Deprel::Nmod
            || syntax.morph[place].upos != Upos::Propn
            || syntax.morph[place + 1].upos != Upos::Punct
        {
            continue;
        }
        let body = syntax.head[place].map(|h| h as usize).filter(|&b| b < place);
        let Some(body) = body else { continue };
        let here =
            words.hit(place - 1, locative).is_some_and(|h| h.end as usize == place);
        let mut known = classes.iter().flatten();
        if here && known.any(|&class| words.hit(body, class).is_some()) {
            syntax.head[clause] = Some(body as u32);
        }
    }
}

/// « accuse le gouvernement de négligence »: hangs a charge on the verb, where the parser hung it on
/// whom it is brought against.
pub fn free_charges(pack: &Pack, words: &Words, syntax: &mut Syntax) {
    let (Some(charging), Some(of)) =
        (pack.class("charging-verb"), pack.class("marker-de"))
    else {
        return;
    };
    for case in 1..syntax.head.len() {
        let charge = syntax.head[case].map(|h| h as usize);
        let Some(charge) = charge.filter(|&c| c == case + 1) else { continue };
        let Some(object) = syntax.head[charge].map(|h| h as usize) else { continue };
        let Some(verb) = syntax.head[object].map(|h| h as usize) else { continue };
        let brought = syntax.deprel[case] == Deprel::Case
            && words.hit(case, of).is_some_and(|h| h.end as usize == charge)
            && syntax.deprel[charge] == Deprel::Nmod
            && syntax.morph[charge].upos == Upos::Noun
            && syntax.deprel[object] == Deprel::Obj
            && (verb < object && object < charge)
            && words.hit(verb, charging).is_some();
        if brought {
            syntax.head[charge] = Some(verb as u32);
            syntax.deprel[charge] = Deprel::Obl;
        }
    }
}

/// « Le maire, qui se disait ému, a remercié les sauveteurs »: gives a noun its verb, where the parser
/// hung the verb on the relative clause between them.
pub fn whole_clauses(quotes: &[Quotation], syntax: &mut Syntax) {
    let quoted = |t: usize| {
        let until = quotes.partition_point(|q| q.inside.start <= t);
        quotes[..until].iter().rev().take(NESTED).any(|q| q.inside.contains(&t))
    };
    for verb in 1..syntax.head.len() {
        let Some(relative) = syntax.head[verb].map(|h| h as usize) else { continue };
        let Some(noun) = syntax.head[relative].map(|h| h as usize) else { continue };
        let finite = syntax.morph[verb].is_finite()
            || (verb.saturating_sub(BESIDE)..verb).any(|t| {
                syntax.head[t] == Some(verb as u32)
                    && matches!(syntax.deprel[t], Deprel::Aux | Deprel::AuxPass)
                    && syntax.morph[t].is_finite()
            });
        let broken = syntax.deprel[verb] == Deprel::Parataxis
            && syntax.deprel[relative] == Deprel::AclRelcl
            && syntax.head[noun].is_none()
            && noun < relative
            && relative < verb
            && matches!(syntax.morph[noun].upos, Upos::Noun | Upos::Propn)
            && finite
            && !quoted(noun)
            && !quoted(verb);
        if !broken {
            continue;
        }
        let end = syntax.head.len().min(verb + REACH);
        for t in verb + 1..end {
            if syntax.head[t] == Some(verb as u32) && syntax.deprel[t] == Deprel::Nsubj {
                syntax.deprel[t] = Deprel::Obj;
            }
        }
        syntax.head[verb] = None;
        syntax.deprel[verb] = Deprel::Root;
        syntax.head[noun] = Some(verb as u32);
        syntax.deprel[noun] = Deprel::Nsubj;
    }
}

/// Quotations nest no deeper.
const NESTED: usize = 4;

/// « La suspecte »: gives a noun the gender that its article tells.
pub fn agree(syntax: &mut Syntax) {
    for article in 0..syntax.head.len() {
        let noun = syntax.head[article].map(|h| h as usize);
        let Some(noun) = noun.filter(|_| syntax.deprel[article] == Deprel::Det) else {
            continue;
        };
        let tells = syntax.morph[article].gender.is_some()
            && syntax.morph[article].number == Some(Number::Sing)
            && syntax.morph[noun].upos == Upos::Noun;
        if tells && article < noun {
            syntax.morph[noun].gender = syntax.morph[article].gender;
        }
    }
}

/// How far behind a name words are looked for that belong to it.
const REACH: usize = 40;

/// « … », a réagi Amnesty, qui demande …: hangs a relative clause behind who speaks on him, where
/// the parser hung it on a noun of the speech.
pub fn free_relatives(syntax: &mut Syntax) {
    for clause in 0..syntax.head.len() {
        let Some(noun) = syntax.head[clause].map(|h| h as usize) else { continue };
        if syntax.deprel[clause] != Deprel::AclRelcl || noun > clause {
            continue;
        }
        let near = noun + 1..clause.min(noun + REACH);
        let of = |t: usize, head: usize| syntax.head[t] == Some(head as u32);
        let cue =
            near.clone().find(|&v| of(v, noun) && syntax.deprel[v] == Deprel::Parataxis);
        let Some(cue) = cue else { continue };
        let speaker = (cue + 1..near.end)
            .find(|&t| of(t, cue) && syntax.deprel[t] == Deprel::Nsubj);
        if let Some(speaker) = speaker {
            syntax.head[clause] = Some(speaker as u32);
        }
    }
}
