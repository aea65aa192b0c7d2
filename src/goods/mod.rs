//! Raw rows into goods or issues.

mod appid;
mod block;
mod cell;
mod cover;
mod cover_fault;
mod currency;
mod date;
mod draft;
mod identity;
mod ids;
mod issue;
mod look;
mod money;
mod name;
mod price;
mod pricing;
mod reader;
mod repeats;
mod seen;
mod sku;
mod tally;
mod text;
mod url;
mod valid;

pub use block::{Block, Survey};
pub use cover::CoverKind;
pub use cover_fault::CoverFault;
pub use draft::{Draft, Judged, judge};
pub use identity::{Fingerprint, Keys};
pub use ids::{AuditId, AuditStatus, GoodsId};
pub use issue::{Fault, Issue, PriceAdvice, Severity};
pub use price::{PriceType, Pricing};
pub use repeats::Repeats;
pub use tally::Tally;
pub use valid::{Cover, Goods};
