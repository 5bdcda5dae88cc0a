//! Where do records go?
