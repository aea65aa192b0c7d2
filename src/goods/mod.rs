//! Raw rows into goods or issues.

mod goods;
mod ids;
mod issue;
mod price;

pub use goods::{Cover, Goods, Keys};
pub use ids::{AuditId, AuditStatus, GoodsId};
pub use issue::{Fault, Issue, Severity};
pub use price::{PriceType, Pricing};
