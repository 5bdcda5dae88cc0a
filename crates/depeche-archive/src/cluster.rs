//! What does a cluster of machines need to come to the answers of an archive? The order in which
//! an archive meets articles that are added by date.

use crate::day::Day;

/// Where an article stands in the order of dates: a text that sorts as its numbers in an
/// archive do. `order` tells articles of one day apart, and the identity those of one order.
pub fn place(published: Option<&str>, order: u64, identity: &str) -> String {
    let (first, last) = published.map_or((None, None), Day::bounds);
    let day = first.or(last).unwrap_or(Day::FIRST);
    format!("{:06}-{order:012}-{identity}", day.number())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_sort_by_day_then_order() {
        let place = |published, order| place(Some(published), order, "a");
        assert!(place("2025-02", 9) < place("2025-02-02", 1));
        assert!(place("2025-02-02", 9) < place("2025-02-02", 10));
        assert!(super::place(None, 0, "b") < place("1999", 0));
    }
}
