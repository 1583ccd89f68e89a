//! `explain`: a score with the words behind it, how sure the rank is, and why one insight stands above another.

use crate::End;
use crate::arguments::Explain;
use crate::commands::print_json;
use crate::host::OsHost;
use crate::render::{Style, out};
use serde_json::{Value, json};
use std::path::Path;
use throughline_compiler::explain::{Changes, Explained, ExplainedCheck, Quoted, Sensitivity, WhyNot};
use throughline_compiler::{Error, Session};
use throughline_model::{CheckResult, CheckState};

/// The longest quote shown beside a check, in characters; `--check` shows it whole.
const QUOTE_CHARS: usize = 110;
/// Checks shown of what differs or changed.
const SHOWN: usize = 12;

/// `explain`.
pub(crate) fn explain(host: &OsHost, folder: &Path, arguments: &Explain) -> Result<End, Error> {
    let session = Session::open(folder, host)?;
    if let Some([one, other]) = arguments.why_not.as_deref() {
        let found = session.why_not(one, other)?;
        if arguments.json {
            print_json(&json!(found));
        } else {
            show_why_not(&found);
        }
        return Ok(End::Fine);
    }
    let name = arguments.id.as_deref().unwrap_or_default();
    let mut found = session.explain(name, arguments.at)?;
    if let Some(check) = &arguments.check {
        let is_it = |result: &CheckResult| result.id.eq_ignore_ascii_case(check);
        let at = found.score.checks.iter().position(is_it).ok_or_else(|| Error::NotFound {
            what: "check",
            id: check.clone(),
            hint: "checks are named BI-01 to BI-33, TE-01 to TE-22 and SA-01 to SA-22",
        })?;
        let (result, check) = (found.score.checks.swap_remove(at), found.checks.swap_remove(at));
        if arguments.json {
            print_json(&check_json(&result, &check));
        } else {
            show_check(&result, &check);
        }
        return Ok(End::Fine);
    }
    if arguments.json {
        print_json(&explained_json(&found));
    } else {
        show(&found);
    }
    Ok(End::Fine)
}

/// The score's own keys, with what explains them beside.
fn explained_json(found: &Explained) -> Value {
    let mut value = json!(found.score);
    let checks: Vec<Value> =
        found.score.checks.iter().zip(&found.checks).map(|(result, check)| check_json(result, check)).collect();
    let more = json!({
        "label": found.insight.label,
        "headline": found.headline,
        "as_of": found.as_of.map(throughline_model::Timestamp::rfc3339),
        "rank": found.sensitivity.rank,
        "band": found.place.as_ref().map(|place| &place.band),
        "checks": checks,
        "sensitivity": found.sensitivity,
        "changes": found.changes,
    });
    if let (Value::Object(score), Value::Object(more)) = (&mut value, more) {
        score.extend(more);
    }
    value
}

fn check_json(result: &CheckResult, check: &ExplainedCheck) -> Value {
    let mut value = json!(result);
    if let (Value::Object(result), Value::Object(more)) = (&mut value, json!(check)) {
        result.extend(more);
    }
    value
}

fn show(found: &Explained) {
    let style = Style::for_stdout();
    let score = &found.score;
    out(&style.bold(&found.insight.label));
    out(&format!(
        "{}. Floor {:.1}, ceiling {:.1}, total {:.1} of {}. Confidence {:.2}. Rubric {}.",
        found.headline,
        score.floor,
        score.ceiling,
        score.total,
        score.checks.len(),
        score.confidence,
        score.rubric_version
    ));
    if let Some(weighted) = score.weighted_total {
        out(&format!("Under your own weights: {weighted:.1} of {}.", score.checks.len()));
    }
    for (badge, reason) in &score.badges {
        out(&format!("{}: {reason}", style.accent(badge)));
    }
    show_sensitivity(found, style);
    if let Some(changes) = &found.changes {
        show_changes(changes, found, style);
    }
    for (group, of_group) in &score.groups {
        out("");
        let rate = of_group.score.map_or_else(
            || "; not ranked by: too little is known".to_owned(),
            |score| format!("; counts {score:.1} in the total"),
        );
        out(&style.bold(&format!(
            "{} {:.1} of {} known ({} in all){rate}",
            group.replace('_', " "),
            of_group.earned,
            of_group.knowable,
            of_group.max
        )));
        for (result, check) in score.checks.iter().zip(&found.checks).filter(|(_, check)| check.group == *group) {
            if result.state == CheckState::Unknown {
                let missing = result.missing.as_deref().unwrap_or("");
                out(&style.dim(&format!("  {}    ?  unknown: needs {missing}", result.id)));
                continue;
            }
            out(&format!("  {} {:.2}  {}", result.id, result.points, result.sentence));
            if let Some(quote) = check.quotes.first().filter(|_| result.points > 0.0) {
                let n = check.sources.len() + result.n_unlisted as usize;
                let more = if n > 1 { format!(", and {} more", n - 1) } else { String::new() };
                out(&style.dim(&format!("              {}{more}", one_line(quote, QUOTE_CHARS))));
            }
        }
    }
    out("");
    out(&style.dim("all that a check cites: --check BI-10; against another insight: --why-not A B"));
}

/// `“words”, source 12, 3 Sep 2026, r…:0-12`.
fn one_line(quote: &Quoted, max: usize) -> String {
    let mut text: String = quote.text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.chars().count() > max {
        text = text.chars().take(max).collect::<String>() + "…";
    }
    let day = quote.at.map_or_else(String::new, |at| format!(", {}", at.long_date()));
    let why = match quote.why {
        "account" => " (said by a cited account)",
        "insight" => " (said of this insight)",
        _ => "",
    };
    format!(
        "“{text}”, {} {}{day}, {}:{}-{}{why}",
        quote.source, quote.external_id, quote.record_id, quote.start, quote.end
    )
}

fn show_check(result: &CheckResult, check: &ExplainedCheck) {
    let style = Style::for_stdout();
    out(&style.bold(&format!("{} {}", result.id, check.name)));
    out(&check.asks);
    match result.state {
        CheckState::Unknown => out(&format!("unknown: needs {}", result.missing.as_deref().unwrap_or(""))),
        CheckState::Scored => out(&format!("{:.2} points: {}", result.points, result.sentence)),
    }
    for source in &check.sources {
        let words = source.words.as_deref().unwrap_or("(no longer there)");
        out(&format!("  {}  {}", source.id, words.replace('\n', " ")));
    }
    if result.n_unlisted > 0 {
        out(&format!("  and {} more that are counted and not listed", result.n_unlisted));
    }
    if !check.quotes.is_empty() {
        out(&style.bold("in customers' words"));
    }
    for quote in &check.quotes {
        out(&format!("  {}", one_line(quote, usize::MAX)));
    }
}

fn show_sensitivity(found: &Explained, style: Style) {
    let Sensitivity { rank, n_insights, p_first, p_top5, ranks, beats_next, unknowns, scales, without, missing } =
        &found.sensitivity;
    let band = found.place.as_ref().map_or_else(String::new, |place| format!(", band {}", place.band));
    let next = beats_next.map_or_else(String::new, |share| {
        let word = if share >= 0.8 { "stable" } else { "not stable" };
        format!("; before the next one in {} of them ({word})", percent(share))
    });
    out("");
    out(&style.bold(&format!("rank {rank} of {n_insights}{band}")));
    out(&format!(
        "  under other weights: first in {}, among five in {}; rank {} to {}, in the middle {}{next}",
        percent(*p_first),
        percent(*p_top5),
        ranks[0],
        ranks[2],
        ranks[1]
    ));
    out(&format!(
        "  if all that is unknown gave nothing: rank {}; everything: rank {}; scales half as long: {}, twice: {}",
        unknowns[0], unknowns[1], scales[0], scales[1]
    ));
    let moves: Vec<String> =
        without.iter().take(3).map(|left| format!("without {}: rank {}", left.without, left.rank)).collect();
    out(&format!(
        "  {}",
        if moves.is_empty() { "no single voice, source or check moves it".to_owned() } else { moves.join("; ") }
    ));
    if let Some(fact) = missing.first() {
        let [low, high] = fact.ranks;
        let waits = if fact.checks.len() == 1 { "check waits" } else { "checks wait" };
        out(&format!(
            "  the missing fact that could move it most: {} ({} {waits}): rank {low} to {high}",
            fact.input,
            fact.checks.len()
        ));
    }
}

fn show_changes(changes: &Changes, found: &Explained, style: Style) {
    if changes.checks.is_empty() {
        return;
    }
    out("");
    out(&style.bold(&format!(
        "since the run before: rank {} to {}, total {:.1} to {:.1}",
        changes.rank_before, found.sensitivity.rank, changes.total_before, found.score.total
    )));
    for change in changes.checks.iter().take(SHOWN) {
        out(&format!("  {} {} to {}: {}", change.check, points(change.before), points(change.now), change.cause));
    }
    if changes.checks.len() > SHOWN {
        out(&format!("  and {} smaller ones", changes.checks.len() - SHOWN));
    }
}

fn show_why_not(found: &WhyNot) {
    let style = Style::for_stdout();
    let (above, below) = (&found.above, &found.below);
    for side in [above, below] {
        out(&format!(
            "rank {:>3}  {}  total {:.1} ({:.1} of {} knowable points)",
            side.rank,
            style.bold(&side.label),
            side.total,
            side.earned,
            side.knowable
        ));
    }
    out(&format!("this order holds in {} of weightings", percent(found.holds)));
    let n_for = found.checks.iter().take_while(|check| check.points() > 0.0).count();
    let first = found.checks.iter().take(n_for.min(SHOWN));
    let last = found.checks.iter().rev().take_while(|check| check.points() < 0.0).take(SHOWN);
    out(&style.bold(&format!("for “{}”", above.label)));
    for check in first {
        show_difference(check, style);
    }
    out(&style.bold(&format!("for “{}”", below.label)));
    for check in last {
        show_difference(check, style);
    }
    for (side, is_known) in [(above, true), (below, false)] {
        let of_side = found.checks.iter().filter(|check| check.above.is_some() != check.below.is_some());
        let alone: Vec<String> = of_side
            .filter(|check| check.above.is_some() == is_known)
            .map(|check| format!("{} ({})", check.check, points(check.above.or(check.below))))
            .collect();
        if !alone.is_empty() {
            out(&format!("known of “{}” alone, so no difference: {}", side.label, alone.join(", ")));
        }
    }
    out(&style.bold("in the total"));
    for (group, a, b) in &found.groups {
        let shown =
            |score: &Option<f64>| score.map_or_else(|| "not ranked by".to_owned(), |score| format!("{score:.1}"));
        out(&format!("  {:<20} {:>14} {:>14}", group.replace('_', " "), shown(a), shown(b)));
    }
    out(&format!("  {:<20} {:>14.1} {:>14.1}", "rescaled to 77", above.total, below.total));
}

fn show_difference(check: &throughline_compiler::explain::Difference, style: Style) {
    out(&format!(
        "  {} {:+.2}  {}: {} against {}",
        check.check,
        check.points(),
        check.name,
        points(check.above),
        points(check.below)
    ));
    out(&style.dim(&format!("               {}", check.above_says)));
    out(&style.dim(&format!("               {}", check.below_says)));
}

/// `0.42`, or a question mark for what is unknown.
fn points(points: Option<f64>) -> String {
    points.map_or_else(|| "?".to_owned(), |points| format!("{points:.2}"))
}

fn percent(share: f64) -> String {
    format!("{:.0} %", share * 100.0)
}
