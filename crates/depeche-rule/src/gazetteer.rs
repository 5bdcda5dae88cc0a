//! Which cities are called so? A sorted table of names that is read where it lies.
//!
//! A world has more cities than a language has words, so they are no word class: the table
//! stays bytes, nothing of it is parsed at start, and a name is found by halving. It knows
//! names and facts; whether a word of a text is a city at all is the affair of who asks.

use std::ops::Range;

use depeche_text::fold_plain;

/// A city, as GeoNames knows it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct City<'a> {
    /// Its GeoNames id.
    pub geonames: u32,
    /// ISO 3166-1 alpha-3.
    pub country: &'a str,
    /// Degrees north, to a hundredth.
    pub lat: f64,
    /// Degrees east, to a hundredth.
    pub lon: f64,
    /// Inhabitants, in thousands.
    pub thousands: u32,
    /// Whether it is the capital of its country.
    pub capital: bool,
}

/// The cities of the world by their names, over bytes that [`Gazetteer::pack`] wrote.
///
/// The bytes are, in this order: a head of four counts; countries of three letters; cities of
/// 12 bytes, by their ids; names of 6 bytes (where the name starts among the letters, and its
/// city), by their letters; the letters.
#[derive(Clone, Copy, Debug, Default)]
pub struct Gazetteer<'a> {
    bytes: &'a [u8],
    countries: &'a [u8],
    cities: &'a [u8],
    names: &'a [u8],
    letters: &'a [u8],
}

const HEAD: usize = 16;
const CITY: usize = 12;
const NAME: usize = 6;
/// No name has more words than this.
pub const LONGEST_CITY: usize = 6;

impl<'a> Gazetteer<'a> {
    /// The table that these bytes are; empty when they are none.
    pub fn from_bytes(bytes: &'a [u8]) -> Gazetteer<'a> {
        Gazetteer::cut(bytes).unwrap_or_default()
    }

    fn cut(bytes: &'a [u8]) -> Option<Gazetteer<'a>> {
        let count = |n: usize| {
            let four = bytes.get(n * 4..n * 4 + 4)?;
            Some(u32::from_le_bytes(four.try_into().ok()?) as usize)
        };
        let sizes = [count(0)? * 3, count(1)? * CITY, count(2)? * NAME, count(3)?];
        let mut at = HEAD;
        let mut part = |size: usize| {
            let part = bytes.get(at..at + size);
            at += size;
            part
        };
        Some(Gazetteer {
            bytes,
            countries: part(sizes[0])?,
            cities: part(sizes[1])?,
            names: part(sizes[2])?,
            letters: part(sizes[3])?,
        })
    }

    /// The bytes that it lies in.
    pub fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// Packs the rows of `cities.tsv`: id, country, latitude, longitude, inhabitants, `C` for a
    /// capital, name, other names between `|`. Lines that begin with `#` are notes.
    ///
    /// # Errors
    ///
    /// The line that is no such row, and why.
    pub fn pack(tsv: &str) -> Result<Vec<u8>, String> {
        let mut rows = Vec::new();
        for (n, line) in tsv.lines().enumerate() {
            if !line.starts_with('#') && !line.is_empty() {
                let row = row(line);
                rows.push(row.ok_or_else(|| format!("line {}: {line}", n + 1))?);
            }
        }
        rows.sort_by_key(|r| r.geonames);
        let mut countries: Vec<&str> = rows.iter().map(|r| r.country).collect();
        countries.sort_unstable();
        countries.dedup();
        let mut cities = Vec::with_capacity(rows.len() * CITY);
        let mut names: Vec<(String, u32)> = Vec::new();
        for (n, row) in rows.iter().enumerate() {
            let country = countries.binary_search(&row.country).unwrap_or_default() as u8;
            cities.extend(row.geonames.to_le_bytes());
            cities.extend(((row.lat * 100.0).round() as i16).to_le_bytes());
            cities.extend(((row.lon * 100.0).round() as i16).to_le_bytes());
            let thousands = (row.people / 1000).min(u32::from(u16::MAX)) as u16;
            cities.extend(thousands.to_le_bytes());
            cities.extend([country, u8::from(row.capital)]);
            names.extend(row.names.iter().map(|name| (key(name), n as u32)));
        }
        names.sort_unstable();
        names.dedup();
        let mut letters = String::new();
        let mut places: Vec<u8> = Vec::with_capacity(names.len() * NAME);
        let mut last: Option<&str> = None;
        let mut start = 0;
        for (name, city) in &names {
            if last != Some(name) {
                start = letters.len();
                letters += name;
                letters.push('\n');
            }
            last = Some(name);
            places.extend(&(start as u32).to_le_bytes()[..3]);
            places.extend(&city.to_le_bytes()[..3]);
        }
        let counts = [countries.len(), rows.len(), names.len(), letters.len()];
        let head = counts.iter().flat_map(|&c| (c as u32).to_le_bytes());
        let mut bytes: Vec<u8> = head.collect();
        bytes.extend(countries.concat().as_bytes());
        bytes.extend(cities);
        bytes.extend(places);
        bytes.extend(letters.as_bytes());
        Ok(bytes)
    }

    /// The cities that go by a name, whatever its capitals, accents and hyphens.
    ///
    /// ```
    /// use depeche_rule::Gazetteer;
    ///
    /// let rows = "7\tESP\t39.47\t-0.38\t792492\t\tValencia\tValence\n\
    ///             9\tFRA\t44.93\t4.89\t63864\t\tValence\t\n";
    /// let bytes = Gazetteer::pack(rows)?;
    /// let gazetteer = Gazetteer::from_bytes(&bytes);
    /// let countries = gazetteer.named("VALENCE").map(|c| c.country);
    /// assert_eq!(countries.collect::<Vec<_>>(), ["ESP", "FRA"]);
    /// assert_eq!(gazetteer.named("valenc").count(), 0);
    /// assert_eq!(gazetteer.by_id(9).map(|c| c.thousands), Some(63));
    /// # Ok::<(), String>(())
    /// ```
    pub fn named(&self, name: &str) -> impl Iterator<Item = City<'a>> + use<'a> {
        let (table, wanted) = (*self, key(name));
        let wanted = wanted.as_bytes();
        let from = table.first_name(|have| have < wanted);
        let to = table.first_name(|have| have <= wanted);
        (from..to).filter_map(move |n| table.city(table.entry(n).1))
    }

    /// The city of a GeoNames id.
    pub fn by_id(&self, geonames: u32) -> Option<City<'a>> {
        let count = self.cities.len() / CITY;
        let at = halve(0..count, |n| {
            self.cities
                .get(n * CITY..)
                .and_then(|c| c.first_chunk())
                .is_some_and(|id| u32::from_le_bytes(*id) < geonames)
        });
        self.city(at).filter(|c| c.geonames == geonames)
    }

    /// The first name that does not come `before`.
    fn first_name(&self, before: impl Fn(&[u8]) -> bool) -> usize {
        let count = self.names.len() / NAME;
        halve(0..count, |n| before(self.spelling(self.entry(n).0)))
    }

    /// Where a name's letters start, and its city.
    fn entry(&self, n: usize) -> (usize, usize) {
        let three = |at: usize| {
            let bytes = self.names.get(at..at + 3).unwrap_or(&[0; 3]);
            u32::from_le_bytes([bytes[0], bytes[1], bytes[2], 0]) as usize
        };
        (three(n * NAME), three(n * NAME + 3))
    }

    fn spelling(&self, start: usize) -> &'a [u8] {
        let rest = self.letters.get(start..).unwrap_or_default();
        let end = rest.iter().position(|&b| b == b'\n').unwrap_or(rest.len());
        &rest[..end]
    }

    fn city(&self, n: usize) -> Option<City<'a>> {
        let c: &[u8; CITY] = self.cities.get(n * CITY..)?.first_chunk()?;
        let degrees =
            |at: usize| f64::from(i16::from_le_bytes([c[at], c[at + 1]])) / 100.0;
        let country = usize::from(c[10]) * 3;
        Some(City {
            geonames: u32::from_le_bytes([c[0], c[1], c[2], c[3]]),
            country: std::str::from_utf8(self.countries.get(country..country + 3)?)
                .ok()?,
            lat: degrees(4),
            lon: degrees(6),
            thousands: u32::from(u16::from_le_bytes([c[8], c[9]])),
            capital: c[11] == 1,
        })
    }
}

/// The first number of a range that is not `before` what is looked for.
fn halve(range: Range<usize>, before: impl Fn(usize) -> bool) -> usize {
    let Range { mut start, mut end } = range;
    while start < end {
        let middle = start + (end - start) / 2;
        if before(middle) { start = middle + 1 } else { end = middle }
    }
    start
}

/// What names are compared by: no capitals, accents or hyphens, and single blanks.
fn key(name: &str) -> String {
    let folded = fold_plain(name);
    let words = folded.split(|c: char| c == '-' || c.is_whitespace());
    words.filter(|w| !w.is_empty()).collect::<Vec<_>>().join(" ")
}

/// A row of the table of cities.
struct Row<'t> {
    geonames: u32,
    country: &'t str,
    lat: f64,
    lon: f64,
    people: u32,
    capital: bool,
    names: Vec<&'t str>,
}

fn row(line: &str) -> Option<Row<'_>> {
    let cells: Vec<&str> = line.split('\t').collect();
    let [geonames, country, lat, lon, people, capital, name, others] = cells[..] else {
        return None;
    };
    let others = others.split('|').filter(|o| !o.is_empty());
    Some(Row {
        geonames: geonames.parse().ok()?,
        country: Some(country).filter(|c| c.len() == 3 && c.is_ascii())?,
        lat: lat.parse().ok().filter(|d: &f64| d.abs() <= 90.0)?,
        lon: lon.parse().ok().filter(|d: &f64| d.abs() <= 180.0)?,
        people: people.parse().ok()?,
        capital: capital == "C",
        names: std::iter::once(name).chain(others).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_whatever_its_accents_and_hyphens() {
        let rows = "# note\n3\tFRA\t48.94\t2.36\t113000\t\tSaint-Denis\t\n\
                    1\tREU\t-20.88\t55.45\t137195\t\tSaint-Denis\t\n\
                    2\tSEN\t14.69\t-17.44\t2476400\tC\tDakar\tDacar|Ndakaaru\n";
        let bytes = Gazetteer::pack(rows).expect("rows are whole");
        let g = Gazetteer::from_bytes(&bytes);
        let ids = |name: &str| g.named(name).map(|c| c.geonames).collect::<Vec<_>>();
        assert_eq!(ids("saint  denis"), [1, 3]);
        assert_eq!(ids("Dàkar"), [2]);
        assert!(ids("Dak").is_empty() && ids("").is_empty());
        let dakar = g.by_id(2).expect("it is there");
        assert_eq!((dakar.country, dakar.capital, dakar.lat), ("SEN", true, 14.69));
        assert!(g.by_id(4).is_none());
    }

    #[test]
    fn odd_bytes_are_an_empty_table() {
        for bytes in [&b""[..], &[255; 40], &[1; 17]] {
            let g = Gazetteer::from_bytes(bytes);
            assert_eq!(g.named("Paris").count(), 0);
            assert!(g.by_id(1).is_none());
        }
    }

    #[test]
    fn a_broken_row_is_named() {
        let fault = Gazetteer::pack("1\tFRA\t95\t0\t1\t\tNulle\t").err();
        assert!(fault.is_some_and(|f| f.starts_with("line 1")));
    }
}
