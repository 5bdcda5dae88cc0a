//! Who deals with whom? Actors on a ring, lines between them.
//!
//! A ring has room for every name and looks the same each time; those who deal with each other
//! stand near, by a few rounds of moving each one to the mean of its neighbours.

use std::f64::consts::TAU;

use super::svg::{Role, Svg, cut, short};

/// An actor.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    /// Its name.
    pub(crate) name: String,
    /// Where it leads.
    pub(crate) href: String,
}

/// What a line tells of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Tone {
    /// Working together.
    Cooperation,
    /// Against each other.
    Conflict,
    /// The one speaks of the other.
    Speech,
}

impl Tone {
    /// Its name in classes, labels and data.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Tone::Cooperation => "cooperation",
            Tone::Conflict => "conflict",
            Tone::Speech => "speech",
        }
    }
}

/// A line from one actor to another, by their places in the list.
#[derive(Clone, Debug)]
pub(crate) struct Edge {
    /// Who.
    pub(crate) from: usize,
    /// Whom.
    pub(crate) to: usize,
    /// How.
    pub(crate) tone: Tone,
    /// How often.
    pub(crate) count: u64,
    /// What is read when it is pointed at.
    pub(crate) title: String,
    /// Where it leads.
    pub(crate) href: String,
}

const WIDTH: f64 = 900.0;
const HEIGHT: f64 = 640.0;
const ROUNDS: usize = 24;

/// The ring of actors and the lines between them.
pub(crate) fn network(nodes: &[Node], edges: &[Edge], name: &str) -> String {
    let mut svg = Svg::new((0.0, 0.0, WIDTH, HEIGHT), "network", Role::Links, name);
    arrowheads(&mut svg);
    let places = places(nodes.len(), edges);
    let most = edges.iter().map(|e| e.count).max().unwrap_or(1).max(1) as f64;
    for edge in edges.iter().filter(|e| e.from < nodes.len() && e.to < nodes.len()) {
        line(&mut svg, edge, places[edge.from].1, places[edge.to].1, most);
    }
    for (node, (angle, at)) in nodes.iter().zip(&places) {
        let degree = edges.iter().filter(|e| touches(e, node, nodes)).count();
        knot(&mut svg, node, *angle, *at, degree);
    }
    svg.end()
}

fn touches(edge: &Edge, node: &Node, nodes: &[Node]) -> bool {
    let is = |n: usize| nodes.get(n).is_some_and(|other| std::ptr::eq(other, node));
    is(edge.from) || is(edge.to)
}

fn arrowheads(svg: &mut Svg) {
    svg.open("defs", &[]);
    for tone in [Tone::Cooperation, Tone::Conflict, Tone::Speech] {
        let id = format!("arrow-{}", tone.name());
        svg.open(
            "marker",
            &[
                ("id", &id),
                ("viewBox", &"0 0 8 8"),
                ("refX", &7),
                ("refY", &4),
                ("markerWidth", &9),
                ("markerHeight", &9),
                ("markerUnits", &"userSpaceOnUse"),
                ("orient", &"auto"),
            ],
        );
        svg.leaf("path", &[("class", &tone.name()), ("d", &"M0 0L8 4L0 8Z")]);
        svg.close();
    }
    svg.close();
}

/// The angle and the point of each actor.
fn places(count: usize, edges: &[Edge]) -> Vec<(f64, (f64, f64))> {
    let mut places = vec![(0.0, (0.0, 0.0)); count];
    for (slot, node) in ring(count, edges).into_iter().enumerate() {
        let angle = TAU * (slot as f64 + 0.5) / count as f64 - TAU / 4.0;
        let at = (WIDTH / 2.0 + 235.0 * angle.cos(), HEIGHT / 2.0 + 275.0 * angle.sin());
        places[node] = (angle, at);
    }
    places
}

/// The actors in the order in which they stand on the ring.
fn ring(count: usize, edges: &[Edge]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    for _ in 0..ROUNDS {
        let mut slot = vec![0; count];
        for (at, node) in order.iter().enumerate() {
            slot[*node] = at;
        }
        let wish = |node: usize| {
            let (mut x, mut y) = (0.0, 0.0);
            let mut pull = |other: usize, weight: f64| {
                let angle = TAU * slot[other] as f64 / count as f64;
                (x, y) = (x + weight * angle.cos(), y + weight * angle.sin());
            };
            // Oneself counts too: else two who only know each other change places forever.
            pull(node, 1.0);
            for edge in edges.iter().filter(|e| e.from < count && e.to < count) {
                if edge.from == node {
                    pull(edge.to, (edge.count as f64).sqrt());
                } else if edge.to == node {
                    pull(edge.from, (edge.count as f64).sqrt());
                }
            }
            ((y.atan2(x) / TAU).rem_euclid(1.0) * 1e6).round() as i64
        };
        let mut wished: Vec<(i64, usize, usize)> =
            order.iter().enumerate().map(|(at, node)| (wish(*node), at, *node)).collect();
        wished.sort_unstable();
        let next: Vec<usize> = wished.into_iter().map(|(_, _, node)| node).collect();
        if next == order {
            break;
        }
        order = next;
    }
    order
}

fn line(svg: &mut Svg, edge: &Edge, from: (f64, f64), to: (f64, f64), most: f64) {
    let middle = (WIDTH / 2.0, HEIGHT / 2.0);
    // Bent towards the middle, to the other side of it on the way back: both ways are seen.
    let apart = 14.0 + 22.0 * f64::from(edge.tone as u8);
    let side = if edge.from < edge.to { apart } else { -apart };
    let bend = |a: f64, b: f64, m: f64| (a + b) / 4.0 + m / 2.0;
    let bent = (bend(from.0, to.0, middle.0) + side, bend(from.1, to.1, middle.1) + side);
    let length = ((to.0 - bent.0).powi(2) + (to.1 - bent.1).powi(2)).sqrt().max(1.0);
    let near = |t: f64, b: f64| t - (t - b) * 9.0 / length;
    let path = format!(
        "M{} {}Q{} {} {} {}",
        short(from.0),
        short(from.1),
        short(bent.0),
        short(bent.1),
        short(near(to.0, bent.0)),
        short(near(to.1, bent.1))
    );
    svg.open("a", &[("href", &edge.href)]);
    svg.text("title", &[], &edge.title);
    let width = 1.0 + 4.0 * (edge.count as f64 / most).sqrt();
    svg.leaf(
        "path",
        &[
            ("class", &format!("edge {}", edge.tone.name())),
            ("d", &path),
            ("stroke-width", &short(width)),
            ("marker-end", &format!("url(#arrow-{})", edge.tone.name())),
        ],
    );
    svg.close();
}

fn knot(svg: &mut Svg, node: &Node, angle: f64, at: (f64, f64), degree: usize) {
    svg.open("a", &[("href", &node.href)]);
    svg.text("title", &[], &node.name);
    let radius = 4.0 + (degree as f64).sqrt() * 1.5;
    svg.leaf(
        "circle",
        &[("cx", &short(at.0)), ("cy", &short(at.1)), ("r", &short(radius))],
    );
    let right = angle.cos() >= 0.0;
    let x = if right { at.0 + radius + 5.0 } else { at.0 - radius - 5.0 };
    let class = if right { "label" } else { "label end" };
    svg.text(
        "text",
        &[("x", &short(x)), ("y", &short(at.1 + 4.5)), ("class", &class)],
        &cut(&node.name, 28),
    );
    svg.close();
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edge(from: usize, to: usize) -> Edge {
        Edge {
            from,
            to,
            tone: Tone::Conflict,
            count: 1,
            title: "t".into(),
            href: "/e".into(),
        }
    }

    #[test]
    fn those_who_deal_with_each_other_stand_near() {
        let edges = [edge(0, 3), edge(3, 0), edge(1, 4), edge(2, 5)];
        let order = ring(6, &edges);
        let at = |n: usize| order.iter().position(|o| *o == n).expect("all are there");
        let far = |a: usize, b: usize| {
            let d = at(a).abs_diff(at(b));
            d.min(6 - d)
        };
        assert!(far(0, 3) + far(1, 4) + far(2, 5) <= 5, "{order:?}");
        assert_eq!(order, ring(6, &edges));
    }

    #[test]
    fn a_line_has_a_way_and_a_tone() {
        let node = |name: &str| Node { name: name.into(), href: "/actor/x".into() };
        let out = network(&[node("A"), node("B")], &[edge(0, 1), edge(7, 1)], "qui");
        assert_eq!(out.matches("class=\"edge conflict\"").count(), 1);
        assert!(out.contains("marker-end=\"url(#arrow-conflict)\""), "{out}");
        assert!(!network(&[], &[], "qui").contains("NaN"));
    }
}
