//! `withdraw`: takes goods out of review.

use super::{Change, Meaning};
use crate::plan::GoodsTask;
use crate::results::{Action, Line};
use crate::wechat::{Call, Failure, Service};

/// The change behind `withdraw`.
pub struct Withdraw;

impl Change for Withdraw {
    type Wish = ();

    const ACTION: Action = Action::Withdraw;
    const CALL: Call = Call::Withdraw;
    const IDEMPOTENT: bool = true;

    /// The auditId stays: it is the newest one known, until goods are submitted again.
    fn call(&self, service: &dyn Service, task: &GoodsTask, line: &mut Line) -> Result<(), Failure> {
        let audit = task.before.audit_id().expect("only goods with an auditId are withdrawn");
        service.withdraw(task.goods_id, audit)?;
        line.audit_status = "0".to_owned();
        Ok(())
    }

    fn refusal(&self, code: i64, again: bool) -> Meaning {
        match code {
            300_009 | 300_010 | 300_017 if again => Meaning::Unclear,
            1003 | 300_015 => Meaning::Gone,
            _ => Meaning::Refused,
        }
    }
}
