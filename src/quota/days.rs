//! Calls into the days they take.

/// How many days it takes until `calls` calls have gone out, when `left` of them may go out today and
/// `limit` on each day after it. Today counts when something goes out today; `None` when they never all go
/// out.
pub fn days_needed(calls: u64, left: u64, limit: u64) -> Option<u64> {
    let today = u64::from(calls > 0 && left > 0);
    match calls.saturating_sub(left) {
        0 => Some(today),
        _ if limit == 0 => None,
        later => Some(today + later.div_ceil(limit)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn today_counts_only_when_something_goes_out_today() {
        assert_eq!(days_needed(0, 500, 500), Some(0));
        assert_eq!(days_needed(500, 500, 500), Some(1));
        assert_eq!(days_needed(501, 500, 500), Some(2));
        assert_eq!(days_needed(500, 0, 500), Some(1));
        assert_eq!(days_needed(1201, 100, 500), Some(4));
        assert_eq!(days_needed(1200, 200, 500), Some(3));
    }

    #[test]
    fn what_may_never_go_out_takes_no_number_of_days() {
        assert_eq!(days_needed(3, 2, 0), None);
        assert_eq!(days_needed(2, 2, 0), Some(1));
        assert_eq!(days_needed(u64::MAX, 1, 1), Some(u64::MAX));
    }
}
