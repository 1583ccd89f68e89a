//! Effort as the code tells it: size, health, coupling, safety and people of what must change.
//!
//! Every answer is read from the [`CodeMap`](throughline_model::CodeMap) through [`crate::code`]. Without a map, or where
//! an insight is not mapped to code with a certainty of at least 0.5, the check is unknown and says which of the two.

use super::{Answer, count, list, percent};
use crate::code::{Code, Site, cite_line, cite_place, debt_density, median};
use crate::facts::{Case, Facts};
use std::collections::{BTreeMap, BTreeSet};
use throughline_model::Citation;
use throughline_model::code::{DataChange, InterfaceChange};
use throughline_model::time::DAY_SECS;

/// Commits that make a history of the repository, of touched files, and changes with a known lead time.
const HISTORY_MIN: u64 = 50;
const TOUCHED_COMMITS_MIN: usize = 20;
const LEAD_TIMES_MIN: usize = 5;
/// Weight of the repository's share of fixes in the touched files' own.
const FIX_PRIOR: f64 = 10.0;
/// When two files count as changing together.
const COUPLED_DEGREE: f64 = 0.3;
const COUPLED_SHARED: u32 = 5;
/// A main author who was active within these days still knows the file; others know it with this share of it.
const ACTIVE_DAYS: i64 = 90;
const KNOWS_SHARE: f64 = 0.15;

/// What to connect while there is no code map.
pub(super) const NO_MAP: &str = "a code map: connect a repository";

/// Answers from the code an insight touches, or says what is missing.
fn at<'a>(facts: &'a Facts<'_>, case: &Case<'_>, answer: impl FnOnce(&Code<'a>, &Site<'a>) -> Answer) -> Answer {
    let Some(code) = &facts.code else {
        return Answer::unknown(NO_MAP);
    };
    match code.site(case.insight.id) {
        Ok(site) => answer(code, &site),
        Err(missing) => Answer::unknown(missing),
    }
}

fn with_history(code: &Code<'_>, answer: impl FnOnce() -> Answer) -> Answer {
    if code.map.n_commits < HISTORY_MIN {
        let n = code.map.n_commits;
        return Answer::unknown(format!("at least {HISTORY_MIN} commits of history: the repository has {n}"));
    }
    answer()
}

pub(super) fn few_files(facts: &Facts<'_>, case: &Case<'_>) -> Answer {
    at(facts, case, |_, site| {
        let x: f64 = site.expected.iter().map(|(_, _, p)| p).sum();
        Answer::number(x, format!("about {x:.1} files must change"), site.cite_files(8))
    })
}

pub(super) fn small_region(facts: &Facts<'_>, case: &Case<'_>) -> Answer {
    at(facts, case, |_, site| {
        let x = site.expected.iter().map(|(_, file, p)| p * file.n_lines as f64).sum::<f64>() / 1000.0;
        Answer::number(x, format!("{x:.1} thousand lines to understand"), site.cite_files(8))
    })
}

pub(super) fn data_change(facts: &Facts<'_>, case: &Case<'_>) -> Answer {
    at(facts, case, |_, site| {
        let (mut x, mut named) = (0.0, Vec::new());
        for step in &site.touch.data {
            let (weight, name) = match step {
                DataChange::NewEntity(name) => (3.0, format!("new {name}")),
                DataChange::NewField(name) => (1.0, format!("new {name}")),
                DataChange::ChangedField(name) => (2.0, format!("changed {name}")),
            };
            x += weight;
            named.push(name);
        }
        let shown = if named.is_empty() { "no stored data changes".to_owned() } else { list(&named) };
        Answer::number(x, format!("data change weight {x:.0}: {shown}"), site.cite_files(3))
    })
}

pub(super) fn interface_change(facts: &Facts<'_>, case: &Case<'_>) -> Answer {
    at(facts, case, |_, site| {
        let (mut x, mut named) = (0.0, Vec::new());
        for step in &site.touch.interface {
            let (weight, name) = match step {
                InterfaceChange::New(name) => (1.0, format!("new {name}")),
                InterfaceChange::Changed(name) => (2.0, format!("changed {name}")),
                InterfaceChange::Breaking(name) => (5.0, format!("breaking {name}")),
            };
            x += weight;
            named.push(name);
        }
        let shown = if named.is_empty() { "no endpoint changes".to_owned() } else { list(&named) };
        Answer::number(x, format!("interface change weight {x:.0}: {shown}"), site.cite_files(3))
    })
}

pub(super) fn simple_code(facts: &Facts<'_>, case: &Case<'_>) -> Answer {
    at(facts, case, |_, site| {
        let (mut sum, mut lines) = (0.0, 0.0);
        let mut functions = Vec::new();
        for (path, file, p) in &site.expected {
            for function in &file.functions {
                sum += p * function.n_lines as f64 * f64::from(function.complexity);
                lines += p * function.n_lines as f64;
                functions.push((function.complexity, *path, function));
            }
        }
        if lines <= 0.0 {
            return Answer::unknown("functions in the touched files: none was read");
        }
        functions.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(b.1)).then(a.2.line.cmp(&b.2.line)));
        let x = sum / lines;
        let evidence = functions.iter().take(3).map(|(_, path, f)| cite_line(path, f.line, Some(&f.name))).collect();
        Answer::number(
            x,
            format!("mean cognitive complexity {x:.1} in {}", count(functions.len(), "function", "functions")),
            evidence,
        )
    })
}

pub(super) fn off_hotspots(facts: &Facts<'_>, case: &Case<'_>) -> Answer {
    at(facts, case, |code, site| {
        with_history(code, || {
            let rank = |path: &str| code.rank_from_hotspot.get(path);
            let x = site.mean(|_| 1.0, |path, _| f64::from(u8::from(rank(path).is_some()))).unwrap_or(0.0);
            let hot: Vec<&(&str, _, f64)> = site.expected.iter().filter(|(path, _, _)| rank(path).is_some()).collect();
            let named: Vec<String> = hot
                .iter()
                .take(3)
                .map(|(path, _, _)| format!("{path} (no. {})", rank(path).copied().unwrap_or(0)))
                .collect();
            let shown = if named.is_empty() { "none is touched".to_owned() } else { list(&named) };
            let evidence = if hot.is_empty() {
                site.cite_files(3)
            } else {
                hot.iter().map(|(path, _, _)| cite_line(path, 1, None)).collect()
            };
            Answer::number(x, format!("{} of the edit lies in hotspots: {shown}", percent(x)), evidence)
        })
    })
}

pub(super) fn low_debt(facts: &Facts<'_>, case: &Case<'_>) -> Answer {
    at(facts, case, |code, site| {
        let density = site.mean(|file| file.n_lines as f64, |_, file| debt_density(file)).unwrap_or(0.0);
        let x = code.debt_rank(density);
        let markers =
            site.expected.iter().flat_map(|(path, file, _)| file.debt.iter().map(|line| cite_line(path, *line, None)));
        let mut evidence: Vec<Citation> = markers.take(5).collect();
        if evidence.is_empty() {
            evidence = site.cite_files(3);
        }
        let n: usize = site.expected.iter().map(|(_, file, _)| file.debt.len()).sum();
        Answer::number(
            x,
            format!("{} of debt; {} of files carry as much or less", count(n, "marker", "markers"), percent(x)),
            evidence,
        )
    })
}

pub(super) fn calm_record(facts: &Facts<'_>, case: &Case<'_>) -> Answer {
    at(facts, case, |code, site| {
        let changes = code.changes_at(site);
        if changes.len() < TOUCHED_COMMITS_MIN {
            return Answer::unknown(format!(
                "at least {TOUCHED_COMMITS_MIN} commits on the touched files in twelve months: there are {}",
                changes.len()
            ));
        }
        let fixes: Vec<_> = changes.iter().filter(|commit| commit.is_fix).collect();
        let x = (fixes.len() as f64 + FIX_PRIOR * code.fix_share) / (changes.len() as f64 + FIX_PRIOR);
        let mut evidence: Vec<Citation> = fixes
            .iter()
            .rev()
            .take(5)
            .filter_map(|commit| {
                let path = commit.files.iter().find(|path| site.touched.contains(path.as_str()))?;
                Some(cite_line(path, 1, Some(&commit.id)))
            })
            .collect();
        if evidence.is_empty() {
            evidence = site.cite_files(3);
        }
        let sentence = format!(
            "{} of {} past changes were fixes; {} when read beside the repository's {}",
            fixes.len(),
            changes.len(),
            percent(x),
            percent(code.fix_share)
        );
        Answer::number(x, sentence, evidence)
    })
}

pub(super) fn reuse(facts: &Facts<'_>, case: &Case<'_>) -> Answer {
    at(facts, case, |_, site| {
        let parts = &site.touch.parts;
        if parts.is_empty() {
            return Answer::unknown(
                "the parts that a change needs: no statement says clearly enough what is asked for",
            );
        }
        let found: Vec<Citation> = parts.iter().filter_map(|part| part.found.as_ref()).map(cite_place).collect();
        let x = found.len() as f64 / parts.len() as f64;
        Answer::number(x, format!("{} of {} needed parts exist", found.len(), parts.len()), found)
    })
}

pub(super) fn blast_radius(facts: &Facts<'_>, case: &Case<'_>) -> Answer {
    at(facts, case, |code, site| {
        let dependents = code.dependents(site);
        let x = dependents.len() as f64 / code.map.files.len().max(1) as f64;
        let mut evidence: Vec<Citation> = dependents.iter().take(5).map(|path| cite_line(path, 1, None)).collect();
        if evidence.is_empty() {
            evidence = site.cite_files(3);
        }
        let sentence =
            format!("{} of files depend on it ({} of {})", percent(x), dependents.len(), code.map.files.len());
        Answer::number(x, sentence, evidence)
    })
}

pub(super) fn co_changes(facts: &Facts<'_>, case: &Case<'_>) -> Answer {
    at(facts, case, |code, site| {
        with_history(code, || {
            let mut with: BTreeMap<&str, &str> = BTreeMap::new();
            let coupled =
                code.map.coupling.iter().filter(|c| c.degree_unit >= COUPLED_DEGREE && c.shared >= COUPLED_SHARED);
            for pair in coupled {
                for (inside, outside) in [(&pair.a, &pair.b), (&pair.b, &pair.a)] {
                    if site.touched.contains(inside.as_str()) && !site.touched.contains(outside.as_str()) {
                        with.entry(outside).or_insert(inside);
                    }
                }
            }
            let mut evidence: Vec<Citation> = with.keys().take(5).map(|path| cite_line(path, 1, None)).collect();
            if evidence.is_empty() {
                evidence = site.cite_files(3);
            }
            let n = with.len();
            Answer::number(
                n as f64,
                format!("{} to change with it", count(n, "other file tends", "other files tend")),
                evidence,
            )
        })
    })
}

pub(super) fn boundaries(facts: &Facts<'_>, case: &Case<'_>) -> Answer {
    at(facts, case, |code, site| {
        let mut first: BTreeMap<(&str, Option<&str>), &str> = BTreeMap::new();
        for path in &site.touched {
            let file = &code.map.files[*path];
            first.entry((&file.module, file.team.as_deref())).or_insert(path);
        }
        let named: Vec<String> = first
            .keys()
            .map(|(module, team)| team.map_or_else(|| (*module).to_owned(), |team| format!("{module} ({team})")))
            .collect();
        let evidence = first.values().map(|path| cite_line(path, 1, None)).collect();
        let n = named.len();
        Answer::number(n as f64 - 1.0, format!("lies in {}: {}", count(n, "module", "modules"), list(&named)), evidence)
    })
}

pub(super) fn test_net(facts: &Facts<'_>, case: &Case<'_>) -> Answer {
    at(facts, case, |_, site| {
        let (mut tested, mut all) = (0.0, 0.0);
        let (mut tests, mut bare) = (BTreeSet::new(), Vec::new());
        for (path, file, p) in &site.expected {
            for function in &file.functions {
                all += p;
                if function.tests.is_empty() {
                    bare.push(format!("{path}:{}", function.name));
                } else {
                    tested += p;
                    tests.extend(&function.tests);
                }
            }
        }
        if all <= 0.0 {
            return Answer::unknown("functions in the touched files: none was read");
        }
        let x = tested / all;
        let shown = match bare.as_slice() {
            [] => String::new(),
            bare => format!("; without a test: {}", list(&bare[..bare.len().min(3)])),
        };
        let sentence = format!("{} of the touched functions are tested{shown}", percent(x));
        Answer::number(x, sentence, tests.iter().take(5).map(|place| cite_place(place)).collect())
    })
}

pub(super) fn sensitive_zones(facts: &Facts<'_>, case: &Case<'_>) -> Answer {
    at(facts, case, |code, site| {
        let mut zones: BTreeMap<&str, &str> = BTreeMap::new();
        for path in &site.touched {
            if let Some(zone) = &code.map.files[*path].zone {
                zones.entry(zone).or_insert(path);
            }
        }
        let named: Vec<String> = zones.keys().map(|zone| (*zone).to_owned()).collect();
        let evidence = if zones.is_empty() {
            site.cite_files(3)
        } else {
            zones.values().map(|path| cite_line(path, 1, None)).collect()
        };
        let shown =
            if named.is_empty() { "touches no sensitive zone".to_owned() } else { format!("touches {}", list(&named)) };
        Answer::number(named.len() as f64, shown, evidence)
    })
}

pub(super) fn safe_release(facts: &Facts<'_>, case: &Case<'_>) -> Answer {
    at(facts, case, |code, site| {
        let Some(release) = &code.map.release else {
            return Answer::unknown("the repository's configuration: checks on changes, deployment and the way back");
        };
        let line = |of: fn(&throughline_model::code::CodeFile) -> Option<u32>| {
            site.expected.iter().find_map(|(path, file, _)| Some(cite_line(path, of(file)?, None)))
        };
        let guards: [(&str, Option<Citation>); 5] = [
            ("checks on every change", release.ci.as_ref().map(cite_place)),
            ("a feature flag", line(|file| file.flag_at)),
            ("a staged deployment", release.staged_deploy.as_ref().map(cite_place)),
            ("logs or metrics on the path", line(|file| file.telemetry_at)),
            ("a documented way back", release.rollback.as_ref().map(cite_place)),
        ];
        let absent: Vec<String> =
            guards.iter().filter(|(_, found)| found.is_none()).map(|(name, _)| (*name).to_owned()).collect();
        let evidence: Vec<Citation> = guards.into_iter().filter_map(|(_, found)| found).collect();
        let shown = if absent.is_empty() { String::new() } else { format!("; missing: {}", list(&absent)) };
        let x = evidence.len() as f64 / 5.0;
        Answer::number(x, format!("{} of 5 guards of a release are in place{shown}", evidence.len()), evidence)
    })
}

pub(super) fn someone_knows(facts: &Facts<'_>, case: &Case<'_>) -> Answer {
    at(facts, case, |code, site| {
        if code.map.n_commits < TOUCHED_COMMITS_MIN as u64 {
            return Answer::unknown(format!("at least {TOUCHED_COMMITS_MIN} commits of history"));
        }
        let Some(as_of) = facts.as_of else {
            return Answer::unknown("a date: nothing in the workspace is dated");
        };
        let (mut sum, mut n, mut evidence, mut owners) = (0.0, 0.0, Vec::new(), BTreeSet::new());
        for path in &site.touched {
            let authors = &code.map.files[*path].authors;
            let Some(main) =
                authors.iter().max_by(|a, b| a.share_unit.total_cmp(&b.share_unit).then(b.name.cmp(&a.name)))
            else {
                continue;
            };
            let is_active = as_of.0 - main.last_active.0 <= ACTIVE_DAYS * DAY_SECS;
            let n_know = authors.iter().filter(|author| author.share_unit >= KNOWS_SHARE).count();
            sum += 0.6 * f64::from(u8::from(is_active)) + 0.4 * f64::from(u8::from(n_know >= 2));
            n += 1.0;
            owners.insert(main.name.clone());
            evidence.push(cite_line(path, 1, Some(&main.name)));
        }
        if n <= 0.0 {
            return Answer::unknown("authors of the touched files: connect the repository's history");
        }
        let x = sum / n;
        let named = list(&owners.into_iter().take(3).collect::<Vec<_>>());
        Answer::number(x, format!("ownership index {x:.2}; main authors: {named}"), evidence)
    })
}

pub(super) fn quick_in_past(facts: &Facts<'_>, case: &Case<'_>) -> Answer {
    at(facts, case, |code, site| {
        let changes: Vec<_> = code.changes_at(site).into_iter().filter(|commit| commit.lead_hours.is_some()).collect();
        let own = median(changes.iter().filter_map(|commit| commit.lead_hours).collect());
        let (Some(own), Some(all)) = (own.filter(|x| *x > 0.0), code.lead_hours_median.filter(|x| *x > 0.0)) else {
            return Answer::unknown("lead times: connect deployments beside the repository");
        };
        if changes.len() < LEAD_TIMES_MIN {
            return Answer::unknown(format!(
                "lead times of {LEAD_TIMES_MIN} changes on the touched files: there are {}",
                changes.len()
            ));
        }
        let evidence = changes
            .iter()
            .rev()
            .take(5)
            .filter_map(|commit| {
                let path = commit.files.iter().find(|path| site.touched.contains(path.as_str()))?;
                Some(cite_line(path, 1, Some(&commit.id)))
            })
            .collect();
        let sentence =
            format!("changes here take {:.1} times the usual lead time ({own:.0} h against {all:.0} h)", own / all);
        Answer::number(libm::log2(own / all), sentence, evidence)
    })
}
