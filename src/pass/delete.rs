//! `delete`: takes goods out of the library for good, and out of running live rooms too.

use super::{Change, Meaning};
use crate::plan::GoodsTask;
use crate::results::{Action, Line};
use crate::wechat::{Call, Failure, Service};

/// The change behind `delete`.
pub struct Delete;

impl Change for Delete {
    type Wish = ();

    const ACTION: Action = Action::Delete;
    const CALL: Call = Call::Delete;
    const IDEMPOTENT: bool = true;

    fn call(&self, service: &dyn Service, task: &GoodsTask, line: &mut Line) -> Result<(), Failure> {
        service.delete(task.goods_id)?;
        line.audit_status = String::new();
        Ok(())
    }

    fn refusal(&self, code: i64, again: bool) -> Meaning {
        match code {
            1003 | 300_015 if again => Meaning::AlreadySo,
            1003 | 300_015 => Meaning::Gone,
            _ => Meaning::Refused,
        }
    }
}
