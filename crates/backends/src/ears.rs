//! Requirements as EARS sentences, numbered by criterion.

use crate::dossier::Dossier;
use crate::text::markdown;

/// All requirements as one Markdown document.
#[must_use]
pub fn document(dossier: &Dossier<'_>) -> String {
    let mut out = format!("# Requirements: {}\n", markdown(&dossier.spec.title));
    for story in &dossier.spec.stories {
        out.push_str(&format!("\n## {} {}\n\n", story.key, markdown(&story.title)));
        for criterion in &story.criteria {
            for (i, sentence) in criterion.ears.lines().enumerate() {
                let letter = char::from(b'a' + (i % 26) as u8);
                out.push_str(&format!("- **{}{letter}** {}\n", criterion.key, markdown(sentence)));
            }
        }
    }
    out
}
