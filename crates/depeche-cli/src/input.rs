//! Where do articles come from? `depeche-formats` reads them, with what the command line says.

use std::path::PathBuf;

use depeche::Meta;
use depeche_formats::read::{self, Articles, Options};

pub(crate) use depeche_formats::read::{Article, Problem, Step};

use crate::flags::About;

/// The articles at some paths, in order; standard input when there are none. Each is to be
/// finished, which takes longer than to go through the file: readers do it side by side.
pub(crate) fn articles(paths: &[PathBuf], about: &About) -> Articles {
    let options = Options { defaults: about.meta(), format: about.format.0 };
    read::articles(paths, &options)
}

impl About {
    /// What is known of an article when its input says nothing.
    pub(crate) fn meta(&self) -> Meta {
        Meta {
            published: self.date.clone(),
            outlet: self.outlet.clone(),
            lang: self.lang.clone(),
            ..Meta::default()
        }
    }
}
