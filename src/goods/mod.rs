//! Raw rows into goods or issues.

mod ids;
mod issue;
mod price;
mod goods;

pub use goods::{Cover, Goods, Keys};
pub use ids::{AuditId, AuditStatus, GoodsId};
pub use issue::{Fault, Issue, Severity};
pub use price::{PriceType, Pricing};
