//! From language files to a [`Pack`], or to everything that is wrong with them.

use std::collections::BTreeMap;
use std::sync::Arc;

use depeche_text::{Orthography, TokenKind, Tokenizer, Upos, fold};
use rustc_hash::FxHashMap;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::kind::{Kind, kind_of, tables_of};
use crate::pack::{Class, ClassId, Example, Hole, MISSED, NameId, Pattern, WordId};
use crate::syntax::{Ast, Piece, parse};
use crate::{Compiled, Entry, Fault, Fields, File, Pack, Value};

/// Compiles the files of a language. They may come in any order; the result does not depend
/// on it.
///
/// # Errors
///
/// Every fault of every file, in order.
pub fn compile(files: &[File]) -> Compiled {
    compile_onto(Pack::default(), files)
}

/// Compiles further files, such as a user's own rules, onto a language that is there already:
/// new rules, new classes, and new words for old classes. A rule with the id of an old one
/// takes its place.
///
/// # Errors
///
/// Every fault of every file, in order.
pub fn compile_onto(base: Pack, files: &[File]) -> Compiled {
    let mut files: Vec<&File> = files.iter().collect();
    files.sort_by(|a, b| a.path.cmp(&b.path));
    let mut compiler = Compiler::new(base);
    let mut parsed = Vec::new();
    for file in files {
        match DeTable::parse(&file.text) {
            Ok(table) => parsed.push((file, table.into_inner())),
            Err(e) => {
                let byte = e.span().map_or(0, |s| s.start);
                let fault = Fault::at(&file.shown, &file.text, byte, e.message());
                compiler.faults.push(fault.advise("this is not TOML: see toml.io"));
            }
        }
    }
    // The language first, for the tokenizer; then words, for the patterns that name them.
    for (file, table) in parsed.iter().filter(|(f, _)| f.path == "language.toml") {
        compiler.language(file, table);
    }
    compiler.tokenizer = Tokenizer::new(&compiler.pack.orthography);
    for (file, table) in &parsed {
        compiler.words(file, table);
    }
    for (file, table) in &parsed {
        compiler.entries(file, table);
    }
    compiler.finish()
}

type Table<'t> = DeTable<'t>;
type Node<'t> = Spanned<DeValue<'t>>;

struct Compiler {
    pack: Pack,
    tokenizer: Tokenizer,
    words: FxHashMap<String, WordId>,
    classes: FxHashMap<String, ClassId>,
    names: FxHashMap<String, NameId>,
    /// Ids that this compilation brought, with where.
    ids: FxHashMap<String, String>,
    faults: Vec<Fault>,
}

impl Compiler {
    fn new(pack: Pack) -> Compiler {
        let numbered = |names: &[String]| {
            names.iter().enumerate().map(|(i, n)| (n.clone(), i)).collect::<Vec<_>>()
        };
        let words: Vec<(String, usize)> =
            pack.vocabulary.iter().enumerate().map(|(i, w)| (w.to_string(), i)).collect();
        let names = numbered(&pack.names);
        let classes = pack.classes.iter().enumerate();
        Compiler {
            words: words.into_iter().map(|(w, i)| (w, WordId(i as u32))).collect(),
            names: names.into_iter().map(|(n, i)| (n, NameId(i as u16))).collect(),
            classes: classes.map(|(i, c)| (c.name.clone(), ClassId(i as u16))).collect(),
            ids: FxHashMap::default(),
            tokenizer: Tokenizer::new(&pack.orthography),
            pack,
            faults: Vec::new(),
        }
    }

    fn finish(mut self) -> Compiled {
        if self.faults.is_empty() {
            return Ok(self.pack);
        }
        self.faults.sort();
        Err(self.faults)
    }

    fn fault(&mut self, file: &File, byte: usize, message: impl Into<String>) {
        self.faults.push(Fault::at(&file.shown, &file.text, byte, message));
    }

    fn advised(
        &mut self,
        file: &File,
        byte: usize,
        message: impl Into<String>,
        advice: impl Into<String>,
    ) {
        let fault = Fault::at(&file.shown, &file.text, byte, message);
        self.faults.push(fault.advise(advice));
    }

    // --- language.toml

    fn language(&mut self, file: &File, table: &Table<'_>) {
        for (key, node) in table {
            match (key.get_ref().as_ref(), node.get_ref()) {
                ("name", DeValue::String(name)) => self.pack.name = name.to_string(),
                ("code", DeValue::String(code)) => self.pack.code = code.to_string(),
                ("orthography", DeValue::Table(_)) => {
                    // A second parse, for the sake of serde's own messages.
                    #[derive(serde::Deserialize)]
                    struct Whole {
                        orthography: Orthography,
                    }
                    match toml::from_str::<Whole>(&file.text) {
                        Ok(whole) => self.pack.orthography = whole.orthography,
                        Err(e) => {
                            let byte = e.span().map_or(0, |s| s.start);
                            self.fault(file, byte, e.message());
                        }
                    }
                }
                (other, _) => self.advised(
                    file,
                    key.span().start,
                    format!("`{other}` does not belong here"),
                    "language.toml holds name, code and [orthography]",
                ),
            }
        }
    }

    // --- words

    fn words(&mut self, file: &File, table: &Table<'_>) {
        if file.path == "language.toml" {
            return;
        }
        let mut endings = BTreeMap::new();
        if let Some(DeValue::Table(sets)) = get(table, "endings").map(Spanned::get_ref) {
            endings = self.texts(file, sets);
        }
        for (key, node) in table {
            let DeValue::Table(inner) = node.get_ref() else { continue };
            match key.get_ref().as_ref() {
                "class" => {
                    for (name, node) in inner {
                        self.class(file, name.get_ref(), name.span().start, node);
                    }
                }
                "paradigm" => {
                    for (name, node) in inner {
                        let DeValue::Table(fields) = node.get_ref() else {
                            self.fault(file, name.span().start, "a paradigm is a table");
                            continue;
                        };
                        let texts = self.texts(file, fields);
                        if let Err((field, why)) = self.pack.verbs.add(&texts, &endings) {
                            let at = fields
                                .iter()
                                .find(|(k, _)| k.get_ref().as_ref() == field)
                                .map_or(name.span().start, |(k, _)| k.span().start);
                            self.fault(file, at, why);
                        }
                    }
                }
                "endings" => {}
                other => self.advised(
                    file,
                    key.span().start,
                    format!("`[{other}]` is no table of a language file"),
                    format!("there are [class.…], [paradigm.…], [endings]{}", {
                        let tables = tables_of(&file.path);
                        tables.iter().map(|t| format!(", [[{t}]]")).collect::<String>()
                    }),
                ),
            }
        }
    }

    fn texts(&mut self, file: &File, table: &Table<'_>) -> BTreeMap<String, String> {
        let mut texts = BTreeMap::new();
        for (key, node) in table {
            if let DeValue::String(text) = node.get_ref() {
                texts.insert(key.get_ref().to_string(), text.to_string());
            } else {
                self.fault(file, node.span().start, "a text is wanted here");
            }
        }
        texts
    }

    fn class(&mut self, file: &File, name: &str, at: usize, node: &Node<'_>) {
        let DeValue::Table(table) = node.get_ref() else {
            return self.fault(file, at, "a class is a table");
        };
        let proper = matches!(
            get(table, "proper").map(Spanned::get_ref),
            Some(DeValue::Boolean(true))
        );
        for (key, _) in table {
            if !matches!(key.get_ref().as_ref(), "words" | "note" | "proper") {
                let message = format!("a class has no `{}`", key.get_ref());
                self.advised(file, key.span().start, message, "note, proper, words");
            }
        }
        let id = *self.classes.entry(name.to_owned()).or_insert_with(|| {
            self.pack.classes.push(Class {
                name: name.to_owned(),
                proper,
                ..Class::default()
            });
            ClassId(self.pack.classes.len() as u16 - 1)
        });
        match get(table, "words").map(|n| (n.get_ref(), n.span().start)) {
            Some((DeValue::Table(words), _)) => {
                for (spellings, value) in words {
                    let value = self.value(file, value);
                    self.members(
                        file,
                        id,
                        spellings.get_ref(),
                        spellings.span().start,
                        value,
                    );
                }
            }
            Some((DeValue::Array(words), _)) => {
                for spellings in words {
                    let at = spellings.span().start;
                    match spellings.get_ref() {
                        DeValue::String(s) => {
                            self.members(file, id, s, at, Value::Flag(true));
                        }
                        _ => self.fault(file, at, "a word is a text"),
                    }
                }
            }
            _ => self.advised(
                file,
                at,
                format!("@{name} has no words"),
                "write `words = [\"…\"]`, or `[class.….words]` with a value for each",
            ),
        }
    }

    /// Adds `a | b | c`, spellings that share one value.
    fn members(
        &mut self,
        file: &File,
        class: ClassId,
        text: &str,
        at: usize,
        value: Value,
    ) {
        let values = &mut self.pack.classes[class.0 as usize].values;
        let index = values.iter().position(|v| *v == value).unwrap_or_else(|| {
            values.push(value);
            values.len() - 1
        }) as u32;
        for spelling in text.split('|').map(str::trim) {
            if spelling.is_empty() {
                self.fault(file, at, "nothing stands between two `|`");
                continue;
            }
            let words = self.spelling(spelling);
            let members = &mut self.pack.classes[class.0 as usize];
            let old = members.members().find(|m| m.words == words).map(|m| m.value);
            match old {
                Some(old) if old == index => {}
                Some(_) => {
                    let name = self.pack.class_name(class).to_owned();
                    self.fault(
                        file,
                        at,
                        format!("`{spelling}` has another value in @{name} already"),
                    );
                }
                None => members.push(&words, index),
            }
        }
    }

    /// The words of a spelling, each as a form or as a lemma. Forms that follow each other are
    /// cut together, for an initial keeps its dot before a name: « George W. Bush ».
    fn spelling(&mut self, spelling: &str) -> Vec<(WordId, bool)> {
        let mut words = Vec::new();
        let mut forms = String::new();
        let parts = spelling.split_whitespace().map(Some).chain([None]);
        for part in parts {
            let lemma = part.map(|p| p.strip_prefix('~'));
            if let Some(None) = lemma {
                forms.push_str(part.unwrap_or_default());
                forms.push(' ');
                continue;
            }
            if !forms.is_empty() {
                let literal = std::mem::take(&mut forms);
                words.extend(
                    self.tokens(literal.trim_end()).into_iter().map(|w| (w, false)),
                );
            }
            if let Some(Some(lemma)) = lemma {
                words.push((self.word(&fold(lemma)), true));
            }
        }
        words
    }

    fn word(&mut self, folded: &str) -> WordId {
        if let Some(&id) = self.words.get(folded) {
            return id;
        }
        let id = WordId(self.pack.vocabulary.len() as u32);
        self.pack.vocabulary.push(folded.to_owned().into());
        self.words.insert(folded.to_owned(), id);
        id
    }

    /// The words of a literal: `d'après` is two.
    fn tokens(&mut self, literal: &str) -> Vec<WordId> {
        // A clitic stands after its verb only: here it stands alone.
        if literal.len() > 1 && literal.starts_with('-') {
            return vec![self.word(&fold(literal))];
        }
        // A number follows, so that « sept. » keeps its dot here as it does in « 12 sept. 2015 ».
        let probe = format!("{literal} 1");
        let mut tokens = self.tokenizer.tokens(&probe);
        tokens.pop_if(|t| t.kind == TokenKind::Number && t.span.of(&probe) == "1");
        tokens.iter().map(|t| self.word(&fold(t.span.of(&probe)))).collect()
    }

    // --- rules

    fn entries(&mut self, file: &File, table: &Table<'_>) {
        if file.path == "language.toml" {
            return;
        }
        for (key, node) in table {
            let name = key.get_ref().as_ref();
            match node.get_ref() {
                DeValue::Table(_) => {}
                DeValue::Array(items) => {
                    let Some(kind) = kind_of(&file.path, name) else {
                        let tables = tables_of(&file.path).join("]], [[");
                        self.advised(
                            file,
                            key.span().start,
                            format!("`[[{name}]]` does not belong in this file"),
                            format!("here stand [class.…], [[{tables}]]"),
                        );
                        continue;
                    };
                    for item in items {
                        match item.get_ref() {
                            DeValue::Table(fields) => {
                                self.entry(file, kind, item.span().start, fields);
                            }
                            _ => self.fault(file, item.span().start, "a table is wanted"),
                        }
                    }
                }
                _ => self.fault(
                    file,
                    key.span().start,
                    format!("`{name}` stands outside of any table"),
                ),
            }
        }
    }

    fn entry(&mut self, file: &File, kind: &Kind, at: usize, fields: &Table<'_>) {
        let own = match get(fields, "id").map(Spanned::get_ref) {
            Some(DeValue::String(id)) => id.to_string(),
            _ => {
                let message = format!("this [[{}]] has no id", kind.table);
                return self.advised(
                    file,
                    at,
                    message,
                    "give it a short name: `id = \"…\"`",
                );
            }
        };
        let path =
            file.path.strip_suffix(".toml").unwrap_or(&file.path).replace('/', ".");
        let id = format!("{}.{path}.{own}", self.pack.code);
        let mut entry = Entry {
            table: kind.table.to_owned(),
            id: id.clone(),
            file: file.path.clone(),
            line: line_of(&file.text, at),
            find: Vec::new(),
            unless: Vec::new(),
            find_text: Vec::new(),
            fields: Fields::default(),
            note: None,
            examples: Vec::new(),
            not: Vec::new(),
        };
        let place = format!("{}:{}", file.shown, entry.line);
        if let Some(other) = self.ids.insert(id, place) {
            self.advised(
                file,
                at,
                format!("the id `{own}` is taken"),
                format!("by {other}"),
            );
        }
        for (key, node) in fields {
            let at = node.span().start;
            match key.get_ref().as_ref() {
                "id" => {}
                "find" => {
                    let (find, text) = self.patterns(file, kind, node);
                    entry.find = find;
                    entry.find_text = text;
                }
                "unless" if kind.optional.contains(&"unless") => {
                    entry.unless = self.patterns(file, kind, node).0;
                }
                "examples" => self.examples(file, kind, node, &mut entry),
                "not" => self.not(file, node, &mut entry),
                "note" => match self.value(file, node) {
                    Value::Text(note) if note.ends_with(['.', '»', ')']) => {
                        entry.note = Some(note.to_string());
                    }
                    _ => self.fault(file, at, "a note is a sentence, with its full stop"),
                },
                name if kind.required.contains(&name)
                    || kind.optional.contains(&name) =>
                {
                    let value = self.value(file, node);
                    entry.fields.insert(name.to_owned(), value);
                }
                name => {
                    let known = [kind.required, kind.optional].concat().join(", ");
                    self.advised(
                        file,
                        key.span().start,
                        format!("a [[{}]] has no `{name}`", kind.table),
                        format!("its fields are id, find, {known}, note, examples, not"),
                    );
                }
            }
        }
        self.completeness(file, kind, at, &entry);
        self.pack.entries.retain(|e| e.id != entry.id);
        self.pack.entries.push(entry);
    }

    /// What an entry still wants before it may be believed.
    fn completeness(&mut self, file: &File, kind: &Kind, at: usize, entry: &Entry) {
        let own = entry.id.rsplit('.').next().unwrap_or_default().to_owned();
        for field in kind.required {
            if !entry.fields.contains_key(field) {
                self.fault(file, at, format!("`{own}` has no `{field}`"));
            }
        }
        if kind.find
            && entry.find.is_empty()
            && !self.faults.iter().any(|f| f.file == file.shown)
        {
            self.fault(file, at, format!("`{own}` has nothing to `find`"));
        }
        if entry.examples.len() < kind.examples {
            self.advised(
                file,
                at,
                format!(
                    "`{own}` needs {} marked example{}, has {}",
                    kind.examples,
                    if kind.examples == 1 { "" } else { "s" },
                    entry.examples.len()
                ),
                "examples = [{ text = \"… ⟦what it finds⟧ …\" }]",
            );
        }
        if entry.not.len() < kind.not {
            self.advised(
                file,
                at,
                format!("`{own}` needs a sentence that it must leave alone"),
                "not = [\"…\"]",
            );
        }
    }

    /// The patterns of a field: one, or a list of them; and how they are written.
    fn patterns(
        &mut self,
        file: &File,
        kind: &Kind,
        node: &Node<'_>,
    ) -> (Vec<Arc<Pattern>>, Vec<String>) {
        let (mut found, mut written) = (Vec::new(), Vec::new());
        let single = std::slice::from_ref(node);
        let patterns: &[Node<'_>] = match node.get_ref() {
            DeValue::Array(items) => items,
            _ => single,
        };
        for node in patterns {
            let at = node.span().start;
            let DeValue::String(text) = node.get_ref() else {
                self.fault(file, at, "a pattern is a text");
                continue;
            };
            // The place inside the pattern is one inside the file, past the quotation mark
            // (or three of them).
            let quote = if file.text[at..].starts_with("'''")
                || file.text[at..].starts_with("\"\"\"")
            {
                3
            } else {
                1
            };
            let inside = |byte: usize| at + quote + byte;
            match parse(text) {
                Err(e) => {
                    let fault =
                        Fault::at(&file.shown, &file.text, inside(e.at), e.message);
                    self.faults.push(match e.advice {
                        Some(advice) => fault.advise(advice),
                        None => fault,
                    });
                }
                Ok(ast) => match self.lower(&ast, kind) {
                    Err((message, advice)) => self.advised(file, at, message, advice),
                    Ok(pattern) => {
                        if !pattern.has_entry() {
                            self.advised(
                                file,
                                at,
                                "this pattern has no word to be entered by",
                                "at least one word, lemma, class, number or item must be \
                                 bound to occur in it",
                            );
                        }
                        found.push(Arc::new(pattern));
                        written.push(text.to_string());
                    }
                },
            }
        }
        (found, written)
    }

    fn lower(&mut self, ast: &Ast, kind: &Kind) -> Result<Pattern, (String, String)> {
        let tags = |what: &str| {
            if kind.tagged {
                return Ok(());
            }
            let why = "rules of this place run before the tagger: they speak of words, \
                       classes and numbers";
            Err((format!("{what} cannot stand here"), why.to_owned()))
        };
        let mut all = |asts: &[Ast]| {
            asts.iter().map(|a| self.lower(a, kind)).collect::<Result<Vec<_>, _>>()
        };
        Ok(match ast {
            Ast::Seq(asts) => Pattern::Seq(all(asts)?),
            Ast::Any(asts) => Pattern::Any(all(asts)?),
            Ast::Optional(a) => Pattern::Optional(Box::new(self.lower(a, kind)?)),
            Ast::Not(a) => Pattern::Not(Box::new(self.lower(a, kind)?)),
            Ast::Capture(name, a) => {
                let inner = self.lower(a, kind)?;
                Pattern::Capture(self.name(name), Box::new(inner))
            }
            Ast::Word(word) => {
                let mut words = self.tokens(word);
                match words.len() {
                    1 => Pattern::Word(words.remove(0)),
                    _ => Pattern::Seq(words.into_iter().map(Pattern::Word).collect()),
                }
            }
            Ast::Exact(word) => Pattern::Exact(self.word(&fold(word)), word.clone()),
            Ast::Lemma(lemma) => {
                tags("a lemma")?;
                Pattern::Lemma(self.word(&fold(lemma)))
            }
            // A class is remembered under its own name.
            Ast::Class(class) => {
                let id = self.class_id(class)?;
                Pattern::Capture(self.name(class), Box::new(Pattern::Class(id)))
            }
            Ast::Tag(upos, form) => {
                tags("a part of speech")?;
                if *form != crate::syntax::FormTest::ANY
                    && !matches!(upos, Upos::Verb | Upos::Aux)
                {
                    let advice = "VERB and AUX have forms".to_owned();
                    return Err((format!("{} has no such form", upos.name()), advice));
                }
                Pattern::Tag(*upos, *form)
            }
            Ast::Range(low, high) => Pattern::Range(*low, *high),
            Ast::Template(pieces) => Pattern::Template(
                pieces.iter().map(|p| self.hole(p)).collect::<Result<_, _>>()?,
            ),
            Ast::Item(name) => {
                let name = self.name(name);
                Pattern::Capture(name, Box::new(Pattern::Item(name)))
            }
            Ast::Capital => Pattern::Capital,
            Ast::Start => Pattern::Start,
            Ast::End => Pattern::End,
            Ast::Gap(width) => Pattern::Gap(*width),
        })
    }

    fn hole(&mut self, piece: &Piece) -> Result<Hole, (String, String)> {
        Ok(match piece {
            Piece::Literal(text) => Hole::Literal(text.clone()),
            Piece::Number { name, low, high, digits } => Hole::Number {
                name: self.name(name),
                low: *low,
                high: *high,
                digits: *digits,
            },
            Piece::Class { name, class } => {
                Hole::Class { name: self.name(name), class: self.class_id(class)? }
            }
        })
    }

    fn class_id(&self, class: &str) -> Result<ClassId, (String, String)> {
        self.classes.get(class).copied().ok_or_else(|| {
            let mut near: Vec<&str> = self.classes.keys().map(String::as_str).collect();
            near.sort_by_key(|name| (distance(name, class), (*name).to_owned()));
            let advice = match near.first() {
                Some(name) => {
                    format!("did you mean @{name}? classes are [class.…] tables")
                }
                None => "define it: [class.…]".to_owned(),
            };
            (format!("there is no class @{class}"), advice)
        })
    }

    fn name(&mut self, name: &str) -> NameId {
        if let Some(&id) = self.names.get(name) {
            return id;
        }
        let id = NameId(self.pack.names.len() as u16);
        self.pack.names.push(name.to_owned());
        self.names.insert(name.to_owned(), id);
        id
    }

    // --- examples

    fn examples(&mut self, file: &File, kind: &Kind, node: &Node<'_>, entry: &mut Entry) {
        let DeValue::Array(items) = node.get_ref() else {
            return self.fault(file, node.span().start, "examples are a list");
        };
        for item in items {
            let at = item.span().start;
            let mut wants = Fields::default();
            let mut text = None;
            match item.get_ref() {
                DeValue::String(sentence) => text = Some(sentence.to_string()),
                DeValue::Table(fields) => {
                    for (key, node) in fields {
                        let name = key.get_ref().as_ref();
                        if name == "text" {
                            text = self.value(file, node).text().map(str::to_owned);
                        } else if name == MISSED || kind.wants.contains(&name) {
                            let value = self.value(file, node);
                            wants.insert(name.to_owned(), value);
                        } else {
                            self.advised(
                                file,
                                key.span().start,
                                format!("an example here has no `{name}`"),
                                format!(
                                    "it may have text, {}, {MISSED}",
                                    kind.wants.join(", ")
                                ),
                            );
                        }
                    }
                }
                _ => {}
            }
            let Some(marked) = text else {
                self.fault(file, at, "an example is a sentence, or { text = \"…\", … }");
                continue;
            };
            match unmark(&marked) {
                Ok((_, marks)) if marks.is_empty() => self.advised(
                    file,
                    at,
                    "nothing is marked in this example",
                    "put ⟦ and ⟧ around what should be found",
                ),
                Ok((text, marks)) => {
                    let line = line_of(&file.text, at);
                    entry.examples.push(Example { text, marks, wants, line });
                }
                Err(why) => self.fault(file, at, why),
            }
        }
    }

    fn not(&mut self, file: &File, node: &Node<'_>, entry: &mut Entry) {
        let at = node.span().start;
        match self.value(file, node) {
            value @ (Value::Text(_) | Value::List(_)) => {
                entry.not = value.texts().into_iter().map(str::to_owned).collect();
                if entry.not.iter().any(|s| s.contains(['⟦', '⟧'])) {
                    self.fault(file, at, "a counter-example has no marks");
                }
            }
            other => {
                let message =
                    format!("counter-examples are a list, not {}", other.kind());
                self.fault(file, at, message);
            }
        }
    }

    fn value(&mut self, file: &File, node: &Node<'_>) -> Value {
        match node.get_ref() {
            DeValue::String(text) => Value::Text(text.to_string().into()),
            DeValue::Integer(n) => match i64::from_str_radix(n.as_str(), n.radix()) {
                Ok(n) => Value::Integer(n),
                Err(_) => {
                    self.fault(file, node.span().start, "this number is too large");
                    Value::Integer(0)
                }
            },
            DeValue::Float(x) => Value::Float(x.as_str().parse().unwrap_or_default()),
            DeValue::Boolean(b) => Value::Flag(*b),
            DeValue::Datetime(_) => {
                self.advised(
                    file,
                    node.span().start,
                    "a date is written as a text here",
                    "put it between quotation marks",
                );
                Value::Text(String::new().into())
            }
            DeValue::Array(items) => {
                Value::List(items.iter().map(|n| self.value(file, n)).collect())
            }
            DeValue::Table(fields) => Value::Table(
                fields
                    .iter()
                    .map(|(k, n)| (k.get_ref().to_string(), self.value(file, n)))
                    .collect(),
            ),
        }
    }
}

fn get<'a, 't>(table: &'a Table<'t>, key: &str) -> Option<&'a Node<'t>> {
    table.iter().find(|(k, _)| k.get_ref().as_ref() == key).map(|(_, v)| v)
}

fn line_of(text: &str, byte: usize) -> u32 {
    1 + text[..byte].matches('\n').count() as u32
}

/// Takes the marks ⟦ ⟧ out of a sentence, and says where they stood.
fn unmark(marked: &str) -> Result<(String, Vec<(u32, u32)>), String> {
    let mut text = String::with_capacity(marked.len());
    let mut marks = Vec::new();
    let mut open = None;
    for c in marked.chars() {
        match (c, open) {
            ('⟦', None) => open = Some(text.len() as u32),
            ('⟧', Some(start)) => {
                marks.push((start, text.len() as u32));
                open = None;
            }
            ('⟦' | '⟧', _) => return Err("the marks ⟦ ⟧ do not pair".to_owned()),
            _ => text.push(c),
        }
    }
    if open.is_some() {
        return Err("⟦ is never closed by ⟧".to_owned());
    }
    Ok((text, marks))
}

/// How many letters must change to turn one name into another.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, ca) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, &cb) in b.iter().enumerate() {
            let change = diagonal + usize::from(ca != cb);
            diagonal = row[j + 1];
            row[j + 1] = change.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}
