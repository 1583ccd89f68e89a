//! Filters: JSON lines with an id and a text in, JSON lines in the same order out.

use crate::End;
use crate::commands::print_json;
use crate::host::OsHost;
use crate::render::{err, out};
use serde_json::{Value, json};
use std::io::BufRead;
use std::path::Path;
use throughline_compiler::{Error, Session};

/// Lines answered together.
const BATCH: usize = 2_000;

/// `understand`.
pub(crate) fn understand() -> Result<End, Error> {
    filter(|texts| Ok(throughline_compiler::understand(texts).into_iter().map(|found| json!(found)).collect()))
}

/// `nearest`: of the words on the command line, or of each line of standard input.
pub(crate) fn nearest(host: &OsHost, folder: &Path, words: &[String], is_json: bool) -> Result<End, Error> {
    let session = Session::open(folder, host)?;
    if words.is_empty() {
        return filter(|texts| texts_near(&session, texts));
    }
    let text = words.join(" ");
    let Some(found) = texts_near(&session, &[&text])?.into_iter().next() else { return Ok(End::Fine) };
    if is_json {
        print_json(&found);
        return Ok(End::Fine);
    }
    match (found["label"].as_str(), found["decision"].as_str()) {
        (Some(label), Some(decision)) => {
            let says = match decision {
                "joins" => "says what others said",
                "ask" => "may say what others said",
                _ => "says something new; nearest",
            };
            let (likeness, margin) = (found["likeness"].as_f64(), found["margin"].as_f64());
            let (likeness, margin) = (likeness.unwrap_or_default(), margin.unwrap_or_default());
            out(&format!("{says}: {label} ({likeness:.2}, {margin:.2} ahead of the next)"));
            out(&format!("  {}", found["insight_id"].as_str().unwrap_or_default()));
        }
        _ => out("no word of this text is known"),
    }
    Ok(End::Fine)
}

/// The nearest insight of each text, as JSON.
fn texts_near(session: &Session, texts: &[&str]) -> Result<Vec<Value>, Error> {
    let label = |placed: &throughline_compiler::Placed| session.label(placed.insight_id);
    let object = |placed: Option<throughline_compiler::Placed>| {
        let label = placed.as_ref().map(label).transpose()?;
        Ok(placed.map_or_else(
            || json!({ "insight_id": null, "label": null, "decision": "new" }),
            |placed| {
                json!({
                    "insight_id": placed.insight_id,
                    "label": label,
                    "likeness": placed.likeness,
                    "margin": placed.margin,
                    "decision": placed.decision,
                })
            },
        ))
    };
    session.nearest(texts)?.into_iter().map(object).collect()
}

/// Answers each line of standard input; a line that cannot be read is told with its number and left out.
fn filter(mut answer: impl FnMut(&[&str]) -> Result<Vec<Value>, Error>) -> Result<End, Error> {
    let mut lines = std::io::stdin().lock().lines();
    let mut n_line = 0;
    let mut has_bad = false;
    loop {
        let mut batch: Vec<(Value, String)> = Vec::with_capacity(BATCH);
        let mut is_end = false;
        while batch.len() < BATCH {
            let Some(line) = lines.next() else {
                is_end = true;
                break;
            };
            n_line += 1;
            match line.map_err(|e| e.to_string()).and_then(|line| read_line(&line)) {
                Ok(Some(item)) => batch.push(item),
                Ok(None) => {}
                Err(why) => {
                    has_bad = true;
                    err(&format!(
                        "error[understand-line] line {n_line}: {why}\n  do: give one JSON object a line: {{\"id\", \"text\"}}"
                    ));
                }
            }
        }
        let texts: Vec<&str> = batch.iter().map(|(_, text)| text.as_str()).collect();
        for ((id, _), answer) in batch.iter().zip(answer(&texts)?) {
            let mut object = json!({ "id": id });
            if let (Some(object), Value::Object(rest)) = (object.as_object_mut(), answer) {
                object.extend(rest);
            }
            out(&object.to_string());
        }
        if is_end {
            return Ok(if has_bad { End::Findings } else { End::Fine });
        }
    }
}

fn read_line(line: &str) -> Result<Option<(Value, String)>, String> {
    if line.trim().is_empty() {
        return Ok(None);
    }
    let value: Value = serde_json::from_str(line).map_err(|error| error.to_string())?;
    let text = value.get("text").and_then(Value::as_str).ok_or("there is no text")?;
    Ok(Some((value.get("id").cloned().unwrap_or(Value::Null), text.to_owned())))
}
