//! The commands of outcomes: what was shipped, what followed, and how well the checks foretold it.

use crate::End;
use crate::arguments::{Fate as Asked, Outcome as Arguments};
use crate::commands::print_json;
use crate::host::OsHost;
use crate::render::table::{Align, lay_out};
use crate::render::{Style, diagnostics, out};
use serde_json::{Value, json};
use std::path::Path;
use throughline_compiler::outcome::{BEFORE_DAYS, Foretold, Outcomes, SAY_MIN, Shipped, Told, Verdict};
use throughline_compiler::{Error, Session};
use throughline_model::outcome::Fate;

const WIDTH: usize = 132;
/// Checks shown of those that foretold something.
const SHOWN: usize = 12;

/// `outcome`.
pub(crate) fn outcome(host: &OsHost, folder: &Path, arguments: &Arguments) -> Result<End, Error> {
    let mut session = Session::open(folder, host)?;
    let fate = match arguments.fate {
        Asked::Shipped => Fate::Shipped,
        Asked::Withdrawn => Fate::Withdrawn,
    };
    let told = Told { fate, on: arguments.on, why: arguments.why.clone(), by: arguments.by.clone() };
    let kept = session.record_outcome(&arguments.id, told)?;
    if arguments.json {
        print_json(
            &json!({ "id": kept.insight_id, "label": kept.label, "fate": kept.fate, "on": kept.on.date(), "why": kept.why, "by": kept.by }),
        );
        return Ok(End::Fine);
    }
    match kept.fate {
        Fate::Shipped => out(&format!("{}: shipped on {}", kept.label, kept.on.long_date())),
        Fate::Withdrawn => out(&format!("{}: not shipped; what was recorded before no longer counts", kept.label)),
    }
    out("what followed, as far as it is known: `throughline outcomes`");
    Ok(End::Fine)
}

/// `outcomes`.
pub(crate) fn outcomes(host: &OsHost, folder: &Path, is_json: bool) -> Result<End, Error> {
    let session = Session::open(folder, host)?;
    let found = session.outcomes(host)?;
    let name = |id: &str| session.rubric().checks.iter().find(|check| check.id == id).map(|check| check.name.clone());
    if is_json {
        let checks: Vec<Value> =
            found.checks.iter().map(|check| foretold_json(check, &name(&check.check).unwrap_or_default())).collect();
        let shipped: Vec<Value> = found.shipped.iter().map(shipped_json).collect();
        print_json(
            &json!({ "outcomes": shipped, "checks": checks, "say_min": SAY_MIN, "notes": found.notes, "diagnostics": found.diagnostics }),
        );
        return Ok(End::Fine);
    }
    diagnostics::show(&found.diagnostics, Style::for_stderr());
    let style = Style::for_stdout();
    if found.shipped.is_empty() {
        out("nothing was shipped yet: `throughline outcome ID shipped --on DATE`, or shipped items in [[roadmap]]");
    }
    for one in &found.shipped {
        let word = one.followed.verdict.word();
        let (before, after) = one.followed.per_month();
        let after = after.map_or_else(|| "no day went by since".to_owned(), |after| format!("{after:.1} after"));
        out(&format!(
            "{}  {}  shipped {}: {before:.1} mentions a month before, {after} · {}",
            style.bold(&format!("{word:<9}")),
            one.label,
            one.on.long_date(),
            style.dim(&one.id.to_string())
        ));
        out(&style.dim(&format!("           {}", one.followed.sentence)));
        out(&style.dim(&format!("           {}", one.because)));
    }
    for note in &found.notes {
        out(&format!("not counted: {note}"));
    }
    show_foretold(&found, name, style);
    Ok(End::Fine)
}

fn show_foretold(found: &Outcomes, name: impl Fn(&str) -> Option<String>, style: Style) {
    let n = |is: bool| found.shipped.iter().filter(|one| one.followed.verdict.is_resolved() == Some(is)).count();
    let (resolved, others) = (n(true), n(false));
    let n_unproven = found.shipped.iter().filter(|one| one.followed.verdict == Verdict::Unproven).count();
    out("");
    out(&format!(
        "{resolved} resolved, {others} not, {n_unproven} unproven; mentions are voices that ask or complain, in the {BEFORE_DAYS} days before and since"
    ));
    let told: Vec<&Foretold> = found.checks.iter().filter(|check| check.is_sayable()).collect();
    if told.is_empty() {
        out(&format!(
            "how well checks foretold it: too few to say; it takes {SAY_MIN} resolved and {SAY_MIN} others of which a check was known"
        ));
    } else {
        let header = [
            ("check", Align::Left),
            ("name", Align::Left),
            ("resolved", Align::Right),
            ("n", Align::Right),
            ("others", Align::Right),
            ("n", Align::Right),
            ("difference", Align::Right),
        ];
        let rows: Vec<Vec<String>> = told
            .iter()
            .take(SHOWN)
            .map(|check| {
                let points = |mean: Option<f64>| mean.map_or_else(|| "?".to_owned(), |mean| format!("{mean:.2}"));
                vec![
                    check.check.clone(),
                    name(&check.check).unwrap_or_default(),
                    points(check.mean_resolved),
                    check.n_resolved.to_string(),
                    points(check.mean_others),
                    check.n_others.to_string(),
                    check.difference().map_or_else(String::new, |x| format!("{x:+.2}")),
                ]
            })
            .collect();
        out(&style.bold("mean points on the day before, by what followed"));
        lay_out(&header, &rows, WIDTH, style).iter().for_each(|line| out(line));
        out(&format!("{} of {} checks have enough to say", told.len(), found.checks.len()));
    }
    out("no weight is changed by this; your own stand in [score.weights]");
}

fn shipped_json(one: &Shipped) -> Value {
    let (before, after) = one.followed.per_month();
    json!({
        "id": one.id,
        "label": one.label,
        "shipped_on": one.on.date(),
        "because": one.because,
        "recorded": one.is_recorded,
        "verdict": one.followed.verdict.word(),
        "sentence": one.followed.sentence,
        "n_before": one.followed.n_before,
        "n_after": one.followed.n_after,
        "expected": round(one.followed.expected),
        "days_after": one.followed.days_after,
        "per_month_before": round(before),
        "per_month_after": after.map(round),
        "earned_before": one.score.as_ref().map(|score| score.earned),
        "total_before": one.score.as_ref().map(|score| score.total),
    })
}

fn foretold_json(check: &Foretold, name: &str) -> Value {
    json!({
        "check": check.check,
        "name": name,
        "n_resolved": check.n_resolved,
        "n_others": check.n_others,
        "mean_resolved": check.mean_resolved.map(round),
        "mean_others": check.mean_others.map(round),
        "difference": check.difference().map(round),
        "says": if check.is_sayable() { "enough" } else { "too few to say" },
    })
}

fn round(x: f64) -> f64 {
    (x * 1000.0).round() / 1000.0
}
