//! What is wrong with a rule file, where, and what to do about it?

use std::fmt;

/// A fault in a language file.
///
/// Printed as compilers do: `fr/time/dates.toml:15:8: what is wrong`, the line itself, a caret
/// under the place, and advice.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    /// The file, as it was named to the compiler.
    pub file: String,
    /// Counted from 1.
    pub line: usize,
    /// Counted from 1, in characters.
    pub column: usize,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub advice: Option<String>,
    /// The line itself.
    pub source: String,
}

impl Fault {
    /// A fault at a byte of a file.
    pub fn at(file: &str, text: &str, byte: usize, message: impl Into<String>) -> Fault {
        let byte = (0..=byte.min(text.len()))
            .rev()
            .find(|&b| text.is_char_boundary(b))
            .unwrap_or(0);
        let start = text[..byte].rfind('\n').map_or(0, |n| n + 1);
        let end = text[byte..].find('\n').map_or(text.len(), |n| byte + n);
        Fault {
            file: file.to_owned(),
            line: 1 + text[..byte].matches('\n').count(),
            column: 1 + text[start..byte].chars().count(),
            message: message.into(),
            advice: None,
            source: text[start..end].to_owned(),
        }
    }

    /// The same fault, with advice.
    #[must_use]
    pub fn advise(mut self, advice: impl Into<String>) -> Fault {
        self.advice = Some(advice.into());
        self
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}:{}:{}: {}", self.file, self.line, self.column, self.message)?;
        // A long line is shown around the place.
        let skip = self.column.saturating_sub(60);
        let shown: String = self.source.chars().skip(skip).take(100).collect();
        writeln!(f, "    {shown}")?;
        write!(f, "    {:>width$}", "^", width = self.column - skip)?;
        if let Some(advice) = &self.advice {
            write!(f, "\n    help: {advice}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::Fault;

    #[test]
    fn a_fault_points_at_its_place() {
        let text = "id = \"x\"\nfind = [\"été @mois\"]\n";
        let fault = Fault::at("a.toml", text, text.find('@').unwrap(), "no such class")
            .advise("classes are in words/");
        assert_eq!(
            fault.to_string(),
            "a.toml:2:14: no such class\n    find = [\"été @mois\"]\n                 ^\n    \
             help: classes are in words/"
        );
    }
}
