//! The rules that everything written is held to, each with the inputs it needs.
//!
//! In: settings, the last run's results, the specifications made from them. Out: findings of the rules ST of the
//! strategy, PE of the personas, and X, PE, JB, UC, US, AC and PR of each specification. What is not there counts as not
//! known, never as a pass.

use throughline_backends::{Dossier, prd};
use throughline_model::persona::Cast;
use throughline_model::{CodeMap, Corpus, Settings, Severity};
use throughline_plan::strategy::{self, Seen};
use throughline_specify::lint::{self, Beside, Finding, Views};

/// Rules of the strategy by the code of their diagnostics.
const STRATEGY: [(&str, &str); 9] = [
    ("strategy-objective", "ST-1"),
    ("strategy-key-result", "ST-2"),
    ("strategy-outcome", "ST-3"),
    ("strategy-kind", "ST-4"),
    ("strategy-north-star", "ST-5"),
    ("strategy-non-goals", "ST-6"),
    ("strategy-principle", "ST-6"),
    ("strategy-untouched", "ST-7"),
    ("strategy-people", "PE-3"),
];

/// Findings of one specification, with everything that lies beside it.
pub(crate) fn of_specification(settings: &Settings, dossier: &Dossier<'_>, code: Option<&CodeMap>) -> Vec<Finding> {
    let (one_page, full) = (prd::one_page(dossier), prd::full(dossier));
    let beside = Beside {
        product_name: settings.product.name.as_deref(),
        terms: &settings.product.terms,
        effort: dossier.place.and_then(|place| place.effort.as_ref()),
        views: Some(Views { one_page: &one_page, full: &full }),
        code,
    };
    lint::lint_beside(dossier.spec, dossier.corpus, &beside)
}

/// Findings of what holds for the whole workspace: its strategy and its personas.
pub(crate) fn of_workspace(settings: &Settings, seen: &Seen<'_>, cast: &Cast, corpus: &Corpus) -> Vec<Finding> {
    let mut out = of_strategy(settings, seen);
    out.extend(lint::lint_cast(cast, corpus));
    out.sort();
    out
}

/// The rules ST.
fn of_strategy(settings: &Settings, seen: &Seen<'_>) -> Vec<Finding> {
    let is_begun = !settings.strategy.objectives.is_empty() || settings.strategy.north_star.is_some();
    let not_known = |rule: &str, message: &str| Finding {
        rule: rule.to_owned(),
        severity: lint::Severity::NotKnown,
        message: message.to_owned(),
        item: "strategy".to_owned(),
    };
    if !is_begun {
        let rules = ["ST-1", "ST-2", "ST-3", "ST-4", "ST-5", "ST-6", "ST-7"];
        return rules.iter().map(|rule| not_known(rule, "No strategy is declared.")).collect();
    }
    let mut found = strategy::findings(settings);
    found.extend(strategy::findings_beside(settings, seen));
    let mut out: Vec<Finding> = found
        .into_iter()
        .filter_map(|finding| {
            let (_, rule) = STRATEGY.iter().find(|(code, _)| *code == finding.code)?;
            Some(Finding {
                rule: (*rule).to_owned(),
                severity: match finding.severity {
                    Severity::Error => lint::Severity::Error,
                    Severity::Warning | Severity::Note => lint::Severity::Warning,
                },
                message: format!("{}.", finding.message),
                item: finding.path,
            })
        })
        .collect();
    if seen.ranked.is_empty() {
        out.push(not_known("ST-7", "There is no insight yet that could touch an objective."));
    }
    out
}
