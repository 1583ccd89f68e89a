//! Who speaks and who does not: how far each insight's claim is supported, and the segments, personas and life stages
//! that nobody speaks for.
//!
//! In: settings, people, accounts and statements. Out: the standing of a claim with what would raise it, and groups with
//! how many are known and how many speak. Invariant: a group of whom nobody is known is told from one of whom nobody
//! speaks. Cost: linear in statements, people and accounts.

use std::collections::{BTreeMap, BTreeSet};
use throughline_model::{Account, AccountId, Corpus, Person, PersonId, Settings, Side, Signal, SourceKind};

/// How far a claim is supported, weakest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// One customer says it.
    Heard,
    /// Customers who do not depend on each other say it.
    Corroborated,
    /// Counts of behaviour show it.
    Observed,
    /// An experiment showed it. No source of experiments is read yet, so nothing reaches this by itself.
    Tested,
    /// Readings after it was shipped show it. Nothing reaches this before outcomes are recorded.
    Measured,
}

impl Standing {
    /// The word that tables print.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Heard => "heard",
            Self::Corroborated => "corroborated",
            Self::Observed => "observed",
            Self::Tested => "tested",
            Self::Measured => "measured",
        }
    }
}

/// The standing of one insight's claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// How far it is supported.
    pub standing: Standing,
    /// On what that rests, with numbers.
    pub because: String,
    /// What would raise it.
    pub to_raise: &'static str,
}

/// The standing of an insight, from its statements.
#[must_use]
pub fn claim(members: &[&Signal]) -> Claim {
    let accounts: BTreeSet<AccountId> = members.iter().filter_map(|signal| signal.account).collect();
    let people: BTreeSet<PersonId> = members.iter().filter_map(|signal| signal.person).collect();
    let n_observed = members.iter().filter(|signal| signal.source_kind == SourceKind::Analytics).count();
    // People of one company may repeat each other; people of no known company count one by one.
    let lone = members.iter().filter(|signal| signal.account.is_none()).filter_map(|signal| signal.person);
    let n_independent = accounts.len() + lone.collect::<BTreeSet<_>>().len();
    let count = |n: usize, one: &str, many: &str| if n == 1 { format!("1 {one}") } else { format!("{n} {many}") };
    let spoken = format!(
        "{} and {} speak of it",
        count(accounts.len(), "account", "accounts"),
        count(people.len(), "person", "people")
    );
    if n_observed > 0 {
        Claim {
            standing: Standing::Observed,
            because: format!("{} of behaviour; {spoken}", count(n_observed, "count", "counts")),
            to_raise: "an experiment: change it for some and compare",
        }
    } else if n_independent >= 2 {
        Claim {
            standing: Standing::Corroborated,
            because: spoken,
            to_raise: "counts of behaviour: connect events and declare a funnel or surface for it",
        }
    } else {
        Claim {
            standing: Standing::Heard,
            because: spoken,
            to_raise: "a second customer: ask three others who would have the same problem",
        }
    }
}

/// What kind of group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum GroupKind {
    /// Of accounts, as declared.
    Segment,
    /// Of people, as declared.
    Persona,
    /// Of accounts, as the customer list writes it.
    Stage,
}

impl GroupKind {
    /// The word that tables print.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Segment => "segment",
            Self::Persona => "persona",
            Self::Stage => "life stage",
        }
    }
}

/// A group with how many are known and how many speak.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// What kind.
    pub kind: GroupKind,
    /// Its name.
    pub name: String,
    /// Accounts or people known to be in it.
    pub n_known: usize,
    /// Those who said something.
    pub n_speaking: usize,
    /// What would fill the gap; none where somebody speaks.
    pub to_fill: Option<String>,
}

/// Groups of which nothing is known at all, with what to declare.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Voices {
    /// Declared and written groups, those that nobody speaks for first.
    pub groups: Vec<Group>,
    /// Kinds of group that cannot be told, each with what would make them known.
    pub unknown: Vec<(GroupKind, &'static str)>,
}

/// Who speaks, by group.
#[must_use]
pub fn voices(settings: &Settings, corpus: &Corpus) -> Voices {
    let speaking_accounts: BTreeSet<AccountId> = corpus.signals.iter().filter_map(|signal| signal.account).collect();
    let speaking_people: BTreeSet<PersonId> = corpus.signals.iter().filter_map(|signal| signal.person).collect();
    let mut groups = Vec::new();
    let mut unknown = Vec::new();
    let accounts: Vec<&Account> = corpus.accounts.values().collect();
    let counted = |of: &[&Account]| {
        let n_speaking = of.iter().filter(|account| speaking_accounts.contains(&account.id)).count();
        (of.len(), n_speaking)
    };

    let segments = settings.strategy.segments.as_deref().unwrap_or_default();
    let has_segments = accounts.iter().any(|account| account.facts.segment.is_some());
    match (segments.is_empty(), has_segments) {
        (true, _) => unknown.push((GroupKind::Segment, "declare [[strategy.segments]]")),
        (_, false) => unknown.push((GroupKind::Segment, "import a customer list with a segment column")),
        _ => {
            for segment in segments {
                let is_in = |account: &&&Account| {
                    let value = account.facts.segment.as_deref().unwrap_or_default();
                    let names = segment.crm_values.iter().chain([&segment.name, &segment.id]);
                    !value.is_empty() && names.into_iter().any(|name| name.eq_ignore_ascii_case(value))
                };
                let of: Vec<&Account> = accounts.iter().filter(is_in).copied().collect();
                let (n_known, n_speaking) = counted(&of);
                let empty = "no account of the customer list is in it: check crm_values, or look for such customers";
                groups.push(group(GroupKind::Segment, &segment.name, n_known, n_speaking, "accounts", empty));
            }
        }
    }

    let personas = settings.strategy.personas.as_deref().unwrap_or_default();
    let people: Vec<&Person> = corpus.people.values().filter(|person| person.side != Side::Team).collect();
    let has_roles = people.iter().any(|person| person.role.is_some());
    match (personas.is_empty(), has_roles) {
        (true, _) => unknown.push((GroupKind::Persona, "declare [[strategy.personas]] with the roles that mean them")),
        (_, false) => unknown.push((GroupKind::Persona, "import contacts with a role or job title")),
        _ => {
            for persona in personas {
                let is_in = |person: &&&Person| {
                    let title = person.role.as_deref().unwrap_or_default().to_lowercase();
                    let names = persona.roles.iter().chain([&persona.name]);
                    !title.is_empty() && names.into_iter().any(|name| title.contains(&name.to_lowercase()))
                };
                let of: Vec<&Person> = people.iter().filter(is_in).copied().collect();
                let n_speaking = of.iter().filter(|person| speaking_people.contains(&person.id)).count();
                let empty = "nobody is known in this role: check its roles, or ask an account who does this work";
                groups.push(group(GroupKind::Persona, &persona.name, of.len(), n_speaking, "people", empty));
            }
        }
    }

    let mut by_stage: BTreeMap<String, Vec<&Account>> = BTreeMap::new();
    for account in &accounts {
        if let Some(stage) = account.facts.stage.as_deref().map(str::trim).filter(|stage| !stage.is_empty()) {
            by_stage.entry(stage.to_lowercase()).or_default().push(account);
        }
    }
    if by_stage.is_empty() {
        unknown.push((GroupKind::Stage, "import a customer list with a stage or status column"));
    }
    for (stage, of) in by_stage {
        let (n_known, n_speaking) = counted(&of);
        groups.push(group(GroupKind::Stage, &stage, n_known, n_speaking, "accounts", ""));
    }
    // Those that nobody speaks for first, then in the order in which they were declared.
    groups.sort_by_key(|group| group.n_speaking > 0);
    Voices { groups, unknown }
}

fn group(kind: GroupKind, name: &str, n_known: usize, n_speaking: usize, what: &str, empty: &str) -> Group {
    let to_fill = match (n_known, n_speaking) {
        (0, _) => Some(empty.to_owned()),
        (_, 0) => Some(format!(
            "{n_known} {what} are known and none has said anything: ask three to five of them, or connect where they write"
        )),
        _ => None,
    };
    Group { kind, name: name.to_owned(), n_known, n_speaking, to_fill }
}

#[cfg(test)]
mod tests {
    use super::*;
    use throughline_model::strategy::{Persona, Segment};
    use throughline_model::{Kind, Language, RawAccount, RecordId, SignalId, Span};

    fn signal(id: u64, account: Option<u64>, person: u64, source_kind: SourceKind) -> Signal {
        Signal {
            id: SignalId(id),
            record_id: RecordId(id),
            span: Span { start: 0, end: 1 },
            kind: Kind::Request,
            kind_confidence: 1.0,
            language: Language::En,
            sentiment: None,
            phrases: Vec::new(),
            person: Some(PersonId(person)),
            account: account.map(AccountId),
            side: Side::Customer,
            source_kind,
            at: None,
            clock_ms: None,
        }
    }

    #[test]
    fn a_claim_stands_as_far_as_independent_voices_and_counts_carry_it() {
        let one = signal(1, Some(1), 1, SourceKind::Support);
        let same_account = signal(2, Some(1), 2, SourceKind::Call);
        let other = signal(3, Some(2), 3, SourceKind::Support);
        let lone = signal(4, None, 4, SourceKind::Review);
        let counted = signal(5, None, 5, SourceKind::Analytics);
        let standing = |members: &[&Signal]| claim(members).standing;
        assert_eq!(standing(&[&one, &same_account]), Standing::Heard);
        assert_eq!(standing(&[&one, &other]), Standing::Corroborated);
        assert_eq!(standing(&[&one, &lone]), Standing::Corroborated);
        assert_eq!(standing(&[&one, &counted]), Standing::Observed);
        assert_eq!(claim(&[&one, &other]).because, "2 accounts and 2 people speak of it");
    }

    #[test]
    fn nobody_known_is_told_from_nobody_speaking_and_from_not_declared() {
        let mut settings = Settings::default();
        let mut corpus = Corpus::default();
        let account = |id: u64, segment: &str| {
            let facts =
                RawAccount { segment: Some(segment.into()), stage: Some("Trial".into()), ..RawAccount::default() };
            (AccountId(id), Account { id: AccountId(id), facts })
        };
        corpus.accounts = [account(1, "Clinic"), account(2, "Hotel"), account(3, "Hotel")].into();
        corpus.signals = vec![signal(1, Some(1), 1, SourceKind::Support)];
        assert_eq!(voices(&settings, &corpus).unknown.len(), 2);
        let segment = |name: &str| Segment { name: name.into(), ..Segment::default() };
        settings.strategy.segments = Some(vec![segment("clinic"), segment("hotel"), segment("shop")]);
        settings.strategy.personas = Some(vec![Persona { name: "Planner".into(), ..Persona::default() }]);
        let found = voices(&settings, &corpus);
        let told: Vec<(&str, usize, usize, bool)> = found
            .groups
            .iter()
            .map(|group| (group.name.as_str(), group.n_known, group.n_speaking, group.to_fill.is_some()))
            .collect();
        assert_eq!(
            told,
            [("hotel", 2, 0, true), ("shop", 0, 0, true), ("clinic", 1, 1, false), ("trial", 3, 1, false)]
        );
        assert_eq!(found.unknown, [(GroupKind::Persona, "import contacts with a role or job title")]);
    }
}
