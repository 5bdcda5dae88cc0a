//! How much in which month? Bars, a stack a month.

use super::svg::{Role, Svg, short};

/// What one month holds.
pub(crate) struct Month {
    /// Its name, in full, with what it counts: read when it is pointed at.
    pub(crate) label: String,
    /// What stands below its bar; most months have nothing there.
    pub(crate) tick: Option<String>,
    /// How much of each sort, from below.
    pub(crate) counts: Vec<u64>,
}

const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 150.0;
const BELOW: f64 = 20.0;
const LEFT: f64 = 34.0;
const WIDEST: f64 = 26.0;

/// The bars of months in order; sorts have the classes `sort0`, `sort1`, …
pub(crate) fn months(months: &[Month], name: &str) -> String {
    let mut svg = Svg::new((0.0, 0.0, WIDTH, HEIGHT), "months", Role::Image, name);
    let most = months.iter().map(|m| m.counts.iter().sum()).max().unwrap_or(0_u64).max(1);
    let room = HEIGHT - BELOW - 10.0;
    let scale = room / most as f64;
    let base = HEIGHT - BELOW;
    svg.leaf("path", &[("class", &"axis"), ("d", &format!("M{LEFT} {base}H{WIDTH}"))]);
    let at = &[("x", &(LEFT - 6.0) as _), ("y", &15 as _), ("class", &"end" as _)];
    svg.text("text", at, &most.to_string());
    let step = ((WIDTH - LEFT) / months.len().max(1) as f64).min(WIDEST);
    for (n, month) in months.iter().enumerate() {
        let x = LEFT + step * n as f64;
        svg.open("g", &[]);
        svg.text("title", &[], &month.label);
        let mut top = base;
        for (sort, count) in month.counts.iter().enumerate().filter(|(_, c)| **c > 0) {
            let height = *count as f64 * scale;
            top -= height;
            svg.leaf(
                "rect",
                &[
                    ("class", &format!("sort{sort}")),
                    ("x", &short(x + 1.0)),
                    ("y", &short(top)),
                    ("width", &short((step - 2.0).max(1.0))),
                    ("height", &short(height)),
                ],
            );
        }
        svg.close();
        if let Some(tick) = &month.tick {
            svg.text("text", &[("x", &short(x)), ("y", &(HEIGHT - 5.0))], tick);
        }
    }
    svg.end()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_is_a_stack() {
        let month = |counts: &[u64]| Month {
            label: "mars".into(),
            tick: None,
            counts: counts.to_vec(),
        };
        let out = months(&[month(&[3, 1]), month(&[0, 0]), month(&[0, 2])], "par mois");
        assert_eq!(out.matches("class=\"sort0\"").count(), 1);
        assert_eq!(out.matches("class=\"sort1\"").count(), 2);
        // The highest stack has all the room: 30 a piece.
        assert!(out.contains("y=\"40\" width=\"24\" height=\"90\""), "{out}");
        assert!(!months(&[], "none").contains("NaN"));
    }
}
