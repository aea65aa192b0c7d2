//! `resubmit`: puts goods into review once more.

use super::{Change, Meaning};
use crate::plan::GoodsTask;
use crate::results::{Action, Line};
use crate::wechat::{Call, Failure, Service};

/// The change behind `resubmit`.
pub struct Resubmit;

impl Change for Resubmit {
    type Wish = ();

    const ACTION: Action = Action::Resubmit;
    const CALL: Call = Call::Resubmit;
    const IDEMPOTENT: bool = false;

    fn call(&self, service: &dyn Service, task: &GoodsTask, line: &mut Line) -> Result<(), Failure> {
        let audit = service.resubmit(task.goods_id)?;
        line.audit_id = audit.to_string();
        line.audit_status = "1".to_owned();
        Ok(())
    }

    fn refusal(&self, code: i64, again: bool) -> Meaning {
        match code {
            300_010 if again => Meaning::Unclear,
            1003 | 300_015 => Meaning::Gone,
            _ => Meaning::Refused,
        }
    }
}
