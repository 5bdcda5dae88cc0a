//! What happened when, as far as it is known? A row an event: a point for a day, a bar for a
//! stretch, candidates where it is one of some days.

use super::svg::{Role, Svg, cut, short};

/// What is known of a date.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Mark {
    /// It is about then: hatched.
    pub(crate) approximate: bool,
    /// It is announced, wished or feared, not told as a fact: hollow.
    pub(crate) hollow: bool,
    /// It did not happen: crossed.
    pub(crate) negated: bool,
    /// Nobody says when it began.
    pub(crate) open_start: bool,
    /// Nobody says when it ended.
    pub(crate) open_end: bool,
}

/// A row.
#[derive(Clone, Debug)]
pub(crate) struct Bar {
    /// First and last day of each stretch that it may be: one where it is known, more where it
    /// is one of them. Days are numbers in order.
    pub(crate) days: Vec<(i64, i64)>,
    /// What is known of them.
    pub(crate) mark: Mark,
    /// The class of its colour.
    pub(crate) class: String,
    /// What stands beside it.
    pub(crate) label: String,
    /// What is read when it is pointed at.
    pub(crate) title: String,
    /// Where it leads.
    pub(crate) href: String,
}

/// A line down the chart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Tick {
    /// At which day.
    pub(crate) day: i64,
    /// What stands above it.
    pub(crate) label: String,
}

const WIDTH: f64 = 960.0;
const ROW: f64 = 26.0;
const ABOVE: f64 = 28.0;
const SIDE: f64 = 12.0;
/// About how wide a character of a label is.
const LETTER: f64 = 7.2;
const LONGEST: usize = 64;

/// The rows in the order given, over the days from `first` to `last`.
pub(crate) fn chronology(bars: &[Bar], ticks: &[Tick], name: &str) -> String {
    let ends = || bars.iter().flat_map(|b| &b.days);
    let first = ends().map(|d| d.0).chain(ticks.iter().map(|t| t.day)).min().unwrap_or(0);
    let last = ends().map(|d| d.1).chain(ticks.iter().map(|t| t.day)).max().unwrap_or(0);
    let scale = Scale { first, days: (last + 1 - first).max(1) };
    let height = ABOVE + ROW * bars.len() as f64 + 8.0;
    let mut svg = Svg::new((0.0, 0.0, WIDTH, height), "chronology", Role::Links, name);
    hatching(&mut svg);
    for tick in ticks {
        let x = scale.x(tick.day);
        let line = format!("M{} {ABOVE}V{}", short(x), short(height));
        svg.leaf("path", &[("class", &"grid"), ("d", &line)]);
        let (x, class) =
            if x > WIDTH - 90.0 { (x - 4.0, "end") } else { (x + 3.0, "tick") };
        let at = &[("x", &short(x) as _), ("y", &18 as _), ("class", &class as _)];
        svg.text("text", at, &tick.label);
    }
    for (n, bar) in bars.iter().enumerate() {
        row(&mut svg, bar, ABOVE + ROW * n as f64 + ROW / 2.0, &scale);
    }
    svg.end()
}

struct Scale {
    first: i64,
    days: i64,
}

impl Scale {
    fn x(&self, day: i64) -> f64 {
        SIDE + (WIDTH - 2.0 * SIDE) * (day - self.first) as f64 / self.days as f64
    }
}

/// The pattern of what is approximate.
fn hatching(svg: &mut Svg) {
    svg.open("defs", &[]);
    let size: &[(&'static str, &dyn std::fmt::Display)] = &[
        ("id", &"hatched"),
        ("width", &6),
        ("height", &6),
        ("patternUnits", &"userSpaceOnUse"),
    ];
    svg.open("pattern", size);
    svg.leaf("path", &[("class", &"hatch"), ("d", &"M0 6L6 0")]);
    svg.close();
    svg.close();
}

fn row(svg: &mut Svg, bar: &Bar, y: f64, scale: &Scale) {
    svg.open("a", &[("href", &bar.href)]);
    svg.text("title", &[], &bar.title);
    let class = classes(bar);
    let start = bar.days.iter().map(|d| d.0).min().unwrap_or(scale.first);
    let end = bar.days.iter().map(|d| d.1).max().unwrap_or(scale.first);
    let (left, right) = (scale.x(start), scale.x(end + 1));
    if bar.days.len() > 1 {
        let line = format!("M{} {}H{}", short(left), short(y), short(right));
        svg.leaf("path", &[("class", &"candidates"), ("d", &line)]);
    }
    for (first, last) in &bar.days {
        stretch(svg, &class, scale.x(*first), scale.x(last + 1), y);
    }
    if bar.mark.open_start {
        arrow(svg, left, y, -1.0);
    }
    if bar.mark.open_end {
        arrow(svg, right, y, 1.0);
    }
    if bar.mark.negated {
        let cross = format!("M{} {}l8 8m0 -8l-8 8", short(left - 1.0), short(y - 4.0));
        svg.leaf("path", &[("class", &"cross"), ("d", &cross)]);
    }
    label(svg, bar, left, right.max(left + 8.0), y);
    svg.close();
}

fn classes(bar: &Bar) -> String {
    let mut class = format!("bar {}", bar.class);
    if bar.mark.hollow || bar.mark.negated {
        class.push_str(" hollow");
    }
    if bar.mark.approximate {
        class.push_str(" approximate");
    }
    class
}

fn stretch(svg: &mut Svg, class: &str, left: f64, right: f64, y: f64) {
    // Under that width a day would not be seen: it is a point then.
    if right - left < 9.0 {
        let at = short((left + right) / 2.0);
        svg.leaf(
            "circle",
            &[("class", &class), ("cx", &at), ("cy", &short(y)), ("r", &4.5)],
        );
        return;
    }
    svg.leaf(
        "rect",
        &[
            ("class", &class),
            ("x", &short(left)),
            ("y", &short(y - 5.0)),
            ("width", &short(right - left)),
            ("height", &10),
            ("rx", &2),
        ],
    );
}

fn arrow(svg: &mut Svg, x: f64, y: f64, way: f64) {
    let line = format!(
        "M{} {}l{} 5l{} 5",
        short(x),
        short(y - 5.0),
        short(5.0 * way),
        short(-5.0 * way)
    );
    svg.leaf("path", &[("class", &"open"), ("d", &line)]);
}

/// What it is, on the side where there is more room, cut to it.
fn label(svg: &mut Svg, bar: &Bar, left: f64, right: f64, y: f64) {
    let (before, after) = (left - SIDE, WIDTH - right - SIDE);
    let is_after = after >= before || after > LETTER * LONGEST as f64;
    let room = if is_after { after } else { before };
    let text = cut(&bar.label, ((room / LETTER) as usize).clamp(4, LONGEST));
    let (x, class) =
        if is_after { (right + 6.0, "label") } else { (left - 6.0, "label end") };
    svg.text(
        "text",
        &[("x", &short(x)), ("y", &short(y + 4.5)), ("class", &class)],
        &text,
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bar(days: &[(i64, i64)], mark: Mark) -> Bar {
        Bar {
            days: days.to_vec(),
            mark,
            class: "quad1".into(),
            label: "CONSULT".into(),
            title: "what".into(),
            href: "/article/abcd:1-2".into(),
        }
    }

    #[test]
    fn what_is_known_is_seen() {
        let vague = Mark { approximate: true, hollow: true, ..Mark::default() };
        let bars = [
            bar(&[(0, 0)], Mark::default()),
            bar(&[(0, 99)], vague),
            bar(&[(10, 10), (17, 17)], Mark::default()),
            bar(&[(5, 400)], Mark { open_end: true, ..Mark::default() }),
        ];
        let out = chronology(&bars, &[Tick { day: 0, label: "2025".into() }], "dates");
        assert_eq!(out.matches("<a href=\"/article/abcd:1-2\">").count(), 4);
        assert!(out.contains("class=\"bar quad1 hollow approximate\""), "{out}");
        // A day alone and two candidates are points, the second tied by a line.
        assert_eq!(out.matches("<circle").count(), 3);
        assert_eq!(out.matches("class=\"candidates\"").count(), 1);
        assert_eq!(out.matches("class=\"open\"").count(), 1);
    }

    #[test]
    fn no_events_is_a_picture_too() {
        assert!(!chronology(&[], &[], "dates").contains("NaN"));
    }
}
