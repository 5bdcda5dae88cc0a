//! What does a record look like to Python? Its JSON, made when somebody asks.

use depeche::Record;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

/// A record, as the engine made it.
#[pyclass(frozen, module = "depeche._depeche")]
pub(crate) struct Core {
    pub(crate) record: Record,
}

#[pymethods]
impl Core {
    /// The record that somebody wrote as JSON.
    #[staticmethod]
    fn from_json(json: &str) -> PyResult<Core> {
        let record = serde_json::from_str(json).map_err(|error| {
            PyValueError::new_err(format!(
                "no record: {error}; a record is one line that `depeche read --json` or \
                 `Record.to_json()` wrote"
            ))
        })?;
        Ok(Core { record })
    }

    /// The record as the command line writes it.
    fn to_json(&self) -> String {
        serde_json::to_string(&self.record).expect("a record is plain data")
    }
}
