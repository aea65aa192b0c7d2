//! Covers, from any picture a merchandiser has to what the service takes.

mod addresses;
mod book;
mod make;
mod pictures;
mod places;
mod prepare;
mod program;
mod refuse;
mod turns;
