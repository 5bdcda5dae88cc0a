//! JSON: an article, or an array of them, over as many lines as it likes.

use std::io::BufRead;

use serde_json::Value;

use super::common::input::Input;
use super::jsonl::{cut_off, of_fields};
use super::{Format, Head, Item, LONGEST, Options, Problem, Source};

pub(super) const FORMAT: Format = Format {
    name: "json",
    about: "JSON: an object as in JSONL, or an array of them, over many lines",
    endings: &["json"],
    is,
    open,
};

fn is(head: &Head<'_>) -> bool {
    let array = head.text.strip_prefix('[').map(str::trim_start);
    head.text.starts_with('{') && !head.text.starts_with("{\\rtf")
        || array.is_some_and(|a| a.starts_with('{'))
}

pub(super) fn open(mut input: Input, _: &Options) -> Result<Box<dyn Source>, Problem> {
    // A file that ends within its byte order mark says so when it is read.
    let _ = input.skip_mark();
    Ok(Box::new(Objects { input, line: 1, ended: false }))
}

/// The objects of a file, cut out one by one, so that an array may be as long as it likes.
struct Objects {
    input: Input,
    line: usize,
    ended: bool,
}

impl Source for Objects {
    fn next(&mut self, options: &Options) -> Option<Item> {
        if self.ended {
            return None;
        }
        let cut = self.cut();
        let origin = format!("{}:{}", self.input.origin, self.line);
        let object = match cut {
            Ok(Some(object)) => object,
            Ok(None) => {
                self.ended = true;
                return None;
            }
            Err(message) => {
                self.ended = true;
                return Some(Item::problem(origin, message));
            }
        };
        let lines = object.iter().filter(|&&b| b == b'\n').count();
        let document = serde_json::from_slice::<Value>(&object)
            .map_err(|error| format!("no JSON: {error} of the object that starts here"))
            .and_then(|value| match value {
                Value::Object(fields) => of_fields(&fields, options),
                _ => Err("not a JSON object".into()),
            });
        self.line += lines;
        Some(match document {
            Ok(document) => Item::article(origin, document),
            Err(message) => Item::problem(origin, message),
        })
    }
}

impl Objects {
    /// The next object with its braces; `None` at the end.
    fn cut(&mut self) -> Result<Option<Vec<u8>>, String> {
        let mut object = Vec::new();
        let (mut depth, mut in_string, mut escaped) = (0_usize, false, false);
        loop {
            let before = self.input.offset();
            let buffer = self.input.fill_buf().map_err(|e| cut_off(&e))?;
            if buffer.is_empty() {
                return match depth {
                    0 => Ok(None),
                    _ => Err("cut off: the object that starts here is not closed".into()),
                };
            }
            let mut used = 0;
            let mut done = false;
            for &byte in buffer {
                used += 1;
                if depth == 0 {
                    match byte {
                        b'{' => depth = 1,
                        b'\n' => self.line += 1,
                        b'[' | b']' | b',' | b' ' | b'\t' | b'\r' => {}
                        _ => {
                            let at = before + used as u64 - 1;
                            return Err(format!(
                                "no JSON object at byte {at} of the file; articles are objects \
                                 with `text`"
                            ));
                        }
                    }
                    continue;
                }
                match byte {
                    _ if escaped => escaped = false,
                    b'\\' if in_string => escaped = true,
                    b'"' => in_string = !in_string,
                    b'{' | b'[' if !in_string => depth += 1,
                    b'}' | b']' if !in_string => depth -= 1,
                    _ => {}
                }
                if depth == 0 {
                    done = true;
                    break;
                }
            }
            // What is kept starts at the brace.
            let kept = if object.is_empty() {
                buffer[..used].iter().position(|&b| b == b'{').unwrap_or(used)
            } else {
                0
            };
            object.extend_from_slice(&buffer[kept..used]);
            self.input.consume(used);
            if done {
                return Ok(Some(object));
            }
            if object.len() as u64 > LONGEST {
                return Err(format!(
                    "the object that starts here is longer than {} MiB; split the file",
                    LONGEST >> 20
                ));
            }
        }
    }
}
