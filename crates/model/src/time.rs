//! Instants as whole seconds since 1970 in UTC, and the calendar arithmetic that the product needs of them.
//!
//! Invariant: no function here reads a clock or a time-zone database.

use jiff::civil;
use jiff::tz::Offset;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Seconds since 1970-01-01T00:00:00Z. Prints as `2026-09-30` or, with time, by [`Timestamp::rfc3339`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(pub i64);

/// Seconds in a day.
pub const DAY_SECS: i64 = 86_400;

impl Timestamp {
    /// Midnight UTC at the start of a civil date; `None` where the date does not exist.
    #[must_use]
    pub fn from_date(year: i16, month: i8, day: i8) -> Option<Self> {
        Self::from_civil(civil::Date::new(year, month, day).ok()?.at(0, 0, 0, 0))
    }

    /// Parses `2026-09-30`, `2026-09-30T07:00:00Z` and the forms between, taking UTC where no offset is written.
    #[must_use]
    pub fn parse_iso(text: &str) -> Option<Self> {
        let text = text.trim();
        if let Ok(at) = text.parse::<jiff::Timestamp>() {
            return Some(Self(at.as_second()));
        }
        Self::from_civil(text.parse::<civil::DateTime>().ok()?)
    }

    /// A civil date and time, taken to be in UTC.
    #[must_use]
    pub fn from_civil(at: civil::DateTime) -> Option<Self> {
        Offset::UTC.to_timestamp(at).ok().map(|t| Self(t.as_second()))
    }

    /// Whole days from `earlier` to `self`, negative when `earlier` is later.
    #[must_use]
    pub const fn days_since(self, earlier: Self) -> i64 {
        (self.0 - earlier.0).div_euclid(DAY_SECS)
    }

    /// `2026-09-30`.
    #[must_use]
    pub fn date(self) -> String {
        self.civil().map_or_else(|| self.0.to_string(), |d| d.date().to_string())
    }

    /// `30 Sep 2026`, as people write a date in running text.
    #[must_use]
    pub fn long_date(self) -> String {
        self.civil().map_or_else(|| self.0.to_string(), |d| d.strftime("%-d %b %Y").to_string())
    }

    /// `2026-09` of the month this instant lies in.
    #[must_use]
    pub fn month(self) -> String {
        self.civil().map_or_else(|| self.0.to_string(), |d| d.strftime("%Y-%m").to_string())
    }

    /// `2026-09-30T07:00:00Z`.
    #[must_use]
    pub fn rfc3339(self) -> String {
        jiff::Timestamp::from_second(self.0).map_or_else(|_| self.0.to_string(), |t| t.to_string())
    }

    fn civil(self) -> Option<civil::DateTime> {
        let at = jiff::Timestamp::from_second(self.0).ok()?;
        Some(Offset::UTC.to_datetime(at))
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.date())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn iso_forms_agree() {
        let noon = Timestamp::parse_iso("2026-09-30T12:00:00Z").unwrap();
        assert_eq!(Timestamp::parse_iso("2026-09-30 12:00:00"), Some(noon));
        assert_eq!(Timestamp::parse_iso("2026-09-30T14:00:00+02:00"), Some(noon));
        assert_eq!(Timestamp::parse_iso("2026-09-30"), Timestamp::from_date(2026, 9, 30));
        assert_eq!(noon.date(), "2026-09-30");
        assert_eq!(noon.long_date(), "30 Sep 2026");
        assert_eq!(noon.month(), "2026-09");
        assert_eq!(Timestamp::parse_iso("yesterday"), None);
    }

    #[test]
    fn the_end_of_time_still_prints() {
        assert_eq!(Timestamp(i64::MAX).date(), i64::MAX.to_string());
    }
}
