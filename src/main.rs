//! The doorway: parse, run, exit code.

fn main() -> std::process::ExitCode {
    let words: Vec<_> = std::env::args_os().collect();
    livegoods::cli::run(&words).into()
}
