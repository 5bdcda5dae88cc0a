//! depeche as a module of Python.
//!
//! What Python users see is written in Python, in `python/depeche`; this is what it stands on: a
//! reader that lets go of Python's lock while it reads, records that turn into JSON, and tables
//! that are handed over as Arrow.

mod reader;
mod record;
mod spark;
mod tables;

use pyo3::prelude::*;

#[pymodule]
mod _depeche {
    #[pymodule_export]
    use crate::reader::Reader;
    #[pymodule_export]
    use crate::record::Core;
    #[pymodule_export]
    use crate::spark::relations;
    #[pymodule_export]
    use crate::tables::{table, table_rows, table_schema};

    use super::{Bound, PyModule, PyModuleMethods, PyResult};

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        module.add("VERSION", depeche::VERSION)?;
        module.add("LANGUAGES", depeche::Language::codes())?;
        module.add("TABLES", crate::tables::names())?;
        module.add("SCHEMA", depeche::record::schema().to_string())?;
        module.add("CROWD", depeche_archive::CROWD)?;
        module.add("CANDIDATES", depeche_archive::CANDIDATES)
    }
}
