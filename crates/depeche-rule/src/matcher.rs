//! Where does a rule find something? Patterns at work, entered by the words they must hold.

use std::ops::Range;
use std::sync::Arc;

use depeche_text::{Morph, Token, TokenKind, fold_into};
use rustc_hash::FxHashMap;

use crate::pack::{ClassId, Hole, NameId, Pack, Pattern, WordId};
use crate::words::Words;

/// What patterns look at: the layers of one text.
#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
    /// The text.
    pub text: &'a str,
    /// Its tokens.
    pub tokens: &'a [Token],
    /// Its sentences: a match lies in one.
    pub sentences: &'a [Range<usize>],
    /// Its words, classes and numbers.
    pub words: &'a Words,
    /// Its tags; empty before the tagger has run.
    pub morph: &'a [Morph],
}

/// Something that an earlier stage found, for patterns that build on it: `<date>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Item {
    /// What it goes by.
    pub name: NameId,
    /// The first token.
    pub start: usize,
    /// The token after the last.
    pub end: usize,
}

/// A part of a match that has a name.
#[derive(Clone, Debug, PartialEq)]
pub struct Captured {
    /// Its name; a class goes by its own.
    pub name: NameId,
    /// Its tokens.
    pub tokens: Range<usize>,
    /// What it is.
    pub what: What,
}

/// What a named part is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum What {
    /// Some tokens.
    Tokens,
    /// A member of a class: see [`Pack::value`].
    Member(ClassId, u32),
    /// A number.
    Number(f64),
    /// An item, by its place among those given.
    Item(usize),
}

/// What a rule found.
#[derive(Clone, Debug, PartialEq)]
pub struct Match {
    /// The entry of the pack.
    pub entry: usize,
    /// The tokens.
    pub tokens: Range<usize>,
    /// The named parts.
    pub captures: Vec<Captured>,
}

impl Match {
    /// The first part of that name.
    pub fn capture(&self, name: NameId) -> Option<&Captured> {
        self.captures.iter().find(|c| c.name == name)
    }
}

/// A set of rules, indexed by what they are entered by.
#[derive(Clone, Debug, Default)]
pub struct Matcher {
    patterns: Vec<(usize, Arc<Pattern>)>,
    /// With what each pattern may begin; `None`: with anything.
    heads: Vec<Option<Head>>,
    by_word: FxHashMap<WordId, Triggers>,
    by_lemma: FxHashMap<WordId, Triggers>,
    by_class: FxHashMap<ClassId, Triggers>,
    by_item: FxHashMap<NameId, Triggers>,
    by_number: Triggers,
    /// Templates that want digits, and those that want none.
    by_template: Triggers,
    by_letters: Triggers,
    /// The word of each class member inside templates.
    lexicon: FxHashMap<ClassId, FxHashMap<Box<str>, u32>>,
}

/// A pattern, and how many tokens may stand between its start and what it is entered by.
#[derive(Clone, Copy, Debug)]
struct Trigger {
    pattern: u32,
    before: (u8, u8),
}

impl Trigger {
    /// Whether its pattern may start so many tokens before what it is entered by.
    fn reaches(&self, distance: usize) -> bool {
        (self.before.0 as usize..=self.before.1 as usize).contains(&distance)
    }
}

/// The patterns that one thing enters.
#[derive(Clone, Debug, Default)]
struct Triggers {
    list: Vec<Trigger>,
    /// Of long lists, those whose pattern starts further left with something known.
    headed: Option<Box<Headed>>,
}

/// Patterns by what they begin with: a number enters hundreds, and few of them can begin with
/// the words that stand before it.
#[derive(Clone, Debug, Default)]
struct Headed {
    /// How far to the left the furthest of them may begin.
    most: usize,
    by_word: FxHashMap<WordId, Vec<Trigger>>,
    by_class: FxHashMap<ClassId, Vec<Trigger>>,
    number: Vec<Trigger>,
    template: Vec<Trigger>,
}

/// Lists that are no longer are looked through.
const FEW: usize = 8;

impl Triggers {
    fn is_empty(&self) -> bool {
        self.list.is_empty() && self.headed.is_none()
    }

    /// Sorts those of a long list by their heads.
    fn sort(&mut self, heads: &[Option<Head>]) {
        let head = |trigger: &Trigger| heads[trigger.pattern as usize].as_ref();
        let known = |t: &Trigger| t.before.1 > 0 && head(t).is_some();
        if self.list.iter().filter(|t| known(t)).count() <= FEW {
            return;
        }
        let mut headed = Headed::default();
        for trigger in self.list.extract_if(.., |t| known(t)) {
            let Some(head) = head(&trigger) else { continue };
            headed.most = headed.most.max(trigger.before.1 as usize);
            for &word in &head.words {
                headed.by_word.entry(word).or_default().push(trigger);
            }
            for &class in &head.classes {
                headed.by_class.entry(class).or_default().push(trigger);
            }
            if head.number {
                headed.number.push(trigger);
            }
            if head.template {
                headed.template.push(trigger);
            }
        }
        self.headed = Some(Box::new(headed));
    }
}

/// What a pattern may begin with: a test that costs less than a walk.
#[derive(Clone, Debug, Default)]
struct Head {
    words: Vec<WordId>,
    classes: Vec<ClassId>,
    number: bool,
    template: bool,
}

impl Head {
    /// Adds what a part may begin with, and says whether it may be empty; `None` when it may
    /// begin with anything.
    fn add(&mut self, pattern: &Pattern) -> Option<bool> {
        match pattern {
            Pattern::Word(word) | Pattern::Exact(word, _) => self.words.push(*word),
            Pattern::Class(class) => self.classes.push(*class),
            Pattern::Range(..) => self.number = true,
            Pattern::Template(_) => self.template = true,
            Pattern::Start | Pattern::End | Pattern::Not(_) => return Some(true),
            Pattern::Optional(part) => return self.add(part).map(|_| true),
            Pattern::Capture(_, part) => return self.add(part),
            Pattern::Seq(parts) => {
                for part in parts {
                    if !self.add(part)? {
                        return Some(false);
                    }
                }
                return Some(true);
            }
            Pattern::Any(parts) => {
                let mut empty = false;
                for part in parts {
                    empty |= self.add(part)?;
                }
                return Some(empty);
            }
            Pattern::Lemma(_)
            | Pattern::Tag(..)
            | Pattern::Capital
            | Pattern::Item(_)
            | Pattern::Gap(_) => return None,
        }
        Some(false)
    }

    fn sorted(mut self) -> Head {
        self.words.sort_unstable();
        self.words.dedup();
        self.classes.sort_unstable();
        self.classes.dedup();
        self
    }

    /// Whether a pattern that begins so may begin at this token.
    fn admits(&self, view: &View<'_>, at: usize) -> bool {
        let words = view.words;
        self.words.binary_search(&words.forms[at]).is_ok()
            || self.number && words.numeral(at).is_some()
            || !self.classes.is_empty()
                && words.hits_at(at).iter().any(|h| self.classes.contains(&h.class))
            || self.template && may_be_template(view, at)
    }
}

/// Whether a token is no plain word: templates take others apart.
fn may_be_template(view: &View<'_>, at: usize) -> bool {
    !view.tokens[at].span.of(view.text).bytes().all(|b| b.is_ascii_alphabetic())
}

/// Steps after which a pattern is given up at one place: patterns are short, texts may be
/// hostile.
const BUDGET: u32 = 4000;

impl Matcher {
    /// A matcher for some entries of a pack.
    pub fn new(pack: &Pack, entries: impl IntoIterator<Item = usize>) -> Matcher {
        let mut matcher = Matcher::default();
        let widths = Widths { pack };
        for entry in entries {
            for pattern in &pack.entries[entry].find {
                matcher.add(pack, &widths, entry, pattern);
            }
        }
        matcher.sorted()
    }

    /// A matcher for what cancels some entries of a pack.
    pub fn of_exceptions(
        pack: &Pack,
        entries: impl IntoIterator<Item = usize>,
    ) -> Matcher {
        let mut matcher = Matcher::default();
        let widths = Widths { pack };
        for entry in entries {
            for pattern in &pack.entries[entry].unless {
                matcher.add(pack, &widths, entry, pattern);
            }
        }
        matcher.sorted()
    }

    fn sorted(mut self) -> Matcher {
        let words = self.by_word.values_mut().chain(self.by_lemma.values_mut());
        let rest = self.by_class.values_mut().chain(self.by_item.values_mut());
        let shapes = [&mut self.by_number, &mut self.by_template, &mut self.by_letters]
            .into_iter();
        words.chain(rest).chain(shapes).for_each(|t| t.sort(&self.heads));
        self
    }

    fn add(
        &mut self,
        pack: &Pack,
        widths: &Widths<'_>,
        entry: usize,
        pattern: &Arc<Pattern>,
    ) {
        let n = self.patterns.len() as u32;
        self.patterns.push((entry, pattern.clone()));
        let mut head = Head::default();
        self.heads.push(head.add(pattern).is_some().then(|| head.sorted()));
        let (keys, before, _) =
            widths.entry(pattern).expect("the compiler demands something to enter by");
        let before = (before.0.min(255) as u8, before.1.min(255) as u8);
        let trigger = Trigger { pattern: n, before };
        for key in keys {
            let list = match key {
                Key::Word(w) => self.by_word.entry(w).or_default(),
                Key::Lemma(w) => self.by_lemma.entry(w).or_default(),
                Key::Class(c) => self.by_class.entry(c).or_default(),
                Key::Item(i) => self.by_item.entry(i).or_default(),
                Key::Number => &mut self.by_number,
                Key::Template => &mut self.by_template,
                Key::Letters => &mut self.by_letters,
            };
            list.list.push(trigger);
        }
        pattern.each(&mut |p| {
            let Pattern::Template(holes) = p else { return };
            for hole in holes {
                if let Hole::Class { class, .. } = hole {
                    let members = pack.classes[class.0 as usize].members();
                    let values = self.lexicon.entry(*class).or_default();
                    for member in members.filter(|m| m.words.len() == 1) {
                        let word = &*pack.vocabulary[member.words[0].0.0 as usize];
                        values.insert(word.into(), member.value);
                    }
                }
            }
        });
    }

    /// Everything that the rules find, by start, longest first. Of one pattern at one start,
    /// the longest match. Items come by start.
    pub fn run(&self, view: &View<'_>, items: &[Item]) -> Vec<Match> {
        let mut run = Run {
            matcher: self,
            view,
            items,
            found: Vec::new(),
            folded: Folded::default(),
            sentence: 0,
        };
        run.words();
        run.hits();
        run.numbers();
        run.items();
        let mut found = run.found;
        found.sort_by(|a, b| {
            let key = |m: &Match| (m.tokens.start, usize::MAX - m.tokens.end, m.entry);
            key(a).cmp(&key(b))
        });
        found.dedup();
        found
    }
}

struct Run<'a> {
    matcher: &'a Matcher,
    view: &'a View<'a>,
    items: &'a [Item],
    found: Vec<Match>,
    folded: Folded,
    /// The sentence of the last trigger: triggers come in order.
    sentence: usize,
}

impl Run<'_> {
    fn words(&mut self) {
        let words = self.view.words;
        for (i, word) in words.forms.iter().enumerate() {
            if *word != WordId::NONE
                && let Some(triggers) = self.matcher.by_word.get(word)
            {
                self.enter(triggers, i);
            }
        }
        self.sentence = 0;
        if self.matcher.by_lemma.is_empty() {
            return;
        }
        for (i, lemma) in words.lemmas.iter().enumerate() {
            if let Some(triggers) = self.matcher.by_lemma.get(lemma) {
                self.enter(triggers, i);
            }
        }
        self.sentence = 0;
    }

    fn hits(&mut self) {
        for hit in &self.view.words.hits {
            if let Some(triggers) = self.matcher.by_class.get(&hit.class) {
                self.enter(triggers, hit.start as usize);
            }
        }
        self.sentence = 0;
    }

    fn numbers(&mut self) {
        if !self.matcher.by_number.is_empty() {
            for numeral in &self.view.words.numerals {
                self.enter(&self.matcher.by_number, numeral.start as usize);
            }
            self.sentence = 0;
        }
        if self.matcher.by_template.is_empty() && self.matcher.by_letters.is_empty() {
            return;
        }
        for (i, token) in self.view.tokens.iter().enumerate() {
            let form = token.span.of(self.view.text);
            if form.len() < 2 && token.kind != TokenKind::Number {
                continue;
            }
            if form.bytes().any(|b| b.is_ascii_digit()) {
                self.enter(&self.matcher.by_template, i);
            } else if form.contains('-') {
                self.enter(&self.matcher.by_letters, i);
            }
        }
        self.sentence = 0;
    }

    fn items(&mut self) {
        for item in self.items {
            if let Some(triggers) = self.matcher.by_item.get(&item.name) {
                self.sentence = 0;
                self.enter(triggers, item.start);
            }
        }
        self.sentence = 0;
    }

    fn enter(&mut self, triggers: &Triggers, at: usize) {
        let sentences = self.view.sentences;
        if self.sentence == 0 {
            self.sentence = sentences.partition_point(|s| s.end <= at);
        }
        while sentences.get(self.sentence).is_some_and(|s| s.end <= at) {
            self.sentence += 1;
        }
        let Some(bounds) = sentences.get(self.sentence).cloned() else { return };
        for trigger in &triggers.list {
            let (least, most) = (trigger.before.0 as usize, trigger.before.1 as usize);
            let first = at.saturating_sub(most).max(bounds.start);
            let Some(last) = at.checked_sub(least).filter(|&l| l >= first) else {
                continue;
            };
            let head = self.matcher.heads[trigger.pattern as usize].as_ref();
            for start in first..=last {
                if head.is_none_or(|head| head.admits(self.view, start)) {
                    self.attempt(trigger.pattern, start, &bounds);
                }
            }
        }
        if let Some(headed) = &triggers.headed {
            let first = at.saturating_sub(headed.most).max(bounds.start);
            for start in first..=at {
                self.enter_headed(headed, start, at, &bounds);
            }
        }
    }

    /// Tries the patterns that may begin at `start` and are entered at `at`.
    fn enter_headed(
        &mut self,
        headed: &Headed,
        start: usize,
        at: usize,
        bounds: &Range<usize>,
    ) {
        let view = self.view;
        let words = view.words;
        let mut attempt = |triggers: &[Trigger]| {
            for trigger in triggers.iter().filter(|t| t.reaches(at - start)) {
                self.attempt(trigger.pattern, start, bounds);
            }
        };
        let word = words.forms[start];
        if word != WordId::NONE {
            attempt(headed.by_word.get(&word).map_or(&[], Vec::as_slice));
        }
        let hits = words.hits_at(start);
        for (n, hit) in hits.iter().enumerate() {
            // Of one class, once, however many of its members begin here.
            if hits[..n].iter().all(|h| h.class != hit.class) {
                attempt(headed.by_class.get(&hit.class).map_or(&[], Vec::as_slice));
            }
        }
        if !headed.number.is_empty() && words.numeral(start).is_some() {
            attempt(&headed.number);
        }
        if !headed.template.is_empty() && may_be_template(view, start) {
            attempt(&headed.template);
        }
    }

    fn attempt(&mut self, pattern: u32, start: usize, bounds: &Range<usize>) {
        let (entry, pattern) = &self.matcher.patterns[pattern as usize];
        let mut walk = Walk {
            lexicon: &self.matcher.lexicon,
            view: self.view,
            items: self.items,
            bounds,
            folded: &mut self.folded,
            captures: Vec::new(),
            best: None,
            steps: 0,
        };
        walk.go(pattern, start, &mut |walk, end| {
            let longer = walk.best.as_ref().is_none_or(|(best, _)| end > *best);
            if longer && end > start {
                walk.best = Some((end, walk.captures.clone()));
            }
        });
        if let Some((end, captures)) = walk.best {
            self.found.push(Match { entry: *entry, tokens: start..end, captures });
        }
    }
}

/// A token, folded: the last one that a template took apart, for the next template.
#[derive(Debug, Default)]
struct Folded {
    token: Option<usize>,
    form: String,
}

impl Folded {
    fn of(&mut self, view: &View<'_>, at: usize) -> &str {
        if self.token != Some(at) {
            fold_into(view.tokens[at].span.of(view.text), &mut self.form);
            self.token = Some(at);
        }
        &self.form
    }
}

/// One pattern at one place.
struct Walk<'a> {
    lexicon: &'a FxHashMap<ClassId, FxHashMap<Box<str>, u32>>,
    view: &'a View<'a>,
    items: &'a [Item],
    bounds: &'a Range<usize>,
    folded: &'a mut Folded,
    captures: Vec<Captured>,
    best: Option<(usize, Vec<Captured>)>,
    steps: u32,
}

/// What to do with the token after a match of a part.
type Then<'t, 'a> = &'t mut dyn FnMut(&mut Walk<'a>, usize);

impl<'a> Walk<'a> {
    /// Calls `then` for every way in which the pattern matches from `at` on.
    fn go(&mut self, pattern: &Pattern, at: usize, then: Then<'_, 'a>) {
        self.steps += 1;
        if self.steps > BUDGET {
            return;
        }
        let inside = at < self.bounds.end;
        match pattern {
            Pattern::Word(word) => {
                if inside && self.view.words.forms[at] == *word {
                    then(self, at + 1);
                }
            }
            Pattern::Exact(word, written) => {
                let here = |at: usize| self.view.tokens[at].span.of(self.view.text);
                if inside && self.view.words.forms[at] == *word && here(at) == written {
                    then(self, at + 1);
                }
            }
            Pattern::Lemma(word) => {
                if inside && self.view.words.lemmas.get(at) == Some(word) {
                    then(self, at + 1);
                }
            }
            Pattern::Tag(upos, form) => {
                let morph = self.view.morph.get(at).filter(|_| inside);
                if morph.is_some_and(|m| m.upos == *upos && form.admits(m.verb)) {
                    then(self, at + 1);
                }
            }
            Pattern::Capital => {
                let capital = |t: &Token| {
                    t.kind == TokenKind::Word
                        && t.span.of(self.view.text).starts_with(char::is_uppercase)
                };
                if inside && capital(&self.view.tokens[at]) {
                    then(self, at + 1);
                }
            }
            Pattern::Class(class) => {
                if inside && let Some(hit) = self.view.words.hit(at, *class) {
                    then(self, hit.end as usize);
                }
            }
            Pattern::Range(low, high) => {
                if inside && let Some(n) = self.view.words.numeral(at) {
                    let whole = n.value.fract() == 0.0;
                    if whole && (*low as f64..=*high as f64).contains(&n.value) {
                        then(self, n.end as usize);
                    }
                }
            }
            Pattern::Template(holes) => {
                if inside && let Some(mut found) = self.template(holes, at) {
                    let kept = self.captures.len();
                    self.captures.append(&mut found);
                    then(self, at + 1);
                    self.captures.truncate(kept);
                }
            }
            Pattern::Item(name) => {
                let end = self.bounds.end;
                let fits = |i: &&Item| i.name == *name && i.end <= end;
                for item in self.items_at(at).1.iter().filter(fits) {
                    then(self, item.end);
                }
            }
            Pattern::Start => {
                if at == self.bounds.start {
                    then(self, at);
                }
            }
            Pattern::End => {
                if at == self.bounds.end {
                    then(self, at);
                }
            }
            Pattern::Gap(width) => {
                for end in at..=at + *width as usize {
                    then(self, end);
                    if end >= self.bounds.end || self.breaks_clause(end) {
                        break;
                    }
                }
            }
            Pattern::Seq(parts) => self.sequence(parts, at, then),
            Pattern::Any(parts) => {
                for part in parts {
                    self.go(part, at, then);
                }
            }
            Pattern::Optional(part) => {
                self.go(part, at, then);
                then(self, at);
            }
            Pattern::Not(part) => {
                let mut there = false;
                self.go(part, at, &mut |_, _| there = true);
                if !there {
                    then(self, at);
                }
            }
            Pattern::Capture(name, part) => self.capture(*name, part, at, then),
        }
    }

    fn sequence(&mut self, parts: &[Pattern], at: usize, then: Then<'_, 'a>) {
        match parts {
            [] => then(self, at),
            [last] => self.go(last, at, then),
            [first, rest @ ..] => {
                self.go(first, at, &mut |walk, next| walk.sequence(rest, next, then));
            }
        }
    }

    fn capture(&mut self, name: NameId, part: &Pattern, at: usize, then: Then<'_, 'a>) {
        let (first, here) = self.items_at(at);
        let mut inner = part;
        while let Pattern::Capture(_, deeper) = inner {
            inner = deeper;
        }
        self.go(part, at, &mut |walk, end| {
            let words = walk.view.words;
            let what = match inner {
                Pattern::Class(class) => words
                    .hit(at, *class)
                    .map_or(What::Tokens, |h| What::Member(*class, h.value)),
                Pattern::Range(..) => {
                    words.numeral(at).map_or(What::Tokens, |n| What::Number(n.value))
                }
                Pattern::Item(item) => here
                    .iter()
                    .position(|i| i.name == *item && i.end == end)
                    .map_or(What::Tokens, |n| What::Item(first + n)),
                _ => What::Tokens,
            };
            walk.captures.push(Captured { name, tokens: at..end, what });
            then(walk, end);
            walk.captures.pop();
        });
    }

    /// The items that begin at a token, and the place of the first of them.
    fn items_at(&self, at: usize) -> (usize, &'a [Item]) {
        let first = self.items.partition_point(|i| i.start < at);
        let count = self.items[first..].iter().take_while(|i| i.start == at).count();
        (first, &self.items[first..first + count])
    }

    /// Whether a gap may not run over this token: it ends a clause.
    fn breaks_clause(&self, at: usize) -> bool {
        let token = self.view.tokens[at];
        token.kind == TokenKind::Punct
            && matches!(
                token.span.of(self.view.text),
                "." | ";" | ":" | "!" | "?" | "«" | "»" | "“" | "”" | "\"" | "(" | ")"
            )
    }

    /// The parts of a token that a template takes apart.
    fn template(&mut self, holes: &[Hole], at: usize) -> Option<Vec<Captured>> {
        let mut rest = self.folded.of(self.view, at);
        let part = |name, what| Captured { name, tokens: at..at + 1, what };
        let mut found = Vec::new();
        for (n, hole) in holes.iter().enumerate() {
            match hole {
                Hole::Literal(text) => rest = rest.strip_prefix(text.as_str())?,
                Hole::Number { name, low, high, digits } => {
                    let run = rest.bytes().take_while(u8::is_ascii_digit).count();
                    let taken = digits.map_or(run, |d| (d as usize).min(run));
                    if digits.is_some_and(|d| d as usize != taken)
                        || taken == 0
                        || taken > 9
                    {
                        return None;
                    }
                    let value: i64 = rest[..taken].parse().ok()?;
                    if !(*low..=*high).contains(&value) {
                        return None;
                    }
                    rest = &rest[taken..];
                    found.push(part(*name, What::Number(value as f64)));
                }
                Hole::Class { name, class } => {
                    let end = match holes.get(n + 1) {
                        Some(Hole::Literal(text)) => rest.find(text.as_str())?,
                        _ => rest.len(),
                    };
                    let members = self.lexicon.get(class)?;
                    let value = *members.get(&rest[..end])?;
                    rest = &rest[end..];
                    found.push(part(*name, What::Member(*class, value)));
                }
            }
        }
        rest.is_empty().then_some(found)
    }
}

/// What a pattern may be entered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Key {
    Word(WordId),
    Lemma(WordId),
    Class(ClassId),
    Item(NameId),
    Number,
    Template,
    /// A template without numbers: it wants a hyphen.
    Letters,
}

/// How many tokens each class may take, and how common words are: what choosing an entry asks.
struct Widths<'p> {
    pack: &'p Pack,
}

/// An entry: its keys, how many tokens may stand before it, and what it costs.
type Entrance = (Vec<Key>, (usize, usize), usize);

impl Widths<'_> {
    /// The fewest and the most tokens that a pattern takes.
    fn width(&self, pattern: &Pattern) -> (usize, usize) {
        match pattern {
            Pattern::Start | Pattern::End | Pattern::Not(_) => (0, 0),
            Pattern::Gap(n) => (0, *n as usize),
            Pattern::Class(c) => self.pack.classes[c.0 as usize].lengths(),
            Pattern::Range(..) => (1, 8),
            Pattern::Item(_) => (1, 12),
            Pattern::Seq(parts) => parts.iter().fold((0, 0), |sum, p| {
                let width = self.width(p);
                (sum.0 + width.0, sum.1 + width.1)
            }),
            Pattern::Any(parts) => {
                let widths = parts.iter().map(|p| self.width(p));
                widths.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1))).unwrap_or((0, 0))
            }
            Pattern::Optional(part) => (0, self.width(part).1),
            Pattern::Capture(_, part) => self.width(part),
            _ => (1, 1),
        }
    }

    /// The cheapest thing that must occur in a pattern.
    fn entry(&self, pattern: &Pattern) -> Option<Entrance> {
        let here = |key, cost| Some((vec![key], (0, 0), cost));
        match pattern {
            Pattern::Word(w) => here(Key::Word(*w), self.word_cost(*w)),
            Pattern::Lemma(w) => here(Key::Lemma(*w), self.word_cost(*w)),
            Pattern::Class(c) => {
                let members = self.pack.classes[c.0 as usize].members().len();
                here(Key::Class(*c), 20 + members.min(100) / 4)
            }
            Pattern::Item(name) => here(Key::Item(*name), 5),
            Pattern::Range(..) => here(Key::Number, 60),
            Pattern::Template(holes) => {
                let digits = holes.iter().any(|h| matches!(h, Hole::Number { .. }));
                here(if digits { Key::Template } else { Key::Letters }, 40)
            }
            Pattern::Exact(w, _) => here(Key::Word(*w), self.word_cost(*w)),
            Pattern::Capture(_, part) => self.entry(part),
            Pattern::Any(parts) => {
                let (mut keys, mut before, mut cost) = (Vec::new(), (usize::MAX, 0), 0);
                for part in parts {
                    let (k, b, c) = self.entry(part)?;
                    keys.extend(k);
                    before = (before.0.min(b.0), before.1.max(b.1));
                    cost += c;
                }
                Some((keys, before, cost))
            }
            Pattern::Seq(parts) => {
                let mut before = (0, 0);
                let mut best: Option<Entrance> = None;
                for part in parts {
                    if let Some((keys, b, cost)) = self.entry(part)
                        && best.as_ref().is_none_or(|(_, _, c)| cost < *c)
                    {
                        best = Some((keys, (before.0 + b.0, before.1 + b.1), cost));
                    }
                    let width = self.width(part);
                    before = (before.0 + width.0, before.1 + width.1);
                }
                best
            }
            _ => None,
        }
    }

    fn word_cost(&self, word: WordId) -> usize {
        // Short words are common.
        match self.pack.vocabulary[word.0 as usize].chars().take(5).count() {
            0..=3 => 90,
            4 => 15,
            _ => 4,
        }
    }
}

impl Pattern {
    /// Whether something that a rule can be entered by must occur in it.
    pub(crate) fn has_entry(&self) -> bool {
        match self {
            Pattern::Word(_)
            | Pattern::Exact(..)
            | Pattern::Lemma(_)
            | Pattern::Class(_)
            | Pattern::Item(_)
            | Pattern::Range(..)
            | Pattern::Template(_) => true,
            Pattern::Capture(_, part) => part.has_entry(),
            Pattern::Any(parts) => parts.iter().all(Pattern::has_entry),
            Pattern::Seq(parts) => parts.iter().any(Pattern::has_entry),
            _ => false,
        }
    }

    /// Visits it and every part of it.
    pub(crate) fn each(&self, visit: &mut dyn FnMut(&Pattern)) {
        visit(self);
        match self {
            Pattern::Seq(parts) | Pattern::Any(parts) => {
                parts.iter().for_each(|p| p.each(visit));
            }
            Pattern::Optional(part) | Pattern::Not(part) | Pattern::Capture(_, part) => {
                part.each(visit);
            }
            _ => {}
        }
    }
}
