//! What an insight takes, in people-days: as declared, else a stated range from the functional size of what is asked.
//!
//! Functional size is the score's own (check TE-03: data movements as COSMIC, ISO/IEC 19761, counts them). A range from
//! size is wide on purpose and says that it is one; it ends as soon as somebody declares `[[effort]]`.

use throughline_model::plan::{Effort, EffortBasis};
use throughline_model::{CheckState, InsightId, Need, Polarity, Score, Settings};

/// People-days a data movement. Chosen, untested: the middle of what teams report for changes to a running product, 3 to
/// 6 hours; a team that knows its own sets `capacity.people_days_per_data_movement`.
pub const DAYS_PER_MOVEMENT: f64 = 0.5;
/// Low and high end of the range, as multiples of the likely value: an estimate whose ends are more than four times
/// apart asks for a split (rule US-9), so this is as wide as a range may be.
pub const RANGE: (f64, f64) = (0.5, 2.0);
/// People-days that a fix takes at least: its cause must be found, whatever its size. Chosen, untested.
pub const FIX_DAYS_MIN: f64 = 2.0;
/// Share of a function that is touched when it is mended rather than made. Chosen, untested.
pub const FIX_SHARE: f64 = 0.5;

/// The effort of an insight; the error is what would make it known.
///
/// # Errors
/// When nothing is asked for that could be sized, and nobody declared an effort.
pub fn effort(settings: &Settings, id: InsightId, needs: &[Need], score: &Score) -> Result<Effort, String> {
    let name = id.to_string();
    let declared = settings.effort.iter().find(|effort| effort.insight == name);
    if let Some(declared) = declared
        && let Some(likely) = declared.people_days
    {
        let why = declared.why.as_deref().map_or_else(String::new, |why| format!(" ({why})"));
        return Ok(Effort {
            low_days: declared.low_people_days.unwrap_or(likely),
            likely_days: likely,
            high_days: declared.high_people_days.unwrap_or(likely),
            basis: EffortBasis::Declared,
            sentence: format!("{}, as declared{why}", people_days(likely)),
        });
    }
    let size = score.checks.iter().find(|check| check.id == "TE-03" && check.state == CheckState::Scored);
    let Some(movements) = size.and_then(|check| check.x).filter(|x| *x > 0.0) else {
        return Err(format!(
            "what it takes is not known: no statement says clearly enough what is to be made; declare [[effort]] with \
             insight = \"{name}\" and people_days"
        ));
    };
    let rate = settings.capacity.as_ref().and_then(|capacity| capacity.people_days_per_data_movement);
    let per_movement = rate.unwrap_or(DAYS_PER_MOVEMENT);
    let is_fix = !needs.is_empty() && needs.iter().all(|need| need.polarity == Polarity::Fix);
    let share = if is_fix { FIX_SHARE } else { 1.0 };
    // Half days: a finer figure would claim what nobody knows.
    let least = if is_fix { FIX_DAYS_MIN } else { 0.5 };
    let likely = ((movements * per_movement * share * 2.0).round() / 2.0).max(least);
    let half = if !is_fix {
        String::new()
    } else if likely > FIX_DAYS_MIN {
        ", half of it for a fix".to_owned()
    } else {
        format!(", and a fix takes {FIX_DAYS_MIN} at least")
    };
    Ok(Effort {
        low_days: likely * RANGE.0,
        likely_days: likely,
        high_days: likely * RANGE.1,
        basis: EffortBasis::Size,
        sentence: format!(
            "{} from functional size: {movements:.0} data movements at {per_movement}{half}; by size alone it \
             may as well be {} to {}",
            people_days(likely),
            days(likely * RANGE.0),
            days(likely * RANGE.1)
        ),
    })
}

/// People-days for people: `4`, `4.5`, `0.25`.
#[must_use]
pub fn days(x: f64) -> String {
    let rounded = (x * 100.0).round() / 100.0;
    format!("{}", rounded + 0.0)
}

/// `1 people-day`, `4.5 people-days`.
#[must_use]
pub fn people_days(x: f64) -> String {
    let shown = days(x);
    if shown == "1" { "1 people-day".to_owned() } else { format!("{shown} people-days") }
}
