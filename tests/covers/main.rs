//! Covers, from any picture a merchandiser has to what the service takes.

mod addresses;
mod make;
mod pictures;
mod prepare;
mod program;
mod refuse;
mod turns;
