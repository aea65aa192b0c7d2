//! The way from a sheet to durable results, mistreated: deaths, lost answers, edited sheets and files, spent days.

mod kill_matrix;
mod rows_and_lines;
mod support;
