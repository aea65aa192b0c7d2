//! Replies and what is known of prices into the unit that the replies are read in.

use super::flags::ReplyPrices;
use crate::exit::Stop;
use crate::library::{Listed, PriceUnit};
use crate::plan::{KnownPrices, with_decimals};
use crate::report::PricesRead;

/// The unit of the prices in `replies`.
///
/// # Errors
/// The prices contradict it: exit 78.
pub fn unit_of<'a>(
    wished: ReplyPrices,
    known: &KnownPrices,
    replies: impl IntoIterator<Item = &'a Listed> + Clone,
) -> Result<(PriceUnit, PricesRead), Stop> {
    match wished {
        ReplyPrices::Yuan => Ok((PriceUnit::Yuan, PricesRead::Yuan)),
        ReplyPrices::Fen => match with_decimals(replies) {
            Some(price) => Err(Stop::PricesNotInFen { price: price.to_string() }),
            None => Ok((PriceUnit::Fen, PricesRead::Fen)),
        },
        ReplyPrices::Auto => {
            let votes = known.compare(replies.clone());
            let compared = votes.yuan + votes.fen;
            match compared {
                _ if votes.fen > votes.yuan => Err(Stop::PricesInFen { compared, off: votes.fen }),
                // Fen have no parts: one price with decimals says as much as one that is known.
                0 if with_decimals(replies).is_none() => Ok((PriceUnit::Yuan, PricesRead::YuanAssumed)),
                _ => Ok((PriceUnit::Yuan, PricesRead::Yuan)),
            }
        }
    }
}
