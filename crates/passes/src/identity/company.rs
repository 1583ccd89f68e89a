//! Companies: which names and mail domains are one account.
//!
//! In: rows of customer lists, and what authors state. Out: the account of every name and domain, and a [`Link`] for every
//! join. A company is known by its name without case, punctuation and legal form; by the mail domains that a customer list
//! gives it; and by the domain that all of its people who state a company write from. A domain that merely reads like a
//! name is asked about.
//! Cost: a few look-ups a name. Invariant: the order of records does not matter; free mail domains and our own are
//! nobody's.

use crate::joined::{Join, Joined};
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, BTreeSet};
use throughline_model::judgement::Ruling;
use throughline_model::link::{Decision, Ends, LinkKind};
use throughline_model::{Account, AccountId, Link, RawAccount, Standing};

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

/// How much each rule is worth, by kind. Chosen by how often each was wrong on the example, which is never for the first
/// three.
const fn worth(kind: LinkKind) -> f64 {
    match kind {
        LinkKind::Stated => 1.0,
        LinkKind::SameCompanyName => 0.98,
        LinkKind::SameDomain => 0.95,
        _ => 0.5,
    }
}

/// The id of a company by its name, so that a customer list and a mention of it meet.
#[must_use]
pub fn account_id(name: &str) -> AccountId {
    AccountId::of(&[company(name).as_bytes()])
}

/// A company's name without case, punctuation and legal form.
pub(super) fn company(name: &str) -> String {
    let spaced: String = name.to_lowercase().chars().map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let n_kept = words.iter().rposition(|word| !LEGAL_FORMS.contains(word)).map_or(words.len(), |last| last + 1);
    words[..n_kept].join(" ")
}

/// The domain of an e-mail address, unless anybody can have one there.
pub(super) fn own_domain(email: &str) -> Option<String> {
    let domain = email.rsplit_once('@').map(|(_, domain)| domain.trim().to_lowercase())?;
    (!FREE_MAIL.contains(&domain.as_str())).then_some(domain)
}

/// What is known of one name or domain.
#[derive(Debug, Clone)]
struct Node {
    id: AccountId,
    /// The name as it is written first in order, or the domain.
    shown: String,
    /// 0 of a customer list, 1 a name that somebody states, 2 a domain.
    rank: u8,
}

/// Collects names and domains.
#[derive(Default)]
pub(super) struct Names {
    lists: Vec<RawAccount>,
    /// By the name in lower case.
    written: BTreeMap<String, (String, u8)>,
    /// Companies that people at a domain state, by domain.
    stated: BTreeMap<String, BTreeSet<String>>,
    domains: BTreeSet<String>,
}

/// The mail domain that a name is.
fn as_domain(name: &str) -> Option<String> {
    let name = name.trim().to_lowercase();
    let is_domain = name.split('.').count() >= 2
        && name.split('.').all(|label| !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || c == '-'))
        && name.rsplit('.').next().is_some_and(|last| last.len() >= 2 && last.chars().all(char::is_alphabetic));
    (is_domain && !FREE_MAIL.contains(&name.as_str())).then_some(name)
}

/// A name as it is compared: in lower case, with single spaces.
fn plain(name: &str) -> String {
    name.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ")
}

impl Names {
    pub(super) fn list(&mut self, row: &RawAccount) {
        match as_domain(&row.name) {
            Some(domain) => _ = self.domains.insert(domain),
            None => self.write(&row.name, 0),
        }
        self.domains.extend(row.domains.iter().filter(|domain| !FREE_MAIL.contains(&domain.as_str())).cloned());
        self.lists.push(row.clone());
    }

    fn write(&mut self, name: &str, rank: u8) {
        if company(name).is_empty() {
            return;
        }
        let entry = self.written.entry(plain(name)).or_insert_with(|| (name.to_owned(), rank));
        // The smallest spelling of the best source, in whatever order they come.
        if (rank, name) < (entry.1, entry.0.as_str()) {
            *entry = (name.to_owned(), rank);
        }
    }

    /// What an author of a customer's side states. Some sources give a mail domain for a company's name.
    pub(super) fn author(&mut self, stated: Option<&str>, domain: Option<String>) {
        if let Some(domain) = stated.and_then(as_domain) {
            self.domains.insert(domain);
        }
        let stated = stated.filter(|name| as_domain(name).is_none());
        if let Some(name) = stated {
            self.write(name, 1);
        }
        if let Some(domain) = domain {
            if let Some(name) = stated.filter(|name| !company(name).is_empty()) {
                self.stated.entry(domain.clone()).or_default().insert(plain(name));
            }
            self.domains.insert(domain);
        }
    }

    pub(super) fn resolve(self, standing: &Standing) -> Companies {
        let mut nodes: Vec<Node> = self
            .written
            .iter()
            .map(|(key, (shown, rank))| Node {
                id: AccountId::of(&[b"written", key.as_bytes()]),
                shown: shown.clone(),
                rank: *rank,
            })
            .collect();
        let at_name: BTreeMap<&str, usize> = self.written.keys().map(String::as_str).zip(0..).collect();
        let at_domain: BTreeMap<&str, usize> = self.domains.iter().map(String::as_str).zip(nodes.len()..).collect();
        nodes.extend(self.domains.iter().map(|domain| Node {
            id: AccountId::of(&[b"domain", domain.as_bytes()]),
            shown: domain.clone(),
            rank: 2,
        }));
        let mut joined = Joined::new(nodes.len());
        let ruled = ruled(&nodes, standing);
        for (a, b, ruling) in &ruled {
            if *ruling == Ruling::Reject {
                joined.keep_apart(*a, *b);
            }
        }
        let join = |a, b, kind| Join { a, b, kind, score: worth(kind) };
        for (a, b, _) in ruled.iter().filter(|(.., ruling)| *ruling == Ruling::Accept) {
            joined.join(join(*a, *b, LinkKind::Stated));
        }
        let mut by_name: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (key, &at) in &at_name {
            by_name.entry(company(key)).or_default().push(at);
        }
        for same in by_name.values_mut() {
            same.sort_by_key(|&at| (nodes[at].rank, nodes[at].id));
            same[1..].iter().for_each(|&at| joined.join(join(same[0], at, LinkKind::SameCompanyName)));
        }
        for row in &self.lists {
            for domain in &row.domains {
                if let (Some(&name), Some(&domain)) =
                    (at_name.get(plain(&row.name).as_str()), at_domain.get(domain.as_str()))
                {
                    joined.join(join(name, domain, LinkKind::SameDomain));
                }
            }
        }
        let mut open = Vec::new();
        for (domain, names) in &self.stated {
            let Some(&domain_at) = at_domain.get(domain.as_str()) else { continue };
            let roots: BTreeSet<usize> = names.iter().map(|name| joined.root(at_name[name.as_str()])).collect();
            for name in names {
                let name_at = at_name[name.as_str()];
                // Names stand before domains, so a domain that belongs to a name is not its set's root.
                let is_owned = joined.root(domain_at) != domain_at;
                // One company writes from it, or a shorter name of the one whose domain it is.
                if (roots.len() == 1 && !is_owned) || is_shorter(&nodes, &mut joined, name_at, domain_at) {
                    joined.join(join(name_at, domain_at, LinkKind::SameDomain));
                } else if joined.root(name_at) != joined.root(domain_at) {
                    open.push(join(name_at, domain_at, LinkKind::SameDomain));
                }
            }
        }
        for (domain, &at) in &at_domain {
            if joined.root(at) == at {
                let like = by_name.iter().filter(|(name, _)| reads_like(domain, name));
                open.extend(like.map(|(_, same)| join(same[0], at, LinkKind::DomainLikeName)));
            }
        }
        Companies::new(&nodes, &at_name, &at_domain, joined, &open, &ruled, &self.lists)
    }
}

/// Whether a name is a part of the name of the company that a domain is joined with: "Larkfield" of "Larkfield Care Group".
fn is_shorter(nodes: &[Node], joined: &mut Joined, name: usize, domain: usize) -> bool {
    let root = joined.root(domain);
    let words = |at: usize| company(&nodes[at].shown).split(' ').map(str::to_owned).collect::<BTreeSet<String>>();
    let own = words(name);
    (0..nodes.len()).any(|at| {
        nodes[at].rank < 2 && at != name && joined.root(at) == root && {
            let other = words(at);
            own.is_subset(&other) || other.is_subset(&own)
        }
    })
}

/// Whether a domain's first label is a company's whole name written as one, or its first word where that is telling.
fn reads_like(domain: &str, name: &str) -> bool {
    const TELLING_CHARS: usize = 5;
    let label = domain.split('.').next().unwrap_or_default().replace('-', "");
    let first = name.split(' ').next().unwrap_or_default();
    label.chars().count() >= TELLING_CHARS && (label == name.replace(' ', "") || label == first)
}

/// What people said of pairs of these names and domains.
fn ruled(nodes: &[Node], standing: &Standing) -> Vec<(usize, usize, Ruling)> {
    if standing.links.is_empty() {
        return Vec::new();
    }
    let at: FxHashMap<AccountId, usize> = nodes.iter().enumerate().map(|(at, node)| (node.id, at)).collect();
    let of = |(ends, ruling): &(Ends, Ruling)| match ends {
        Ends::Companies(a, b) => Some((*at.get(a)?, *at.get(b)?, *ruling)),
        _ => None,
    };
    standing.links.values().filter_map(of).collect()
}

/// Names and domains with their accounts.
#[derive(Default)]
pub(super) struct Companies {
    pub(super) accounts: BTreeMap<AccountId, Account>,
    pub(super) links: Vec<Link>,
    from_written: BTreeMap<String, AccountId>,
    from_domain: BTreeMap<String, AccountId>,
}

impl Companies {
    fn new(
        nodes: &[Node],
        at_name: &BTreeMap<&str, usize>,
        at_domain: &BTreeMap<&str, usize>,
        mut joined: Joined,
        open: &[Join],
        ruled: &[(usize, usize, Ruling)],
        lists: &[RawAccount],
    ) -> Self {
        // An account is named after its best name: of a customer list, else one that is stated, else the domain.
        let mut best: BTreeMap<usize, usize> = BTreeMap::new();
        for at in 0..nodes.len() {
            let entry = best.entry(joined.root(at)).or_insert(at);
            let key = |at: usize| (nodes[at].rank, account_id(&nodes[at].shown), nodes[at].id);
            if key(at) < key(*entry) {
                *entry = at;
            }
        }
        let mut taken = BTreeSet::new();
        let account_from_root: BTreeMap<usize, (AccountId, usize)> = best
            .iter()
            .map(|(&root, &at)| {
                // Two that somebody said are two may have one name.
                let id = account_id(&nodes[at].shown);
                (root, (if taken.insert(id) { id } else { nodes[at].id }, at))
            })
            .collect();
        let mut companies = Self::default();
        let mut account = |at: usize| account_from_root[&joined.root(at)].0;
        companies.from_written = at_name.iter().map(|(name, &at)| ((*name).to_owned(), account(at))).collect();
        companies.from_domain = at_domain.iter().map(|(domain, &at)| ((*domain).to_owned(), account(at))).collect();
        for &(id, at) in account_from_root.values() {
            let name = nodes[at].shown.clone();
            let facts = RawAccount { name, ..RawAccount::default() };
            companies.accounts.insert(id, Account { id, facts });
        }
        let mut has_row = BTreeSet::new();
        for row in lists {
            let Some(id) = companies.by_name(&row.name) else { continue };
            let Some(known) = companies.accounts.get_mut(&id) else { continue };
            if has_row.insert(id) {
                known.facts = row.clone();
            } else {
                fill(&mut known.facts, row);
            }
        }
        for (domain, id) in &companies.from_domain {
            if let Some(account) =
                companies.accounts.get_mut(id).filter(|account| !account.facts.domains.contains(domain))
            {
                account.facts.domains.push(domain.clone());
            }
        }
        let link = |join: &Join, decision| {
            let ends = Ends::companies(nodes[join.a].id, nodes[join.b].id);
            let (a, b) = if nodes[join.a].id < nodes[join.b].id { (join.a, join.b) } else { (join.b, join.a) };
            let shown = (nodes[a].shown.clone(), nodes[b].shown.clone());
            Link { id: ends.id(), kind: join.kind, ends, decision, score: join.score, detail: String::new(), shown }
        };
        let made: Vec<Link> = joined.made_by().iter().map(|join| link(join, Decision::Auto)).collect();
        let open: Vec<&Join> = open.iter().filter(|join| !joined.are_one_or_foes(join.a, join.b)).collect();
        let asked = open.into_iter().map(|join| link(join, Decision::Ask));
        let rejected = ruled.iter().filter(|(.., ruling)| *ruling == Ruling::Reject);
        let rejected = rejected
            .map(|&(a, b, _)| link(&Join { a, b, kind: LinkKind::Stated, score: 1.0 }, Decision::New))
            .collect::<Vec<_>>();
        let said: BTreeSet<_> = rejected.iter().map(|link| link.id).collect();
        companies.links =
            made.into_iter().chain(asked.filter(|link| !said.contains(&link.id))).chain(rejected).collect();
        companies
    }

    /// The account of a name.
    pub(super) fn by_name(&self, name: &str) -> Option<AccountId> {
        if let Some(domain) = as_domain(name) {
            return self.by_domain(&domain);
        }
        self.from_written.get(&plain(name)).copied()
    }

    /// The account of a mail domain.
    pub(super) fn by_domain(&self, domain: &str) -> Option<AccountId> {
        self.from_domain.get(domain).copied()
    }
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
