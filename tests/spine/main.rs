//! The way from a sheet to durable results, mistreated: deaths, lost answers, edited sheets and files, spent days.

mod chaos;
mod doubts;
mod exit_codes;
mod given_ids;
mod hostile_server;
mod identity;
mod kill_matrix;
mod killed_processes;
mod quota_days;
mod results_v1;
mod rows_and_lines;
mod support;
mod wishes;
