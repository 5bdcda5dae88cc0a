//! How do dates of feeds, pages and wires become EDTF?
//!
//! The clock of the place of writing is kept, with its offset where one is given: « mardi » is
//! counted from the day of the writer.

use jiff::fmt::rfc2822;

/// A date as some input writes it, in EDTF; `None` when it is no date.
///
/// Taken are ISO 8601 (also in its basic form, as NITF writes it) and RFC 2822.
pub(crate) fn edtf(written: &str) -> Option<String> {
    let written = written.trim();
    iso(written).or_else(|| basic(written)).or_else(|| mail(written))
}

/// `2025-02-18T13:05:00.123+01:00`, `2025-02-18 13:05`, `2025-02-18`, `2025-02`, `2025`.
fn iso(written: &str) -> Option<String> {
    let day_ends = written.find(['T', 't', ' ']).unwrap_or(written.len());
    let (day, rest) = written.split_at(day_ends);
    if !is_day(day) {
        return None;
    }
    let rest = rest.get(1..).unwrap_or("").trim();
    if rest.is_empty() || day.len() < 10 {
        return Some(day.to_owned());
    }
    let zone_at = rest.find(['Z', 'z', '+', '-', ' ']).unwrap_or(rest.len());
    let (clock, zone) = rest.split_at(zone_at);
    let clock = clock.split(['.', ',']).next().unwrap_or(clock);
    let Some(clock) = full_clock(clock) else { return Some(day.to_owned()) };
    Some(format!("{day}T{clock}{}", offset(zone.trim())))
}

/// `20250218T130500+0100`, `20250218T130500Z`, `20250218`.
fn basic(written: &str) -> Option<String> {
    let digits = |from: usize, to: usize| {
        let part = written.get(from..to)?;
        part.bytes().all(|b| b.is_ascii_digit()).then_some(part)
    };
    let day = format!("{}-{}-{}", digits(0, 4)?, digits(4, 6)?, digits(6, 8)?);
    if !is_day(&day) {
        return None;
    }
    let rest = written.get(8..).unwrap_or("");
    if rest.is_empty() {
        return Some(day);
    }
    if !rest.starts_with('T') {
        return None;
    }
    let (hour, minute) = (digits(9, 11)?, digits(11, 13)?);
    let second = digits(13, 15).unwrap_or("00");
    let clock = full_clock(&format!("{hour}:{minute}:{second}"))?;
    let zone = rest.find(['Z', '+', '-']).map_or("", |at| &rest[at..]);
    Some(format!("{day}T{clock}{}", offset(zone)))
}

/// `Tue, 18 Feb 2025 13:05:00 +0100`.
fn mail(written: &str) -> Option<String> {
    let parser = rfc2822::DateTimeParser::new().relaxed_weekday(true);
    let zoned = parser.parse_zoned(written).ok()?;
    let clock = zoned.datetime().strftime("%Y-%m-%dT%H:%M:%S").to_string();
    Some(format!("{clock}{}", offset(&zoned.strftime("%:z").to_string())))
}

/// Whether it is a day, month or year that there is.
fn is_day(written: &str) -> bool {
    let shape = match written.len() {
        4 => format!("{written}-01-01"),
        7 => format!("{written}-01"),
        10 => written.to_owned(),
        _ => return false,
    };
    shape.parse::<jiff::civil::Date>().is_ok()
}

/// A clock with hours and minutes, and seconds where they are said.
fn full_clock(clock: &str) -> Option<String> {
    let whole = if clock.len() == 5 { format!("{clock}:00") } else { clock.to_owned() };
    whole.parse::<jiff::civil::Time>().ok().filter(|_| clock.len() >= 5)?;
    Some(clock.get(..8.min(clock.len()))?.to_owned())
}

/// An offset as EDTF has it: `Z`, `+01:00`, or nothing.
fn offset(zone: &str) -> String {
    let digits: String = zone.chars().filter(char::is_ascii_digit).collect();
    match (zone.chars().next(), digits.len()) {
        (Some('Z' | 'z'), _) => "Z".into(),
        (Some('+'), 4) if digits == "0000" => "Z".into(),
        (Some(sign @ ('+' | '-')), 4) => {
            format!("{sign}{}:{}", &digits[..2], &digits[2..])
        }
        (Some(sign @ ('+' | '-')), 2) => format!("{sign}{digits}:00"),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::edtf;

    #[test]
    fn dates_keep_the_clock_of_the_writer() {
        let check = |written: &str, expected: Option<&str>| {
            assert_eq!(edtf(written).as_deref(), expected, "{written}");
        };
        check("2025-02-18", Some("2025-02-18"));
        check("2025-02", Some("2025-02"));
        check(" 2025-02-18T13:05:00.123+01:00 ", Some("2025-02-18T13:05:00+01:00"));
        check("2025-02-18T13:05Z", Some("2025-02-18T13:05Z"));
        check("2025-02-18 13:05:09 +0100", Some("2025-02-18T13:05:09+01:00"));
        check("20250218T003000+0100", Some("2025-02-18T00:30:00+01:00"));
        check("20250218", Some("2025-02-18"));
        check("Tue, 18 Feb 2025 00:30:00 +0100", Some("2025-02-18T00:30:00+01:00"));
        check("Tue, 18 Feb 2025 13:05:00 GMT", Some("2025-02-18T13:05:00Z"));
        check("2025-02-30", None);
        check("hier", None);
        check("", None);
    }
}
