//! Arrow IPC files: the tables of Parquet, for programs that map them into memory.

use arrow::array::RecordBatch;
use arrow_ipc::CompressionType;
use arrow_ipc::writer::{FileWriter as IpcWriter, IpcWriteOptions};

use crate::write::Entry;
use crate::write::arrow::Table;
use crate::write::partition::{Encoder, Partitions};
use crate::write::sink::{Error, Output, Resource, Sink};
use crate::write::store::{FileWriter, Written};

pub(crate) fn open() -> Tables<Ipc> {
    Tables::new("application/vnd.apache.arrow.file")
}

/// An Arrow IPC file.
pub(crate) struct Ipc(IpcWriter<FileWriter>);

impl Encoder for Ipc {
    const EXTENSION: &'static str = "arrow";

    fn open(table: Table, file: FileWriter) -> Result<Ipc, Error> {
        let options = IpcWriteOptions::default()
            .try_with_compression(Some(CompressionType::ZSTD))?;
        Ok(Ipc(IpcWriter::try_new_with_options(file, &table.schema(), options)?))
    }

    fn write(&mut self, rows: &RecordBatch) -> Result<(), Error> {
        Ok(self.0.write(rows)?)
    }

    fn close(mut self) -> Result<FileWriter, Error> {
        self.0.finish()?;
        Ok(self.0.into_inner()?)
    }
}

/// Typed tables in files of one kind.
pub(crate) struct Tables<E> {
    partitions: Partitions<E>,
    media_type: &'static str,
}

impl<E: Encoder> Tables<E> {
    pub(crate) fn new(media_type: &'static str) -> Tables<E> {
        Tables { partitions: Partitions::new(), media_type }
    }
}

impl<E: Encoder> Sink for Tables<E> {
    fn write(
        &mut self,
        articles: &[Entry<'_>],
        out: &mut Output<'_>,
    ) -> Result<(), Error> {
        self.partitions.write(articles, out)
    }

    fn finish(self: Box<Self>, _: &mut Output<'_>) -> Result<Vec<Resource>, Error> {
        let media_type = self.media_type;
        let resource = |file: Written| {
            let name = file.path.split('/').next().unwrap_or_default();
            let table = name.parse::<Table>().ok();
            let title = table.map_or("", Table::title);
            Resource { table, ..Resource::plain(file, title, media_type) }
        };
        Ok(self.partitions.finish()?.into_iter().map(resource).collect())
    }
}
