//! Deployments as delivery tools send them: a list of objects in the shape of DevLake's webhooks.
//!
//! In: the bytes of a JSON array. Out: one [`Deployment`] for each element with an id and a date, in their order, and how
//! many elements had neither. Errors: what is no JSON array is told with line and column.

use serde_json::Value;
use throughline_model::Timestamp;
use throughline_model::outcome::Deployment;

/// Reads deployments; the error says where the text is not what it should be.
///
/// # Errors
/// When the bytes are no JSON array.
pub fn deployments(bytes: &[u8]) -> Result<(Vec<Deployment>, usize), String> {
    let document: Vec<Value> = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
    let found: Vec<Deployment> = document.iter().filter_map(deployment).collect();
    let n_left = document.len() - found.len();
    Ok((found, n_left))
}

fn deployment(value: &Value) -> Option<Deployment> {
    let text = |key: &str| value.get(key).and_then(Value::as_str);
    let at = ["finishedDate", "startedDate", "createdDate"].iter().find_map(|key| Timestamp::parse_iso(text(key)?))?;
    let commits = value.get("deploymentCommits").and_then(Value::as_array).into_iter().flatten();
    let messages = commits.filter_map(|commit| commit.get("commitMsg").and_then(Value::as_str));
    // A tool that names neither result nor environment sends what went live.
    let is = |key: &str, word: &str| text(key).is_none_or(|said| said.eq_ignore_ascii_case(word));
    Some(Deployment {
        id: text("id")?.to_owned(),
        at,
        text: text("displayTitle").into_iter().chain(messages).collect::<Vec<_>>().join("\n"),
        is_live: is("result", "SUCCESS") && is("environment", "PRODUCTION"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_failed_or_went_elsewhere_is_not_live() {
        let text = br#"[
            {"id": "a", "result": "SUCCESS", "environment": "PRODUCTION", "finishedDate": "2026-02-24T08:00:00Z",
             "displayTitle": "Web", "deploymentCommits": [{"commitMsg": "One\nTwo"}]},
            {"id": "b", "result": "FAILURE", "environment": "PRODUCTION", "finishedDate": "2026-02-25T08:00:00Z"},
            {"id": "c", "result": "SUCCESS", "environment": "STAGING", "startedDate": "2026-02-26T08:00:00Z"},
            {"id": "d"}, 7]"#;
        let (found, n_left) = deployments(text).unwrap();
        assert_eq!(n_left, 2);
        assert_eq!(
            found.iter().map(|d| (d.id.as_str(), d.is_live)).collect::<Vec<_>>(),
            [("a", true), ("b", false), ("c", false)]
        );
        assert_eq!(found[0].text, "Web\nOne\nTwo");
        assert!(deployments(b"{").unwrap_err().contains("line 1"));
    }
}
