//! Reads `throughline.toml` into [`Settings`], with diagnostics that name the line.
//!
//! In: the file's text. Out: settings and diagnostics; a part that cannot be read is left at "not declared" and the
//! rest is used, so that one typing mistake does not hide a strategy.
//! Invariant: unknown keys are refused, never ignored: a misspelt key would otherwise make a check unknown in silence.

use serde::de::DeserializeOwned;
use throughline_model::settings::{Capacity, Delivery, Product};
use throughline_model::strategy::Strategy;
use throughline_model::{Diagnostic, Settings, Severity};
use toml::de::DeTable;

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
            unknown => diagnostics.push(problem(
                text,
                at,
                "settings-unknown-key",
                &format!(
                    "'{unknown}' is not a part of {FILE_NAME}; the parts are product, strategy, capacity, encoder, \
                     departments, sources, repositories, delivery, funnels, surfaces, roadmap"
                ),
            )),
        }
    }
    (settings, diagnostics)
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
    let line = text.as_bytes()[..byte.min(text.len())].iter().filter(|&&b| b == b'\n').count() as u64 + 1;
    let remedy = "correct this line; until then the part it stands in counts as not declared";
    Diagnostic::new(code, Severity::Error, message.trim().replace('\n', ", "), remedy).at(
        FILE_NAME,
        Some(line),
        Some(byte as u64),
    )
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
