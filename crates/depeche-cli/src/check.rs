//! `depeche rules`: do the rules do what their examples say?

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};
use depeche::examples::{Report, check};
use depeche::rule::{Entry, Fault, File, compile};
use depeche::{Language, Languages, pages};

use crate::Outcome;
use crate::flags::Rules;

/// The file that stands at the head of a language folder.
const HEAD_FILE: &str = "language.toml";

/// The folder of a language that holds its pages of cases.
const PAGES: &str = "pages";

impl Rules {
    pub(crate) fn run(self) -> Result<Outcome> {
        let mut whole = true;
        if let Some(folder) = &self.rules {
            let files = files_under(folder)?;
            let languages = crate::engine::with_rules(&self.lang, &files)?;
            let language = get(&languages, &self.lang)?;
            let names: Vec<&str> = files.iter().map(|f| f.path.as_str()).collect();
            let own = |e: &Entry| names.contains(&e.file.as_str());
            whole &= self.report(&check(language, own));
        }
        if self.what.is_empty() && self.rules.is_none() {
            let languages = Languages::with_notes();
            for code in languages.codes() {
                whole &= self.report(&check(get(&languages, code)?, |_| true));
            }
        }
        for what in &self.what {
            whole &= match Path::new(what).exists() {
                true => self.of_folder(Path::new(what))?,
                false => self.of_name(what)?,
            };
        }
        Ok(if whole { Outcome::Whole } else { Outcome::Partial })
    }

    /// The rules at a path inside a language folder, compiled from the files as they stand.
    fn of_folder(&self, path: &Path) -> Result<bool> {
        let path = path
            .canonicalize()
            .with_context(|| format!("cannot go to {}", path.display()))?;
        let Some(root) = path.ancestors().find(|a| a.join(HEAD_FILE).is_file()) else {
            bail!(
                "{}: no folder above it has a {HEAD_FILE}, so it is no part of a language; \
                 for your own rules use --rules",
                path.display()
            );
        };
        let pack = compile(&files_under(root)?).map_err(|faults| refuse(&faults))?;
        let language = Language::of_pack(pack);
        let part = relative(root, &path);
        let inside = |e: &Entry| {
            part.is_empty() || e.file == part || e.file.starts_with(&format!("{part}/"))
        };
        let mut report = check(&language, inside);
        for page in pages_under(&path)? {
            let text = fs::read_to_string(&page)
                .with_context(|| format!("cannot read {}", page.display()))?;
            let of_page = pages::check(&language, &relative(root, &page), &text);
            report.sentences += of_page.sentences;
            report.missed += of_page.missed;
            report.failures.extend(of_page.failures);
        }
        Ok(self.report(&report))
    }

    /// The built-in rules whose id or file has some letters in it.
    fn of_name(&self, what: &str) -> Result<bool> {
        let languages = Languages::with_notes();
        let mut whole = true;
        let mut rules = 0;
        for code in languages.codes() {
            let named = |e: &Entry| {
                e.id.contains(what) || format!("{code}/{}", e.file).contains(what)
            };
            let report = check(get(&languages, code)?, named);
            rules += report.rules;
            whole &= self.report(&report);
        }
        if rules == 0 {
            bail!(
                "no file and no rule is called `{what}`; `depeche rules` runs them all"
            );
        }
        Ok(whole)
    }

    /// Prints what does not hold; says whether all does.
    fn report(&self, report: &Report) -> bool {
        for failure in &report.failures {
            anstream::println!("{failure}\n");
        }
        for idle in report.idle.iter().filter(|_| self.idle) {
            anstream::println!("{idle}: fires in none of these examples\n");
        }
        let failed = report.failures.len();
        anstream::println!(
            "{} rules, {} sentences, {}",
            report.rules,
            report.sentences,
            if failed == 0 {
                "all hold".to_owned()
            } else {
                format!("{failed} do not hold")
            }
        );
        if report.missed > 0 {
            anstream::println!(
                "{} more are marked as `missed`, with the reason",
                report.missed
            );
        }
        failed == 0
    }
}

fn get<'l>(languages: &'l Languages, code: &str) -> Result<&'l Language> {
    let built_in = || languages.codes().collect::<Vec<_>>().join(", ");
    languages
        .get(code)
        .with_context(|| format!("`{code}` was not built in; there is {}", built_in()))
}

/// Every TOML file under a folder, but for those that models are trained with.
pub(crate) fn files_under(folder: &Path) -> Result<Vec<File>> {
    let mut files = Vec::new();
    let mut waiting = vec![folder.to_path_buf()];
    while let Some(folder_now) = waiting.pop() {
        let listed = fs::read_dir(&folder_now)
            .with_context(|| format!("cannot list {}", folder_now.display()))?;
        for entry in listed {
            let path = entry?.path();
            if path.is_dir() {
                if !path.ends_with("models") {
                    waiting.push(path);
                }
            } else if path.extension().is_some_and(|e| e == "toml") {
                files.push(file(folder, &path)?);
            }
        }
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    if files.is_empty() {
        bail!("{}: no TOML file in it or below", folder.display());
    }
    Ok(files)
}

/// The pages of cases at a path: Markdown in a folder `pages`.
fn pages_under(path: &Path) -> Result<Vec<PathBuf>> {
    let is_page = |p: &Path| {
        let folder = p.parent().and_then(Path::file_name);
        folder == Some(PAGES.as_ref()) && p.extension().is_some_and(|e| e == "md")
    };
    if path.is_file() {
        return Ok(Some(path.to_path_buf()).filter(|p| is_page(p)).into_iter().collect());
    }
    let folder =
        if path.ends_with(PAGES) { path.to_path_buf() } else { path.join(PAGES) };
    let Ok(listed) = fs::read_dir(folder) else { return Ok(Vec::new()) };
    let mut pages = Vec::new();
    for entry in listed {
        pages.push(entry?.path());
    }
    pages.retain(|p| is_page(p));
    pages.sort();
    Ok(pages)
}

fn file(root: &Path, path: &Path) -> Result<File> {
    let text = fs::read_to_string(path)
        .with_context(|| format!("cannot read {}", path.display()))?;
    Ok(File { path: relative(root, path), shown: path.display().to_string(), text })
}

/// A path inside a folder, with slashes.
fn relative(root: &Path, path: &Path) -> String {
    let inside = path.strip_prefix(root).unwrap_or(path);
    inside.to_string_lossy().replace('\\', "/")
}

/// Faults of rule files as one error, each on its place.
pub(crate) fn refuse(faults: &[Fault]) -> anyhow::Error {
    let shown: Vec<String> = faults.iter().map(ToString::to_string).collect();
    let (count, s) = (faults.len(), if faults.len() == 1 { "" } else { "s" });
    anyhow!("{count} fault{s} in rule files\n\n{}", shown.join("\n\n"))
}
