//! From any id to everything that rests on it and everything it rests on.

use crate::app::App;
use crate::pages::layout::{Head, page};
use crate::pages::words;
use crate::problem::Problem;
use maud::{Markup, html};
use throughline_compiler::queries::Node;

/// Nodes of one kind shown before the rest is folded away.
const SHOWN: usize = 12;

/// The page.
///
/// # Errors
/// When nothing has that id.
pub fn trace(app: &App, id: &str) -> Result<Markup, Problem> {
    let snapshot = app.read()?;
    let found = snapshot.trace(id)?.ok_or_else(|| Problem::not_found("id", id))?;
    let side = |name: &str, nodes: &[Node]| {
        let mut kinds: Vec<&str> = Vec::new();
        for node in nodes {
            if !kinds.contains(&node.what) {
                kinds.push(node.what);
            }
        }
        html! {
            section {
                h2 { (name) }
                @if nodes.is_empty() { p class="soft" { "Nothing." } }
                @for kind in kinds {
                    @let of: Vec<&Node> = nodes.iter().filter(|node| node.what == kind).collect();
                    h3 { (words::count(of.len(), kind)) }
                    ul class="sources" { @for node in of.iter().take(SHOWN) { li { (link(node)) } } }
                    @if of.len() > SHOWN { details { summary { (of.len() - SHOWN) " more" } ul class="sources" { @for node in &of[SHOWN..] { li { (link(node)) } } } } }
                }
            }
        }
    };
    let body = html! {
        p class="eyebrow" { (words::capitalised(found.here.what)) " · " code { (found.here.id) } }
        h1 class="small-h1" { (found.here.words) }
        p { (link(&found.here)) }
        div class="duel" { (side("Rests on it", &found.above)) (side("It rests on", &found.below)) }
    };
    Ok(page(app, &Head { title: "Trace", here: "" }, &body))
}

/// A node with the way to it.
#[must_use]
pub fn link(node: &Node) -> Markup {
    let words = if node.words.is_empty() { &node.id } else { &node.words };
    let address = match node.what {
        "statement" => Some(format!("/evidence/{}", node.id)),
        "record" => Some(format!("/records/{}", node.id)),
        "insight" => Some(format!("/insights/{}", node.id)),
        "specification" => Some(format!("/insights/{}/spec", node.id)),
        "check" => node.id.split_once('/').map(|(insight, check)| format!("/insights/{insight}/checks/{check}")),
        "sentence" | "account" => Some(format!("/trace/{}", node.id.split('.').next().unwrap_or_default())),
        _ => None,
    };
    html! {
        @match address {
            Some(address) => a class="plainlink" href=(address) data-drawer[matches!(node.what, "statement" | "record" | "check")] { (words) },
            None => span { (words) },
        }
        " " span class="soft small" { (node.what) }
    }
}
