//! Customer lists: accounts, deals and contacts of a CRM as CSV, and companies and opportunities of a portal as JSON.
//!
//! One [`RawAccount`] per row. Several rows may name the same account (deals, contacts); putting them together is for
//! the collect stage. A row of a list of contacts is its account with that one contact, and its mail domain.
//! Amounts are yearly: a monthly figure is taken twelve times.

use crate::csv_aliases::ALIASES;
use crate::csv_columns::{self, Columns, Field, Looks};
use crate::csv_rows::Row;
use crate::dates::{self, Order};
use crate::fields::{first_text, fold_header, number, text};
use crate::intake::Intake;
use crate::money::{self, Style};
use serde_json::Value;
use throughline_model::{Author, RawAccount, Side};

/// Fields of a customer list.
pub(crate) const FIELDS: &[Field] = &[
    Field::Id,
    Field::Company,
    Field::Domain,
    Field::Plan,
    Field::Seats,
    Field::Arr,
    Field::Mrr,
    Field::Currency,
    Field::Segment,
    Field::Country,
    Field::RenewalAt,
    Field::Stage,
    Field::DealAmount,
    Field::LostReason,
    Field::AuthorEmail,
    Field::AuthorName,
    Field::AuthorRole,
    Field::AuthorId,
];

/// Mail providers of private persons: their domains belong to no account.
const FREE_MAIL: &[&str] = &[
    "gmail.",
    "googlemail.",
    "outlook.",
    "hotmail.",
    "live.",
    "msn.",
    "yahoo.",
    "ymail.",
    "icloud.",
    "me.com",
    "mac.com",
    "gmx.",
    "web.de",
    "t-online.",
    "freenet.",
    "aol.",
    "proton.",
    "protonmail.",
    "mail.com",
    "orange.fr",
    "wanadoo.",
    "free.fr",
    "laposte.",
    "sfr.fr",
    "libero.",
    "terra.",
    "uol.com.br",
    "bol.com.br",
    "qq.com",
    "163.com",
    "mail.ru",
    "yandex.",
    "zoho.",
    "fastmail.",
    "hey.com",
];

/// The domain of an e-mail address or web site that may stand for a company.
pub(crate) fn company_domain(text: &str) -> Option<String> {
    let text = text.trim().to_lowercase();
    let host = if let Some((_, domain)) = text.rsplit_once('@') {
        domain.to_owned()
    } else {
        let bare = text.trim_start_matches("https://").trim_start_matches("http://").trim_start_matches("www.");
        bare.split(['/', '?', ':', '#']).next().unwrap_or_default().to_owned()
    };
    let is_domain = host.contains('.')
        && !host.starts_with('.')
        && !host.ends_with('.')
        && host.len() <= 253
        && host.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-'));
    (is_domain && !FREE_MAIL.iter().any(|free| host.starts_with(free) || host == *free)).then_some(host)
}

/// What a table without feedback lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Listing {
    /// Accounts or deals.
    Accounts,
    /// People of accounts.
    Contacts,
}

/// Whether a table is a customer list rather than feedback.
pub(crate) fn listing(header: &[String], sample: &[Row]) -> Option<Listing> {
    let folded: Vec<String> = header.iter().map(|name| fold_header(name)).collect();
    let names = |field: Field| {
        let (_, aliases) = ALIASES.iter().find(|(known, _)| *known == field)?;
        folded.iter().position(|name| aliases.contains(&name.as_str()))
    };
    let has = |field: Field| names(field).is_some();
    let has_prose = (0..header.len()).any(|i| {
        let is_reason = names(Field::LostReason) == Some(i);
        !is_reason && Looks::of(sample, i).is_prose()
    });
    let has_name = has(Field::Company)
        || folded.iter().any(|name| {
            matches!(name.as_str(), "name" | "customer" | "client" | "kunde" | "deal name" | "opportunity name")
        });
    let n_contract =
        [Field::Seats, Field::Arr, Field::Mrr, Field::RenewalAt, Field::DealAmount, Field::LostReason, Field::Stage]
            .into_iter()
            .filter(|field| has(*field))
            .count();
    let n_traits = [Field::Plan, Field::Domain, Field::Segment, Field::Country, Field::Currency]
        .into_iter()
        .filter(|field| has(*field))
        .count();
    let is_message = has(Field::Rating)
        || folded.iter().any(|name| {
            matches!(name.as_str(), "subject" | "message" | "body" | "review" | "ticket id" | "text" | "feedback")
        });
    if has_name
        && !is_message
        && ((n_contract >= 2 && n_contract + n_traits >= 3) || (!has_prose && n_contract + n_traits >= 2))
    {
        return Some(Listing::Accounts);
    }
    let has_email = (0..header.len()).any(|i| Looks::of(sample, i).is_email());
    (has_email && has(Field::Company) && !has_prose && !is_message && !has(Field::Text) && !has(Field::Title))
        .then_some(Listing::Contacts)
}

/// Rows of a customer list into accounts.
pub(crate) struct Accounts {
    columns: Columns,
    order: Order,
    seats: Style,
    arr: Style,
    mrr: Style,
    deal: Style,
    header_currency: Option<String>,
    account_id: Option<usize>,
}

impl Accounts {
    pub(crate) fn new(header: &[String], columns: Columns, sample: &[Row], listing: Listing) -> Self {
        let folded: Vec<String> = header.iter().map(|name| fold_header(name)).collect();
        // The id of the account, where a row is about something else.
        let account_id = folded
            .iter()
            .position(|name| {
                matches!(
                    name.as_str(),
                    "account id" | "company id" | "customer id" | "organization id" | "account number"
                )
            })
            .or_else(|| if listing == Listing::Contacts { None } else { columns.get(Field::Id) });
        let style = |field| csv_columns::money_style(sample, columns.get(field));
        let order = columns.get(Field::RenewalAt).map_or(Order::DayFirst, |column| {
            csv_columns::date_order(sample, column).order().unwrap_or(Order::DayFirst)
        });
        let amount =
            columns.get(Field::Arr).or_else(|| columns.get(Field::Mrr)).or_else(|| columns.get(Field::DealAmount));
        let header_currency = amount.and_then(|column| {
            header[column].split(|c: char| !c.is_alphabetic() && !"€£$¥".contains(c)).find_map(known_currency)
        });
        Self {
            order,
            seats: style(Field::Seats),
            arr: style(Field::Arr),
            mrr: style(Field::Mrr),
            deal: style(Field::DealAmount),
            header_currency,
            account_id,
            columns,
        }
    }

    pub(crate) fn row(&self, row: &Row, intake: &mut Intake<'_>) {
        let text = |field| self.columns.text(row, field).map(str::to_owned);
        let email_domain = self.columns.text(row, Field::AuthorEmail).and_then(company_domain);
        let name = text(Field::Company)
            .or_else(|| if self.columns.has(Field::Company) { None } else { text(Field::AuthorName) });
        let domain = self.columns.text(row, Field::Domain).and_then(company_domain);
        let mut domains: Vec<String> = domain.into_iter().chain(email_domain).collect();
        domains.dedup();
        let id = self.account_id.map(|column| row.cell(column).trim().to_owned()).filter(|id| !id.is_empty());
        let Some(external_id) = id.or_else(|| domains.first().cloned()).or_else(|| name.clone()) else {
            intake.reject(1, "account-without-name", "this row names no account".to_owned(), row.at);
            return;
        };
        let mut contact = Author {
            name: if self.columns.has(Field::Company) { text(Field::AuthorName) } else { None },
            email: text(Field::AuthorEmail).filter(|email| csv_columns::is_email(email)),
            handle: text(Field::AuthorId),
            role: text(Field::AuthorRole),
            company: None,
            side: Side::Customer,
        };
        intake.settle_author(&mut contact);
        contact.company.clone_from(&name);
        let contacts = if contact.name.is_some() || contact.email.is_some() { vec![contact] } else { Vec::new() };
        let arr = self.columns.text(row, Field::Arr).and_then(|cell| money::parse(cell, self.arr));
        let mrr = self.columns.text(row, Field::Mrr).and_then(|cell| money::parse(cell, self.mrr));
        let deal = self.columns.text(row, Field::DealAmount).and_then(|cell| money::parse(cell, self.deal));
        let currency = self
            .columns
            .text(row, Field::Currency)
            .and_then(money::currency_code)
            .or_else(|| [&arr, &mrr, &deal].into_iter().flatten().find_map(|money| money.currency.clone()))
            .or_else(|| self.header_currency.clone());
        for (field, is_read) in
            [(Field::Arr, arr.is_some()), (Field::Mrr, mrr.is_some()), (Field::DealAmount, deal.is_some())]
        {
            if let Some(cell) = self.columns.text(row, field)
                && !is_read
                && cell.bytes().any(|b| b.is_ascii_digit())
            {
                let message = format!("'{}' in field {} is no amount", crate::intake::shorten(cell, 40), field.word());
                intake.warn("number-unreadable", message, row.at);
            }
        }
        let renewal_at = self.columns.text(row, Field::RenewalAt).and_then(|cell| {
            let at = dates::parse(cell, self.order);
            if at.is_none() && cell.bytes().any(|b| b.is_ascii_digit()) {
                intake.warn("date-unreadable", format!("'{}' is no date", crate::intake::shorten(cell, 40)), row.at);
            }
            at
        });
        intake.account(RawAccount {
            source: intake.source().to_owned(),
            external_id,
            name: name.unwrap_or_default(),
            domains,
            plan: text(Field::Plan),
            seats: self.columns.text(row, Field::Seats).and_then(|cell| money::parse_count(cell, self.seats)),
            arr: arr.map(|money| money.amount).or_else(|| mrr.map(|money| money.amount * 12.0)),
            currency,
            segment: text(Field::Segment),
            country: text(Field::Country),
            renewal_at,
            stage: text(Field::Stage),
            deal_amount: deal.map(|money| money.amount),
            lost_reason: text(Field::LostReason),
            contacts,
        });
    }
}

fn known_currency(word: &str) -> Option<String> {
    let is_sure = word.contains(['€', '£', '$', '¥'])
        || (word.len() == 3
            && matches!(
                word.to_uppercase().as_str(),
                "EUR" | "USD" | "GBP" | "CHF" | "BRL" | "CAD" | "AUD" | "SEK" | "NOK" | "DKK" | "PLN" | "JPY"
            ));
    if is_sure { money::currency_code(word) } else { None }
}

/// A company of a portal: `name, domain, monthlySpend, memberCount`.
pub(crate) fn portal_company(value: &Value, source: &str) -> Option<RawAccount> {
    let name = text(value, "name")?;
    let domains: Vec<String> = text(value, "domain").as_deref().and_then(company_domain).into_iter().collect();
    Some(RawAccount {
        source: source.to_owned(),
        external_id: first_text(value, &["id"]).or_else(|| domains.first().cloned()).unwrap_or_else(|| name.clone()),
        name,
        domains,
        plan: first_text(value, &["plan", "customFields.plan"]),
        arr: number(value, "monthlySpend").map(|monthly| monthly * 12.0),
        seats: crate::fields::count(value, "memberCount"),
        ..RawAccount::default()
    })
}

/// A deal of a portal: `name, value, won, closed`.
pub(crate) fn portal_opportunity(value: &Value, source: &str) -> Option<RawAccount> {
    let name = first_text(value, &["company.name", "account.name", "name"])?;
    let is_true = |key: &str| crate::fields::at(value, key) == &Value::Bool(true);
    let stage = match (is_true("won"), is_true("closed")) {
        (true, _) => "closed won",
        (false, true) => "closed lost",
        _ => "open deal",
    };
    Some(RawAccount {
        source: source.to_owned(),
        external_id: first_text(value, &["id", "salesforceOpportunityID"]).unwrap_or_else(|| name.clone()),
        name,
        stage: Some(stage.to_owned()),
        deal_amount: number(value, "value"),
        ..RawAccount::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn domains_of_companies_and_not_of_mail_providers() {
        assert_eq!(company_domain("https://www.Acme.example/about").as_deref(), Some("acme.example"));
        assert_eq!(company_domain("ann@acme.example").as_deref(), Some("acme.example"));
        assert_eq!(company_domain("ann@gmail.com"), None);
        assert_eq!(company_domain("acme"), None);
    }
}
