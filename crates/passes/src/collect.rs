//! Stage 1, collect: raw records become canonical ones, people and accounts are resolved.
//!
//! Two steps, so that one new record does not touch the others: [`canonical`] needs the raw record alone (normalised
//! text, parts joined, personal data masked); [`Identities::resolve`] adds who it is from, knowing all authors.
//!
//! In: [`RawRecord`]s and rows of customer lists. Out: [`Record`]s whose spans are bytes of their canonical text.
//! Cost: canonical text is bound by masking; resolving is a few look-ups a part.
//! Invariant: two people are one only where an e-mail address, or a full name at one company, says so; masking keeps one
//! placeholder for one value throughout a record.

use aho_corasick::{AhoCorasick, AhoCorasickBuilder, MatchKind};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use throughline_model::settings::Product;
use throughline_model::{
    Account, AccountId, Author, Part, Person, PersonId, RawAccount, RawRecord, Record, RecordId, Side, SourceKind, Span,
};
use throughline_text::redact;
use unicode_normalization::{UnicodeNormalization, is_nfc};

/// Mail domains that belong to nobody in particular.
const FREE_MAIL: &[&str] = &[
    "gmail.com",
    "googlemail.com",
    "outlook.com",
    "hotmail.com",
    "live.com",
    "yahoo.com",
    "icloud.com",
    "me.com",
    "gmx.de",
    "gmx.net",
    "web.de",
    "t-online.de",
    "orange.fr",
    "free.fr",
    "laposte.net",
    "proton.me",
    "protonmail.com",
    "aol.com",
    "mail.com",
    "yahoo.fr",
    "yahoo.es",
    "hotmail.fr",
    "hotmail.es",
    "uol.com.br",
    "sapo.pt",
];

/// Words of a company's legal form, which people leave out.
const LEGAL_FORMS: &[&str] = &[
    "gmbh", "ag", "inc", "ltd", "llc", "limited", "plc", "sa", "sas", "sarl", "sl", "srl", "bv", "ab", "as", "oy",
    "aps", "kg", "co", "corp", "company",
];

/// A record before it is known who it is from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Canonical {
    /// The record; people and accounts are still open.
    pub record: Record,
    /// The author of each part, as the source knows them.
    pub authors: Vec<Option<Author>>,
}

/// The canonical form of a raw record: NFC, line ends of one kind, no trailing space, parts joined (an empty line
/// between messages, a line end between utterances), personal data masked.
#[must_use]
pub fn canonical(raw: &RawRecord, id: RecordId) -> Canonical {
    let mut text = String::new();
    let mut parts = Vec::with_capacity(raw.parts.len());
    let mut authors = Vec::with_capacity(raw.parts.len());
    for raw_part in &raw.parts {
        let words = normalised(&raw_part.text);
        if words.is_empty() {
            continue;
        }
        if !text.is_empty() {
            let is_spoken = raw_part.role == throughline_model::PartRole::Utterance;
            text.push_str(if is_spoken { "\n" } else { "\n\n" });
        }
        let start = text.len();
        text.push_str(&words);
        parts.push(Part {
            role: raw_part.role,
            span: Span::new(start, text.len()),
            person: None,
            side: raw_part.author.as_ref().map_or(Side::Unknown, |author| author.side),
            at: raw_part.at,
            clock_ms: raw_part.clock_ms,
        });
        authors.push(raw_part.author.clone());
    }
    let masked = redact::mask(&text);
    for part in &mut parts {
        part.span = Span::new(to_masked(&masked, part.span.start as usize), to_masked(&masked, part.span.end as usize));
    }
    let labels = Labels { id };
    let n_masked = masked.counts().into_iter().map(|(kind, n)| (kind.name().to_owned(), n as u32)).collect();
    let record = Record {
        id,
        external_id: labels.external_id(&raw.external_id),
        source: raw.source.clone(),
        source_kind: raw.source_kind,
        person: None,
        account: None,
        created_at: raw.created_at,
        rating_unit: raw.rating_unit,
        votes: raw.votes,
        tags: raw.tags.iter().map(|tag| redact::mask(tag).text).collect(),
        thread: raw.thread.as_deref().map(Labels::thread),
        n_masked,
        text: masked.text,
        parts,
    };
    Canonical { record, authors }
}

/// What is shown of a record beside its text is masked as its text is.
struct Labels {
    id: RecordId,
}

impl Labels {
    /// The id the source gave; where it holds personal data, masked and told apart by ours.
    fn external_id(&self, external_id: &str) -> String {
        let masked = redact::mask(external_id);
        if masked.masks.is_empty() || is_message_id(external_id) {
            return external_id.to_owned();
        }
        format!("{} {}", masked.text, self.id)
    }

    /// The key of a conversation, which is only compared; where it holds personal data, a digest of it.
    fn thread(key: &str) -> String {
        if redact::mask(key).masks.is_empty() || is_message_id(key) {
            return key.to_owned();
        }
        RecordId::of(&[b"thread", key.as_bytes()]).to_string()
    }
}

/// Whether an address names a mail rather than a mailbox: its local part was made by a program.
fn is_message_id(address: &str) -> bool {
    const LEAST_CHARS: usize = 12;
    const LEAST_DIGITS: usize = 4;
    let Some((local, host)) = address.rsplit_once('@') else { return false };
    local.len() >= LEAST_CHARS
        && local.bytes().filter(u8::is_ascii_digit).count() >= LEAST_DIGITS
        && !local.contains(char::is_whitespace)
        && !host.contains(char::is_whitespace)
}

/// Where an offset of the original text lies in the masked one; inside a placeholder, its end.
fn to_masked(masked: &redact::Masked, offset: usize) -> usize {
    let before = masked.masks.partition_point(|mask| mask.original.start < offset);
    match before.checked_sub(1).map(|last| &masked.masks[last]) {
        Some(mask) if offset < mask.original.end => mask.masked.end,
        Some(mask) => mask.masked.end + (offset - mask.original.end),
        None => offset,
    }
}

/// NFC, `\n` line ends, no control characters, no space at line ends, no more than one empty line in a row.
fn normalised(text: &str) -> String {
    let composed: String = if is_nfc(text) { text.to_owned() } else { text.nfc().collect() };
    let mut out = String::with_capacity(composed.len());
    let mut n_empty = 0;
    for line in composed.replace("\r\n", "\n").split(['\n', '\r', '\u{2028}', '\u{2029}']) {
        let line: String = line.chars().filter(|c| !c.is_control() || *c == '\t').collect();
        let line = line.trim_end();
        n_empty = if line.is_empty() { n_empty + 1 } else { 0 };
        if n_empty <= 1 {
            out.push_str(line);
            out.push('\n');
        }
    }
    out.trim().to_owned()
}

/// Who is who, from everything known of authors and accounts.
pub struct Identities {
    /// People by id.
    pub people: BTreeMap<PersonId, Person>,
    /// Accounts by id.
    pub accounts: BTreeMap<AccountId, Account>,
    account_from_domain: BTreeMap<String, AccountId>,
    alias: BTreeMap<PersonId, PersonId>,
    with_email: BTreeSet<PersonId>,
    team_domains: BTreeSet<String>,
    team_names: BTreeSet<String>,
    /// Full names that only our own people bear in the sources that say whose side somebody is on.
    known_team: BTreeSet<String>,
    /// The product's name in lower case, for those who introduce themselves with it.
    product_name: Option<String>,
    names: Option<(AhoCorasick, Vec<AccountId>)>,
}

/// The id of an author before aliases: of the e-mail address where there is one, else of the handle, else of the name
/// and company, these within their source.
#[must_use]
pub fn person_id(author: &Author, source: &str) -> Option<PersonId> {
    let of =
        |kind: &str, scope: &str, value: &str| PersonId::of(&[kind.as_bytes(), scope.as_bytes(), value.as_bytes()]);
    if let Some(email) = &author.email {
        return Some(of("email", "", &email.trim().to_lowercase()));
    }
    if let Some(handle) = &author.handle {
        return Some(of("handle", source, handle));
    }
    let at = author.company.as_deref().map(company).unwrap_or_default();
    author.name.as_ref().map(|name| of("name", source, &format!("{}\n{at}", plain(name))))
}

/// The id of a company by its name, so that a customer list and a mention of it meet.
#[must_use]
pub fn account_id(name: &str) -> AccountId {
    AccountId::of(&[company(name).as_bytes()])
}

fn plain(name: &str) -> String {
    name.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A company's name without case, punctuation and legal form.
fn company(name: &str) -> String {
    let spaced: String = name.to_lowercase().chars().map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let n_kept = words.iter().rposition(|word| !LEGAL_FORMS.contains(word)).map_or(words.len(), |last| last + 1);
    words[..n_kept].join(" ")
}

fn domain(email: &str) -> Option<String> {
    email.rsplit_once('@').map(|(_, domain)| domain.trim().to_lowercase())
}

impl Identities {
    /// Resolves all authors of all records against the customer lists.
    #[must_use]
    pub fn new(records: &[Canonical], lists: &[(AccountId, RawAccount)], product: &Product) -> Self {
        let mut identities = Self {
            people: BTreeMap::new(),
            accounts: BTreeMap::new(),
            account_from_domain: BTreeMap::new(),
            alias: BTreeMap::new(),
            with_email: BTreeSet::new(),
            team_domains: product.team_domains.iter().map(|domain| domain.trim().to_lowercase()).collect(),
            team_names: product.team_names.iter().map(|name| plain(name)).collect(),
            known_team: BTreeSet::new(),
            product_name: product.name.as_deref().map(str::to_lowercase).filter(|name| !name.trim().is_empty()),
            names: None,
        };
        for (_, row) in lists {
            identities.add_account(row);
        }
        // Names to look for in the team's own words come from the customer lists alone.
        identities.names = named_accounts(&identities.accounts);
        let contacts = lists.iter().flat_map(|(_, row)| {
            row.contacts
                .iter()
                .map(move |contact| (Author { company: Some(row.name.clone()), ..contact.clone() }, &row.source))
        });
        for (contact, source) in contacts.collect::<Vec<_>>() {
            identities.add_person(&contact, source, None);
        }
        identities.learn_team(records);
        for canonical in records {
            for author in canonical.authors.iter().flatten() {
                identities.add_person(author, &canonical.record.source, Some(canonical.record.source_kind));
            }
        }
        identities.join_names();
        identities
    }

    fn add_account(&mut self, row: &RawAccount) {
        let id = account_id(&row.name);
        for domain in row.domains.iter().filter(|domain| !FREE_MAIL.contains(&domain.as_str())) {
            self.account_from_domain.insert(domain.clone(), id);
        }
        match self.accounts.get_mut(&id) {
            Some(known) => fill(&mut known.facts, row),
            None => {
                self.accounts.insert(id, Account { id, facts: row.clone() });
            }
        }
    }

    /// Collects the full names of those whom a source or a mail domain shows to be ours, so that a transcript, which
    /// knows speakers by name alone, meets them. A name that somebody outside bears as well shows nothing.
    fn learn_team(&mut self, records: &[Canonical]) {
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
        self.known_team = ours.difference(&theirs).cloned().collect();
    }

    fn side(&self, author: &Author, source_kind: Option<SourceKind>) -> Side {
        if author.side != Side::Unknown {
            return author.side;
        }
        let of_team =
            author.email.as_deref().and_then(domain).is_some_and(|domain| self.team_domains.contains(&domain))
                || author.name.as_deref().is_some_and(|name| self.team_names.contains(&plain(name)));
        let is_known_by_name = author.email.is_none()
            && author.company.is_none()
            && author.name.as_deref().is_some_and(|name| self.known_team.contains(&plain(name)));
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

    fn add_person(&mut self, author: &Author, source: &str, source_kind: Option<SourceKind>) {
        let Some(id) = person_id(author, source) else { return };
        if author.email.is_some() {
            self.with_email.insert(id);
        }
        let side = self.side(author, source_kind);
        let account = if side == Side::Team { None } else { self.account_of(author) };
        let person = self.people.entry(id).or_insert(Person { id, name: None, role: None, account: None, side });
        // The longest name seen; the smaller of two as long, so that the order of records does not matter.
        if let Some(name) = &author.name {
            let is_fuller =
                |known: &String| (name.len(), std::cmp::Reverse(name)) > (known.len(), std::cmp::Reverse(known));
            if person.name.as_ref().is_none_or(is_fuller) {
                person.name = Some(name.clone());
            }
        }
        if let Some(role) = &author.role
            && person.role.as_ref().is_none_or(|known| role < known)
        {
            person.role = Some(role.clone());
        }
        person.account = smaller(person.account, account);
        if side == Side::Team {
            person.side = Side::Team;
        }
    }

    /// The account an author speaks for: the company stated, else the one whose mail domain it is.
    fn account_of(&mut self, author: &Author) -> Option<AccountId> {
        if let Some(name) = author.company.as_deref().filter(|name| !company(name).is_empty()) {
            let id = account_id(name);
            let named = || Account { id, facts: RawAccount { name: name.to_owned(), ..RawAccount::default() } };
            self.accounts.entry(id).or_insert_with(named);
            return Some(id);
        }
        let domain = domain(author.email.as_deref()?)?;
        if FREE_MAIL.contains(&domain.as_str()) || self.team_domains.contains(&domain) {
            return None;
        }
        if let Some(id) = self.account_from_domain.get(&domain) {
            return Some(*id);
        }
        let id = account_id(&domain);
        let facts = RawAccount { name: domain.clone(), domains: vec![domain.clone()], ..RawAccount::default() };
        self.accounts.entry(id).or_insert(Account { id, facts });
        self.account_from_domain.insert(domain, id);
        Some(id)
    }

    /// Joins people known by name alone to the one person with that full name at that account.
    fn join_names(&mut self) {
        let mut by_name: BTreeMap<(String, AccountId), Vec<PersonId>> = BTreeMap::new();
        for person in self.people.values() {
            if let (Some(name), Some(account)) = (&person.name, person.account)
                && name.trim().contains(' ')
            {
                by_name.entry((plain(name), account)).or_default().push(person.id);
            }
        }
        for ids in by_name.into_values() {
            let mailed: Vec<PersonId> = ids.iter().copied().filter(|id| self.with_email.contains(id)).collect();
            if mailed.len() > 1 {
                continue; // Two addresses may well be two people of one name.
            }
            let first = mailed.first().copied().unwrap_or(ids[0]);
            for other in ids.iter().filter(|id| **id != first) {
                self.alias.insert(*other, first);
                if let Some(person) = self.people.remove(other)
                    && let Some(known) = self.people.get_mut(&first)
                {
                    known.role = known.role.take().or(person.role);
                }
            }
        }
    }

    /// The record with its people, sides and account.
    #[must_use]
    pub fn resolve(&self, canonical: &Canonical) -> Record {
        let mut record = canonical.record.clone();
        for (part, author) in record.parts.iter_mut().zip(&canonical.authors) {
            let Some(author) = author else { continue };
            let id = person_id(author, &record.source).map(|id| self.alias.get(&id).copied().unwrap_or(id));
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
        let stated = canonical.authors.iter().flatten().filter_map(|author| author.company.as_deref());
        let by_company = stated.map(account_id).find(|id| self.accounts.contains_key(id));
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
        let Some(product) = &self.product_name else { return false };
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
        let (names, ids) = self.names.as_ref()?;
        let is_word_end = |at: usize| text[at..].chars().next().is_none_or(|c| !c.is_alphanumeric());
        let is_word_start = |at: usize| text[..at].chars().next_back().is_none_or(|c| !c.is_alphanumeric());
        let found: BTreeSet<AccountId> = names
            .find_iter(text)
            .filter(|hit| is_word_start(hit.start()) && is_word_end(hit.end()))
            .map(|hit| ids[hit.pattern().as_usize()])
            .collect();
        if found.len() == 1 { found.into_iter().next() } else { None }
    }
}

/// A finder of account names, whole and by their first word where that is telling and nobody else's.
fn named_accounts(accounts: &BTreeMap<AccountId, Account>) -> Option<(AhoCorasick, Vec<AccountId>)> {
    const TELLING_CHARS: usize = 6;
    let mut owners: BTreeMap<String, BTreeSet<AccountId>> = BTreeMap::new();
    for account in accounts.values() {
        owners.entry(account.facts.name.clone()).or_default().insert(account.id);
        if let Some(first) =
            account.facts.name.split_whitespace().next().filter(|word| word.chars().count() >= TELLING_CHARS)
        {
            owners.entry(first.to_owned()).or_default().insert(account.id);
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

/// Fills what is not known of an account from another row of the same company.
fn fill(known: &mut RawAccount, row: &RawAccount) {
    fn or<T: Clone>(known: &mut Option<T>, other: Option<&T>) {
        if known.is_none() {
            *known = other.cloned();
        }
    }
    or(&mut known.plan, row.plan.as_ref());
    or(&mut known.seats, row.seats.as_ref());
    or(&mut known.arr, row.arr.as_ref());
    or(&mut known.currency, row.currency.as_ref());
    or(&mut known.segment, row.segment.as_ref());
    or(&mut known.country, row.country.as_ref());
    or(&mut known.renewal_at, row.renewal_at.as_ref());
    or(&mut known.stage, row.stage.as_ref());
    or(&mut known.deal_amount, row.deal_amount.as_ref());
    or(&mut known.lost_reason, row.lost_reason.as_ref());
    for domain in &row.domains {
        if !known.domains.contains(domain) {
            known.domains.push(domain.clone());
        }
    }
    known.contacts.extend(row.contacts.iter().cloned());
}

/// The smaller of two where both are there, else the one that is.
fn smaller<T: Ord>(a: Option<T>, b: Option<T>) -> Option<T> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use throughline_model::{PartRole, RawPart};

    fn part(role: PartRole, author: Option<Author>, text: &str) -> RawPart {
        RawPart { role, author, at: None, clock_ms: None, text: text.to_owned() }
    }

    fn ticket(id: &str, author: Author, text: &str) -> Canonical {
        let raw = RawRecord {
            parts: vec![part(PartRole::Body, Some(author), text)],
            ..RawRecord::new("desk", SourceKind::Support, id, "")
        };
        canonical(&raw, RecordId::of(&[id.as_bytes()]))
    }

    fn author(name: &str, email: Option<&str>, company: Option<&str>) -> Author {
        Author {
            name: Some(name.into()),
            email: email.map(str::to_owned),
            company: company.map(str::to_owned),
            ..Author::default()
        }
    }

    #[test]
    fn parts_are_joined_and_masked_and_their_spans_follow() {
        let mut raw = RawRecord::new("desk", SourceKind::Support, "1", "");
        raw.parts = vec![
            part(PartRole::Title, None, "Export  \r\nfails "),
            part(PartRole::Body, None, "Mail me at ann@example.org please"),
            part(PartRole::Reply, None, "ann@example.org again, thanks"),
        ];
        let record = canonical(&raw, RecordId(1)).record;
        let words: Vec<&str> = record.parts.iter().map(|part| record.slice(part.span)).collect();
        assert_eq!(words, ["Export\nfails", "Mail me at [email 1] please", "[email 1] again, thanks"]);
        assert_eq!(record.n_masked, [("email".to_owned(), 2)]);
    }

    #[test]
    fn what_is_shown_beside_the_text_is_masked_and_still_tells_records_apart() {
        let of = |external_id: &str, id: u64| {
            let mut raw = RawRecord::new("desk", SourceKind::Support, external_id, "The export fails");
            raw.tags = vec!["vip".into(), "from:ann@example.org".into()];
            raw.thread = Some("ann@example.org/export".into());
            canonical(&raw, RecordId(id)).record
        };
        let (one, two) = (of("ann@example.org", 1), of("ann@example.org", 2));
        assert!(!format!("{one:?}").contains("ann@example.org"), "{one:?}");
        assert_ne!(one.external_id, two.external_id);
        assert_eq!(one.thread, two.thread);
        assert_eq!(one.tags, ["vip", "from:[email 1]"]);
        assert_eq!(of("8923fce4e18a7828e95b@mail.example", 3).external_id, "8923fce4e18a7828e95b@mail.example");
        assert_eq!(of("DE-3313", 4).external_id, "DE-3313");
    }

    #[test]
    fn one_person_by_mail_and_by_name_at_the_same_company_is_one() {
        let list = RawAccount {
            name: "Larkfield Care Group Ltd".into(),
            domains: vec!["larkfield.example".into()],
            ..RawAccount::default()
        };
        let records = [
            ticket("1", author("Maeve Doran", Some("Maeve@larkfield.example"), None), "a"),
            ticket("2", author("maeve doran", None, Some("Larkfield Care Group")), "b"),
            ticket("3", author("Maeve Doran", None, None), "c"),
        ];
        let identities = Identities::new(&records, &[(AccountId(0), list)], &Product::default());
        let resolved: Vec<Record> = records.iter().map(|record| identities.resolve(record)).collect();
        assert_eq!(resolved[0].person, resolved[1].person);
        assert_eq!(resolved[0].account, Some(account_id("Larkfield Care Group")));
        assert_eq!(resolved[1].account, resolved[0].account);
        assert_ne!(resolved[2].person, resolved[0].person, "a name without a company is nobody we know");
    }

    #[test]
    fn our_own_people_are_told_and_the_customer_they_name_is_found() {
        let list = RawAccount { name: "Halden Hotels".into(), ..RawAccount::default() };
        let product = Product { team_domains: vec!["rotaboard.example".into()], ..Product::default() };
        let records = [ticket(
            "1",
            author("Owen", Some("owen@rotaboard.example"), None),
            "Halden Hotels will only sign with SSO",
        )];
        let identities = Identities::new(&records, &[(AccountId(0), list)], &product);
        let record = identities.resolve(&records[0]);
        assert_eq!(record.parts[0].side, Side::Team);
        assert_eq!(record.person, None);
        assert_eq!(record.account, Some(account_id("Halden Hotels")));
    }

    #[test]
    fn speakers_known_by_name_alone_are_told_by_other_sources_and_by_how_they_introduce_themselves() {
        let product = Product {
            name: Some("Rotaboard".into()),
            team_domains: vec!["rotaboard.example".into()],
            ..Product::default()
        };
        let call = |id: &str, turns: &[(&str, &str)]| {
            let said = |(name, text): &(&str, &str)| part(PartRole::Utterance, Some(author(name, None, None)), text);
            let parts = turns.iter().map(said).collect();
            let raw = RawRecord { parts, ..RawRecord::new("calls", SourceKind::Call, id, "") };
            canonical(&raw, RecordId::of(&[id.as_bytes()]))
        };
        let records = [
            ticket("1", author("Aiko Mori", Some("aiko@rotaboard.example"), None), "Noted, we will look at it."),
            call("2", &[("Aiko Mori", "What is on your list?"), ("Maeve Doran", "The pay rates.")]),
            call("3", &[("Sam Roe", "Hi, I'm Sam and I work at Rotaboard."), ("Ida Lund", "I am new at this.")]),
            call("4", &[("Ida Lund", "We use Rotaboard."), ("Maeve Doran", "So do we.")]),
        ];
        let identities = Identities::new(&records, &[], &product);
        let sides =
            |at: usize| -> Vec<Side> { identities.resolve(&records[at]).parts.iter().map(|part| part.side).collect() };
        assert_eq!(sides(1), [Side::Team, Side::Customer]);
        assert_eq!(sides(2), [Side::Team, Side::Customer]);
        assert_eq!(sides(3), [Side::Unknown, Side::Unknown]);
    }

    #[test]
    fn the_order_of_records_does_not_matter() {
        let mut records = vec![
            ticket("1", author("A. Lee", Some("a@x.example"), None), "a"),
            ticket("2", author("Ann Lee", Some("a@x.example"), Some("X Works")), "b"),
        ];
        let people = |records: &[Canonical]| Identities::new(records, &[], &Product::default()).people;
        let forward = people(&records);
        records.reverse();
        assert_eq!(forward, people(&records));
    }
}
