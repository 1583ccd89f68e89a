//! Small matters of printing that several formats share: articles, lists, escaping for Markdown.

use crate::dossier::Evidence;
use throughline_model::spec::{Spec, Statement, Story};
use throughline_model::{Basis, Citation};

/// The story as its one sentence. The article is the specification's own: it follows the sound of the role.
#[must_use]
pub fn story_sentence(story: &Story) -> String {
    format!(
        "As {} {}, I want to {}, so that {}.",
        article(&story.actor.text),
        story.actor.text,
        story.means.text,
        story.benefit.text.trim_end_matches('.')
    )
}

/// `a` or `an` for a role: roles are words or acronyms, so sound follows the first letter but for a few.
fn article(role: &str) -> &'static str {
    let word = role.split(' ').next().unwrap_or_default();
    let lower = word.to_lowercase();
    let is_acronym = word.len() >= 2 && word.chars().all(char::is_uppercase);
    let is_an = if is_acronym {
        "aefhilmnorsx".contains(lower.chars().next().unwrap_or('b'))
    } else {
        lower.starts_with(['a', 'e', 'i', 'o', 'u', 'ä', 'ö', 'ü', 'é'])
            && !["uni", "use", "eu", "one"].iter().any(|p| lower.starts_with(p))
            || ["hour", "honest", "honour", "heir"].iter().any(|p| lower.starts_with(p))
    };
    if is_an { "an" } else { "a" }
}

/// Markdown's own marks, made harmless in text from elsewhere.
#[must_use]
pub fn markdown(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for (i, c) in text.char_indices() {
        let is_list_mark = i == 0 && matches!(c, '#' | '+' | '-' | '>' | '=');
        if matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '|' | '~') || is_list_mark {
            out.push('\\');
        }
        out.push(if c == '\n' || c == '\r' { ' ' } else { c });
    }
    out
}

/// References after a statement: ` [1, 3]`, ` [all]` for a count, ` (default)` for what rests on no evidence.
#[must_use]
pub fn references(statement: &Statement, evidence: &Evidence) -> String {
    let numbers: Vec<String> = evidence.numbers(&statement.citations).iter().map(ToString::to_string).collect();
    let decided = statement.citations.iter().find_map(|citation| match citation {
        Citation::Edit { by, .. } => Some(format!(" *(decided by {})*", markdown(by))),
        _ => None,
    });
    if !numbers.is_empty() {
        return format!(" [{}]{}", numbers.join(", "), decided.unwrap_or_default());
    }
    if let Some(decided) = decided {
        return decided;
    }
    match statement.basis {
        Basis::Evidence if statement.citations.iter().any(|c| matches!(c, Citation::Insight { .. })) => {
            " [all]".to_owned()
        }
        Basis::Evidence if statement.citations.iter().any(|c| matches!(c, Citation::Account { .. })) => {
            " [accounts]".to_owned()
        }
        basis => format!(" *({})*", basis.word()),
    }
}

/// A statement in Markdown with its references.
#[must_use]
pub fn stated(statement: &Statement, evidence: &Evidence) -> String {
    format!("{}{}", markdown(&statement.text), references(statement, evidence))
}

/// Number of words a reader reads, marks of Markdown aside.
#[must_use]
pub fn count_words(text: &str) -> usize {
    text.split_whitespace().filter(|word| word.chars().any(char::is_alphanumeric)).count()
}

/// A number with its noun: `1 story`, `2 stories`.
#[must_use]
pub fn counted(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

/// Criteria of a specification, over all stories.
#[must_use]
pub fn n_criteria(spec: &Spec) -> usize {
    spec.stories.iter().map(|story| story.criteria.len()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_from_elsewhere_is_harmless() {
        assert_eq!(markdown("# a *b* [c](d) <e>\nf"), "\\# a \\*b\\* \\[c\\](d) \\<e>  f".replace("  ", " "));
        assert_eq!(article("HR manager"), "an");
        assert_eq!(article("owner"), "an");
        assert_eq!(article("user"), "a");
    }
}
