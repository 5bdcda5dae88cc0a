//! How is plain data written in few bytes? Lists of objects as columns, numbers in as many bytes
//! as they need, words that come back once.
//!
//! A list of objects becomes one list for each of their fields, a list of lists their lengths
//! and all that is in them; so like stands beside like, and the compressor that comes after finds
//! it. The form names its fields: data with fields more or fewer is read all the same.

use serde_json::{Map, Number, Value};

use crate::error::{Error, Result};

/// What comes next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
enum Tag {
    Null,
    False,
    True,
    Integer,
    Text,
    List,
    Object,
    /// As JSON: what has no shorter form.
    Json,
    // What follows is what a list may be.
    Plain,
    Integers,
    Hundredths,
    Texts,
    Ids,
    Some,
    Table,
    Lists,
}

const TAGS: [Tag; 16] = [
    Tag::Null,
    Tag::False,
    Tag::True,
    Tag::Integer,
    Tag::Text,
    Tag::List,
    Tag::Object,
    Tag::Json,
    Tag::Plain,
    Tag::Integers,
    Tag::Hundredths,
    Tag::Texts,
    Tag::Ids,
    Tag::Some,
    Tag::Table,
    Tag::Lists,
];

/// Deeper data is refused when it is read: a damaged frame may claim anything.
const DEEPEST: usize = 64;

/// Plain data in few bytes.
pub(crate) fn encode(value: &Value) -> Vec<u8> {
    let mut out = Vec::with_capacity(1024);
    put_value(&mut out, value);
    out
}

fn put_number(out: &mut Vec<u8>, mut n: u64) {
    while n >= 128 {
        out.push(n as u8 | 128);
        n >>= 7;
    }
    out.push(n as u8);
}

fn put_signed(out: &mut Vec<u8>, n: i64) {
    put_number(out, ((n << 1) ^ (n >> 63)) as u64);
}

fn put_text(out: &mut Vec<u8>, text: &str) {
    put_number(out, text.len() as u64);
    out.extend_from_slice(text.as_bytes());
}

fn put_value(out: &mut Vec<u8>, value: &Value) {
    match value {
        Value::Null => out.push(Tag::Null as u8),
        Value::Bool(true) => out.push(Tag::True as u8),
        Value::Bool(false) => out.push(Tag::False as u8),
        Value::Number(n) => match n.as_i64() {
            Some(n) => {
                out.push(Tag::Integer as u8);
                put_signed(out, n);
            }
            None => {
                out.push(Tag::Json as u8);
                put_text(out, &n.to_string());
            }
        },
        Value::String(text) => {
            out.push(Tag::Text as u8);
            put_text(out, text);
        }
        Value::Array(list) => {
            out.push(Tag::List as u8);
            put_number(out, list.len() as u64);
            put_list(out, &list.iter().collect::<Vec<_>>());
        }
        Value::Object(object) => {
            out.push(Tag::Object as u8);
            put_number(out, object.len() as u64);
            for (name, value) in object {
                put_text(out, name);
                put_value(out, value);
            }
        }
    }
}

/// Writes a list whose length is known to who reads it.
fn put_list(out: &mut Vec<u8>, list: &[&Value]) {
    if list.is_empty() {
        return;
    }
    if list.iter().any(|v| v.is_null()) {
        out.push(Tag::Some as u8);
        for eight in list.chunks(8) {
            let bit = |(n, v): (usize, &&Value)| u8::from(!v.is_null()) << n;
            out.push(eight.iter().enumerate().map(bit).sum());
        }
        let there: Vec<&Value> = list.iter().copied().filter(|v| !v.is_null()).collect();
        put_list(out, &there);
    } else if let Some(numbers) = all(list, Value::as_i64) {
        out.push(Tag::Integers as u8);
        numbers.into_iter().for_each(|n| put_signed(out, n));
    } else if let Some(numbers) = all(list, hundredths) {
        out.push(Tag::Hundredths as u8);
        numbers.into_iter().for_each(|n| put_signed(out, n));
    } else if let Some(texts) = all(list, Value::as_str) {
        put_texts(out, &texts);
    } else if let Some(objects) = all(list, Value::as_object) {
        put_table(out, &objects);
    } else if let Some(lists) = all(list, Value::as_array) {
        out.push(Tag::Lists as u8);
        lists.iter().for_each(|l| put_number(out, l.len() as u64));
        let flat: Vec<&Value> = lists.into_iter().flatten().collect();
        put_number(out, flat.len() as u64);
        put_list(out, &flat);
    } else {
        out.push(Tag::Plain as u8);
        list.iter().for_each(|v| put_value(out, v));
    }
}

fn all<'v, T>(list: &[&'v Value], of: impl Fn(&'v Value) -> Option<T>) -> Option<Vec<T>> {
    list.iter().map(|v| of(v)).collect()
}

/// A number of at most two places after the point, a hundred times as large.
fn hundredths(value: &Value) -> Option<i64> {
    let n = value.as_f64()?;
    let scaled = (n * 100.0).round();
    (scaled.abs() < 1e9 && scaled / 100.0 == n && value.is_f64()).then_some(scaled as i64)
}

/// The letter and the number of an id such as `a12`.
fn id(text: &str) -> Option<(u8, u64)> {
    let letter = *text.as_bytes().first().filter(|b| b.is_ascii_lowercase())?;
    let number: u64 = text.get(1..)?.parse().ok()?;
    (number.to_string() == text[1..]).then_some((letter, number))
}

fn put_texts(out: &mut Vec<u8>, texts: &[&str]) {
    let ids: Option<Vec<(u8, u64)>> = texts.iter().map(|t| id(t)).collect();
    if let Some(ids) = ids
        && ids.iter().all(|(letter, _)| *letter == ids[0].0)
    {
        out.push(Tag::Ids as u8);
        out.push(ids[0].0);
        ids.into_iter().for_each(|(_, number)| put_number(out, number));
        return;
    }
    out.push(Tag::Texts as u8);
    let mut known: rustc_hash::FxHashMap<&str, u64> = rustc_hash::FxHashMap::default();
    // Its number, or, where it comes first, the next number and the text itself.
    for text in texts {
        let next = known.len() as u64;
        let number = *known.entry(text).or_insert(next);
        put_number(out, number);
        if number == next {
            put_text(out, text);
        }
    }
}

fn put_table(out: &mut Vec<u8>, objects: &[&Map<String, Value>]) {
    out.push(Tag::Table as u8);
    let mut names: Vec<&str> = Vec::new();
    for object in objects {
        // Fields lie in order, and most objects of a list have the same ones.
        if !names.iter().copied().eq(object.keys().map(String::as_str)) {
            names.extend(object.keys().map(String::as_str));
            names.sort_unstable();
            names.dedup();
        }
    }
    let mut columns = vec![Vec::with_capacity(objects.len()); names.len()];
    for object in objects {
        let mut fields = object.iter().peekable();
        for (name, column) in names.iter().zip(&mut columns) {
            let field = fields.next_if(|(own, _)| own == name);
            column.push(field.map_or(&Value::Null, |(_, value)| value));
        }
    }
    put_number(out, names.len() as u64);
    for (name, column) in names.iter().zip(columns) {
        put_text(out, name);
        put_list(out, &column);
    }
}

/// Numbers in order, as what lies between them.
pub(crate) fn steps(numbers: &[i64]) -> Vec<u8> {
    let mut out = Vec::with_capacity(numbers.len() * 3);
    let mut last = 0;
    for number in numbers {
        put_signed(&mut out, number - last);
        last = *number;
    }
    out
}

/// What [`steps`] was given.
pub(crate) fn of_steps(bytes: &[u8]) -> Result<Vec<i64>> {
    let mut reader = Reader { bytes };
    let mut numbers = Vec::new();
    let mut last = 0_i64;
    while !reader.bytes.is_empty() {
        last = last.wrapping_add(reader.signed()?);
        numbers.push(last);
    }
    Ok(numbers)
}

/// What [`encode`] was given; a field of an object that is null is not there.
pub(crate) fn decode(bytes: &[u8]) -> Result<Value> {
    let mut reader = Reader { bytes };
    let value = reader.value(DEEPEST)?;
    match reader.bytes {
        [] => Ok(value),
        _ => Err(fault()),
    }
}

fn fault() -> Error {
    Error::damaged("a record cannot be read: its frame holds something else")
}

struct Reader<'b> {
    bytes: &'b [u8],
}

impl<'b> Reader<'b> {
    fn byte(&mut self) -> Result<u8> {
        let (first, rest) = self.bytes.split_first().ok_or_else(fault)?;
        self.bytes = rest;
        Ok(*first)
    }

    fn take(&mut self, length: usize) -> Result<&'b [u8]> {
        let taken = self.bytes.get(..length).ok_or_else(fault)?;
        self.bytes = &self.bytes[length..];
        Ok(taken)
    }

    fn tag(&mut self) -> Result<Tag> {
        TAGS.get(usize::from(self.byte()?)).copied().ok_or_else(fault)
    }

    fn number(&mut self) -> Result<u64> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 127) << shift;
            if byte < 128 {
                return Ok(number);
            }
        }
        Err(fault())
    }

    fn signed(&mut self) -> Result<i64> {
        let n = self.number()?;
        Ok((n >> 1) as i64 ^ -((n & 1) as i64))
    }

    /// A length of something of which each part takes an eighth of a byte at least.
    fn length(&mut self) -> Result<usize> {
        let length = usize::try_from(self.number()?).map_err(|_| fault())?;
        (length / 8 <= self.bytes.len()).then_some(length).ok_or_else(fault)
    }

    fn text(&mut self) -> Result<String> {
        let length = self.length()?;
        let bytes = self.take(length)?;
        Ok(std::str::from_utf8(bytes).map_err(|_| fault())?.to_owned())
    }

    fn value(&mut self, deep: usize) -> Result<Value> {
        let deep = deep.checked_sub(1).ok_or_else(fault)?;
        Ok(match self.tag()? {
            Tag::Null => Value::Null,
            Tag::False => Value::Bool(false),
            Tag::True => Value::Bool(true),
            Tag::Integer => self.signed()?.into(),
            Tag::Text => Value::String(self.text()?),
            Tag::Json => serde_json::from_str(&self.text()?).map_err(|_| fault())?,
            Tag::List => {
                let length = self.length()?;
                Value::Array(self.list(length, deep)?)
            }
            Tag::Object => {
                let fields = self.length()?;
                let mut object = Map::new();
                for _ in 0..fields {
                    object.insert(self.text()?, self.value(deep)?);
                }
                Value::Object(object)
            }
            _ => return Err(fault()),
        })
    }

    fn list(&mut self, length: usize, deep: usize) -> Result<Vec<Value>> {
        if length == 0 {
            return Ok(Vec::new());
        }
        let deep = deep.checked_sub(1).ok_or_else(fault)?;
        let each = 0..length;
        match self.tag()? {
            Tag::Plain => each.map(|_| self.value(deep)).collect(),
            Tag::Integers => each.map(|_| Ok(self.signed()?.into())).collect(),
            Tag::Hundredths => each
                .map(|_| {
                    let number = Number::from_f64(self.signed()? as f64 / 100.0);
                    Ok(Value::Number(number.ok_or_else(fault)?))
                })
                .collect(),
            Tag::Ids => {
                let letter = char::from(self.byte()?);
                each.map(|_| Ok(format!("{letter}{}", self.number()?).into())).collect()
            }
            Tag::Texts => self.texts(length),
            Tag::Some => {
                let bits = self.take(length.div_ceil(8))?;
                let there = |n: &usize| bits[n / 8] >> (n % 8) & 1 == 1;
                let count = each.clone().filter(there).count();
                let mut some = self.list(count, deep)?.into_iter();
                let value = |n| if there(&n) { some.next() } else { None };
                Ok(each.map(value).map(Option::unwrap_or_default).collect())
            }
            Tag::Table => {
                let mut objects = vec![Map::new(); self.enough(length)?];
                for _ in 0..self.length()? {
                    let name = self.text()?;
                    for (object, value) in
                        objects.iter_mut().zip(self.list(length, deep)?)
                    {
                        if !value.is_null() {
                            object.insert(name.clone(), value);
                        }
                    }
                }
                Ok(objects.into_iter().map(Value::Object).collect())
            }
            Tag::Lists => {
                let lengths =
                    each.map(|_| self.length()).collect::<Result<Vec<usize>>>()?;
                let all = self.length()?;
                let mut flat = self.list(all, deep)?.into_iter();
                let lists = lengths.into_iter().map(|n| flat.by_ref().take(n).collect());
                Ok(lists.map(Value::Array).collect())
            }
            _ => Err(fault()),
        }
    }

    /// A length that the rest may bear: objects without fields take no bytes.
    fn enough(&self, length: usize) -> Result<usize> {
        (length <= MOST).then_some(length).ok_or_else(fault)
    }

    fn texts(&mut self, length: usize) -> Result<Vec<Value>> {
        let mut known: Vec<String> = Vec::new();
        let mut texts = Vec::new();
        for _ in 0..length {
            let number = usize::try_from(self.number()?).map_err(|_| fault())?;
            if number == known.len() {
                known.push(self.text()?);
            }
            texts.push(Value::String(known.get(number).ok_or_else(fault)?.clone()));
        }
        Ok(texts)
    }
}

/// More objects are in no list of a record.
const MOST: usize = 1 << 22;

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn data_comes_back() {
        for value in [
            json!(null),
            json!([]),
            json!([1, -2, 3_000_000_000_i64, null]),
            json!([0.93, 0.5, 1.0]),
            json!([0.123, 48.8566, 1]),
            json!(["a1", "a20", "a1"]),
            json!(["a1", "a01", "é", "a1", "é"]),
            json!([{"x": 1, "y": ["s1"]}, {"x": 2}, {}]),
            json!([[{"start": 1}], [], [{"start": 2}, {"start": 3, "end": [true]}]]),
            json!({"a": [null, {"b": [[1], [2, 3]]}], "c": u64::MAX, "d": [false, "x", null]}),
        ] {
            let bytes = encode(&value);
            assert_eq!(decode(&bytes).expect("it is whole"), value);
        }
    }

    #[test]
    fn damaged_bytes_are_refused_and_never_panic() {
        let value = json!([{"x": 1, "y": ["s1", "é"]}, {"x": 2, "z": [[1, 2], [0.25]]}]);
        let bytes = encode(&value);
        for cut in 0..bytes.len() {
            assert!(decode(&bytes[..cut]).is_err());
        }
        let mut draw = 7_u64;
        for _ in 0..20_000 {
            draw = draw.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let mut other = bytes.clone();
            other[(draw >> 33) as usize % bytes.len()] = (draw >> 56) as u8;
            let _ = decode(&other);
        }
    }
}
