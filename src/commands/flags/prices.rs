//! How prices in replies are to be read.

use clap::{Args, ValueEnum};

/// The unit of prices in replies, where it has to be told.
#[derive(Args, Clone, Copy, Debug)]
pub struct PriceFlags {
    /// The unit of prices in the service's replies; auto takes yuan, and stops when known prices say fen
    #[arg(
        long,
        value_name = "UNIT",
        env = "LIVEGOODS_REPLY_PRICES",
        value_enum,
        default_value_t,
        help_heading = "The service"
    )]
    pub reply_prices: ReplyPrices,
}

/// The unit of prices in replies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum ReplyPrices {
    /// Yuan, unless prices that are known say otherwise.
    #[default]
    Auto,
    /// 99.5
    Yuan,
    /// 9950
    Fen,
}
