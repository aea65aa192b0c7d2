//! Values into sentences, in English. Each enum has one function with an exhaustive match, so that a second
//! language is a second file and the compiler says what it lacks.

mod codes;
mod covers;
mod events;
mod faults;
mod findings;
mod import;
mod issue_codes;
mod json;
mod line;
mod notes;
mod passes;
mod quota;
mod remarks;
mod served;
mod summary;

pub use codes::{CodeKind, Explanation, explain, explanation, near_codes, unknown_code};
pub use covers::{astray, cover_fault};
pub use events::{
    countdown, counts, eta, moment, notice, outcome, plural, quota_day, quota_left, rate, resumed, row, span,
    started, verb, waiting,
};
pub use faults::{fault, faults};
pub use findings::{codes, columns_read, sheet_note, tally};
pub use import::{distrust, import_plan, import_plan_as_json};
pub use line::{map_option, one_line};
pub use notes::note;
pub use passes::{
    PassPlan, ask_to_delete, must_be_expected, not_deleted, other_number, pass_plan, pass_plan_as_json,
};
pub use quota::{QuotaAhead, QuotaTold, no_credentials, quota, quota_ahead, unreachable};
pub use remarks::{template_written, template_written_as_json};
pub use served::{sandbox_listens, sandbox_made_up};
pub use summary::{ending, short_summary, stop, summary};
