//! The doorway: parse, run, exit code.

// Lines and goods are many small strings: this allocator opens results in three quarters of the time the system's
// takes. Without huge pages, which would take ten megabytes for nothing.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    let words: Vec<_> = std::env::args_os().collect();
    livegoods::cli::run(&words).into()
}
