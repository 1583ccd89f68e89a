//! A small workspace written in a few lines, scored by the shipped rubric.
//!
//! ```text
//! as-of 2026-09-30
//! account Acme segment=Hotel arr=100 seats=10 plan=Team renewal=2026-12-29
//! person Ann Acme role="Payroll clerk"
//! insight Export payroll hours            (the first insight is the one looked at; [Area] may stand before its label)
//! need export want actor object           (slots filled by the first statement)
//! s1 2026-09-01 Ann support: the words    (id, day or -, person or @Account or -, kind of source, text)
//! s2 - - survey/0.2~-0.5: the words       (a rating after /, a sentiment after ~)
//! other                                   (statements from here on are in no insight)
//! ```
//!
//! Phrases are found in the words by the shipped lists, as a run does it.

#![allow(dead_code, reason = "each test uses its part")]

use std::collections::BTreeMap;
use throughline_model::code::CodeMap;
use throughline_model::evidence::Basis;
use throughline_model::{
    Account, AccountId, Category, CheckResult, Citation, Corpus, Insight, InsightId, Kind, Language, Need, NeedId,
    Person, PersonId, PhraseHit, Polarity, Quote, RawAccount, Record, RecordId, Score, Settings, Side, Signal,
    SignalId, Slot, SlotName, SourceKind, Span, Strength, Timestamp, Trend, VoiceId,
};
use throughline_score::{Facts, Given, Rubric, Usage};
use throughline_text::phrase::Lexicon;

/// Everything that a run would give to scoring.
#[derive(Default, Clone)]
pub(crate) struct Workspace {
    pub(crate) corpus: Corpus,
    pub(crate) voices: Vec<VoiceId>,
    pub(crate) settings: Settings,
    pub(crate) usage: Usage,
    pub(crate) code: Option<CodeMap>,
    pub(crate) insights: Vec<Insight>,
    pub(crate) needs: Vec<Vec<Need>>,
    /// Names of statements, by the value of their id.
    pub(crate) names: BTreeMap<u64, String>,
}

impl Workspace {
    pub(crate) fn read(text: &str) -> Self {
        let mut workspace = Self::default();
        for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
            workspace.line(line);
        }
        workspace.close();
        workspace
    }

    pub(crate) fn settings(mut self, toml: &str) -> Self {
        self.settings = toml::from_str(toml).unwrap_or_else(|error| panic!("{error}"));
        self.close();
        self
    }

    pub(crate) fn usage(mut self, fill: impl FnOnce(&mut Usage)) -> Self {
        fill(&mut self.usage);
        self
    }

    /// Maps the code with `fill`, which gets the id of the first insight.
    pub(crate) fn code(mut self, fill: impl FnOnce(&mut CodeMap, InsightId)) -> Self {
        fill(self.code.get_or_insert_with(CodeMap::default), self.insights[0].id);
        self
    }

    fn line(&mut self, line: &str) {
        let words = words(line);
        match words[0].as_str() {
            "as-of" => self.corpus.as_of = Timestamp::parse_iso(&words[1]),
            "account" => self.account(&words[1], &words[2..]),
            "person" => {
                let role = words.iter().find_map(|word| word.strip_prefix("role=")).map(str::to_owned);
                let account = words.get(2).filter(|word| !word.contains('=')).map(|name| account_id(name));
                let id = person_id(&words[1]);
                let person = Person { id, name: Some(words[1].clone()), role, account, side: Side::Customer };
                self.corpus.people.insert(id, person);
            }
            "insight" => self.insight(line["insight".len()..].trim()),
            "other" => self.insights.push(Insight { id: InsightId(0), ..insight("", "") }),
            "need" => self.need(&words[1..]),
            _ => self.said(line),
        }
    }

    fn account(&mut self, name: &str, facts: &[String]) {
        let mut account = RawAccount { name: name.to_owned(), ..RawAccount::default() };
        for fact in facts {
            let (key, value) = fact.split_once('=').unwrap();
            let value = value.to_owned();
            match key {
                "segment" => account.segment = Some(value),
                "plan" => account.plan = Some(value),
                "stage" => account.stage = Some(value),
                "currency" => account.currency = Some(value),
                "lost" => account.lost_reason = Some(value),
                "arr" => account.arr = Some(value.parse().unwrap()),
                "deal" => account.deal_amount = Some(value.parse().unwrap()),
                "seats" => account.seats = Some(value.parse().unwrap()),
                "renewal" => account.renewal_at = Timestamp::parse_iso(&value),
                other => panic!("'{other}' is no fact of an account"),
            }
        }
        let id = account_id(name);
        self.corpus.accounts.insert(id, Account { id, facts: account });
    }

    fn insight(&mut self, words: &str) {
        let (area, label) = match words.strip_prefix('[') {
            Some(rest) => rest.split_once(']').unwrap(),
            None => ("area", words),
        };
        let id = InsightId(self.insights.len() as u64 + 1);
        self.insights.push(Insight { id, ..insight(area, label.trim()) });
        self.needs.push(Vec::new());
    }

    fn need(&mut self, words: &[String]) {
        let insight = self.insights.last().unwrap();
        let slots = words[2..].iter().map(|word| {
            let slot = Slot { value: word.clone(), basis: Basis::Evidence, quotes: Vec::new(), confidence: 1.0 };
            (SlotName::from_word(word).unwrap(), slot)
        });
        let need = Need {
            id: NeedId::of(&[insight.label.as_bytes(), words[0].as_bytes()]),
            insight_id: insight.id,
            frame: words[0].clone(),
            alternatives: Vec::new(),
            kind: Kind::Request,
            polarity: match words[1].as_str() {
                "want" => Polarity::Want,
                "fix" => Polarity::Fix,
                "remove" => Polarity::Remove,
                _ => Polarity::Keep,
            },
            strength: Strength::Should,
            slots: slots.collect(),
            signals: Vec::new(),
            confidence: 1.0,
        };
        self.needs.last_mut().unwrap().push(need);
    }

    fn said(&mut self, line: &str) {
        let (head, text) = line.split_once(": ").unwrap_or_else(|| panic!("no ': ' in '{line}'"));
        let [name, day, who, kind] = head.split(' ').collect::<Vec<_>>()[..] else { panic!("'{head}'") };
        let (kind, sentiment) = kind.split_once('~').map_or((kind, None), |(kind, x)| (kind, Some(x.parse().unwrap())));
        let (kind, rating) = kind.split_once('/').map_or((kind, None), |(kind, x)| (kind, Some(x.parse().unwrap())));
        let source_kind = SourceKind::from_word(kind).unwrap_or_else(|| panic!("'{kind}' is no kind of source"));
        let at = Timestamp::parse_iso(day);
        let person = self.corpus.people.get(&person_id(who));
        let account = who.strip_prefix('@').map(account_id).or(person.and_then(|person| person.account));
        let n = self.names.len() as u64 + 1;
        self.names.insert(n, name.to_owned());
        let (id, record_id, person) = (SignalId(n), RecordId(n), person.map(|person| person.id));
        let span = Span::new(0, text.len());
        self.corpus.records.push(Record {
            id: record_id,
            external_id: name.to_owned(),
            source: kind.to_owned(),
            source_kind,
            person,
            account,
            created_at: at,
            rating_unit: rating,
            votes: None,
            tags: Vec::new(),
            thread: None,
            n_masked: Vec::new(),
            text: text.to_owned(),
            parts: Vec::new(),
        });
        self.corpus.signals.push(Signal {
            id,
            record_id,
            span,
            kind: Kind::Request,
            kind_confidence: 1.0,
            language: Language::En,
            sentiment,
            phrases: Vec::new(),
            person,
            account,
            side: Side::Customer,
            source_kind,
            at,
            clock_ms: None,
        });
        self.voices.push(VoiceId(n));
        if let Some(insight) = self.insights.last_mut().filter(|insight| insight.id.0 > 0) {
            insight.members.push(id);
            insight.n_signals += 1;
        }
    }

    /// The same with one more statement about the first insight, by a customer who had not spoken, today.
    pub(crate) fn with_another_voice(mut self) -> Self {
        let mut record = self.corpus.records[self.insights[0].members[0].0 as usize - 1].clone();
        let mut signal = self.corpus.signals[record.id.0 as usize - 1].clone();
        let n = self.names.len() as u64 + 1;
        self.names.insert(n, format!("s{n}"));
        (record.id, signal.id, signal.record_id) = (RecordId(n), SignalId(n), RecordId(n));
        (record.created_at, signal.at) = (self.corpus.as_of, self.corpus.as_of);
        if signal.person.is_some() {
            signal.person = Some(person_id("newcomer"));
        }
        if let Some(mut account) = self.corpus.accounts.values().next().cloned() {
            account.id = account_id("newcomer");
            account.facts.arr = None;
            self.corpus.accounts.insert(account.id, account);
            signal.account = Some(account_id("newcomer"));
        }
        (record.person, record.account) = (signal.person, signal.account);
        self.insights[0].members.push(signal.id);
        self.corpus.records.push(record);
        self.corpus.signals.push(signal);
        self.voices.push(VoiceId(n));
        self
    }

    /// The same with other texts in place of what was said.
    pub(crate) fn with_other_words(mut self) -> Self {
        const OTHER: [&str; 4] = [
            "The meeting is on the second floor.",
            "Our dog sleeps near the window.",
            "Rain is forecast for the coast.",
            "The museum opens at nine.",
        ];
        for (i, (record, signal)) in self.corpus.records.iter_mut().zip(&mut self.corpus.signals).enumerate() {
            OTHER[i % OTHER.len()].clone_into(&mut record.text);
            signal.span = Span::new(0, record.text.len());
        }
        self.close();
        self
    }

    /// Finds phrases, and fills slots with the first statement of their insight.
    fn close(&mut self) {
        self.insights.retain(|insight| insight.id.0 > 0);
        let competitors = self.settings.strategy.competitors.clone().unwrap_or_default();
        let names: Vec<&str> = competitors.iter().map(|competitor| competitor.name.as_str()).collect();
        let lexicon = Lexicon::builtin().with_names(&names).unwrap();
        for (signal, record) in self.corpus.signals.iter_mut().zip(&self.corpus.records) {
            signal.phrases = lexicon
                .find(&record.text, throughline_text::Language::English)
                .into_iter()
                .map(|hit| PhraseHit { class: hit.class.to_owned(), span: Span::new(hit.range.start, hit.range.end) })
                .collect();
        }
        for (insight, needs) in self.insights.iter_mut().zip(&mut self.needs) {
            let dated = insight.members.iter().filter_map(|id| self.corpus.signals[id.0 as usize - 1].at);
            let dated: Vec<Timestamp> = dated.collect();
            insight.heard = dated.iter().min().zip(dated.iter().max()).map(|(first, last)| (*first, *last));
            let quote = insight.members.first().map(|id| {
                let text = &self.corpus.records[id.0 as usize - 1].text;
                Quote {
                    signal_id: *id,
                    record_id: RecordId(id.0),
                    start: 0,
                    end: text.len() as u32,
                    text: text.clone(),
                }
            });
            for slot in needs.iter_mut().flat_map(|need| need.slots.values_mut()) {
                slot.quotes = quote.iter().cloned().collect();
            }
        }
    }

    pub(crate) fn given(&self) -> Given<'_> {
        Given {
            corpus: &self.corpus,
            voices: &self.voices,
            settings: &self.settings,
            usage: &self.usage,
            code: self.code.as_ref(),
        }
    }

    /// The scores of all insights.
    pub(crate) fn scores(&self, rubric: &Rubric) -> Vec<Score> {
        let facts = Facts::new(self.given(), &self.insights, &self.needs, &rubric.references);
        throughline_score::scores(rubric, &facts, &self.insights, &self.needs)
    }

    /// One check of the first insight.
    pub(crate) fn check(&self, rubric: &Rubric, id: &str) -> CheckResult {
        let score = self.scores(rubric).swap_remove(0);
        score.checks.into_iter().find(|check| check.id == id).unwrap_or_else(|| panic!("no check {id}"))
    }

    /// A citation in the words of the workspace: `s1`, `s1“words”`, `Acme.arr`, a path, `src/a.rs:3#name`.
    pub(crate) fn shown(&self, citation: &Citation) -> String {
        match citation {
            Citation::Signal { id, quote: None, .. } => self.names[&id.0].clone(),
            Citation::Signal { id, quote: Some(quote), .. } => format!("{}“{quote}”", self.names[&id.0]),
            Citation::Record { id } => self.names[&id.0].clone(),
            Citation::Account { id, field } => format!("{}.{field}", self.corpus.accounts[id].facts.name),
            Citation::Insight { id } => format!("insight {}", id.0),
            Citation::Strategy { path } | Citation::Default { path } => path.clone(),
            Citation::Code { file, line, symbol: None } => format!("{file}:{line}"),
            Citation::Code { file, line, symbol: Some(symbol) } => format!("{file}:{line}#{symbol}"),
            Citation::Edit { by, .. } => format!("edit by {by}"),
        }
    }
}

pub(crate) fn account_id(name: &str) -> AccountId {
    AccountId::of(&[name.as_bytes()])
}

pub(crate) fn person_id(name: &str) -> PersonId {
    PersonId::of(&[name.as_bytes()])
}

fn insight(area: &str, label: &str) -> Insight {
    Insight {
        id: InsightId(0),
        label: label.to_owned(),
        kind: Kind::Request,
        area: area.to_owned(),
        category: Category::Retention,
        category_reason: String::new(),
        trend: Trend::Unknown,
        voices_by_month: Vec::new(),
        members: Vec::new(),
        quotes: Vec::new(),
        dissent: Vec::new(),
        n_voices: 0,
        n_accounts: 0,
        n_signals: 0,
        heard: None,
        nearest: None,
    }
}

/// Splits at spaces; quotes hold a value together.
fn words(line: &str) -> Vec<String> {
    let (mut words, mut is_quoted) = (vec![String::new()], false);
    for c in line.chars() {
        match c {
            '"' => is_quoted = !is_quoted,
            ' ' if !is_quoted => words.push(String::new()),
            c => words.last_mut().unwrap().push(c),
        }
    }
    words.retain(|word| !word.is_empty());
    words
}
