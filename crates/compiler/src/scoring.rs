//! The rubric and the weights that a workspace scores by.
//!
//! In: the settings. Out: the rubric in force with diagnostics; a rubric or a weight that does not hold together is told
//! and the shipped one is used in its place.

use std::path::Path;
use throughline_model::{Diagnostic, Host, Settings, Severity};
use throughline_score::Rubric;

use crate::settings::FILE_NAME;

/// The rubric in force. Weights that cannot be used are taken out of the settings.
pub(crate) fn rubric(host: &dyn Host, folder: &Path, text: &str, settings: &mut Settings) -> (Rubric, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let rubric = match &settings.score.rubric {
        None => Rubric::builtin(),
        Some(file) => read(host, folder, file).unwrap_or_else(|found| {
            diagnostics.extend(found);
            let remedy = "correct the rubric; the shipped one is used until then";
            let message = format!("the rubric {file} is not used");
            diagnostics.push(at(text, "rubric", Diagnostic::new("rubric-refused", Severity::Warning, message, remedy)));
            Rubric::builtin()
        }),
    };
    let is_known =
        |name: &str| rubric.checks.iter().any(|c| c.id == name) || rubric.groups.iter().any(|(g, _)| g == name);
    let weights = &mut settings.score.weights;
    let refused: Vec<(String, String)> = weights
        .iter()
        .filter_map(|(name, weight)| {
            let why = if !is_known(name) {
                "there is no check or group of this name".to_owned()
            } else if !weight.is_finite() || *weight < 0.0 {
                format!("{weight} is no weight")
            } else {
                return None;
            };
            Some((name.clone(), why))
        })
        .collect();
    for (name, why) in &refused {
        weights.remove(name);
        let remedy = "a weight is a number from 0 on, for an id such as BI-10 or a group; it counts as 1 until then";
        let problem = Diagnostic::new("score-weight", Severity::Error, format!("weight of {name}: {why}"), remedy);
        diagnostics.push(at(text, name, problem));
    }
    let weight = |name: &str| weights.get(name).copied().unwrap_or(1.0);
    let carries = |group: &str| {
        let mut checks = rubric.checks.iter().filter(|check| check.group == group);
        weight(group) > 0.0 && checks.any(|check| weight(&check.id) > 0.0)
    };
    if !rubric.groups.iter().any(|(group, _)| carries(group)) {
        weights.clear();
        let remedy = "give at least one group and one of its checks a weight above 0; all count as 1 until then";
        let problem = Diagnostic::new("score-weight", Severity::Error, "the weights leave nothing to score by", remedy);
        diagnostics.push(at(text, "weights", problem));
    }
    (rubric, diagnostics)
}

fn read(host: &dyn Host, folder: &Path, file: &str) -> Result<Rubric, Vec<Diagnostic>> {
    let mut text = String::new();
    let read = host.open(&folder.join(file)).and_then(|mut input| input.read_to_string(&mut text));
    read.map_err(|error| {
        let remedy = "give the path of a rubric relative to the settings file";
        vec![
            Diagnostic::new("rubric-unreadable", Severity::Error, format!("{file} cannot be read: {error}"), remedy)
                .at(file, None, None),
        ]
    })?;
    Rubric::read(&text, file)
}

/// Places a problem at the first line of the settings that begins with `key`, in quotes or not.
fn at(text: &str, key: &str, problem: Diagnostic) -> Diagnostic {
    let is_it = |line: &str| line.trim_start().trim_start_matches(['"', '\'']).starts_with(key);
    let line = text.lines().position(|line| is_it(line) || line.contains(&format!("score.{key}")));
    problem.at(FILE_NAME, line.map(|line| line as u64 + 1), None)
}
