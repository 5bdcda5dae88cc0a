//! Parquet: typed tables by year and month, compressed with zstd.

use arrow::array::RecordBatch;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::{WriterProperties, WriterVersion};

use super::arrow::Tables;
use crate::write::arrow::Table;
use crate::write::partition::Encoder;
use crate::write::sink::Error;
use crate::write::store::FileWriter;

/// So many rows a group, at most: groups are what readers skip and share among threads.
const GROUP: usize = 64 << 10;

pub(crate) fn open() -> Tables<Parquet> {
    Tables::new("application/vnd.apache.parquet")
}

/// A Parquet file.
pub(crate) struct Parquet(ArrowWriter<FileWriter>);

impl Encoder for Parquet {
    const EXTENSION: &'static str = "parquet";

    fn open(table: Table, file: FileWriter) -> Result<Parquet, Error> {
        let properties = WriterProperties::builder()
            .set_writer_version(WriterVersion::PARQUET_1_0)
            .set_compression(Compression::ZSTD(ZstdLevel::try_new(3)?))
            .set_max_row_group_row_count(Some(GROUP))
            .build();
        Ok(Parquet(ArrowWriter::try_new(file, table.schema(), Some(properties))?))
    }

    fn write(&mut self, rows: &RecordBatch) -> Result<(), Error> {
        Ok(self.0.write(rows)?)
    }

    fn close(self) -> Result<FileWriter, Error> {
        Ok(self.0.into_inner()?)
    }
}
