//! The days on which something happened, as bits of one word.

/// Days a word holds.
const N_BITS: i64 = 128;

/// Days on which something happened: bit `i` of `bits` is the day `i` days before `last`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Days {
    last: i64,
    bits: u128,
}

/// An act that came back week after week.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Habit {
    /// How often in a row.
    pub(super) n_times: usize,
    /// First day, counted from 1970.
    pub(super) first: i64,
    /// Last day.
    pub(super) last: i64,
}

impl Days {
    /// Marks a day. One too far before the newest marked is forgotten.
    pub(super) fn mark(&mut self, day: i64) {
        if self.bits == 0 {
            self.last = day;
        }
        if day > self.last {
            self.bits = shifted(self.bits, day.saturating_sub(self.last));
            self.last = day;
        }
        self.bits |= shifted(1, self.last.saturating_sub(day));
    }

    /// How many of the last `n` days up to `today` are marked; `n` is at most 128.
    pub(super) fn n_within(&self, today: i64, n: u32) -> u32 {
        self.window(today, n).count_ones()
    }

    /// Bit `i` is `i` days before `today`.
    fn window(&self, today: i64, n: u32) -> u128 {
        let bits = if today >= self.last {
            shifted(self.bits, today.saturating_sub(self.last))
        } else {
            self.bits.checked_shr(u32::try_from(self.last.saturating_sub(today)).unwrap_or(u32::MAX)).unwrap_or(0)
        };
        if n >= 128 { bits } else { bits & ((1 << n) - 1) }
    }

    /// The longest run of days that lie 7 ± 1 days apart. The day after a marked one is the same occasion (somebody
    /// corrected it); a day in between shows that the rhythm is another one.
    pub(super) fn weekly(&self, today: i64, n: u32) -> Habit {
        let bits = self.window(today, n);
        let mut best = Habit::default();
        let mut run = Habit::default();
        for back in (0..i64::from(n.min(128))).rev() {
            if bits >> back & 1 == 0 {
                continue;
            }
            let day = today - back;
            match day - run.last {
                1 if run.n_times > 0 => continue,
                6..=8 if run.n_times > 0 => run = Habit { n_times: run.n_times + 1, last: day, ..run },
                _ => run = Habit { n_times: 1, first: day, last: day },
            }
            if run.n_times > best.n_times {
                best = run;
            }
        }
        best
    }
}

/// `bits` moved into the past by `n_days`.
fn shifted(bits: u128, n_days: i64) -> u128 {
    if (0..N_BITS).contains(&n_days) { bits << n_days } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn days(marked: &[i64]) -> Days {
        let mut days = Days::default();
        marked.iter().for_each(|day| days.mark(*day));
        days
    }

    #[test]
    fn a_weekly_habit_bears_a_day_more_or_less_and_a_correction() {
        assert_eq!(days(&[0, 7, 8, 13, 21]).weekly(30, 90), Habit { n_times: 4, first: 0, last: 21 });
        assert_eq!(days(&[0, 3, 7, 10, 14]).weekly(30, 90).n_times, 1, "twice a week is another rhythm");
        assert_eq!(days(&[0, 1, 2, 3, 4, 5, 6, 7, 8]).weekly(30, 90).n_times, 1, "daily is another rhythm");
        assert_eq!(days(&[0, 14, 28]).weekly(30, 90).n_times, 1);
        assert_eq!(days(&[0, 7, 14]).weekly(100, 90).n_times, 1, "what lies before the window is not counted");
    }

    proptest! {
        #[test]
        fn counts_are_those_of_a_set(marked in prop::collection::vec(0_i64..200, 1..60), today in 0_i64..260, n in 1_u32..=90) {
            let mut sorted = marked.clone();
            sorted.sort_unstable();
            let newest = sorted[sorted.len() - 1];
            let set: std::collections::BTreeSet<i64> = sorted.iter().copied().filter(|day| newest - day < N_BITS).collect();
            let expected = set.iter().filter(|day| (0..i64::from(n)).contains(&(today - **day))).count() as u32;
            prop_assert_eq!(days(&sorted).n_within(today, n), expected);
        }

        #[test]
        fn far_days_do_no_harm(a: i64, b: i64, today: i64) {
            let seen = days(&[a, b]);
            prop_assert!(seen.n_within(today, 90) <= 2);
        }
    }
}
