//! A format that is one file of lines or objects.

use super::Entry;
use super::sink::{Dialect, Error, Output, OwnColumn, Resource, Sink};
use super::store::FileWriter;

/// What such a file holds.
pub(crate) trait Body: Default + Send {
    /// Its name.
    const PATH: &'static str;
    /// What it holds, for people.
    const TITLE: &'static str;
    /// IANA media type.
    const MEDIA_TYPE: &'static str;
    /// Its columns, when it is a table.
    const COLUMNS: &'static [OwnColumn] = &[];
    /// How its lines are written, when it is a table.
    const DIALECT: Option<Dialect> = None;

    /// What stands before the first article.
    fn head(&mut self, _: &mut FileWriter) -> Result<(), Error> {
        Ok(())
    }

    /// Writes what an article has, and returns how many rows or objects that is.
    fn article(
        &mut self,
        article: Entry<'_>,
        file: &mut FileWriter,
    ) -> Result<u64, Error>;

    /// What stands after the last article; returns how many rows that is.
    fn tail(&mut self, _: &mut FileWriter) -> Result<u64, Error> {
        Ok(0)
    }
}

/// Such a file, while articles come.
#[derive(Default)]
pub(crate) struct OneFile<B> {
    body: B,
    file: Option<FileWriter>,
    rows: u64,
}

impl<B: Body> OneFile<B> {
    fn open(&mut self, out: &mut Output<'_>) -> Result<(), Error> {
        if self.file.is_none() {
            let mut file = out.create(B::PATH)?;
            self.body.head(&mut file)?;
            self.file = Some(file);
        }
        Ok(())
    }
}

impl<B: Body> Sink for OneFile<B> {
    fn write(
        &mut self,
        articles: &[Entry<'_>],
        out: &mut Output<'_>,
    ) -> Result<(), Error> {
        self.open(out)?;
        let Some(file) = &mut self.file else { return Ok(()) };
        for article in articles {
            self.rows += self.body.article(*article, file)?;
        }
        Ok(())
    }

    fn finish(mut self: Box<Self>, out: &mut Output<'_>) -> Result<Vec<Resource>, Error> {
        self.open(out)?;
        let OneFile { mut body, file, mut rows } = *self;
        let Some(mut file) = file else { return Ok(Vec::new()) };
        rows += body.tail(&mut file)?;
        let file = file.finish(rows)?;
        Ok(vec![Resource {
            columns: B::COLUMNS,
            dialect: B::DIALECT,
            ..Resource::plain(file, B::TITLE, B::MEDIA_TYPE)
        }])
    }
}
