//! tmp
#![allow(clippy::print_stdout, clippy::disallowed_methods, reason = "cli")]
use depeche::{Document, Language, Meta, Pipeline};
fn main() -> anyhow::Result<()> {
    let language = Language::shipped("fr").unwrap();
    let mut pipeline = Pipeline::new(&language);
    let args: Vec<String> = std::env::args().skip(1).collect();
    if args[0] == "--check" { let r = depeche::examples::check(&language, args.get(1).map_or("", |s| s)); for f in &r.failures { println!("{f}\n"); } println!("{} failures of {} sentences, {} rules", r.failures.len(), r.sentences, r.rules); return Ok(()) }
    if args[0] == "--parse" { let d = Document::new(args[1].clone(), Meta::default())?; let a = pipeline.analyze(&d); for (i,t) in a.tokens.iter().enumerate() { println!("{}\t{}\t{}\t{}\t{}\t{}", i, t.span.of(d.text()), a.syntax.morph[i].upos.name(), a.syntax.morph[i].feats(), a.syntax.head[i].map_or("-".into(), |h| h.to_string()), a.syntax.deprel[i].name()); } for s in &a.statements { println!("{s:?}") } return Ok(()) }
    for f in args {
        for line in std::fs::read_to_string(f)?.lines() {
            let v: serde_json::Value = serde_json::from_str(line)?;
            let s = |k: &str| v[k].as_str().map(str::to_owned);
            let meta = Meta { key: s("id"), title: s("title"), published: s("date").or(s("dct")).or(s("published")), outlet: s("outlet"), ..Meta::default() };
            let doc = Document::new(s("text").unwrap_or_default(), meta)?;
            println!("{}", serde_json::to_string(&pipeline.analyze(&doc).record())?);
        }
    }
    Ok(())
}
