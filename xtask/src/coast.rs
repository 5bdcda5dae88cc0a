//! `cargo xtask coast`: from Natural Earth to the coast lines of the map.
//!
//! The table is committed, so that nobody needs the source to build; this chore makes it anew.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};
use serde::Deserialize;

/// Rebuild the coast lines of the map from Natural Earth.
#[derive(clap::Args)]
pub(crate) struct Coast {
    /// `land-110m.json` of the npm package world-atlas (`npm pack world-atlas@2.0.2`)
    land: PathBuf,
    /// Where to write them
    #[arg(
        long,
        value_name = "FILE",
        default_value = "crates/depeche-web/data/coast.txt"
    )]
    out: PathBuf,
}

/// `TopoJSON`, as far as coast lines need it.
#[derive(Deserialize)]
struct Topology {
    transform: Transform,
    arcs: Vec<Vec<[i64; 2]>>,
}

#[derive(Deserialize)]
struct Transform {
    scale: [f64; 2],
    translate: [f64; 2],
}

const HEAD: &str = "\
# Coast lines of the world, 1:110,000,000. Source: Natural Earth 4.1.0 (public domain), land of the
# npm package world-atlas 2.0.2 (ISC). Made by `cargo xtask coast`.
# One line a coast: longitude and latitude in tenths of a degree, the first point as it is, each
# other one by its distance to the one before.
";

impl Coast {
    pub(crate) fn run(&self) -> Result<()> {
        let text = fs::read_to_string(&self.land)
            .with_context(|| format!("no {}", self.land.display()))?;
        let topology: Topology = serde_json::from_str(&text)?;
        let mut out = HEAD.to_owned();
        for arc in &topology.arcs {
            for line in lines(&topology.transform, arc) {
                out.push_str(&deltas(&line));
                out.push('\n');
            }
        }
        fs::write(&self.out, out)?;
        Ok(())
    }
}

/// An arc as lines of points in tenths of a degree. It is cut where it runs along the edge of
/// the map or over the pole: there is no coast.
fn lines(transform: &Transform, arc: &[[i64; 2]]) -> Vec<Vec<(i64, i64)>> {
    let (mut x, mut y) = (0, 0);
    let mut lines = vec![Vec::new()];
    let mut before: Option<(i64, i64)> = None;
    for [dx, dy] in arc {
        (x, y) = (x + dx, y + dy);
        let degree = |n: i64, axis: usize| {
            let degrees = n as f64 * transform.scale[axis] + transform.translate[axis];
            (degrees * 10.0).round() as i64
        };
        let point = (degree(x, 0), degree(y, 1));
        if before == Some(point) {
            continue;
        }
        let edge = |p: (i64, i64)| p.0.abs() >= 1799 || p.1 <= -899;
        if before.is_some_and(|b| edge(b) && edge(point)) {
            lines.push(Vec::new());
        }
        if let Some(line) = lines.last_mut() {
            line.push(point);
        }
        before = Some(point);
    }
    lines.retain(|line| line.len() > 1);
    lines
}

fn deltas(line: &[(i64, i64)]) -> String {
    let mut before = (0, 0);
    let mut out = Vec::new();
    for (lon, lat) in line {
        out.push((lon - before.0).to_string());
        out.push((lat - before.1).to_string());
        before = (*lon, *lat);
    }
    out.join(" ")
}
