//! What the readers make of a file: `cargo run -p throughline-frontends --example look -- FILE...`; with `--full` every
//! fact, else the first three of each file and the time it took.

#![expect(clippy::print_stdout, reason = "a command-line tool")]

use std::fs::File;
use std::time::Instant;
use throughline_frontends::{Fact, Options, Sink, read};
use throughline_model::Diagnostic;

struct Look {
    is_full: bool,
    n: usize,
    n_records: usize,
    n_accounts: usize,
    n_events: usize,
}

impl Sink for Look {
    fn fact(&mut self, fact: Fact) {
        self.n += 1;
        match &fact {
            Fact::Record(_) => self.n_records += 1,
            Fact::Account(_) => self.n_accounts += 1,
            Fact::Event(_) => self.n_events += 1,
        }
        if self.is_full || self.n <= 3 {
            match fact {
                Fact::Record(record) => {
                    println!(
                        "  {} keyed={} n={} at={:?} rating={:?} votes={:?} tags={:?} thread={:?} dup={:?} url={:?}",
                        record.external_id,
                        record.is_keyed,
                        record.n_items,
                        record.created_at.map(throughline_model::Timestamp::rfc3339),
                        record.rating_unit,
                        record.votes,
                        record.tags,
                        record.thread,
                        record.duplicate_of,
                        record.url
                    );
                    for part in record.parts.iter().take(if self.is_full { 100_000 } else { 6 }) {
                        let who =
                            part.author.as_ref().map(|a| (&a.name, &a.email, &a.handle, &a.role, &a.company, a.side));
                        println!("     {:?} {who:?} {:?} {:?}", part.role, part.clock_ms, part.text);
                    }
                }
                other => println!("  {other:?}"),
            }
        }
    }
    fn diagnostic(&mut self, diagnostic: Diagnostic) {
        println!(
            "  {:?} {} at {:?}:{:?}: {}",
            diagnostic.severity, diagnostic.code, diagnostic.place.line, diagnostic.place.byte, diagnostic.message
        );
    }
}

fn main() -> std::io::Result<()> {
    let mut names: Vec<String> = std::env::args().skip(1).collect();
    let is_full = names.iter().any(|name| name == "--full");
    names.retain(|name| name != "--full");
    let options = Options { team_domains: vec!["rotaboard.example".to_owned()], ..Options::default() };
    for name in names {
        println!("{name}");
        let mut look = Look { is_full, n: 0, n_records: 0, n_accounts: 0, n_events: 0 };
        let start = Instant::now();
        let report = read(&name, &mut File::open(&name)?, &options, &mut look);
        println!(
            "  = {} source={} kind={} seen={} rejected={} records={} accounts={} events={} {} {:.3} s",
            report.format,
            report.source,
            report.source_kind.word(),
            report.n_seen,
            report.n_rejected,
            look.n_records,
            look.n_accounts,
            look.n_events,
            report.encoding,
            start.elapsed().as_secs_f64()
        );
        for choice in report.mapping {
            println!("    {} <- '{}': {} {:?}", choice.field, choice.column, choice.why, choice.samples);
        }
    }
    Ok(())
}
