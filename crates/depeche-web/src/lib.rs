//! How is an archive read in a browser, and by other programs?
