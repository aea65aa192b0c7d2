//! Events into progress and words: the only room that draws or speaks.

pub mod words;
