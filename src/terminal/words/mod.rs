//! Values into sentences, in English. Each enum has one function with an exhaustive match, so that a second
//! language is a second file and the compiler says what it lacks.

mod remarks;
mod served;

pub use remarks::template_written;
pub use served::{sandbox_listens, sandbox_made_up};
