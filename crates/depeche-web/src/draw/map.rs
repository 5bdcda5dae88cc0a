//! Where? Points over the coast lines of the world.
//!
//! No border is drawn and no country shaded: whose a place is, is not for a map to say. The
//! coast lines are Natural Earth's (`data/coast.txt` names source and licence).

use super::svg::{Role, Svg, cut, short};

/// A place.
#[derive(Clone, Debug)]
pub(crate) struct Point {
    /// Degrees north.
    pub(crate) lat: f64,
    /// Degrees east.
    pub(crate) lon: f64,
    /// How much happened there.
    pub(crate) count: u64,
    /// Its name.
    pub(crate) name: String,
    /// What is read when it is pointed at.
    pub(crate) title: String,
    /// Where it leads.
    pub(crate) href: String,
}

/// One line a coast: degrees times ten, the first point as it is, each other one by its
/// distance to the one before.
const COAST: &str = include_str!("../../data/coast.txt");

/// Pixels of the picture across.
const WIDTH: f64 = 960.0;
/// A cut-out shows at least so many degrees across, so that one sees where it lies.
const LEAST: f64 = 80.0;
/// Names of the places where most happened are written out.
const NAMED: usize = 14;

/// The part of the world in which the points lie, with the points.
pub(crate) fn map(points: &[Point], name: &str) -> String {
    let frame = Frame::around(points);
    let (width, height) = (WIDTH, WIDTH * frame.tall() / frame.wide);
    let mut svg = Svg::new((0.0, 0.0, width, height), "map", Role::Links, name);
    svg.leaf("path", &[("class", &"coast"), ("d", &coast(&frame))]);
    let most = points.iter().map(|p| p.count).max().unwrap_or(1).max(1) as f64;
    // Small ones last: they lie above.
    let mut order: Vec<&Point> = points.iter().collect();
    order.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.name.cmp(&b.name)));
    let mut written: Vec<(f64, f64)> = Vec::new();
    for point in order {
        let (x, y) = frame.place(point.lon, point.lat);
        let radius = 4.0 + 10.0 * (point.count as f64 / most).sqrt();
        svg.open("a", &[("href", &point.href)]);
        svg.text("title", &[], &point.title);
        svg.leaf(
            "circle",
            &[("cx", &short(x)), ("cy", &short(y)), ("r", &short(radius))],
        );
        let free = |(a, b): &(f64, f64)| (a - x).abs() > 130.0 || (b - y).abs() > 16.0;
        if written.len() < NAMED && written.iter().all(free) {
            let right = x < width - 130.0;
            let at = if right { x + radius + 4.0 } else { x - radius - 4.0 };
            let class = if right { "label" } else { "label end" };
            let place: &[(&'static str, &dyn std::fmt::Display)] =
                &[("x", &short(at)), ("y", &short(y + 4.5)), ("class", &class)];
            svg.text("text", place, &cut(&point.name, 18));
            written.push((x, y));
        }
        svg.close();
    }
    svg.end()
}

/// A part of the world, in degrees.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Frame {
    west: f64,
    wide: f64,
    north: f64,
    south: f64,
}

impl Frame {
    fn around(points: &[Point]) -> Frame {
        let valid = || points.iter().filter(|p| p.lat.is_finite() && p.lon.is_finite());
        let (mut west, mut east) = (f64::INFINITY, f64::NEG_INFINITY);
        let (mut south, mut north) = (f64::INFINITY, f64::NEG_INFINITY);
        for p in valid() {
            (west, east) = (west.min(p.lon), east.max(p.lon));
            (south, north) = (south.min(p.lat), north.max(p.lat));
        }
        if west > east {
            return Frame { west: -180.0, wide: 360.0, north: 80.0, south: -60.0 };
        }
        let (middle, mean) = ((west + east) / 2.0, (south + north) / 2.0);
        let wide =
            ((east - west) * 1.25).max(LEAST).max((north - south) * 2.2).min(360.0);
        let tall = ((north - south) * 1.3).max(wide * 0.42).min(170.0);
        let west = (middle - wide / 2.0).clamp(-180.0, 180.0 - wide);
        let north = (mean + tall / 2.0).clamp(tall - 90.0, 90.0);
        Frame { west, wide, north, south: north - tall }
    }

    fn tall(&self) -> f64 {
        self.north - self.south
    }

    fn place(&self, lon: f64, lat: f64) -> (f64, f64) {
        let scale = WIDTH / self.wide;
        ((lon - self.west) * scale, (self.north - lat) * scale)
    }

    fn holds(&self, lon: f64, lat: f64) -> bool {
        let margin = self.wide * 0.1;
        (self.west - margin..=self.west + self.wide + margin).contains(&lon)
            && (self.south - margin..=self.north + margin).contains(&lat)
    }
}

/// The coast lines in a frame, as a path; what lies outside is left out.
fn coast(frame: &Frame) -> String {
    let mut path = String::new();
    for line in COAST.lines().filter(|l| !l.starts_with('#')) {
        let mut numbers = line.split(' ').map(|n| n.parse::<i32>().unwrap_or(0));
        let (mut lon, mut lat) = (0, 0);
        let mut before: Option<(f64, f64, bool)> = None;
        let mut drawn = false;
        while let (Some(east), Some(north)) = (numbers.next(), numbers.next()) {
            (lon, lat) = (lon + east, lat + north);
            let (x, y) = frame.place(f64::from(lon) / 10.0, f64::from(lat) / 10.0);
            let inside = frame.holds(f64::from(lon) / 10.0, f64::from(lat) / 10.0);
            if let Some((a, b, was_inside)) = before {
                if inside || was_inside {
                    if !drawn {
                        path.push_str(&format!("M{} {}", short(a), short(b)));
                    }
                    path.push_str(&format!("L{} {}", short(x), short(y)));
                    drawn = true;
                } else {
                    drawn = false;
                }
            }
            before = Some((x, y, inside));
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(lon: f64, lat: f64) -> Point {
        Point {
            lat,
            lon,
            count: 1,
            name: "x".into(),
            title: "x".into(),
            href: "/x".into(),
        }
    }

    #[test]
    fn a_frame_holds_its_points() {
        for points in [
            vec![point(2.3, 48.9)],
            vec![point(2.3, 48.9), point(30.5, 50.4)],
            vec![point(-179.0, 60.0), point(179.0, -40.0)],
            vec![point(30.0, 89.0)],
            vec![],
        ] {
            let frame = Frame::around(&points);
            assert!(frame.wide >= LEAST && frame.tall() > 0.0, "{frame:?}");
            assert!(frame.north <= 90.0 && frame.south >= -90.0, "{frame:?}");
            for p in &points {
                assert!(frame.holds(p.lon, p.lat), "{frame:?}");
            }
        }
    }

    #[test]
    fn coasts_are_lines_and_stand_where_they_are() {
        let world = Frame { west: -180.0, wide: 360.0, north: 90.0, south: -90.0 };
        let path = coast(&world);
        assert!(path.len() > 20_000 && path.len() < 120_000, "{}", path.len());
        assert!(!path.contains('Z'), "nothing is filled");
        // In the middle of an ocean there is nothing to draw.
        let ocean = Frame { west: -130.0, wide: 2.0, north: -30.0, south: -31.0 };
        assert!(coast(&ocean).is_empty());
    }
}
