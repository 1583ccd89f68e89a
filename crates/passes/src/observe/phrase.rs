//! Words for what events count: names of events, shares, stretches of days.

use throughline_model::Timestamp;
use throughline_model::time::DAY_SECS;

/// `62 %`; shares that would round to none or all keep one decimal.
pub(super) fn percent(n: u64, of: u64) -> String {
    let share = 100.0 * n as f64 / of.max(1) as f64;
    if n > 0 && n < of && !(0.95..99.5).contains(&share) { format!("{share:.1} %") } else { format!("{share:.0} %") }
}

/// `between 6 Jul and 30 Sep 2026`, of days counted from 1970.
pub(super) fn between(first: i64, last: i64) -> String {
    let (first, last) = (date(first), date(last));
    let year = last.rsplit_once(' ').map_or("", |(_, year)| year);
    let first = first.strip_suffix(year).map_or(first.as_str(), str::trim_end);
    format!("between {first} and {last}")
}

fn date(day: i64) -> String {
    Timestamp(day.saturating_mul(DAY_SECS)).long_date()
}

/// An event's name in words: `swap_opened`, `SwapOpened` and `Swap Opened` are "swap opened".
pub(super) fn words(name: &str) -> String {
    let mut spaced = String::with_capacity(name.len() + 4);
    let mut before = ' ';
    for c in name.chars() {
        if c.is_alphanumeric() {
            if c.is_uppercase() && before.is_lowercase() {
                spaced.push(' ');
            }
            spaced.extend(c.to_lowercase());
        } else {
            spaced.push(' ');
        }
        before = c;
    }
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// `payroll-exported`.
pub(super) fn slug(name: &str) -> String {
    words(name).replace(' ', "-")
}

/// What somebody did again and again: `payroll_exported` is "exported the same payroll by hand"; a name without a verb in
/// the past is told in quotation marks. `thing` names what it was done to, where the event's name does not.
pub(super) fn act(name: &str, thing: Option<&str>) -> String {
    let words = words(name);
    let list: Vec<&str> = words.split(' ').collect();
    let named = thing.filter(|thing| !list.contains(thing)).map(|thing| format!(" (\"{thing}\")")).unwrap_or_default();
    let verb = list.iter().position(|word| is_past(word)).filter(|_| list.len() > 1);
    match verb {
        Some(0) => format!("{} the same {}{named} by hand", list[0], list[1..].join(" ")),
        Some(at) => {
            let after: String = list[at + 1..].iter().map(|word| format!(" {word}")).collect();
            format!("{} the same {}{named}{after} by hand", list[at], list[..at].join(" "))
        }
        None => format!("did \"{words}\" to the same thing{named} by hand"),
    }
}

fn is_past(word: &str) -> bool {
    const IRREGULAR: [&str; 16] = [
        "sent", "made", "set", "done", "built", "read", "drawn", "written", "bought", "paid", "chosen", "taken",
        "kept", "begun", "found", "run",
    ];
    (word.len() > 4 && word.ends_with("ed")) || IRREGULAR.contains(&word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_events_become_english() {
        assert_eq!(words("swap_opened_on_phone"), "swap opened on phone");
        assert_eq!(words("Report Exported"), "report exported");
        assert_eq!(words("reportExported"), "report exported");
        assert_eq!(act("payroll_exported", None), "exported the same payroll by hand");
        assert_eq!(act("payroll_exported", Some("hours")), "exported the same payroll (\"hours\") by hand");
        assert_eq!(act("swap_opened_on_phone", None), "opened the same swap on phone by hand");
        assert_eq!(act("Exported Report", None), "exported the same report by hand");
        assert_eq!(act("export", None), "did \"export\" to the same thing by hand");
    }

    #[test]
    fn shares_and_days_read_well() {
        assert_eq!((percent(1, 3), percent(1, 300), percent(0, 0)), ("33 %".into(), "0.3 %".into(), "0 %".into()));
        assert_eq!(percent(299, 300), "99.7 %");
        let day = |year, month, day| Timestamp::from_date(year, month, day).unwrap().0 / DAY_SECS;
        assert_eq!(between(day(2026, 7, 6), day(2026, 9, 30)), "between 6 Jul and 30 Sep 2026");
        assert_eq!(between(day(2025, 12, 6), day(2026, 1, 30)), "between 6 Dec 2025 and 30 Jan 2026");
        assert!(!between(i64::MIN, i64::MAX).is_empty());
    }
}
