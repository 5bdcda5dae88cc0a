//! Which formats are there? One file a format, and this table of them.

mod annotations;
mod arrow;
mod cas;
mod csv;
mod dna;
mod gdelt;
mod gexf;
mod jsonl;
mod parquet;
mod plover;
mod timeline;

use super::onefile::{Body, OneFile};
use super::sink::Sink;

/// A format.
pub struct Format {
    /// What it is called on the command line, and its file here.
    pub name: &'static str,
    /// What it is called among people.
    pub title: &'static str,
    /// What it is good for, and who reads it: one line.
    pub readers: &'static str,
    /// Begins an export.
    pub open: fn() -> Box<dyn Sink>,
}

/// All formats.
pub const FORMATS: &[Format] = &[
    Format {
        name: "parquet",
        title: "Parquet",
        readers: "typed tables by year and month: DuckDB, pandas, Polars, R arrow, Spark",
        open: || Box::new(parquet::open()),
    },
    Format {
        name: "arrow",
        title: "Arrow IPC",
        readers: "the same tables as Arrow files: pyarrow, Polars, R arrow, DuckDB",
        open: || Box::new(arrow::open()),
    },
    Format {
        name: "csv",
        title: "CSV",
        readers: "the same tables, one file each: spreadsheets, R, Stata, pandas",
        open: || Box::<csv::Csv>::default(),
    },
    Format {
        name: "jsonl",
        title: "JSON lines",
        readers: "whole records, one a line: jq, any program",
        open: one_file::<jsonl::Jsonl>,
    },
    Format {
        name: "annotations",
        title: "Web Annotation",
        readers: "W3C Web Annotation JSON-LD, with both selectors: annotation servers, RDF tools",
        open: one_file::<annotations::Annotations>,
    },
    Format {
        name: "plover",
        title: "PLOVER",
        readers: "events in the fields of PLOVER 2.0, JSON lines: event data tools",
        open: one_file::<plover::Plover>,
    },
    Format {
        name: "gdelt",
        title: "GDELT 2.0 events",
        readers: "certain events as the 61 columns of GDELT 2.0, TSV: scripts made for GDELT",
        open: one_file::<gdelt::Gdelt>,
    },
    Format {
        name: "gexf",
        title: "GEXF",
        readers: "who acted on whom and spoke of whom, with time: Gephi, networkx",
        open: one_file::<gexf::Gexf>,
    },
    Format {
        name: "timeline",
        title: "TimelineJS",
        readers: "certain events that have a date, JSON: TimelineJS 3",
        open: one_file::<timeline::Timeline>,
    },
    Format {
        name: "dna",
        title: "DNA",
        readers: "positions as agreement with concepts, CSV: Discourse Network Analyzer, rDNA",
        open: one_file::<dna::Dna>,
    },
    Format {
        name: "cas",
        title: "UIMA CAS JSON",
        readers: "one file an article, offsets in UTF-16: INCEpTION, dkpro-cassis, UIMA",
        open: || Box::<cas::Cas>::default(),
    },
];

fn one_file<B: Body + 'static>() -> Box<dyn Sink> {
    Box::new(OneFile::<B>::default())
}

/// The format of that name.
pub fn named(name: &str) -> Option<&'static Format> {
    FORMATS.iter().find(|format| format.name == name)
}

impl std::fmt::Debug for Format {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Format").field("name", &self.name).finish_non_exhaustive()
    }
}
