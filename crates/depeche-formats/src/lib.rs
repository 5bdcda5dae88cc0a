//! Which formats does the press write, and which do analysts read?
//!
//! [`read`] turns bytes of any press format into documents; [`write`] turns records into tables and
//! exchange formats. The engine is not here.

pub mod read;
pub mod write;
