//! Who is one and who is not, and how it can be said otherwise.

use super::*;
use crate::collect::canonical;
use throughline_model::{PartRole, RawPart, RawRecord, RecordId};

fn part(role: PartRole, author: Option<Author>, text: &str) -> RawPart {
    RawPart { role, author, at: None, clock_ms: None, text: text.to_owned() }
}

fn ticket(id: &str, author: Author, text: &str) -> Canonical {
    from("desk", SourceKind::Support, id, author, text)
}

fn from(source: &str, kind: SourceKind, id: &str, author: Author, text: &str) -> Canonical {
    let raw =
        RawRecord { parts: vec![part(PartRole::Body, Some(author), text)], ..RawRecord::new(source, kind, id, "") };
    canonical(&raw, RecordId::of(&[source.as_bytes(), id.as_bytes()]))
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
    let identities = Identities::new(&records, &[(AccountId(0), list)], &Product::default(), &Standing::default());
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
    let records =
        [ticket("1", author("Owen", Some("owen@rotaboard.example"), None), "Halden Hotels will only sign with SSO")];
    let identities = Identities::new(&records, &[(AccountId(0), list)], &product, &Standing::default());
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
    let identities = Identities::new(&records, &[], &product, &Standing::default());
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
    let people =
        |records: &[Canonical]| Identities::new(records, &[], &Product::default(), &Standing::default()).people;
    let forward = people(&records);
    records.reverse();
    assert_eq!(forward, people(&records));
}

fn identities(records: &[Canonical], lists: &[RawAccount], standing: &Standing) -> Identities {
    let lists: Vec<(AccountId, RawAccount)> =
        lists.iter().map(|row| (AccountId::of(&[row.external_id.as_bytes()]), row.clone())).collect();
    let product = Product { team_domains: vec!["rotaboard.example".into()], ..Product::default() };
    Identities::new(records, &lists, &product, standing)
}

fn of_kind(identities: &Identities, kind: LinkKind) -> Vec<&Link> {
    identities.links.iter().filter(|link| link.kind == kind).collect()
}

/// Three places in which one person writes, and somebody of the same name elsewhere.
fn one_in_three_places() -> Vec<Canonical> {
    let with_id = |handle: &str, email: Option<&str>| Author {
        handle: Some(handle.into()),
        ..author("Maeve Doran", email, None)
    };
    vec![
        from("desk", SourceKind::Support, "1", author("Maeve Doran", Some("Maeve@larkfield.example"), None), "a"),
        from("chat", SourceKind::Support, "2", with_id("u7", Some("maeve@larkfield.example")), "b"),
        from("chat", SourceKind::Support, "3", with_id("u7", None), "c"),
        from("notes", SourceKind::Sales, "4", author("maeve doran", None, Some("Larkfield Care Group")), "d"),
        from("forum", SourceKind::Community, "5", author("Maeve Doran", None, Some("Quaymed")), "e"),
    ]
}

fn larkfield() -> RawAccount {
    RawAccount {
        name: "Larkfield Care Group Ltd".into(),
        domains: vec!["larkfield.example".into()],
        ..RawAccount::default()
    }
}

#[test]
fn one_person_in_three_places_is_one_and_each_join_has_its_reason() {
    let records = one_in_three_places();
    let found = identities(&records, &[larkfield()], &Standing::default());
    let people: Vec<Option<PersonId>> = records.iter().map(|record| found.resolve(record).person).collect();
    assert!(people[..4].iter().all(|person| *person == people[0]), "{people:?}");
    assert_ne!(people[4], people[0]);
    for kind in [LinkKind::SameEmail, LinkKind::SameHandle, LinkKind::SameNameAndCompany, LinkKind::SameCompanyName] {
        assert_eq!(of_kind(&found, kind).len(), 1, "{kind:?}: {:?}", found.links);
    }
    let asked = of_kind(&found, LinkKind::SameName);
    assert_eq!(asked.len(), 1);
    assert_eq!((asked[0].decision, asked[0].detail.as_str()), (Decision::Ask, "but the companies differ"));
    assert!(!format!("{:?}", found.links).contains('@'), "an address is in no link");
}

#[test]
fn what_is_said_of_people_and_companies_holds_and_can_be_taken_back() {
    let records = one_in_three_places();
    let before = identities(&records, &[larkfield()], &Standing::default());
    let said = |kind: LinkKind, ruling: Ruling| {
        let ends = of_kind(&before, kind)[0].ends;
        let standing = Standing { links: BTreeMap::from([(ends.id(), (ends, ruling))]), ..Standing::default() };
        let found = identities(&records, &[larkfield()], &standing);
        let people: Vec<Option<PersonId>> = records.iter().map(|record| found.resolve(record).person).collect();
        let accounts: Vec<Option<AccountId>> = records.iter().map(|record| found.resolve(record).account).collect();
        let link = found.links.iter().find(|link| link.id == ends.id()).map(|link| link.decision);
        (people, accounts, link)
    };
    let (people, _, link) = said(LinkKind::SameEmail, Ruling::Reject);
    assert_ne!(people[0], people[1], "what is rejected is not joined by the name either");
    assert_eq!(link, Some(Decision::New));
    let (people, ..) = said(LinkKind::SameName, Ruling::Accept);
    assert_eq!(people[4], people[0]);
    let (_, accounts, _) = said(LinkKind::SameCompanyName, Ruling::Reject);
    assert_ne!(accounts[3], accounts[0]);
    assert_eq!(
        identities(&records, &[larkfield()], &Standing::default()).people,
        before.people,
        "nothing is remembered but what stands"
    );
}

#[test]
fn a_company_is_known_by_the_domain_its_people_write_from() {
    let records = [
        ticket("1", author("Ida Lund", Some("ida@fjord.example"), Some("Fjord Helse AS")), "a"),
        ticket("2", author("Per Dahl", Some("per@fjord.example"), None), "b"),
        ticket("3", author("Kim Roe", Some("kim@gmail.com"), Some("Fjord Helse")), "c"),
        ticket("4", author("Ana Sá", Some("ana@gmail.com"), None), "d"),
        ticket("5", author("Lee Fox", Some("lee@oakhaven.example"), None), "e"),
        ticket("6", author("Roz Day", None, Some("Oakhaven Nursing Homes")), "f"),
    ];
    let found = identities(&records, &[], &Standing::default());
    let accounts: Vec<Option<AccountId>> = records.iter().map(|record| found.resolve(record).account).collect();
    assert!(accounts[..3].iter().all(|account| *account == Some(account_id("Fjord Helse"))), "{accounts:?}");
    assert_eq!(accounts[3], None, "a free mail domain is nobody's");
    assert_ne!(accounts[4], accounts[5], "a domain that reads like a name is asked about");
    let asked = of_kind(&found, LinkKind::DomainLikeName);
    assert_eq!(asked.iter().map(|link| link.decision).collect::<Vec<_>>(), [Decision::Ask]);
}

#[test]
fn two_addresses_of_one_name_at_one_company_are_asked_about() {
    let records = [
        ticket("1", author("Tom Fox", Some("tom@x.example"), None), "a"),
        ticket("2", author("Tom Fox", Some("tfox@x.example"), None), "b"),
    ];
    let found = identities(&records, &[], &Standing::default());
    assert_ne!(found.resolve(&records[0]).person, found.resolve(&records[1]).person);
    let asked = of_kind(&found, LinkKind::SameNameAndCompany);
    assert_eq!(asked.iter().map(|link| link.decision).collect::<Vec<_>>(), [Decision::Ask]);
}

#[test]
fn who_speaks_in_a_call_is_of_the_company_it_is_with() {
    let call = |id: &str, turns: &[(&str, &str)]| {
        let said = |(name, text): &(&str, &str)| part(PartRole::Utterance, Some(author(name, None, None)), text);
        let raw =
            RawRecord { parts: turns.iter().map(said).collect(), ..RawRecord::new("calls", SourceKind::Call, id, "") };
        canonical(&raw, RecordId::of(&[id.as_bytes()]))
    };
    let records = [
        ticket("1", author("Maeve Doran", Some("maeve@larkfield.example"), None), "a"),
        call("2", &[("Maeve Doran", "At Larkfield we export by hand."), ("Sam Roe", "And I need the rates.")]),
        call("3", &[("Sam Roe", "No company is named here.")]),
    ];
    let found = identities(&records, &[larkfield()], &Standing::default());
    let call = found.resolve(&records[1]);
    assert_eq!(call.parts[0].person, found.resolve(&records[0]).person);
    let account = |part: &Part| found.people[&part.person.unwrap()].account;
    assert_eq!(account(&call.parts[1]), Some(account_id("Larkfield Care Group")));
    // A call that names two companies is with neither; who is known at one of them is of that one.
    let hotels = RawAccount { name: "Halden Hotels".into(), ..RawAccount::default() };
    let both = call_of(&[("Maeve Doran", "Larkfield and Halden Hotels both ask."), ("Ida Lund", "So they do.")]);
    let records = [records[0].clone(), both];
    let found = identities(&records, &[larkfield(), hotels], &Standing::default());
    let call = found.resolve(&records[1]);
    assert_eq!(call.parts[0].person, found.resolve(&records[0]).person);
    assert_eq!(found.people[&call.parts[1].person.unwrap()].account, None);
}

fn call_of(turns: &[(&str, &str)]) -> Canonical {
    let said = |(name, text): &(&str, &str)| part(PartRole::Utterance, Some(author(name, None, None)), text);
    let parts = turns.iter().map(said).collect();
    canonical(&RawRecord { parts, ..RawRecord::new("calls", SourceKind::Call, "9", "") }, RecordId(9))
}

#[test]
fn a_domain_given_for_a_companys_name_is_its_domain() {
    let records = [
        ticket("1", author("Maeve Doran", None, Some("larkfield.example")), "a"),
        ticket("2", author("Maeve Doran", Some("maeve@larkfield.example"), None), "b"),
    ];
    let found = identities(&records, &[larkfield()], &Standing::default());
    let resolved: Vec<Record> = records.iter().map(|record| found.resolve(record)).collect();
    assert_eq!(resolved[0].account, Some(account_id("Larkfield Care Group")));
    assert_eq!((resolved[0].account, resolved[0].person), (resolved[1].account, resolved[1].person));
    assert_eq!(found.accounts.len(), 1);
}
