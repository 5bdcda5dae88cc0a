//! Where do articles come from? `depeche-formats` reads them; here they are spread over threads.

use std::collections::VecDeque;
use std::path::PathBuf;

use depeche::Meta;
use depeche_formats::read::{self, Articles, Options};
use rayon::prelude::*;

pub(crate) use depeche_formats::read::{Article, Problem, Step};

use crate::flags::About;

/// So many drafts are finished side by side.
const DRAFTS: usize = 64;
/// And so many bytes of them, at most.
const BYTES: usize = 4 << 20;

/// The articles at some paths, in order; standard input when there are none.
pub(crate) fn articles(paths: &[PathBuf], about: &About) -> Finished {
    let options = Options { defaults: about.meta(), format: about.format.0 };
    Finished { drafts: read::articles(paths, &options), ready: VecDeque::new() }
}

/// Articles whose pages are read side by side, for that takes longer than to go through the file.
pub(crate) struct Finished {
    drafts: Articles,
    ready: VecDeque<Step>,
}

impl Iterator for Finished {
    type Item = Step;

    fn next(&mut self) -> Option<Step> {
        if self.ready.is_empty() {
            let mut drafts = Vec::new();
            let mut bytes = 0;
            while drafts.len() < DRAFTS && bytes < BYTES {
                let Some(draft) = self.drafts.next() else { break };
                bytes += draft.size();
                drafts.push(draft);
            }
            let finished: Vec<Step> =
                drafts.into_par_iter().map(read::Draft::finish).collect();
            self.ready.extend(finished);
        }
        self.ready.pop_front()
    }
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
