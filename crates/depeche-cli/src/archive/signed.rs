//! Who decides, and why.

use clap::Args;
use depeche_archive::Signed;

#[derive(Args, Clone, Debug)]
pub(crate) struct Signature {
    /// Why: it stays in the log
    #[arg(long, value_name = "TEXT")]
    reason: String,
    /// Who decides [default: the user of this machine]
    #[arg(long, value_name = "NAME")]
    author: Option<String>,
}

impl Signature {
    /// Does something signed, now.
    pub(crate) fn sign<T>(&self, work: impl FnOnce(Signed<'_>) -> T) -> T {
        let author = self.author.clone().unwrap_or_else(super::user);
        work(Signed { at: &super::now(), author: &author, reason: &self.reason })
    }
}
