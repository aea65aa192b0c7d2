//! A sheet and a service at which chosen things go wrong, for the program or for a desk.

use std::sync::Arc;

use livegoods::clock::Clock;
use livegoods::sandbox::{Call, Options, Sandbox};

use super::{Desk, Program, Table};

/// A home with this sheet, and a service with these faults.
pub fn shop(table: &Table, faults: &[&str]) -> (Sandbox, Program) {
    let sandbox = start(faults, Options::default());
    let program = Program::new(table, &sandbox.base_url());
    (sandbox, program)
}

/// A desk with this sheet, whose time no test has to wait for, and a service with these faults.
pub fn desk(table: &Table, faults: &[&str]) -> (Desk, Sandbox) {
    let desk = Desk::new();
    table.write(&desk.sheet);
    let clock = Arc::clone(&desk.time) as Arc<dyn Clock>;
    let sandbox = start(faults, Options { clock, ..Options::default() });
    (desk, sandbox)
}

/// How often goods were added.
pub fn adds(sandbox: &Sandbox) -> u64 {
    sandbox.calls().count(Call::Add)
}

fn start(faults: &[&str], options: Options) -> Sandbox {
    let faults = faults.iter().map(|fault| fault.parse().expect("a fault")).collect();
    Sandbox::start(Options { faults, ..options }).expect("a sandbox")
}
