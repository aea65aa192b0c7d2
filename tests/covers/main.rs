//! Covers, from any picture a merchandiser has to what the service takes.

mod addresses;
mod make;
mod prepare;
mod refuse;
