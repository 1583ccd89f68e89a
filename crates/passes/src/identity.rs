//! Stage 1, collect, second step: who is who. People and accounts are resolved across sources.
//!
//! Everybody first *appears* in one source, known there by an e-mail address, else by an id, else by a name and company.
//! Rules join appearances to people, each join a [`Link`] with its reason:
//! - the same e-mail address; the same id at one source, which knows one address for it;
//! - the same id and full name at two sources; the same full name at one company;
//! - somebody said so. What somebody said are two stays two.
//!
//! A full name alone, two companies, or two addresses are no proof: that is asked about. Who speaks in a call is of the
//! company that the call is with. Our own people are told by source, mail domain, settings, or how they introduce
//! themselves, and what they report of a customer counts for that customer.
//!
//! In: [`Canonical`] records, rows of customer lists, what people said. Out: [`Record`]s with their people and account.
//! Cost: a few look-ups a part. Invariant: the order of records does not matter; an e-mail address is in no output.

mod company;

pub use company::account_id;

use crate::collect::Canonical;
use crate::joined::{Join, Joined};
use aho_corasick::{AhoCorasick, AhoCorasickBuilder, MatchKind};
use company::{Companies, Names, own_domain};
use std::collections::{BTreeMap, BTreeSet};
use throughline_model::judgement::Ruling;
use throughline_model::link::{Decision, Ends, LinkKind};
use throughline_model::settings::Product;
use throughline_model::{
    Account, AccountId, Author, Link, Part, Person, PersonId, RawAccount, Record, Side, SourceKind, Standing,
};
use throughline_text::redact;

/// People of one full name up to which somebody is asked whether they are one; more is a common name.
const MOST_ASKED: usize = 6;

/// How much each rule is worth, by kind: an order for whoever looks through links, and no probability. Chosen.
const fn worth(kind: LinkKind) -> f64 {
    match kind {
        LinkKind::Stated | LinkKind::SameEmail => 1.0,
        LinkKind::SameHandle => 0.99,
        LinkKind::SameHandleAndName => 0.97,
        LinkKind::SameNameAndCompany => 0.95,
        _ => 0.5,
    }
}

/// Who is who, from everything known of authors and accounts.
pub struct Identities {
    /// People by id.
    pub people: BTreeMap<PersonId, Person>,
    /// Accounts by id.
    pub accounts: BTreeMap<AccountId, Account>,
    /// Why people and companies are one, or may be, by id.
    pub links: Vec<Link>,
    companies: Companies,
    person_from_seen: BTreeMap<PersonId, PersonId>,
    team: Team,
    names: Option<(AhoCorasick, Vec<AccountId>)>,
}

/// What tells our own people.
struct Team {
    domains: BTreeSet<String>,
    names: BTreeSet<String>,
    /// Full names that only our own people bear in the sources that say whose side somebody is on.
    known: BTreeSet<String>,
    /// The product's name in lower case, for those who introduce themselves with it.
    product_name: Option<String>,
}

/// The id of somebody's appearance in a source: by e-mail address where there is one, else by id, else by name and
/// company.
#[must_use]
pub fn appearance(author: &Author, source: &str) -> Option<PersonId> {
    let (kind, value) = known_by(author)?;
    Some(PersonId::of(&[b"seen", kind.as_bytes(), source.as_bytes(), value.as_bytes()]))
}

fn known_by(author: &Author) -> Option<(&'static str, String)> {
    if let Some(email) = &author.email {
        return Some(("email", email.trim().to_lowercase()));
    }
    if let Some(handle) = &author.handle {
        return Some(("handle", handle.clone()));
    }
    let at = author.company.as_deref().map(company::company).unwrap_or_default();
    author.name.as_ref().map(|name| ("name", format!("{}\n{at}", plain(name))))
}

/// The id of a person who has one appearance: of the address, which is the same everywhere, else of the appearance.
fn person_id(author: &Author, source: &str) -> Option<PersonId> {
    let (kind, value) = known_by(author)?;
    let scope = if kind == "email" { "" } else { source };
    Some(PersonId::of(&[kind.as_bytes(), scope.as_bytes(), value.as_bytes()]))
}

fn plain(name: &str) -> String {
    name.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Somebody in one source.
struct Seen {
    /// Of the person, were this the only appearance.
    alone: PersonId,
    source: String,
    email: Option<String>,
    handles: BTreeSet<String>,
    name: Option<String>,
    role: Option<String>,
    account: Option<AccountId>,
    side: Side,
}

impl Seen {
    fn full_name(&self) -> Option<String> {
        self.name.as_deref().map(plain).filter(|name| name.contains(' '))
    }
}

impl Identities {
    /// Resolves all authors of all records against the customer lists and what people said.
    #[must_use]
    pub fn new(
        records: &[Canonical],
        lists: &[(AccountId, RawAccount)],
        product: &Product,
        standing: &Standing,
    ) -> Self {
        let team = Team::new(records, product);
        let contacts: Vec<(Author, &str)> = lists
            .iter()
            .flat_map(|(_, row)| {
                let of_row = |contact: &Author| Author { company: Some(row.name.clone()), ..contact.clone() };
                row.contacts.iter().map(move |contact| (of_row(contact), row.source.as_str()))
            })
            .collect();
        let authors = || {
            let of_records = records.iter().flat_map(|canonical| {
                let Canonical { record, authors } = canonical;
                authors.iter().flatten().map(move |author| (author, record.source.as_str(), Some(record)))
            });
            contacts.iter().map(|(author, source)| (author, *source, None)).chain(of_records)
        };
        let kind = |record: Option<&Record>| record.map(|record| record.source_kind);
        let mut names = Names::default();
        lists.iter().for_each(|(_, row)| names.list(row));
        for (author, _, record) in authors() {
            if team.side(author, kind(record)) != Side::Team {
                let domain = author.email.as_deref().and_then(own_domain);
                names.author(author.company.as_deref(), domain.filter(|domain| !team.domains.contains(domain)));
            }
        }
        let companies = names.resolve(standing);
        // Names to look for in the team's own words come from the customer lists alone.
        let listed = lists.iter().filter_map(|(_, row)| companies.by_name(&row.name));
        let listed: BTreeMap<AccountId, String> =
            listed.filter_map(|id| Some((id, companies.accounts.get(&id)?.facts.name.clone()))).collect();
        let mut identities = Self {
            people: BTreeMap::new(),
            accounts: companies.accounts.clone(),
            links: companies.links.clone(),
            names: named_accounts(&listed),
            companies,
            person_from_seen: BTreeMap::new(),
            team,
        };
        let mut seen: BTreeMap<PersonId, Seen> = BTreeMap::new();
        for (author, source, record) in authors() {
            identities.see(&mut seen, author, source, kind(record));
        }
        identities.place_speakers(records, &mut seen);
        identities.join(&seen, standing);
        identities.links.sort_by_key(|link| link.id);
        identities
    }

    fn see(&self, seen: &mut BTreeMap<PersonId, Seen>, author: &Author, source: &str, source_kind: Option<SourceKind>) {
        let Some((id, alone)) = appearance(author, source).zip(person_id(author, source)) else { return };
        let side = self.team.side(author, source_kind);
        let account = if side == Side::Team { None } else { self.account_of(author) };
        let entry = seen.entry(id).or_insert_with(|| Seen {
            alone,
            source: source.to_owned(),
            email: author.email.as_deref().map(|email| email.trim().to_lowercase()),
            handles: BTreeSet::new(),
            name: None,
            role: None,
            account: None,
            side,
        });
        entry.handles.extend(author.handle.clone());
        entry.name = fuller(entry.name.take(), author.name.clone());
        entry.role = smaller(entry.role.take(), author.role.clone());
        entry.account = smaller(entry.account, account);
        if side == Side::Team {
            entry.side = Side::Team;
        }
    }

    /// The account an author speaks for: the company stated, else the one whose mail domain it is.
    fn account_of(&self, author: &Author) -> Option<AccountId> {
        if let Some(id) = author.company.as_deref().and_then(|name| self.companies.by_name(name)) {
            return Some(id);
        }
        let domain = own_domain(author.email.as_deref()?)?;
        if self.team.domains.contains(&domain) { None } else { self.companies.by_domain(&domain) }
    }

    /// Who speaks in a call and is known by a full name alone is of the company that the call is with; and of the one
    /// company that knows somebody of that name, where the call names it or another of its people speaks, too.
    fn place_speakers(&self, records: &[Canonical], seen: &mut BTreeMap<PersonId, Seen>) {
        let mut at_company: BTreeMap<String, BTreeSet<AccountId>> = BTreeMap::new();
        for seen in seen.values() {
            if let (Some(name), Some(account)) = (seen.full_name(), seen.account) {
                at_company.entry(name).or_default().insert(account);
            }
        }
        let by_name = |author: &Author| -> Option<AccountId> {
            let accounts = at_company.get(&plain(author.name.as_deref()?))?;
            if accounts.len() == 1 { accounts.first().copied() } else { None }
        };
        let mut accounts: BTreeMap<PersonId, BTreeSet<AccountId>> = BTreeMap::new();
        for Canonical { record, authors } in records {
            if !matches!(record.source_kind, SourceKind::Call | SourceKind::Interview) {
                continue;
            }
            let stated = authors.iter().flatten().find_map(|author| self.account_of(author));
            let named = self.accounts_named_in(&record.text);
            let of_call = stated.or_else(|| named.first().copied().filter(|_| named.len() == 1));
            let speakers: BTreeMap<PersonId, &Author> = authors
                .iter()
                .flatten()
                .filter(|author| author.email.is_none() && author.company.is_none())
                .filter_map(|author| Some((appearance(author, &record.source)?, author)))
                .collect();
            for (id, author) in &speakers {
                let own = by_name(author).filter(|own| {
                    let is_theirs =
                        |(other, author): (&PersonId, &&Author)| other != id && by_name(author) == Some(*own);
                    named.contains(own) || speakers.iter().any(is_theirs)
                });
                accounts.entry(*id).or_default().extend(own.or(of_call));
            }
        }
        for (id, accounts) in accounts {
            if let (Some(seen), 1) = (seen.get_mut(&id), accounts.len())
                && seen.side != Side::Team
                && seen.full_name().is_some()
            {
                seen.account = smaller(seen.account, accounts.into_iter().next());
            }
        }
    }

    /// Joins appearances to people.
    fn join(&mut self, seen: &BTreeMap<PersonId, Seen>, standing: &Standing) {
        let nodes: Vec<(PersonId, &Seen)> = seen.iter().map(|(id, seen)| (*id, seen)).collect();
        let at: BTreeMap<PersonId, usize> = nodes.iter().enumerate().map(|(at, (id, _))| (*id, at)).collect();
        let mut joined = Joined::new(nodes.len());
        let said = |(ends, ruling): &(Ends, Ruling)| match ends {
            Ends::People(a, b) => Some((*at.get(a)?, *at.get(b)?, *ruling)),
            _ => None,
        };
        let ruled: Vec<(usize, usize, Ruling)> = standing.links.values().filter_map(said).collect();
        for &(a, b, _) in ruled.iter().filter(|(.., ruling)| *ruling == Ruling::Reject) {
            joined.keep_apart(a, b);
        }
        let join = |a: usize, b: usize, kind| Join { a, b, kind, score: worth(kind) };
        for &(a, b, _) in ruled.iter().filter(|(.., ruling)| *ruling == Ruling::Accept) {
            joined.join(join(a, b, LinkKind::Stated));
        }
        let mut open: Vec<(Join, &'static str)> = Vec::new();
        for (_, same) in grouped(&nodes, |seen| seen.email.iter().cloned().collect()) {
            same[1..].iter().for_each(|&at| joined.join(join(same[0], at, LinkKind::SameEmail)));
        }
        let with_source =
            |seen: &Seen| seen.handles.iter().map(|handle| (seen.source.clone(), handle.clone())).collect();
        for (_, same) in grouped(&nodes, with_source) {
            let (mailed, other): (Vec<usize>, Vec<usize>) = same.iter().partition(|&&at| nodes[at].1.email.is_some());
            for &at in &other {
                match mailed[..] {
                    [one] => joined.join(join(one, at, LinkKind::SameHandle)),
                    _ => open.extend(mailed.iter().map(|&one| {
                        (join(one, at, LinkKind::SameHandle), "the source knows several addresses for it")
                    })),
                }
            }
        }
        let with_name = |seen: &Seen| {
            let name = seen.full_name();
            seen.handles.iter().filter_map(|handle| Some((handle.clone(), name.clone()?))).collect()
        };
        for (_, same) in grouped(&nodes, with_name) {
            same[1..].iter().for_each(|&at| joined.join(join(same[0], at, LinkKind::SameHandleAndName)));
        }
        join_names(&nodes, &mut joined, &mut open);
        self.name_people(&nodes, &mut joined);
        let link = |join: &Join, decision, detail: &str| self.link(&nodes, join, decision, detail);
        let mut links: Vec<Link> = joined.made_by().iter().map(|join| link(join, Decision::Auto, "")).collect();
        let mut known: BTreeSet<_> = links.iter().map(|link| link.id).collect();
        for &(a, b, _) in ruled.iter().filter(|(.., ruling)| *ruling == Ruling::Reject) {
            let rejected = link(&join(a, b, LinkKind::Stated), Decision::New, "");
            known.insert(rejected.id);
            links.push(rejected);
        }
        for (join, detail) in open {
            let asked = link(&join, Decision::Ask, detail);
            // What somebody said are two is not asked again by way of another appearance.
            if !joined.are_one_or_foes(join.a, join.b) && known.insert(asked.id) {
                links.push(asked);
            }
        }
        self.links.extend(links);
    }

    /// Gives the people that appearances were joined to their ids and what is known of them.
    fn name_people(&mut self, nodes: &[(PersonId, &Seen)], joined: &mut Joined) {
        let mut of_root: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for at in 0..nodes.len() {
            of_root.entry(joined.root(at)).or_default().push(at);
        }
        for members in of_root.values() {
            // Of the smallest address where there is one, which stays when sources come and go.
            let best = members.iter().map(|&at| (nodes[at].1.email.is_none(), nodes[at].1.alone)).min();
            let Some((_, mut id)) = best else { continue };
            if self.people.contains_key(&id) {
                // Two that somebody said are two may have one address.
                id = nodes[members[0]].0;
            }
            let mut person = Person { id, name: None, role: None, account: None, side: nodes[members[0]].1.side };
            for &at in members {
                let (seen_id, seen) = nodes[at];
                self.person_from_seen.insert(seen_id, id);
                person.name = fuller(person.name.take(), seen.name.clone());
                person.role = smaller(person.role.take(), seen.role.clone());
                person.account = smaller(person.account, seen.account);
                person.side = match (person.side, seen.side) {
                    (Side::Team, _) | (_, Side::Team) => Side::Team,
                    (Side::Unknown, other) => other,
                    (side, _) => side,
                };
            }
            self.people.insert(id, person);
        }
    }

    fn link(&self, nodes: &[(PersonId, &Seen)], join: &Join, decision: Decision, detail: &str) -> Link {
        let ends = Ends::people(nodes[join.a].0, nodes[join.b].0);
        let (a, b) = if nodes[join.a].0 < nodes[join.b].0 { (join.a, join.b) } else { (join.b, join.a) };
        Link {
            id: ends.id(),
            kind: join.kind,
            ends,
            decision,
            score: join.score,
            detail: detail.to_owned(),
            shown: (self.shown(nodes[a].1), self.shown(nodes[b].1)),
        }
    }

    /// An appearance as people know it, without its address.
    fn shown(&self, seen: &Seen) -> String {
        let name = seen.name.as_deref().map_or_else(|| "somebody without a name".to_owned(), |n| redact::mask(n).text);
        let company = seen.account.and_then(|id| self.accounts.get(&id)).map(|account| account.facts.name.as_str());
        let company = if seen.side == Side::Team { Some("our own people") } else { company };
        let by = match (&seen.email, seen.handles.first()) {
            (Some(_), _) => "by e-mail address",
            (None, Some(_)) => "by an id",
            (None, None) => "by name",
        };
        let company = company.map_or_else(String::new, |name| format!(", {name}"));
        format!("{name}{company}, in {} {by}", seen.source)
    }

    /// The record with its people, sides and account.
    #[must_use]
    pub fn resolve(&self, canonical: &Canonical) -> Record {
        let mut record = canonical.record.clone();
        for (part, author) in record.parts.iter_mut().zip(&canonical.authors) {
            let Some(author) = author else { continue };
            let id = appearance(author, &record.source).and_then(|id| self.person_from_seen.get(&id).copied());
            part.person = id;
            part.side = match id.and_then(|id| self.people.get(&id)) {
                Some(person) if part.side == Side::Unknown => person.side,
                _ => part.side,
            };
        }
        if matches!(record.source_kind, SourceKind::Call | SourceKind::Interview) {
            self.settle_speakers(&mut record);
        }
        let is_outside = |part: &&Part| matches!(part.side, Side::Customer | Side::Unknown) && part.person.is_some();
        record.person = record.parts.iter().find(is_outside).and_then(|part| part.person);
        let mut stated = canonical.authors.iter().flatten().filter_map(|author| author.company.as_deref());
        let by_company = stated.find_map(|name| self.companies.by_name(name));
        let by_person = record.person.and_then(|id| self.people.get(&id)?.account);
        record.account = by_person.or(by_company).or_else(|| self.account_named_in(&record.text));
        record
    }

    /// Who introduces themselves as of the product is ours; where one side of a call is known, the others are the other.
    fn settle_speakers(&self, record: &mut Record) {
        let introduced: BTreeSet<PersonId> = record
            .parts
            .iter()
            .filter(|part| part.side == Side::Unknown && self.introduces_us(record.slice(part.span)))
            .filter_map(|part| part.person)
            .collect();
        for part in &mut record.parts {
            if part.side == Side::Unknown && part.person.is_some_and(|person| introduced.contains(&person)) {
                part.side = Side::Team;
            }
        }
        if record.parts.iter().any(|part| part.side == Side::Team) {
            for part in record.parts.iter_mut().filter(|part| part.side == Side::Unknown && part.person.is_some()) {
                part.side = Side::Customer;
            }
        }
    }

    /// "I'm Ann, I look after product at Acme": the speaker's own name, then ours, within one breath.
    fn introduces_us(&self, text: &str) -> bool {
        const BREATH_BYTES: usize = 90;
        const OPENINGS: [&str; 12] = [
            "i'm ",
            "i am ",
            "this is ",
            "my name is ",
            "my name's ",
            "ich bin ",
            "mein name ist ",
            "je suis ",
            "je m'appelle ",
            "me llamo ",
            "meu nome é ",
            "eu sou ",
        ];
        let Some(product) = &self.team.product_name else { return false };
        let lower = text.to_lowercase().replace('’', "'");
        OPENINGS.iter().flat_map(|opening| lower.match_indices(opening)).any(|(at, _)| {
            let breath = &lower[at..lower.floor_char_boundary((at + BREATH_BYTES).min(lower.len()))];
            let breath = &breath[..breath.find(['?', '!', '\n']).unwrap_or(breath.len())];
            ["from ", "at ", "with ", "of ", "von ", "bei ", "de ", "chez ", "da ", "en "]
                .iter()
                .any(|word| breath.contains(&format!(" {word}{product}")))
        })
    }

    /// The one account of the customer lists whose name stands in a text; none when several do.
    fn account_named_in(&self, text: &str) -> Option<AccountId> {
        let found = self.accounts_named_in(text);
        if found.len() == 1 { found.into_iter().next() } else { None }
    }

    /// All accounts of the customer lists whose names stand in a text.
    fn accounts_named_in(&self, text: &str) -> BTreeSet<AccountId> {
        let Some((names, ids)) = self.names.as_ref() else { return BTreeSet::new() };
        let is_word_end = |at: usize| text[at..].chars().next().is_none_or(|c| !c.is_alphanumeric());
        let is_word_start = |at: usize| text[..at].chars().next_back().is_none_or(|c| !c.is_alphanumeric());
        names
            .find_iter(text)
            .filter(|hit| is_word_start(hit.start()) && is_word_end(hit.end()))
            .map(|hit| ids[hit.pattern().as_usize()])
            .collect()
    }
}

impl Team {
    fn new(records: &[Canonical], product: &Product) -> Self {
        let mut team = Self {
            domains: product.team_domains.iter().map(|domain| domain.trim().to_lowercase()).collect(),
            names: product.team_names.iter().map(|name| plain(name)).collect(),
            known: BTreeSet::new(),
            product_name: product.name.as_deref().map(str::to_lowercase).filter(|name| !name.trim().is_empty()),
        };
        team.learn(records);
        team
    }

    /// Collects the full names of those whom a source or a mail domain shows to be ours, so that a transcript, which
    /// knows speakers by name alone, meets them. A name that somebody outside bears as well shows nothing.
    fn learn(&mut self, records: &[Canonical]) {
        let (mut ours, mut theirs) = (BTreeSet::new(), BTreeSet::new());
        for author in records.iter().flat_map(|record| record.authors.iter().flatten()) {
            let Some(name) = author.name.as_deref().map(plain).filter(|name| name.contains(' ')) else { continue };
            match self.side(author, None) {
                Side::Team => _ = ours.insert(name),
                Side::Customer
                    if author.side == Side::Customer || author.email.is_some() || author.company.is_some() =>
                {
                    theirs.insert(name);
                }
                _ => {}
            }
        }
        self.known = ours.difference(&theirs).cloned().collect();
    }

    fn side(&self, author: &Author, source_kind: Option<SourceKind>) -> Side {
        if author.side != Side::Unknown {
            return author.side;
        }
        let of_team = author.email.as_deref().and_then(own_domain).is_some_and(|domain| self.domains.contains(&domain))
            || author.name.as_deref().is_some_and(|name| self.names.contains(&plain(name)));
        let is_known_by_name = author.email.is_none()
            && author.company.is_none()
            && author.name.as_deref().is_some_and(|name| self.known.contains(&plain(name)));
        if of_team || is_known_by_name {
            return Side::Team;
        }
        match source_kind {
            Some(SourceKind::Chat | SourceKind::Tracker | SourceKind::Call | SourceKind::Interview)
                if author.email.is_none() && author.company.is_none() =>
            {
                Side::Unknown
            }
            _ => Side::Customer,
        }
    }
}

/// Joins people of one full name at one company, unless two of them have addresses of their own; asks about others
/// of one full name.
fn join_names(nodes: &[(PersonId, &Seen)], joined: &mut Joined, open: &mut Vec<(Join, &'static str)>) {
    let join = |a: usize, b: usize, kind| Join { a, b, kind, score: worth(kind) };
    let at_company = |seen: &Seen| {
        let place = if seen.side == Side::Team { Some(None) } else { seen.account.map(Some) };
        seen.full_name().zip(place).into_iter().collect()
    };
    for (_, same) in grouped(nodes, at_company) {
        let mailed: BTreeSet<&String> = same.iter().filter_map(|&at| nodes[at].1.email.as_ref()).collect();
        let first = same.iter().copied().find(|&at| nodes[at].1.email.is_some()).unwrap_or(same[0]);
        if mailed.len() <= 1 {
            same.iter().for_each(|&at| joined.join(join(first, at, LinkKind::SameNameAndCompany)));
            continue;
        }
        // Two addresses may well be two people of one name.
        for &at in same.iter().filter(|&&at| at != first) {
            let score = 0.7;
            open.push((
                Join { score, ..join(first, at, LinkKind::SameNameAndCompany) },
                "but there are two e-mail addresses",
            ));
        }
    }
    for (_, same) in grouped(nodes, |seen| seen.full_name().into_iter().collect()) {
        // One appearance for each person, one that tells the company where there is one.
        let mut of_root: BTreeMap<usize, usize> = BTreeMap::new();
        for &at in &same {
            let known = of_root.entry(joined.root(at)).or_insert(at);
            if nodes[*known].1.account.is_none() && nodes[at].1.account.is_some() {
                *known = at;
            }
        }
        let people: Vec<usize> = of_root.into_values().collect();
        if people.len() > MOST_ASKED {
            continue;
        }
        for &at in people.iter().skip(1) {
            let (one, other) = (nodes[people[0]].1, nodes[at].1);
            let (detail, score) = match (one.account, other.account) {
                _ if (one.side == Side::Team) != (other.side == Side::Team) => {
                    ("but one of them is one of our own people", 0.3)
                }
                (Some(a), Some(b)) if a != b => ("but the companies differ", 0.4),
                _ => ("but of one of them no company is known", 0.5),
            };
            open.push((Join { score, ..join(people[0], at, LinkKind::SameName) }, detail));
        }
    }
}

/// Appearances that share a key, where several do, by the key; each list in the order of ids.
fn grouped<K: Ord>(nodes: &[(PersonId, &Seen)], keys: impl Fn(&Seen) -> Vec<K>) -> BTreeMap<K, Vec<usize>> {
    let mut groups: BTreeMap<K, Vec<usize>> = BTreeMap::new();
    for (at, (_, seen)) in nodes.iter().enumerate() {
        for key in keys(seen) {
            groups.entry(key).or_default().push(at);
        }
    }
    groups.retain(|_, members| members.len() > 1);
    groups
}

/// A finder of account names, whole and by their first word where that is telling and nobody else's.
fn named_accounts(listed: &BTreeMap<AccountId, String>) -> Option<(AhoCorasick, Vec<AccountId>)> {
    const TELLING_CHARS: usize = 6;
    let mut owners: BTreeMap<String, BTreeSet<AccountId>> = BTreeMap::new();
    for (&id, name) in listed {
        owners.entry(name.clone()).or_default().insert(id);
        if let Some(first) = name.split_whitespace().next().filter(|word| word.chars().count() >= TELLING_CHARS) {
            owners.entry(first.to_owned()).or_default().insert(id);
        }
    }
    let mut names: Vec<(String, AccountId)> = owners
        .into_iter()
        .filter(|(name, ids)| ids.len() == 1 && name.chars().count() >= 5)
        .filter_map(|(name, ids)| Some((name, ids.into_iter().next()?)))
        .collect();
    names.sort();
    let finder = AhoCorasickBuilder::new()
        .match_kind(MatchKind::LeftmostLongest)
        .build(names.iter().map(|(name, _)| name.as_bytes()))
        .ok()?;
    Some((finder, names.into_iter().map(|(_, id)| id).collect()))
}

/// The longest name; the smaller of two as long, so that the order of records does not matter.
fn fuller(a: Option<String>, b: Option<String>) -> Option<String> {
    match (a, b) {
        (Some(a), Some(b)) => {
            let is_fuller = (b.len(), std::cmp::Reverse(&b)) > (a.len(), std::cmp::Reverse(&a));
            Some(if is_fuller { b } else { a })
        }
        (a, b) => a.or(b),
    }
}

/// The smaller of two where both are there, else the one that is.
fn smaller<T: Ord>(a: Option<T>, b: Option<T>) -> Option<T> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}

#[cfg(test)]
mod tests;
