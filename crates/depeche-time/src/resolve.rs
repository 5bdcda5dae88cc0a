//! Which day is « mardi »? As much as the text allows, and no more.
//!
//! Each expression is understood from every day on which the article may have been written.
//! Where all agree, that is the value; where they do not, the possible days are listed and the
//! value stays open. A day is never made from a month.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use depeche_text::Span;
use jiff::civil::Date as Day;

use crate::dct::Dct;
use crate::edtf::{Bound, Date, Edtf, Member};
use crate::meaning::{Feast, From, Meaning, Tense, To, Unit};
use crate::point::{Direction, Point, Standpoint, locate, plus, unanchored_value};
use crate::recognise::Found;

/// The four kinds of TIMEX3.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TimexType {
    /// A day or longer.
    Date,
    /// A part of a day.
    Time,
    /// A length of time.
    Duration,
    /// What comes back.
    Set,
}

impl TimexType {
    /// Its name in TIMEX3.
    pub fn name(self) -> &'static str {
        match self {
            TimexType::Date => "DATE",
            TimexType::Time => "TIME",
            TimexType::Duration => "DURATION",
            TimexType::Set => "SET",
        }
    }
}

/// From where an expression was understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchored {
    /// From itself: `18 février 2025`.
    Itself,
    /// From the day of publication.
    Published,
    /// From another expression of the text.
    Story,
}

/// A time expression with what can be said about when it is.
#[derive(Clone, Debug, PartialEq)]
pub struct Timex {
    /// Where it stands.
    pub span: Span,
    /// Its tokens.
    pub tokens: Range<usize>,
    /// Its kind.
    pub kind: TimexType,
    /// The TIMEX3 value.
    pub value: String,
    /// TIMEX3 `mod`.
    pub modifier: Option<String>,
    /// TIMEX3 `quant`.
    pub quant: Option<String>,
    /// TIMEX3 `freq`.
    pub freq: Option<String>,
    /// What can be said as EDTF; `None` for lengths, repetitions and vague references.
    pub edtf: Option<Edtf>,
    /// From where it was understood.
    pub anchor: Anchored,
    /// What decided: the rule, and the direction that tense or words gave.
    pub why: String,
    /// The rule: an entry of the pack.
    pub entry: usize,
}

/// Days for which something is news: an hour that is told belongs to no older day.
const NEWS: i32 = 10;
/// Days around that of writing for which a line without a verb announces the hours.
const ANNOUNCED: i32 = 31;
/// Years between the two days from which a text of no date is tried.
const PROBED_APART: i16 = 7;
/// Members of a list of days that a reader can use.
const LISTED: usize = 31;

/// What the resolver asks about an expression: where its sentence looks, and whether it is
/// spoken.
#[derive(Clone, Copy, Debug, Default)]
pub struct Context {
    /// What tense and words say.
    pub direction: Option<Direction>,
    /// Whether its sentence has no finite verb: « Messe : samedi à 18 h ».
    pub verbless: bool,
    /// Whether it stands inside a quotation: « aujourd'hui » is the day of speaking.
    pub quoted: bool,
    /// The place of its sentence in the text.
    pub sentence: usize,
    /// The place of its paragraph in the text.
    pub paragraph: usize,
    /// The expression, by its place among all, that says when the words around it were said:
    /// « a déclaré mardi ».
    pub said: Option<usize>,
}

/// The point that a story has reached, as it would be if the article were of one day.
#[derive(Clone, Debug, Default)]
struct Story {
    /// The last day, month or year that was named.
    last: Option<Point>,
    /// The last day that was named.
    day: Option<Point>,
    /// Where the last one stood: sentence and paragraph.
    at: (usize, usize),
}

impl Story {
    fn reaches(&mut self, point: &Point, context: &Context) {
        self.last = Some(point.clone());
        if point.day().is_some() {
            self.day = Some(point.clone());
        }
        self.at = (context.sentence, context.paragraph);
    }

    /// Whether words go on telling of that time: in the same or the next sentence of a
    /// paragraph.
    fn goes_on(&self, context: &Context) -> bool {
        let (sentence, paragraph) = self.at;
        context.paragraph == paragraph && context.sentence <= sentence + 1
    }

    /// The day that hours without a day belong to: the one that the paragraph has named, and
    /// for what has happened the last one that the story has named, if it is of these days.
    fn day_of_hours(&self, context: &Context, dct: Day) -> Option<Day> {
        let (_, paragraph) = self.at;
        if context.paragraph == paragraph {
            return self.last.as_ref().and_then(Point::day);
        }
        let day = self.day.as_ref().and_then(Point::day)?;
        let ago = (dct - day).get_days();
        // « SAMEDI 9 MARS » over a list: « Nantes – Metz à 20 h 45 ».
        if context.verbless && ago.abs() <= ANNOUNCED {
            return Some(day);
        }
        (context.direction == Some(Direction::Past) && (0..=NEWS).contains(&ago))
            .then_some(day)
    }

    /// Goes on to a sentence that told of that time without naming it again: « à 20 h ».
    fn stays(&mut self, context: &Context) {
        if self.goes_on(context) {
            self.at = (context.sentence, context.paragraph);
        }
    }
}

/// The stories of a text: the one of its narrator, and the one of whoever is quoted.
#[derive(Clone, Debug, Default)]
struct Stories {
    narrated: Story,
    spoken: Story,
}

impl Stories {
    /// The story that an expression belongs to. A quotation goes on with that of the narrator
    /// until it names a time of its own.
    fn of(&self, context: &Context) -> &Story {
        if context.quoted && self.spoken.goes_on(context) {
            &self.spoken
        } else {
            &self.narrated
        }
    }

    fn of_mut(&mut self, context: &Context) -> &mut Story {
        if context.quoted { &mut self.spoken } else { &mut self.narrated }
    }
}

/// Understands the expressions of a text in their order, each with what is asked about it.
pub fn resolve(
    found: &[Found],
    contexts: &[Context],
    dct: &Dct,
    span: impl Fn(&Range<usize>) -> Span,
) -> Vec<Timex> {
    let mut reading = Reading { found, contexts, dct, days: Vec::new() };
    let mut understood = reading.understand();
    // « "Hier, nous étions prêts", a-t-il dit mardi »: the day of speaking stands behind.
    if contexts.iter().any(|c| c.said.is_some()) {
        reading.days = understood.iter().map(Understood::days).collect();
        understood = reading.understand();
    }
    meet(found, &mut understood);
    let timexes = found.iter().zip(contexts).zip(understood);
    timexes
        .map(|((found, context), understood)| {
            let at = span(&found.tokens);
            understood.into_timex(found, at, looks(found, context), dct)
        })
        .collect()
}

/// Where an expression looks.
fn looks(found: &Found, context: &Context) -> Option<Direction> {
    if context.verbless && is_appointment(&found.meaning) {
        return Some(Direction::Future);
    }
    context.direction
}

/// The expressions of a text on their way to be understood.
struct Reading<'a> {
    found: &'a [Found],
    contexts: &'a [Context],
    dct: &'a Dct,
    /// Of each expression, the days that it is of, one for each possible day of writing; empty
    /// until they are known.
    days: Vec<Option<Vec<Day>>>,
}

impl Reading<'_> {
    fn understand(&self) -> Vec<Understood> {
        let candidates = match self.dct.days() {
            Some(_) => self.dct.candidates(),
            None => self.probes(),
        };
        // Of each possible day of writing, the point that the story has reached.
        let mut story: Vec<Stories> = vec![Stories::default(); candidates.len()];
        let mut all = Vec::with_capacity(self.found.len());
        for (found, context) in self.found.iter().zip(self.contexts) {
            let context = Context { direction: looks(found, context), ..*context };
            let said = context.said.and_then(|n| self.days.get(n)?.as_deref());
            let understood =
                Understood::new(found, &context, &candidates, &story, self.dct, said);
            if let Some(points) = &understood.points
                && moves_story(&found.meaning)
            {
                for (story, point) in story.iter_mut().zip(points) {
                    story.of_mut(&context).reaches(point, &context);
                }
            } else if stays_in_story(&found.meaning) {
                story.iter_mut().for_each(|s| s.of_mut(&context).stays(&context));
            }
            all.push(understood);
        }
        all
    }

    /// Where nobody knows when a text was written, two days on which it may have been: after
    /// the years that it names, and far from each other. What both agree on follows from the
    /// text alone: « en 1916 … l'automne de la même année ».
    fn probes(&self) -> Vec<Day> {
        let years = self.found.iter().filter_map(|f| match f.meaning {
            Meaning::Date { year: Some(year), .. } if year > 99 => Some(year),
            _ => None,
        });
        let latest = years.max().and_then(|year| i16::try_from(year).ok());
        let probe = |year: i16, month, day| Day::new(year, month, day).ok();
        let both = latest.and_then(|year| {
            let later = year.checked_add(PROBED_APART)?;
            Some(vec![probe(year, 12, 31)?, probe(later, 6, 15)?])
        });
        both.unwrap_or_default()
    }
}

/// « mardi » that may be one of several is the Tuesday that the text names with its date, if
/// that is one only.
fn meet(found: &[Found], understood: &mut [Understood]) {
    let mut named: BTreeMap<u8, BTreeSet<Day>> = BTreeMap::new();
    for (found, understood) in found.iter().zip(understood.iter()) {
        if let (Meaning::Date { dow: Some(dow), day: Some(_), .. }, [Point::Day(day)]) =
            (&found.meaning, understood.possible.as_slice())
        {
            named.entry(*dow).or_default().insert(*day);
        }
    }
    for (found, open) in found.iter().zip(understood) {
        let Meaning::Weekday { dow, to: To::Near, weeks: 0 } = &found.meaning else {
            continue;
        };
        let mut days = named.get(dow).into_iter().flatten();
        let (Some(&day), None) = (days.next(), days.next()) else { continue };
        let point = Point::Day(day);
        if open.possible.len() > 1 && open.possible.contains(&point) {
            open.settle(point, "the one that is named with its date");
        }
    }
}

/// Whether the story goes on from here: « la veille » is the day before a day or a year that
/// was named, not before a part of one that is going on.
fn moves_story(meaning: &Meaning) -> bool {
    match meaning {
        Meaning::Date { day, year, .. } => day.is_some() || year.is_some(),
        Meaning::Weekday { .. } | Meaning::Holiday { .. } | Meaning::Shared { .. } => {
            true
        }
        Meaning::Shift { unit, by, .. } => {
            matches!(unit, Unit::Day | Unit::Year | Unit::Month) && by.is_some()
        }
        Meaning::Part { of, .. } => moves_story(of),
        Meaning::At { of, .. } => of.as_deref().is_some_and(moves_story),
        _ => false,
    }
}

/// A weekday with its hour: without a verb, an appointment.
fn is_appointment(meaning: &Meaning) -> bool {
    matches!(meaning, Meaning::At { of: Some(of), .. }
        if matches!(**of, Meaning::Weekday { to: To::Near, .. }))
}

/// Whether it tells on of the day that was named: « à 20 h », « dans la nuit ».
fn stays_in_story(meaning: &Meaning) -> bool {
    match meaning {
        Meaning::At { of: None, .. } | Meaning::Shift { from: From::Told, .. } => true,
        Meaning::Part { of, .. } => stays_in_story(of),
        _ => false,
    }
}

struct Understood {
    /// What decided beside the rule.
    met: Option<&'static str>,
    /// One point a candidate, when every candidate gives one.
    points: Option<Vec<Point>>,
    /// The possible points, sorted, each once.
    possible: Vec<Point>,
    value: String,
    edtf: Option<Edtf>,
    anchor: Anchored,
}

impl Understood {
    fn new(
        found: &Found,
        context: &Context,
        candidates: &[Day],
        story: &[Stories],
        dct: &Dct,
        said: Option<&[Day]>,
    ) -> Understood {
        let meaning = &found.meaning;
        let anchor = anchor_of(meaning);
        // « aujourd'hui » in a speech of Tuesday is that Tuesday, when the article's own day
        // is not known.
        let probing = dct.days().is_none();
        let speech_day = !probing
            && said.is_none()
            && context.quoted
            && candidates.len() > 1
            && matches!(
                meaning,
                Meaning::Shift { unit: Unit::Day, by: Some(_), from: From::Dct, .. }
            )
            && story.iter().all(|s| s.narrated.day.is_some());
        let place = |n: usize| {
            let told = &story[n].narrated;
            let day = told.day.as_ref().and_then(Point::day).filter(|_| speech_day);
            let story = story[n].of(context);
            // Without a date of its own the text must go on right there.
            let reached = !probing || story.goes_on(context);
            let spoken = said.and_then(|days| days.get(n).copied());
            let dct = spoken.or(day).unwrap_or(candidates[n]);
            let standpoint = Standpoint {
                dct,
                day_told: story.day_of_hours(context, dct),
                story: story.last.as_ref().filter(|_| reached),
                story_day: story.day.as_ref().filter(|_| reached),
                told: story.last.as_ref().filter(|_| story.goes_on(context)),
                direction: context.direction,
            };
            locate(meaning, &standpoint)
        };
        let mut points: Option<Vec<Point>> = if candidates.is_empty() {
            fixed(meaning).map(|p| vec![p])
        } else {
            (0..candidates.len()).map(place).collect()
        };
        if probing && let Some(fixed) = fixed(meaning) {
            points = Some(vec![fixed; candidates.len().max(1)]);
        } else if probing {
            points = points.filter(|p| p.iter().all(|x| *x == p[0]));
        }
        if let Some(points) = &mut points {
            keep_to_publication(meaning, points, candidates, dct);
        }
        let mut possible = points.clone().unwrap_or_default();
        possible.sort();
        possible.dedup();
        let (value, edtf) = match possible.as_slice() {
            [point] => (point.value(), Some(point.edtf())),
            [] => (unanchored_value(meaning), open_edtf(meaning, dct)),
            many => (unanchored_value(meaning), one_of(many)),
        };
        let told = said.is_some() && anchor == Anchored::Published;
        let by_story = probing && !possible.is_empty() && anchor == Anchored::Published;
        let anchor =
            if speech_day || told || by_story { Anchored::Story } else { anchor };
        let met = (told || speech_day).then_some("from the day of speaking");
        let points = points.filter(|p| p.len() == candidates.len());
        Understood { met, points, possible, value, edtf, anchor }
    }

    /// The days that it is of, one for each possible day of writing.
    fn days(&self) -> Option<Vec<Day>> {
        self.points.as_ref()?.iter().map(Point::day).collect()
    }

    /// Makes it one point of those that are possible.
    fn settle(&mut self, point: Point, why: &'static str) {
        self.value = point.value();
        self.edtf = Some(point.edtf());
        self.possible = vec![point];
        self.anchor = Anchored::Story;
        self.met = Some(why);
    }

    fn into_timex(
        self,
        found: &Found,
        span: Span,
        direction: Option<Direction>,
        dct: &Dct,
    ) -> Timex {
        let kind = kind_of(&found.meaning);
        let mut why: Vec<String> = Vec::new();
        if uses_direction(&found.meaning)
            && let Some(direction) = direction
        {
            let looks = if direction == Direction::Past { "past" } else { "future" };
            why.push(looks.to_owned());
        }
        if self.possible.len() > 1 {
            why.push(format!("{} possible", self.possible.len()));
        }
        why.extend(self.met.map(str::to_owned));
        let counted = self.anchor == Anchored::Published && !self.possible.is_empty();
        why.extend(dct.source().why().filter(|_| counted).map(str::to_owned));
        let approximate = matches!(found.modifier.as_deref(), Some("APPROX"));
        let edtf = self.edtf.map(|e| match e {
            Edtf::Date(date) if approximate => {
                Edtf::Date(date.marked(crate::edtf::Mark::Approximate))
            }
            other => other,
        });
        Timex {
            span,
            tokens: found.tokens.clone(),
            kind,
            value: self.value,
            modifier: found.modifier.clone(),
            quant: found.quant.clone(),
            freq: found.freq.clone(),
            edtf,
            anchor: self.anchor,
            why: why.join(", "),
            entry: found.entry,
        }
    }
}

fn kind_of(meaning: &Meaning) -> TimexType {
    match meaning {
        Meaning::Part { .. } | Meaning::At { .. } => TimexType::Time,
        Meaning::Duration(_) => TimexType::Duration,
        Meaning::Set(_) => TimexType::Set,
        _ => TimexType::Date,
    }
}

fn anchor_of(meaning: &Meaning) -> Anchored {
    match meaning {
        Meaning::Date { year: Some(y), .. }
        | Meaning::Division { year: Some(y), .. }
        | Meaning::Holiday { year: Some(y), .. }
            if *y > 99 =>
        {
            Anchored::Itself
        }
        Meaning::Holiday { when: Feast::Once { .. }, .. } => Anchored::Itself,
        Meaning::Century { .. } | Meaning::Bc { .. } | Meaning::Decade { .. } => {
            Anchored::Itself
        }
        Meaning::Duration(_) | Meaning::Set(_) => Anchored::Itself,
        Meaning::Shift { from: From::Narrative | From::Told | From::Event, .. }
        | Meaning::Shared { .. } => Anchored::Story,
        Meaning::Part { of, .. } => anchor_of(of),
        Meaning::At { of, .. } => of.as_deref().map_or(Anchored::Story, anchor_of),
        _ => Anchored::Published,
    }
}

fn uses_direction(meaning: &Meaning) -> bool {
    match meaning {
        Meaning::Date { year: None, to, .. }
        | Meaning::Division { year: None, to, .. }
        | Meaning::Holiday { year: None, to, .. }
        | Meaning::Weekday { to, .. } => matches!(to, To::Near | To::This),
        Meaning::Part { of, .. } => uses_direction(of),
        Meaning::At { of, .. } => of.as_deref().is_some_and(uses_direction),
        _ => false,
    }
}

/// The point of a meaning that needs no standpoint.
fn fixed(meaning: &Meaning) -> Option<Point> {
    if anchor_of(meaning) != Anchored::Itself {
        return None;
    }
    let standpoint = Standpoint::on(Day::constant(2000, 1, 1));
    locate(meaning, &standpoint)
}

/// A bare weekday is the day of the news, and a bare date of the month of publication is that
/// month's: when the article is known to be of some period, the days that lie in it are meant.
fn keep_to_publication(
    meaning: &Meaning,
    points: &mut Vec<Point>,
    candidates: &[Day],
    dct: &Dct,
) {
    let bare = match meaning {
        Meaning::Part { of, .. } => of,
        Meaning::At { of: Some(of), .. } => of,
        other => other,
    };
    let Some((first, last)) = dct.given() else { return };
    let meant = match bare {
        Meaning::Weekday { to: To::Near, .. } => true,
        // Of a year that is only told from today: the same day of another year would be named
        // with its year.
        Meaning::Date {
            year: None, month: Some(_), day: Some(_), to: To::Near, ..
        } => (last - first).get_days() < 31,
        _ => false,
    };
    if candidates.len() < 2 || !meant {
        return;
    }
    let inside = |p: &Point| p.day().is_some_and(|d| first <= d && d <= last);
    let Some(earliest) = points.iter().filter(|p| inside(p)).min().cloned() else {
        return;
    };
    let latest = points.iter().filter(|p| inside(p)).max().cloned();
    for point in points {
        if !inside(point) {
            let early = point.day().is_some_and(|d| d < first);
            let nearest = if early { Some(&earliest) } else { latest.as_ref() };
            *point = nearest.unwrap_or(&earliest).clone();
        }
    }
}

/// What EDTF can say where no point is known.
fn open_edtf(meaning: &Meaning, dct: &Dct) -> Option<Edtf> {
    match meaning {
        Meaning::Ref(Tense::Past) => Some(Edtf::Interval(Bound::Open, dct.today()?)),
        Meaning::Ref(Tense::Future) => Some(Edtf::Interval(dct.today()?, Bound::Open)),
        Meaning::Shift { by: None, back: true, from: From::Dct, .. } => {
            Some(Edtf::Interval(Bound::Open, dct.today()?))
        }
        Meaning::Shift { by: None, back: false, from: From::Dct, .. } => {
            Some(Edtf::Interval(dct.today()?, Bound::Open))
        }
        _ => None,
    }
}

/// One of several points, as EDTF: days that follow each other become a range.
fn one_of(points: &[Point]) -> Option<Edtf> {
    let days: Option<Vec<Day>> = points.iter().map(Point::day).collect();
    let members: Vec<Member> = match days {
        Some(days) => runs(&days),
        None => points
            .iter()
            .map(|p| match p.edtf() {
                Edtf::Date(date) => Some(Member::Date(date)),
                Edtf::Interval(Bound::Date(from), Bound::Date(to)) => {
                    Some(Member::Range(Some(from), Some(to)))
                }
                _ => None,
            })
            .collect::<Option<_>>()?,
    };
    (members.len() <= LISTED).then_some(Edtf::OneOf(members))
}

fn runs(days: &[Day]) -> Vec<Member> {
    let mut members = Vec::new();
    let mut i = 0;
    while i < days.len() {
        let mut j = i;
        while j + 1 < days.len() && days[j + 1] == plus(days[j], 1) {
            j += 1;
        }
        if j - i >= 2 {
            members
                .push(Member::Range(Some(Date::day(days[i])), Some(Date::day(days[j]))));
        } else {
            members.extend(days[i..=j].iter().map(|&d| Member::Date(Date::day(d))));
        }
        i = j + 1;
    }
    members
}
