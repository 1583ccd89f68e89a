//! Amounts of money and other numbers as people write them in spreadsheets.
//!
//! `$12,000`, `1.234,56 €`, `CHF 12'000`, `12k`, `1.2M EUR`. Whether a lone `1.234` is a thousand or one and a bit is
//! decided by [`Style`] from the whole column.

/// What a column's numbers say about their separators.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Style {
    n_decimal_comma: u64,
    n_decimal_point: u64,
}

impl Style {
    /// Takes one more cell of the column into account.
    pub(crate) fn see(&mut self, text: &str) {
        let digits = digits_of(text);
        let (comma, point) = (digits.rfind(','), digits.rfind('.'));
        let decimals = |i: usize| digits.len() - i - 1;
        let count = |c: char| digits.matches(c).count();
        match (comma, point) {
            (Some(c), Some(p)) if c > p => self.n_decimal_comma += 1,
            (Some(_), Some(_)) => self.n_decimal_point += 1,
            (Some(c), None) if count(',') == 1 && decimals(c) != 3 => self.n_decimal_comma += 1,
            (Some(_), None) if count(',') > 1 => self.n_decimal_point += 1,
            (None, Some(p)) if count('.') == 1 && decimals(p) != 3 => self.n_decimal_point += 1,
            (None, Some(_)) if count('.') > 1 => self.n_decimal_comma += 1,
            _ => {}
        }
    }

    fn is_decimal_comma(self) -> bool {
        self.n_decimal_comma > self.n_decimal_point
    }
}

/// An amount and the ISO 4217 code of its currency, where one is written.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Money {
    pub(crate) amount: f64,
    pub(crate) currency: Option<String>,
}

/// Parses an amount; `None` where the cell holds none.
pub(crate) fn parse(text: &str, style: Style) -> Option<Money> {
    let text = text.trim();
    if text.is_empty() || text.len() > 60 {
        return None;
    }
    let mut digits = digits_of(text);
    if !digits.bytes().any(|b| b.is_ascii_digit()) {
        return None;
    }
    let (comma, point) = (digits.rfind(','), digits.rfind('.'));
    let decimal = match (comma, point) {
        (Some(c), Some(p)) => Some(c.max(p)),
        (Some(i), None) => {
            (digits.matches(',').count() == 1 && (digits.len() - i - 1 != 3 || style.is_decimal_comma())).then_some(i)
        }
        (None, Some(i)) => {
            (digits.matches('.').count() == 1 && (digits.len() - i - 1 != 3 || !style.is_decimal_comma())).then_some(i)
        }
        (None, None) => None,
    };
    let fraction = decimal.map(|i| digits.split_off(i)).unwrap_or_default();
    let whole: String = digits.chars().filter(char::is_ascii_digit).collect();
    let fraction: String = fraction.chars().filter(char::is_ascii_digit).collect();
    let mut amount: f64 = format!(
        "{}.{}",
        if whole.is_empty() { "0" } else { &whole },
        if fraction.is_empty() { "0" } else { &fraction }
    )
    .parse()
    .ok()?;
    let words = text.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty());
    let mut currency = symbol_currency(text);
    for word in words {
        let upper = word.to_uppercase();
        match upper.as_str() {
            "K" => amount *= 1e3,
            "M" | "MM" | "MIO" | "MN" => amount *= 1e6,
            "B" | "BN" | "MRD" => amount *= 1e9,
            code if CURRENCIES.contains(&code) => currency = Some(code.to_owned()),
            "EURO" | "EUROS" => currency = Some("EUR".to_owned()),
            "DOLLAR" | "DOLLARS" => currency = Some("USD".to_owned()),
            // "per year", "p.a.", "/yr", "US$": words that change nothing.
            "PER" | "YEAR" | "YR" | "P" | "A" | "ANNUAL" | "US" | "MONTH" | "MO" | "PA" | "ARR" | "MRR" | "SEATS"
            | "USERS" | "R" | "FR" => {}
            _ => return None,
        }
    }
    let is_negative = text.starts_with(['-', '−']) || (text.starts_with('(') && text.ends_with(')'));
    amount.is_finite().then_some(Money { amount: if is_negative { -amount } else { amount }, currency })
}

/// A whole number of at least zero, with thousands separators.
pub(crate) fn parse_count(text: &str, style: Style) -> Option<u64> {
    let money = parse(text, style)?;
    let is_whole =
        money.amount >= 0.0 && money.amount < 9e15 && (money.amount - (money.amount as u64) as f64).abs() < 1e-9;
    is_whole.then_some(money.amount as u64)
}

/// The code of a currency written as code or symbol.
pub(crate) fn currency_code(text: &str) -> Option<String> {
    let upper = text.trim().to_uppercase();
    if CURRENCIES.contains(&upper.as_str()) {
        return Some(upper);
    }
    symbol_currency(text).or_else(|| {
        let is_code = upper.len() == 3 && upper.bytes().all(|b| b.is_ascii_uppercase());
        is_code.then_some(upper)
    })
}

const CURRENCIES: &[&str] = &[
    "USD", "EUR", "GBP", "CHF", "JPY", "CAD", "AUD", "NZD", "SEK", "NOK", "DKK", "PLN", "CZK", "HUF", "BRL", "MXN",
    "INR", "CNY", "SGD", "HKD", "ZAR", "ILS", "TRY", "AED", "KRW", "ISK", "CLP", "COP", "ARS",
];

fn symbol_currency(text: &str) -> Option<String> {
    let code = if text.contains('€') {
        "EUR"
    } else if text.contains('£') {
        "GBP"
    } else if text.contains("R$") {
        "BRL"
    } else if text.contains('$') {
        "USD"
    } else if text.contains('¥') {
        "JPY"
    } else if text.contains('₹') {
        "INR"
    } else {
        return None;
    };
    Some(code.to_owned())
}

/// The number's digits and separators: blanks and apostrophes between digits are thousands separators.
fn digits_of(text: &str) -> String {
    let start = text.find(|c: char| c.is_ascii_digit()).unwrap_or(text.len());
    let end = text.rfind(|c: char| c.is_ascii_digit()).map_or(start, |i| i + 1);
    text[start..end].chars().filter(|c| c.is_ascii_digit() || matches!(c, ',' | '.')).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_as_written() {
        let read = |text: &str| parse(text, Style::default()).map(|m| (m.amount, m.currency.unwrap_or_default()));
        for (text, amount, currency) in [
            ("$12,000", 12_000.0, "USD"),
            ("1.234,56 €", 1_234.56, "EUR"),
            ("CHF 12'000.50", 12_000.5, "CHF"),
            ("12 000 EUR", 12_000.0, "EUR"),
            ("12k", 12_000.0, ""),
            ("£1.2M", 1_200_000.0, "GBP"),
            ("1,234,567", 1_234_567.0, ""),
            ("1.234.567", 1_234_567.0, ""),
            ("(500)", -500.0, ""),
            ("48000", 48_000.0, ""),
        ] {
            assert_eq!(read(text), Some((amount, currency.to_owned())), "{text}");
        }
        for text in ["", "n/a", "Enterprise", "call me at 12"] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn a_column_decides_what_a_point_means() {
        let mut style = Style::default();
        ["1.200,50", "980,00"].iter().for_each(|cell| style.see(cell));
        assert_eq!(parse_count("1.200", style), Some(1200));
        assert_eq!(parse_count("1.200", Style::default()), None);
        assert_eq!(parse_count("1,200", Style::default()), Some(1200));
    }
}
