//! Made-up workspaces from a seed: a dozen insights that differ in who speaks, when, how hurt, for which money, over which
//! code and for which objective, so that checks have something to tell apart.

#![allow(dead_code, reason = "each test uses its part")]

use crate::workspace::Workspace;
use std::fmt::Write;
use throughline_model::code::{
    Authorship, CodeFile, CodeFunction, CodeMap, Commit, Coupling, DataChange, Estimate, InterfaceChange, NeededPart,
    Release, Touch,
};
use throughline_model::time::DAY_SECS;
use throughline_model::{Category, CodePlace, Kind, Settings, Timestamp};
use throughline_score::Usage;
use throughline_score::facts::Friction;

/// Which inputs are connected.
#[derive(Debug, Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "one for each input that a workspace may connect")]
pub(crate) struct Parts {
    pub(crate) accounts: bool,
    pub(crate) people: bool,
    pub(crate) dates: bool,
    pub(crate) strategy: bool,
    pub(crate) usage: bool,
    pub(crate) code: bool,
}

impl Parts {
    pub(crate) const ALL: Self =
        Self { accounts: true, people: true, dates: true, strategy: true, usage: true, code: true };

    /// All but one, by its number.
    pub(crate) fn without(which: usize) -> Self {
        let is = |i: usize| i != which;
        Self { accounts: is(0), people: is(1), dates: is(2), strategy: is(3), usage: is(4), code: is(5) }
    }

    /// Names by number.
    pub(crate) const NAMES: [&str; 6] = ["accounts", "people", "dates", "strategy", "usage", "code"];

    /// Whether a part, by its number, feeds an input that the rubric names.
    pub(crate) fn feeds(which: usize, need: &str) -> bool {
        let begins: &[&str] = match which {
            0 => &["account.", "signal.account", "crm."],
            1 => &["signal.author", "author."],
            2 => &["signal.date"],
            3 => &["strategy.", "roadmap."],
            4 => &["analytics."],
            _ => &["map.", "estimate"],
        };
        // Surfaces are declared in the settings, not read from code.
        need != "map.surface" && begins.iter().any(|begin| need.starts_with(begin))
    }
}

/// SplitMix64.
pub(crate) struct Chance(pub(crate) u64);

impl Chance {
    fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub(crate) fn below(&mut self, n: usize) -> usize {
        (self.bits() % n as u64) as usize
    }

    pub(crate) fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1u64 << 53) as f64
    }

    fn happens(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    fn of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }
}

/// Labels of insights, each with the frame it asks for.
const TOPICS: [(&str, &str); 16] = [
    ("Payroll export by itself", "schedule"),
    ("Approve a swap on the phone", "approve"),
    ("Rest time warning", "notify"),
    ("Single sign-on for staff", "sso_login"),
    ("Undo a published week", "undo"),
    ("Delete a leaver's data", "delete"),
    ("Restore a deleted shift", "restore"),
    ("Search shifts by name", "search"),
    ("Cost centre in the payroll file", "export"),
    ("Comment on a shift", "comment"),
    ("Staff list import fails", "import"),
    ("Night shift counted twice", "reliability"),
    ("Slow week view", "performance"),
    ("Templates for busy weeks", "template"),
    ("Dashboard of overtime", "dashboard"),
    ("Connect the till", "integrate"),
];

/// What people add, each a telling phrase of one class.
const SAYINGS: [&str; 14] = [
    "This is urgent.",
    "We will cancel our subscription.",
    "It is a deal breaker.",
    "We would upgrade.",
    "We are stuck.",
    "We do it by hand, it takes 2 hours every week.",
    "It happens every time.",
    "It should just work.",
    "I would love it.",
    "Anything faster would do.",
    "It is not a big deal.",
    "Rosterly has it.",
    "It shows the wrong total.",
    "We lost data.",
];

const KINDS: [&str; 7] = ["support", "call", "interview", "review", "survey", "community", "sales"];
const ROLES: [&str; 5] = ["Payroll clerk", "Ward manager", "Owner", "Nurse", "Planner"];
const SURFACES: [&str; 5] = ["payroll", "swap", "week", "staff", "shift"];
const AS_OF: &str = "2026-09-30";

/// A workspace with the connected parts.
pub(crate) fn generated(seed: u64, parts: Parts) -> Workspace {
    let mut chance = Chance(seed);
    let mut workspace = Workspace::read(&script(&mut chance)).settings(&strategy(&mut chance));
    for insight in &mut workspace.insights {
        insight.category = *chance.of(&[
            Category::Acquisition,
            Category::Activation,
            Category::Retention,
            Category::Expansion,
            Category::CostToServe,
        ]);
        insight.kind = *chance.of(&[Kind::Request, Kind::Problem]);
    }
    workspace.usage = usage(&mut chance);
    workspace.code = Some(code(&mut chance, &workspace));
    strip(workspace, parts)
}

fn script(chance: &mut Chance) -> String {
    let mut text = format!("as-of {AS_OF}\n");
    let n_accounts = 20 + chance.below(30);
    for i in 0..n_accounts {
        let _ = write!(text, "account A{i} arr={} seats={}", 1 + chance.below(100), 1 + chance.below(500));
        let _ = write!(text, " segment={}", chance.of(&["Hotel", "Clinic", "Shop", "Care"]));
        let _ = write!(text, " plan={}", chance.of(&["Free", "Team", "Team", "Business"]));
        let _ = write!(text, " renewal={}", day(-(chance.below(500) as i64)));
        if chance.happens(0.3) {
            let _ = write!(text, " deal={}", 1 + chance.below(50));
        }
        if chance.happens(0.2) {
            let (label, _) = chance.of(&TOPICS);
            let _ = write!(text, " lost=\"no {}\"", label.to_lowercase());
        }
        text.push('\n');
    }
    let n_people = 2 * n_accounts;
    for i in 0..n_people {
        let role = if chance.happens(0.6) { format!(" role=\"{}\"", chance.of(&ROLES)) } else { String::new() };
        let _ = writeln!(text, "person P{i} A{}{role}", chance.below(n_accounts));
    }
    let mut n = 0;
    let first = chance.below(TOPICS.len());
    for i in 0..12 {
        let (label, frame) = TOPICS[(first + i) % TOPICS.len()];
        let _ = writeln!(text, "insight [Area {}] {label}", i % 3);
        let polarity = chance.of(&["want", "want", "fix", "remove"]);
        if chance.happens(0.9) {
            let slots = chance.of(&["", " actor", " object", " actor object"]);
            let _ = writeln!(text, "need {frame} {polarity}{slots}");
        }
        if chance.happens(0.4) {
            let (_, other) = chance.of(&TOPICS);
            let _ = writeln!(text, "need {other} want object");
        }
        // How much is said, by how many, how long ago, and how it is put, differ by insight and not by each other.
        let most = if chance.happens(0.2) { 60 } else { 14 };
        let volume = 3 + chance.below(most);
        let few = 1 + chance.below(n_people);
        let (newest, span) = (chance.below(120) as i64, 30 + chance.below(400) as i64);
        let (mood, is_rated) = (chance.unit() * 1.6 - 1.0, chance.happens(0.7));
        let n_kinds = 1 + chance.below(KINDS.len());
        let odds: Vec<f64> =
            SAYINGS.iter().map(|_| if chance.happens(0.5) { 0.0 } else { chance.unit() * 0.6 }).collect();
        for _ in 0..volume {
            n += 1;
            let at = day(newest + (chance.unit() * chance.unit() * span as f64) as i64);
            let person = (chance.below(few) * 7 + i) % n_people;
            let kind = chance.of(&KINDS[..n_kinds]);
            let rating = if is_rated && chance.happens(0.5) { format!("/{:.1}", chance.unit()) } else { String::new() };
            let felt = if chance.happens(0.7) {
                format!("~{:.2}", (mood + chance.unit() * 0.4).clamp(-1.0, 1.0))
            } else {
                String::new()
            };
            let _ = write!(text, "s{n} {at} P{person} {kind}{rating}{felt}: {label}.");
            for (saying, odds) in SAYINGS.iter().zip(&odds) {
                if chance.happens(*odds) {
                    let _ = write!(text, " {saying}");
                }
            }
            text.push('\n');
        }
    }
    text
}

/// A day so many days before the scoring instant.
fn day(days_ago: i64) -> String {
    Timestamp(as_of().0 - days_ago * DAY_SECS).date()
}

fn as_of() -> Timestamp {
    Timestamp::parse_iso(AS_OF).unwrap()
}

fn strategy(chance: &mut Chance) -> String {
    let mut label = {
        let first = chance.below(TOPICS.len());
        let mut at = 0;
        move || {
            at += 3;
            TOPICS[(first + at) % TOPICS.len()].0
        }
    };
    let mut text = String::from(
        "strategy.ends_on = 2026-12-31\n\
         strategy.stage_focus = { acquire_unit = 0.6, activate_unit = 0.4, retain_unit = 1.0, earn_unit = 0.2 }\n\
         [capacity]\npeople_days_per_period = 60\npeople_in_parallel = 2\n\
         [[strategy.competitors]]\nname = 'Rosterly'\n\
         [[strategy.segments]]\nid = 'c'\nname = 'Care'\ncrm_values = ['Care', 'Clinic']\nis_target = true\n\
         [[strategy.personas]]\nid = 'p'\nname = 'Clerk'\nis_primary = true\nroles = ['payroll clerk']\n\
         [[strategy.personas]]\nid = 'q'\nname = 'Manager'\nroles = ['ward manager']\n",
    );
    let _ = writeln!(
        text,
        "[strategy.north_star]\nmetric = 'weeks that stand'\n[[strategy.north_star.inputs]]\nid = 'I'\nmetric = '{}'",
        label().replace('\'', "")
    );
    for i in 1..=3 {
        let _ = writeln!(
            text,
            "[[strategy.objectives]]\nid = 'O{i}'\nweight_unit = 0.{i}\ntext = '{}'\nkeywords = ['{}']",
            label().replace('\'', ""),
            chance.of(&["payroll", "shift", "week"])
        );
        for k in 1..=2 {
            let _ = writeln!(
                text,
                "[[strategy.objectives.key_results]]\nid = 'O{i}-K{k}'\nmetric = '{}'\nstart = 0\nstart_on = 2026-01-01\n\
                 target = 100\ndue_on = 2026-{}-15\ncurrent = {}\ncurrent_on = 2026-09-30\nfeeds = [{}]",
                label().replace('\'', ""),
                10 + i % 3,
                chance.below(120),
                if chance.happens(0.5) { "'I'" } else { "" }
            );
        }
    }
    let mut one = |list: &str, key: &str, more: &str| {
        for i in 1..=2 {
            let _ = writeln!(
                text,
                "[[strategy.{list}]]\nid = '{list}{i}'\n{key} = '{}'\n{more}",
                label().replace('\'', "")
            );
        }
    };
    one("principles", "text", "broken_when = 'Undo a published week'");
    one("non_goals", "text", "reason = 'r'");
    one("commitments", "what", "customer = 'A1'\nstrength = 'written'\ndue_on = 2026-11-01");
    one("obligations", "rule", "kind = 'law'\napplies_from = 2027-02-01");
    one("differentiators", "text", "");
    one("risks", "text", "severity_unit = 0.7\nlikelihood_unit = 0.4");
    one("assumptions", "text", "belief_unit = 0.6");
    for name in ["core", "growth", "upkeep"] {
        let _ = writeln!(
            text,
            "[[strategy.buckets]]\nname = '{name}'\ntarget_share_unit = 0.{}\ncommitted_share_unit = 0.{}",
            2 + chance.below(5),
            2 + chance.below(5)
        );
    }
    for i in 0..2 {
        let _ = writeln!(text, "[[roadmap]]\nid = 'M{i}'\nwhat = '{}'\nstate = 'shipped'", label().replace('\'', ""));
    }
    for surface in SURFACES {
        let _ = writeln!(
            text,
            "[[surfaces]]\nid = '{surface}'\nname = '{surface}'\n[[funnels]]\nid = 'f-{surface}'\nname = '{surface}'\nsteps = ['a', 'b', 'c']\nsurface = '{surface}'"
        );
    }
    text
}

fn usage(chance: &mut Chance) -> Usage {
    let mut usage = Usage { n_active: 1000, ..Usage::default() };
    for surface in SURFACES {
        usage.n_people_by_surface.insert(surface.into(), chance.below(700) as u64);
        let n_sessions = 600 + chance.below(4000) as u64;
        let n_troubled = (n_sessions as f64 * chance.unit() * 0.2) as u64;
        usage.friction_by_surface.insert(surface.into(), Friction { n_sessions, n_troubled });
        let first = 200 + chance.below(600) as u64;
        let second = (first as f64 * (0.3 + 0.7 * chance.unit())) as u64;
        let third = (second as f64 * (0.3 + 0.7 * chance.unit())) as u64;
        usage.funnel_counts.insert(format!("f-{surface}"), vec![first, second, third]);
    }
    usage
}

fn code(chance: &mut Chance, workspace: &Workspace) -> CodeMap {
    let mut map = CodeMap { n_commits: 400, ..CodeMap::default() };
    let path = |i: usize| format!("src/m{}/f{i}.rs", i % 9);
    let n_files = 80;
    for i in 0..n_files {
        let functions = (0..=chance.below(6))
            .map(|k| CodeFunction {
                name: format!("f{k}"),
                line: 10 * k as u32 + 1,
                n_lines: 5 + chance.below(60) as u64,
                complexity: 1 + (chance.unit() * chance.unit() * 60.0) as u32,
                tests: if chance.happens(0.5) { vec![place(&format!("{}_test.rs", path(i)), 1)] } else { Vec::new() },
            })
            .collect();
        let debt = (0..if chance.happens(0.6) { chance.below(6) } else { 0 }).map(|k| k as u32 + 2).collect();
        let n_users = if chance.happens(0.7) { chance.below(3) } else { chance.below(9) };
        let active = |chance: &mut Chance| Timestamp(as_of().0 - chance.below(200) as i64 * DAY_SECS);
        let main = 0.4 + 0.6 * chance.unit();
        map.files.insert(
            path(i),
            CodeFile {
                n_lines: 20 + (chance.unit() * chance.unit() * 3000.0) as u64,
                churn: (chance.unit() * chance.unit() * 40.0) as u64,
                module: format!("m{}", i % 9),
                team: None,
                zone: chance.happens(0.2).then(|| (*chance.of(&["money", "sign-in", "personal data"])).to_owned()),
                functions,
                debt,
                used_by: (0..n_users).map(|_| path(chance.below(n_files))).collect(),
                authors: vec![
                    Authorship {
                        name: format!("dev{}", chance.below(6)),
                        share_unit: main,
                        last_active: active(chance),
                    },
                    Authorship { name: "dev9".into(), share_unit: 1.0 - main, last_active: active(chance) },
                ],
                flag_at: chance.happens(0.3).then_some(3),
                telemetry_at: chance.happens(0.4).then_some(4),
            },
        );
    }
    for i in 0..800 {
        let at = chance.below(n_files);
        let slow = 1.0 + (at % 7) as f64;
        map.commits.push(Commit {
            id: format!("c{i}"),
            is_fix: chance.happens(0.1 + 0.08 * (at % 5) as f64),
            files: vec![path(at)],
            lead_hours: chance.happens(0.8).then(|| 4.0 + slow * 40.0 * chance.unit()),
        });
    }
    for _ in 0..150 {
        map.coupling.push(Coupling {
            a: path(chance.below(n_files)),
            b: path(chance.below(n_files)),
            degree_unit: chance.unit(),
            shared: chance.below(20) as u32,
        });
    }
    map.release = Some(Release {
        ci: Some(place("ci.yml", 3)),
        staged_deploy: chance.happens(0.5).then(|| place("deploy.yml", 1)),
        rollback: chance.happens(0.5).then(|| place("runbook.md", 9)),
    });
    for insight in &workspace.insights {
        let n = 3 + chance.below(14);
        let files = (0..n).map(|_| (path(chance.below(n_files)), 0.2 + 0.8 * chance.unit())).collect();
        let steps = |chance: &mut Chance, max: usize| chance.below(max);
        let p50_days = 2.0 + 40.0 * chance.unit();
        map.touches.insert(
            insight.id,
            Touch {
                confidence_unit: 0.4 + 0.6 * chance.unit(),
                files,
                parts: (0..=chance.below(6))
                    .map(|k| NeededPart {
                        name: format!("part {k}"),
                        found: chance.happens(0.4).then(|| place(&path(0), 5)),
                    })
                    .collect(),
                data: (0..steps(chance, 5)).map(|k| DataChange::NewField(format!("Shift.f{k}"))).collect(),
                interface: (0..steps(chance, 5)).map(|k| InterfaceChange::Changed(format!("GET /{k}"))).collect(),
                estimate: Some(Estimate {
                    p10_days: p50_days * (0.3 + 0.6 * chance.unit()),
                    p50_days,
                    p90_days: p50_days * (1.1 + 1.5 * chance.unit()),
                    team: None,
                }),
            },
        );
    }
    map
}

fn place(file: &str, line: u32) -> CodePlace {
    CodePlace { file: file.to_owned(), line, symbol: None }
}

/// Takes away what is not connected.
fn strip(mut workspace: Workspace, parts: Parts) -> Workspace {
    if !parts.accounts {
        workspace.corpus.accounts.clear();
        workspace.corpus.signals.iter_mut().for_each(|signal| signal.account = None);
        workspace.corpus.records.iter_mut().for_each(|record| record.account = None);
    }
    if !parts.people {
        workspace.corpus.people.clear();
        workspace.corpus.signals.iter_mut().for_each(|signal| signal.person = None);
        workspace.corpus.records.iter_mut().for_each(|record| record.person = None);
    }
    if !parts.dates {
        workspace.corpus.signals.iter_mut().for_each(|signal| signal.at = None);
        workspace.corpus.records.iter_mut().for_each(|record| record.created_at = None);
        workspace.insights.iter_mut().for_each(|insight| insight.heard = None);
    }
    if !parts.strategy {
        let Settings { surfaces, funnels, product, .. } = std::mem::take(&mut workspace.settings);
        workspace.settings = Settings { surfaces, funnels, product, ..Settings::default() };
    }
    if !parts.usage {
        workspace.usage = Usage::default();
    }
    if !parts.code {
        workspace.code = None;
    }
    workspace
}
