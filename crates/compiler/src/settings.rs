//! Reads `throughline.toml` into [`Settings`], with diagnostics that name the line.
//!
//! In: the file's text. Out: settings and diagnostics; a part that cannot be read is left at "not declared" and the
//! rest is used, so that one typing mistake does not hide a strategy.
//! What the strategy's rules (`throughline_plan::strategy`) find is told with its line as well, and what cannot be used
//! as it stands counts as not declared.
//! Invariant: unknown keys are refused, never ignored: a misspelt key would otherwise make a check unknown in silence.

use serde::de::DeserializeOwned;
use throughline_model::settings::{Capacity, Delivery, Product};
use throughline_model::strategy::Strategy;
use throughline_model::{Diagnostic, Settings, Severity};
use throughline_plan::strategy::{Finding, findings, usable};
use toml::de::{DeTable, DeValue};

/// Name of the settings file in a workspace folder.
pub const FILE_NAME: &str = "throughline.toml";

/// What `init` writes: every key once, with its meaning.
pub const TEMPLATE: &str = include_str!("../data/throughline.toml");

/// Reads the settings from the file's text.
#[must_use]
pub fn read(text: &str) -> (Settings, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let mut settings = Settings::default();
    let table = match DeTable::parse(text) {
        Ok(table) => table.into_inner(),
        Err(error) => {
            let at = error.span().map_or(0, |span| span.start);
            diagnostics.push(problem(text, at, "settings-syntax", error.message()));
            return (settings, diagnostics);
        }
    };
    for (key, value) in table {
        let at = key.span().start;
        let mut part = Part { text, at, value, diagnostics: &mut diagnostics };
        match key.get_ref().as_ref() {
            "product" => part.read_into::<Product>(&mut settings.product),
            "strategy" => part.read_into::<Strategy>(&mut settings.strategy),
            "capacity" => part.read_into::<Option<Capacity>>(&mut settings.capacity),
            "encoder" => part.read_into(&mut settings.encoder),
            "departments" => part.read_into(&mut settings.departments),
            "sources" => part.read_into(&mut settings.sources),
            "repositories" => part.read_into(&mut settings.repositories),
            "delivery" => part.read_into::<Delivery>(&mut settings.delivery),
            "funnels" => part.read_into(&mut settings.funnels),
            "surfaces" => part.read_into(&mut settings.surfaces),
            "roadmap" => part.read_into(&mut settings.roadmap),
            "effort" => part.read_into(&mut settings.effort),
            "score" => part.read_into(&mut settings.score),
            unknown => diagnostics.push(problem(
                text,
                at,
                "settings-unknown-key",
                &format!(
                    "'{unknown}' is not a part of {FILE_NAME}; the parts are product, strategy, capacity, encoder, \
                     departments, sources, repositories, delivery, funnels, surfaces, roadmap, effort, score"
                ),
            )),
        }
    }
    let found = findings(&settings);
    diagnostics.extend(Lines::new(text).diagnostics(&found));
    (usable(&settings, None), diagnostics)
}

/// Finds the line of a part of the settings file.
#[derive(Debug, Clone, Default)]
pub(crate) struct Lines {
    text: String,
}

impl Lines {
    pub(crate) fn new(text: &str) -> Self {
        Self { text: text.to_owned() }
    }

    /// Findings of the strategy's rules, each at its line and in the order of lines.
    pub(crate) fn diagnostics(&self, findings: &[Finding]) -> Vec<Diagnostic> {
        let root = DeTable::parse(&self.text).ok();
        let mut placed: Vec<(usize, &Finding)> = findings
            .iter()
            .map(|finding| (root.as_ref().map_or(0, |root| position(root.get_ref(), &finding.path)), finding))
            .collect();
        placed.sort_by_key(|(byte, _)| *byte);
        let diagnostic = |(byte, finding): (usize, &Finding)| {
            Diagnostic::new(finding.code, finding.severity, finding.message.clone(), finding.remedy.clone()).at(
                FILE_NAME,
                Some(line_of(&self.text, byte)),
                Some(byte as u64),
            )
        };
        placed.into_iter().map(diagnostic).collect()
    }
}

/// The byte where the part named by `path` begins, or the nearest part around it that is there.
fn position(root: &DeTable<'_>, path: &str) -> usize {
    let mut byte = 0;
    let mut here: Option<&DeValue<'_>> = None;
    for step in path.split('.') {
        let table = here.map_or(Some(root), |value| if let DeValue::Table(table) = value { Some(table) } else { None });
        let value = if let Some(table) = table {
            let Some((key, value)) = table.iter().find(|(key, _)| key.get_ref().as_ref() == step) else { break };
            byte = key.span().start;
            value
        } else {
            let at: Option<usize> = step.parse().ok();
            let Some(value) = here.zip(at).and_then(|(value, at)| value.get(at)) else { break };
            byte = value.span().start;
            value
        };
        here = Some(value.get_ref());
    }
    byte
}

struct Part<'t, 'd> {
    text: &'t str,
    at: usize,
    value: toml::Spanned<toml::de::DeValue<'t>>,
    diagnostics: &'d mut Vec<Diagnostic>,
}

impl Part<'_, '_> {
    fn read_into<T: DeserializeOwned>(&mut self, slot: &mut T) {
        let value = self.value.clone();
        match T::deserialize(toml::de::ValueDeserializer::from(value)) {
            Ok(read) => *slot = read,
            Err(error) => {
                let at = error.span().map_or(self.at, |span| span.start);
                self.diagnostics.push(problem(self.text, at, "settings-value", error.message()));
            }
        }
    }
}

fn problem(text: &str, byte: usize, code: &str, message: &str) -> Diagnostic {
    let remedy = "correct this line; until then the part it stands in counts as not declared";
    Diagnostic::new(code, Severity::Error, message.trim().replace('\n', ", "), remedy).at(
        FILE_NAME,
        Some(line_of(text, byte)),
        Some(byte as u64),
    )
}

fn line_of(text: &str, byte: usize) -> u64 {
    text.as_bytes()[..byte.min(text.len())].iter().filter(|&&b| b == b'\n').count() as u64 + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_template_and_the_example_are_read_without_a_word() {
        let example = include_str!("../../../examples/rotaboard/throughline.toml");
        for text in [TEMPLATE, example] {
            let (_, diagnostics) = read(text);
            assert_eq!(diagnostics, []);
        }
        let (settings, _) = read(example);
        assert_eq!(settings.product.name.as_deref(), Some("Rotaboard"));
        assert_eq!(settings.strategy.objectives.len(), 4);
        assert!(settings.strategy.commitments.is_some());
    }

    #[test]
    fn a_misspelt_key_names_its_line_and_spares_the_rest() {
        let (settings, diagnostics) =
            read("[product]\nname = \"A\"\n\n[[strategy.objectives]]\nid = \"O1\"\ntitel = \"x\"\n");
        assert_eq!(settings.product.name.as_deref(), Some("A"));
        assert_eq!(diagnostics.len(), 1, "{diagnostics:?}");
        assert_eq!(diagnostics[0].place.line, Some(6));
        assert!(diagnostics[0].message.contains("titel"), "{:?}", diagnostics[0]);
    }

    #[test]
    fn broken_syntax_is_one_diagnostic() {
        let (_, diagnostics) = read("[product\nname = 3");
        assert_eq!((diagnostics.len(), diagnostics[0].place.line), (1, Some(1)));
    }

    #[test]
    fn a_list_declared_empty_is_told_from_one_not_declared() {
        let (settings, _) = read("[strategy]\ncommitments = []\n");
        assert_eq!(settings.strategy.commitments, Some(Vec::new()));
        assert_eq!(settings.strategy.non_goals, None);
    }
}
