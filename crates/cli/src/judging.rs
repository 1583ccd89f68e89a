//! Commands with which people say something about the model: links, names, moves, pins.

use crate::End;
use crate::arguments::{LinkAct, LinkList, Move, Pin, Rename, SaidBy, Undo};
use crate::commands::print_json;
use crate::host::OsHost;
use crate::render::{Style, out};
use serde_json::json;
use std::path::Path;
use throughline_compiler::judging::{self, LinkRow};
use throughline_compiler::{Error, Session};
use throughline_model::Judgement;
use throughline_model::judgement::Ruling;

/// `links`.
pub(crate) fn links(host: &OsHost, folder: &Path, act: &LinkAct) -> Result<End, Error> {
    let mut session = Session::open(folder, host)?;
    let (judgement, said) = match act {
        LinkAct::List(list) => return list_links(&session, list),
        LinkAct::Accept(one) => {
            (judging::rule(&mut session, &one.link, Ruling::Accept, one.said.by.as_deref())?, &one.said)
        }
        LinkAct::Reject(one) => {
            (judging::rule(&mut session, &one.link, Ruling::Reject, one.said.by.as_deref())?, &one.said)
        }
        LinkAct::Undo(one) => (judging::undo_link(&mut session, &one.link, one.said.by.as_deref())?, &one.said),
    };
    Ok(noted(&judgement, said))
}

fn list_links(session: &Session, list: &LinkList) -> Result<End, Error> {
    let links = judging::links(session, list.ask)?;
    if list.json {
        print_json(&json!({ "links": links }));
        return Ok(End::Fine);
    }
    let style = Style::for_stdout();
    let n_shown = if list.top == 0 { links.len() } else { list.top.min(links.len()) };
    let mut last = "";
    for link in &links[..n_shown] {
        if link.joins != last {
            let n = links.iter().filter(|other| other.joins == link.joins).count();
            out(&style.bold(&format!("{} {}", n, if list.ask { open(link.joins) } else { one(link.joins) })));
            last = link.joins;
        }
        show_link(link, style);
    }
    match (links.len(), n_shown) {
        (0, _) if list.ask => out("nothing is open"),
        (0, _) => out("nothing is taken for one"),
        (all, shown) if shown < all => {
            out(&style.dim(&format!("{} more: --top 0 lists all", all - shown)));
        }
        _ => {}
    }
    if !links.is_empty() {
        out(&style.dim("say what is right: `throughline links accept|reject LINK`, and `throughline run`"));
    }
    Ok(End::Fine)
}

fn one(joins: &str) -> String {
    format!("joins of {joins}, taken for one unless it says otherwise")
}

fn open(joins: &str) -> String {
    format!("pairs of {joins} that may be one")
}

fn show_link(link: &LinkRow, style: Style) {
    let ruling = link.ruling.map_or_else(String::new, |ruling| format!(", {ruling}"));
    out(&format!(
        "  {} {:<5} {:.2}  {}{}",
        link.id,
        link.decision.word(),
        link.score,
        link.reason,
        style.accent(&ruling)
    ));
    for end in [&link.a, &link.b] {
        let text = if end.from.is_empty() { end.text.clone() } else { format!("“{}”", end.text) };
        let from = if end.from.is_empty() { String::new() } else { format!("{} · ", end.from) };
        out(&format!("      {}{text} {}", style.dim(&from), style.dim(&end.id)));
    }
}

/// `rename`.
pub(crate) fn rename(host: &OsHost, folder: &Path, arguments: &Rename) -> Result<End, Error> {
    let mut session = Session::open(folder, host)?;
    let said = &arguments.said;
    let judgement = judging::rename(&mut session, &arguments.insight, &arguments.label, said.by.as_deref())?;
    Ok(noted(&judgement, said))
}

/// `move`.
pub(crate) fn place(host: &OsHost, folder: &Path, arguments: &Move) -> Result<End, Error> {
    let mut session = Session::open(folder, host)?;
    let to = Some(arguments.to.as_str()).filter(|to| !to.eq_ignore_ascii_case("none"));
    let judgement = judging::place(&mut session, &arguments.signals, to, arguments.said.by.as_deref())?;
    Ok(noted(&judgement, &arguments.said))
}

/// `pin`.
pub(crate) fn pin(host: &OsHost, folder: &Path, arguments: &Pin) -> Result<End, Error> {
    let mut session = Session::open(folder, host)?;
    let pair = [arguments.first.as_str(), arguments.second.as_str()];
    let judgement = judging::pin(&mut session, pair, arguments.together, arguments.said.by.as_deref())?;
    Ok(noted(&judgement, &arguments.said))
}

/// `undo`.
pub(crate) fn undo(host: &OsHost, folder: &Path, arguments: &Undo) -> Result<End, Error> {
    let mut session = Session::open(folder, host)?;
    let judgement = judging::undo(&mut session, &arguments.judgement, arguments.said.by.as_deref())?;
    Ok(noted(&judgement, &arguments.said))
}

fn noted(judgement: &Judgement, said: &SaidBy) -> End {
    let (act, sentence) = judging::told(&judgement.act);
    if said.json {
        print_json(&json!({ "id": judgement.id, "by": judgement.by, "act": act, "sentence": sentence }));
    } else {
        out(&format!("noted as {}: {sentence}; next: `throughline run`", judgement.id));
    }
    End::Fine
}

/// `judgements`.
pub(crate) fn judgements(host: &OsHost, folder: &Path, is_json: bool) -> Result<End, Error> {
    let session = Session::open(folder, host)?;
    let judgements = judging::list(&session)?;
    if is_json {
        print_json(&json!({ "judgements": judgements }));
        return Ok(End::Fine);
    }
    let style = Style::for_stdout();
    for judgement in &judgements {
        let by = judgement.by.as_ref().map_or_else(String::new, |by| format!(" ({by})"));
        let line = format!("{} {:<7} {}{by}", judgement.id, judgement.state, judgement.sentence);
        out(&if judgement.state == "stands" { line } else { style.dim(&line) });
    }
    out(&style.dim(if judgements.is_empty() {
        "nobody has said anything yet: see `throughline rename`, `move`, `pin` and `links`"
    } else {
        "take one back: `throughline undo JUDGEMENT`, and `throughline run`"
    }));
    Ok(End::Fine)
}
