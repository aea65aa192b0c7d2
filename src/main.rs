//! The doorway: parse, run, exit code.

fn main() -> std::process::ExitCode {
    livegoods::exit::Exit::Done.into()
}
