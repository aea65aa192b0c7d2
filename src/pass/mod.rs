//! A plan into outcomes: threads, one attempt from start to end, retry by class, settling what is in doubt, and
//! when to stop. One small file a verb.

mod add;
mod calls;
mod covers;
mod delete;
mod doubt;
mod figures;
mod look;
mod on_goods;
mod resubmit;
mod run;
mod status;
mod stop;
mod update;
mod verb;
mod withdraw;
mod worker;

pub use add::Add;
pub use calls::Calls;
pub use covers::{Covers, Had, digest_now};
pub use delete::Delete;
pub use figures::{Figures, learn_quota};
pub use look::{Look, Sightings};
pub use on_goods::{Change, Meaning, OnGoods};
pub use resubmit::Resubmit;
pub use run::{Ended, Pass, Rules};
pub use status::Refresh;
pub use stop::StopCell;
pub use update::Update;
pub use verb::{Settled, Verb};
pub use withdraw::Withdraw;
