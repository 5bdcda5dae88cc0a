//! What do the formats share? Bytes out of their wrappers, encodings, dates, marked-up text.

pub(crate) mod columns;
pub(crate) mod date;
pub(crate) mod encoding;
pub(crate) mod gzip;
pub(crate) mod input;
pub(crate) mod markup;
pub(crate) mod xml;
