//! A plan into outcomes: threads, one attempt from start to end, retry by class, settling what is in doubt, and
//! when to stop. One small file a verb.

mod add;
mod calls;
mod doubt;
mod figures;
mod run;
mod stop;
mod verb;
mod worker;

pub use add::Add;
pub use calls::Calls;
pub use figures::{Figures, learn_quota};
pub use run::{Ended, Pass, Rules};
pub use stop::StopCell;
pub use verb::{Settled, Verb};
