//! How long to wait after a delivery that failed.

use crate::ports::Random;
use time::Duration;

const FIRST: i64 = 5;
/// With the part that is left to chance, an hour.
const MOST: i64 = 2_880;
const LONGEST: Duration = Duration::HOUR;

/// Five seconds after the first failure, then twice as long each time, at most an hour; up to a quarter
/// longer by chance, so that many do not come back at once. What the other side asks for counts, if it
/// is more, up to the same hour.
pub(super) fn wait(
    failures: i32,
    asked: Option<std::time::Duration>,
    random: &dyn Random,
) -> Duration {
    let mut chance = [0];
    random.fill(&mut chance);
    let doubled = u32::try_from(failures - 1).unwrap_or(0).min(16);
    let usual = (FIRST << doubled).min(MOST);
    let usual = Duration::milliseconds(usual * 1_000 + usual * 250 * i64::from(chance[0]) / 255);
    let asked = asked.unwrap_or_default().as_secs().min(LONGEST.whole_seconds().unsigned_abs());
    usual.max(Duration::seconds(asked.cast_signed())).min(LONGEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Always(u8);

    impl Random for Always {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(self.0);
        }
    }

    #[test]
    fn the_wait_doubles_from_five_seconds_to_an_hour() {
        let seconds = |failures, chance| wait(failures, None, &Always(chance)).whole_seconds();
        let least: Vec<_> = (1..=11).map(|failures| seconds(failures, 0)).collect();
        assert_eq!(least, [5, 10, 20, 40, 80, 160, 320, 640, 1_280, 2_560, 2_880]);
        assert_eq!((seconds(1, 255), seconds(2, 255), seconds(11, 255)), (6, 12, 3_600));
        assert_eq!((seconds(i32::MAX, 255), seconds(0, 0)), (3_600, 5));
    }

    #[test]
    fn what_the_other_side_asks_for_counts_within_an_hour() {
        let asked = |seconds| {
            let asked = std::time::Duration::from_secs(seconds);
            wait(1, Some(asked), &Always(0)).whole_seconds()
        };
        assert_eq!((asked(1), asked(120), asked(u64::MAX)), (5, 120, 3_600));
    }
}
