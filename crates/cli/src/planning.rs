//! The commands of strategy, plan and decisions.

use crate::End;
use crate::arguments::{Check, Decide, Plan as Asked, Ruling, View};
use crate::commands::print_json;
use crate::host::OsHost;
use crate::render::table::{Align, lay_out};
use crate::render::{Style, diagnostics, out};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::Path;
use throughline_compiler::planning::{Answer, Held, Move, WhatIf};
use throughline_compiler::{Error, PlanMethod, SeenThrough, Session};
use throughline_model::decision::Verdict;
use throughline_model::plan::{Horizon, Method, Place, Plan};
use throughline_model::{Diagnostic, Insight, InsightId, Severity};

const WIDTH: usize = 132;

/// `plan`.
pub(crate) fn plan(host: &OsHost, folder: &Path, arguments: &Asked) -> Result<End, Error> {
    let session = Session::open(folder, host)?;
    let top = if arguments.top == 0 { usize::MAX } else { arguments.top };
    if let Some(method) = arguments.view {
        show_view(method, &session, top, arguments.json)?;
        return Ok(End::Fine);
    }
    let question = WhatIf {
        weights: arguments.weights.iter().cloned().collect(),
        capacity: arguments.capacity,
        without: arguments.without.clone(),
    };
    if question.is_asked() {
        let answer = session.what_if(&question)?;
        if arguments.json {
            print_json(&what_if_json(&answer, top));
        } else {
            show_answer(&answer, top);
        }
        return Ok(End::Fine);
    }
    let plan = session.plan()?;
    let labels: BTreeMap<InsightId, String> =
        session.ranked(0)?.into_iter().map(|ranked| (ranked.insight.id, ranked.insight.label)).collect();
    if arguments.json {
        print_json(&plan_json(&plan, &labels, top));
    } else {
        show_plan(&plan, &labels, top);
    }
    Ok(End::Fine)
}

fn place_json(place: &Place, label: &str) -> Value {
    json!({
        "id": place.insight_id,
        "label": label,
        "rank": place.rank,
        "band": place.band,
        "horizon": place.horizon,
        "reason": place.reason,
        "effort": place.effort,
        "waits_for": place.waits_for,
    })
}

fn plan_json(plan: &Plan, labels: &BTreeMap<InsightId, String>, top: usize) -> Value {
    let label = |place: &Place| labels.get(&place.insight_id).map_or("", String::as_str);
    let places: Vec<Value> = plan.places.iter().take(top).map(|place| place_json(place, label(place))).collect();
    json!({ "periods": plan.windows, "proof": plan.proof, "plan": places })
}

fn what_if_json(answer: &Answer, top: usize) -> Value {
    let labels = answer.moves.iter().map(|moved| (moved.id, moved.label.clone())).collect();
    let mut object = plan_json(&answer.plan, &labels, top);
    let moves: Vec<Value> = answer
        .moves
        .iter()
        .take(top)
        .map(|moved| {
            json!({
                "id": moved.id,
                "label": moved.label,
                "rank": { "before": moved.rank.0, "after": moved.rank.1 },
                "horizon": { "before": moved.horizon.0, "after": moved.horizon.1 },
                "why": moved.why,
            })
        })
        .collect();
    if let Some(object) = object.as_object_mut() {
        object.insert("moves".to_owned(), json!(moves));
        object.insert("notes".to_owned(), json!(answer.notes));
    }
    object
}

fn days(x: f64) -> String {
    format!("{}", (x * 10.0).round() / 10.0 + 0.0)
}

/// The periods with what is taken, and what is proven of the choice.
fn show_frame(plan: &Plan, style: Style) {
    for window in &plan.windows {
        let until = window.ends_on.map_or_else(String::new, |day| format!(" until {}", day.long_date()));
        out(&format!(
            "{}: {}{until}, {} of {} people-days taken",
            style.bold(window.horizon.word()),
            window.name,
            days(window.taken_days),
            days(window.capacity_days)
        ));
    }
    if let Some(proof) = &plan.proof {
        let how = match proof.method {
            Method::BranchAndBound => "branch and bound",
            Method::Relaxation => "by worth a day, with the bound of a relaxation",
        };
        let gap = if proof.gap > 0.0 {
            format!("at most {:.2} % below the best", proof.gap * 100.0)
        } else {
            "no choice is worth more".to_owned()
        };
        out(&style.dim(&format!(
            "chosen among {} after what comes first: worth {:.1}, bound {:.1}, {gap} ({how})",
            proof.n_choices, proof.worth, proof.bound
        )));
    }
}

fn show_plan(plan: &Plan, labels: &BTreeMap<InsightId, String>, top: usize) {
    let style = Style::for_stdout();
    show_frame(plan, style);
    for horizon in [Horizon::Now, Horizon::Next, Horizon::Later, Horizon::Never, Horizon::Unplanned] {
        let places: Vec<&Place> = plan.places.iter().take(top).filter(|place| place.horizon == horizon).collect();
        if places.is_empty() {
            continue;
        }
        out("");
        out(&style.bold(&format!("{} ({})", horizon.word(), places.len())));
        for place in places {
            let label = labels.get(&place.insight_id).map_or("", String::as_str);
            let effort = place.effort.as_ref().map_or_else(
                || "effort ?".to_owned(),
                |effort| {
                    format!(
                        "{} ({} to {}) days",
                        days(effort.likely_days),
                        days(effort.low_days),
                        days(effort.high_days)
                    )
                },
            );
            out(&format!(
                "{:>3} {:<2} {label} · {effort} · {}",
                place.rank,
                place.band,
                style.dim(&place.insight_id.to_string())
            ));
            out(&style.dim(&format!("       {}", place.reason)));
        }
    }
    if plan.windows.is_empty() {
        out("");
        out(
            "declare [capacity] with people_days_per_period in throughline.toml, or try `throughline plan --capacity 60`",
        );
    } else {
        out("");
        out(&style.dim("efforts are ranges from functional size until [[effort]] declares better ones; `plan --json` has each with its reason"));
    }
}

fn show_answer(answer: &Answer, top: usize) {
    let style = Style::for_stdout();
    show_frame(&answer.plan, style);
    out("");
    let header = [
        ("#", Align::Right),
        ("was", Align::Right),
        ("", Align::Left),
        ("insight", Align::Left),
        ("when", Align::Left),
        ("was", Align::Left),
    ];
    let is_moved = |moved: &Move| Some(moved.rank.0) != moved.rank.1 || Some(moved.horizon.0) != moved.horizon.1;
    let sign = |moved: &Move| match moved.rank {
        (_, None) => "gone".to_owned(),
        (old, Some(new)) if new < old => format!("up {}", old - new),
        (old, Some(new)) if new > old => format!("down {}", new - old),
        _ => String::new(),
    };
    let shown: Vec<&Move> = answer.moves.iter().take(top).collect();
    let rows: Vec<Vec<String>> = shown
        .iter()
        .map(|moved| {
            let horizon = |horizon: Option<Horizon>| horizon.map_or("-", Horizon::word).to_owned();
            vec![
                moved.rank.1.map_or_else(|| "-".to_owned(), |rank| rank.to_string()),
                moved.rank.0.to_string(),
                sign(moved),
                moved.label.clone(),
                horizon(moved.horizon.1),
                if Some(moved.horizon.0) == moved.horizon.1 {
                    String::new()
                } else {
                    moved.horizon.0.word().to_owned()
                },
            ]
        })
        .collect();
    let mut lines = lay_out(&header, &rows, WIDTH, style).into_iter();
    if let Some(line) = lines.next() {
        out(&line);
    }
    for (line, moved) in lines.zip(shown) {
        out(&line);
        if is_moved(moved) && !moved.why.is_empty() {
            out(&style.dim(&format!("              {}", moved.why)));
        }
    }
    let n = answer.moves.iter().filter(|moved| is_moved(moved)).count();
    out("");
    for note in &answer.notes {
        out(note);
    }
    out(&format!("{n} of {} insights would move; nothing was changed", answer.moves.len()));
}

fn show_view(view: View, session: &Session, top: usize, is_json: bool) -> Result<(), Error> {
    let (name, method) = match view {
        View::Kano => ("kano", PlanMethod::Kano),
        View::Moscow => ("moscow", PlanMethod::Moscow),
        View::Rice => ("rice", PlanMethod::Rice),
        View::Wsjf => ("wsjf", PlanMethod::Wsjf),
    };
    let mut seen: Vec<(Insight, Place, SeenThrough)> = session.view(method)?;
    let is_ordered = seen.iter().any(|(_, _, seen)| seen.value.is_some());
    if is_ordered {
        seen.sort_by(|a, b| {
            let value = |seen: &SeenThrough| seen.value.unwrap_or(f64::NEG_INFINITY);
            value(&b.2).total_cmp(&value(&a.2)).then(a.1.rank.cmp(&b.1.rank))
        });
    }
    if is_json {
        let rows: Vec<Value> = seen
            .iter()
            .take(top)
            .map(|(insight, place, seen)| {
                let parts: Vec<Value> = seen
                    .parts
                    .iter()
                    .map(|part| json!({ "name": part.name, "value": part.value, "from": part.from }))
                    .collect();
                json!({ "id": insight.id, "label": insight.label, "rank": place.rank, "verdict": seen.verdict, "value": seen.value, "parts": parts })
            })
            .collect();
        print_json(&json!({ "view": name, "insights": rows }));
        return Ok(());
    }
    let style = Style::for_stdout();
    for (insight, place, seen) in seen.iter().take(top) {
        out(&format!(
            "{:<16} {} {}",
            seen.verdict,
            insight.label,
            style.dim(&format!("· rank {} · {}", place.rank, insight.id))
        ));
        for part in &seen.parts {
            let value = part.value.map_or_else(String::new, |value| format!(" {}", (value * 100.0).round() / 100.0));
            out(&style.dim(&format!("                 {}{value}: {}", part.name, part.from)));
        }
    }
    Ok(())
}

/// `decide`.
pub(crate) fn decide(host: &OsHost, folder: &Path, arguments: &Decide) -> Result<End, Error> {
    let mut session = Session::open(folder, host)?;
    let verdict = match arguments.ruling {
        Ruling::Accept => Verdict::Accept,
        Ruling::Reject => Verdict::Reject,
        Ruling::Defer => Verdict::Defer,
    };
    let decision = session.decide(&arguments.id, verdict, &arguments.why, &arguments.by)?;
    if arguments.json {
        print_json(&json!(decision));
        return Ok(End::Fine);
    }
    let premises = &decision.premises;
    out(&format!("{} {} by {}: {}", decision.label, decision.verdict.past(), decision.by, decision.why));
    out(&format!(
        "rests on rank {}, band {} ({:.1} points), {} statements of {} accounts, and {} parts of the strategy{}",
        premises.rank,
        premises.band,
        premises.total,
        premises.members.len(),
        premises.n_accounts,
        premises.strategy.len(),
        listed(premises.strategy.keys())
    ));
    let others =
        decision.alternatives.iter().map(|other| format!("{} {} ({:.1})", other.rank, other.label, other.total));
    out(&format!("instead of: {}", others.collect::<Vec<_>>().join("; ")));
    out("counts from the next `throughline run`; a premise that changes opens it again");
    Ok(End::Fine)
}

fn listed<'k>(paths: impl Iterator<Item = &'k String>) -> String {
    let paths: Vec<&str> = paths.map(|path| path.strip_prefix("strategy.").unwrap_or(path)).collect();
    if paths.is_empty() { String::new() } else { format!(" ({})", paths.join(", ")) }
}

/// `decisions`.
pub(crate) fn decisions(host: &OsHost, folder: &Path, is_json: bool) -> Result<End, Error> {
    let session = Session::open(folder, host)?;
    let held = session.decisions()?;
    if is_json {
        let rows: Vec<Value> = held
            .iter()
            .map(|held| json!({ "state": held.state(), "decision": held.decision, "standing": held.standing }))
            .collect();
        print_json(&json!({ "decisions": rows }));
        return Ok(End::Fine);
    }
    let style = Style::for_stdout();
    if held.is_empty() {
        out("no decisions yet: `throughline decide ID accept|reject|defer --why TEXT --by NAME`");
    }
    for one in &held {
        let Held { decision, standing } = one;
        let on = decision.as_of.map_or_else(String::new, |day| format!(" on records until {}", day.long_date()));
        out(&format!(
            "{}: {} {} by {}{on} · {}",
            style.bold(one.state()),
            decision.label,
            decision.verdict.past(),
            decision.by,
            style.dim(&decision.insight_id.to_string())
        ));
        out(&style.dim(&format!("  why: {}", decision.why)));
        if let Some(now) = standing.insight_id.filter(|now| *now != decision.insight_id) {
            out(&style.dim(&format!("  its statements are in {now} now")));
        }
        for changed in &standing.changed {
            out(&format!("  {}: {}", style.accent(&changed.premise), changed.how));
        }
    }
    Ok(End::Fine)
}

/// `blind-spots`.
pub(crate) fn blind_spots(host: &OsHost, folder: &Path, is_json: bool) -> Result<End, Error> {
    let session = Session::open(folder, host)?;
    let found = session.speakers()?;
    let claims = session
        .ranked(0)?
        .into_iter()
        .map(|ranked| Ok((session.claim(ranked.insight.id)?, ranked)))
        .collect::<Result<Vec<_>, Error>>()?;
    if is_json {
        let groups: Vec<Value> = found
            .groups
            .iter()
            .map(|group| {
                json!({ "kind": group.kind.word(), "name": group.name, "known": group.n_known, "speaking": group.n_speaking, "to_fill": group.to_fill })
            })
            .collect();
        let unknown: Vec<Value> =
            found.unknown.iter().map(|(kind, missing)| json!({ "kind": kind.word(), "missing": missing })).collect();
        let claims: Vec<Value> = claims
            .iter()
            .map(|(claim, ranked)| {
                json!({ "id": ranked.insight.id, "label": ranked.insight.label, "standing": claim.standing.word(), "because": claim.because, "to_raise": claim.to_raise })
            })
            .collect();
        print_json(&json!({ "groups": groups, "unknown": unknown, "claims": claims }));
        return Ok(End::Fine);
    }
    let style = Style::for_stdout();
    let header = [("group", Align::Left), ("name", Align::Left), ("known", Align::Right), ("speak", Align::Right)];
    let rows: Vec<Vec<String>> = found
        .groups
        .iter()
        .map(|group| {
            let numbers = [group.n_known, group.n_speaking].map(|n| n.to_string());
            [group.kind.word().to_owned(), group.name.clone()].into_iter().chain(numbers).collect()
        })
        .collect();
    let mut lines = lay_out(&header, &rows, WIDTH, style).into_iter();
    if let Some(line) = lines.next() {
        out(&line);
    }
    for (line, group) in lines.zip(&found.groups) {
        out(&line);
        if let Some(fill) = &group.to_fill {
            out(&format!("  {}: {fill}", style.accent("nobody speaks")));
        }
    }
    for (kind, missing) in &found.unknown {
        out(&format!("{}: not known; {missing}", kind.word()));
    }
    out("");
    let mut by_standing: BTreeMap<_, Vec<&str>> = BTreeMap::new();
    for (claim, ranked) in &claims {
        by_standing.entry(claim.standing).or_default().push(&ranked.insight.label);
    }
    for (standing, labels) in by_standing {
        out(&format!("{} ({}): {}", style.bold(standing.word()), labels.len(), labels.join("; ")));
    }
    Ok(End::Fine)
}

/// `check`.
pub(crate) fn check(host: &OsHost, folder: &Path, arguments: &Check) -> Result<End, Error> {
    let session = Session::open(folder, host)?;
    let found = session.review()?;
    let n_errors = found.iter().filter(|diagnostic| diagnostic.severity == Severity::Error).count();
    if arguments.sarif {
        print_json(&sarif(&found));
    } else if arguments.json {
        print_json(&json!({ "findings": found, "errors": n_errors, "warnings": found.len() - n_errors }));
    } else {
        diagnostics::show(&found, Style::for_stderr());
        out(&format!("{n_errors} errors, {} warnings", found.len() - n_errors));
    }
    Ok(if n_errors > 0 { End::Findings } else { End::Fine })
}

/// Findings as SARIF 2.1.0 (OASIS), the part of it that code hosts read.
fn sarif(found: &[Diagnostic]) -> Value {
    let mut codes: Vec<&str> = found.iter().map(|diagnostic| diagnostic.code.as_str()).collect();
    codes.sort_unstable();
    codes.dedup();
    let rules: Vec<Value> = codes.iter().map(|code| json!({ "id": code })).collect();
    let result = |diagnostic: &Diagnostic| {
        let level = match diagnostic.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        };
        let line = diagnostic.place.line.unwrap_or(1);
        json!({
            "ruleId": diagnostic.code,
            "level": level,
            "message": { "text": format!("{}. To do: {}", diagnostic.message, diagnostic.remedy) },
            "locations": [{ "physicalLocation": {
                "artifactLocation": { "uri": diagnostic.place.file },
                "region": { "startLine": line },
            } }],
        })
    };
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": { "name": "throughline", "version": env!("CARGO_PKG_VERSION"), "rules": rules } },
            "results": found.iter().map(result).collect::<Vec<_>>(),
        }],
    })
}
