//! Prints specifications for reading: `cargo test -p throughline-specify --test read -- --ignored --nocapture`.
#![expect(clippy::print_stdout, reason = "made to be read")]

mod fixture;

use throughline_model::Language;
use throughline_specify::{Outcome, playbook};

fn print(fixture: &fixture::Fixture) {
    let outcome = fixture.outcome();
    let Outcome::Specified(spec) = outcome else { return println!("{outcome:?}") };
    println!("\n# {} [{:?}]", spec.title, spec.size);
    for (name, part) in [
        ("problem", &spec.problem),
        ("who", &spec.who),
        ("job", &spec.job),
        ("now", &spec.why_now),
        ("change", &spec.change),
        ("out", &spec.non_goals),
        ("quality", &spec.qualities),
        ("roll", &spec.rollout),
        ("risk", &spec.risks),
        ("assume", &spec.assumptions),
        ("depend", &spec.dependencies),
        ("decide", &spec.decision),
    ] {
        for statement in part {
            println!("{name:8}{} ({})", statement.text, statement.basis.word());
        }
    }
    if let Some(fix) = &spec.fix {
        println!("{fix:#?}");
    }
    for m in &spec.measures {
        println!("measure {} | {} -> {} guard={}", m.metric, m.baseline.text, m.target.text, m.is_guardrail);
    }
    for q in &spec.questions {
        println!("ask     {} {:?} {}", q.text, q.options, q.who_decides);
    }
    for story in &spec.stories {
        println!(
            "{} As {} {}, I want to {}, so that {}. P{} {} | {}",
            story.key,
            throughline_specify::words::article(&story.actor.text),
            story.actor.text,
            story.means.text,
            story.benefit.text,
            story.priority,
            story.priority_reason,
            story.independent_test
        );
        for c in &story.criteria {
            println!(
                "  {} {}\n    given {}\n    when {}\n    then {}\n    {}",
                c.key,
                c.title,
                c.given.join(" / "),
                c.when,
                c.then.join(" / "),
                c.ears.replace('\n', "\n    ")
            );
        }
    }
    for e in &spec.entities {
        println!(
            "entity {} ({}/{}) {}",
            e.name,
            e.one,
            e.many,
            e.fields.iter().map(|f| format!("{}:{}", f.name, f.type_name)).collect::<Vec<_>>().join(", ")
        );
    }
    for e in &spec.endpoints {
        println!("{} {} {:?}", e.method, e.path, e.codes);
    }
    for s in &spec.screens {
        println!(
            "screen {} {:?}",
            s.title,
            s.regions.iter().map(|r| format!("{}:{} {:?}", r.kind, r.label, r.serves)).collect::<Vec<_>>()
        );
    }
}

#[test]
#[ignore = "prints for reading"]
fn told() {
    for told in fixture::TOLD {
        print(&fixture::build(told));
    }
}

#[test]
#[ignore = "prints for reading"]
fn frames() {
    for frame in playbook::frames() {
        print(&fixture::plain(frame, "shifts", Language::En));
    }
}
