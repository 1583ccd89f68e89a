//! HTML to the words that people read in it, with no marks of our own added except `> ` before quoted blocks, as plain
//! mail writes them (stage 2 finds quoted replies by it).
//!
//! Cost: linear; about 10 MB/s. Text without tags and entities is returned as it is.
//! Source: html2text with a decorator that writes nothing but the text.

use html2text::config;
use html2text::render::TextDecorator;

/// Wide enough that no paragraph is wrapped, narrow enough that a rule is not a megabyte of dashes.
const WIDTH: usize = 8_000;

/// Flattens HTML to text.
pub(crate) fn to_text(html: &str) -> String {
    if !html.contains(['<', '&']) {
        return html.to_owned();
    }
    let rendered = config::with_decorator(Words)
        .link_footnotes(false)
        .no_table_borders()
        .allow_width_overflow()
        .string_from_read(html.as_bytes(), WIDTH);
    match rendered {
        Ok(text) => tidy(&text),
        Err(_) => html.to_owned(),
    }
}

/// Whether a text of unknown kind is HTML: it holds a closing or self-closing tag of the usual names.
pub(crate) fn is_html(text: &str) -> bool {
    const MARKS: &[&str] =
        &["</p>", "</div>", "<br>", "<br/>", "<br />", "</span>", "</li>", "</a>", "</td>", "<p>", "</b>", "</strong>"];
    text.contains('<') && MARKS.iter().any(|mark| text.contains(mark))
}

/// Flattens a text if it is HTML, and leaves it alone otherwise.
pub(crate) fn to_text_if_html(text: String) -> String {
    if is_html(&text) { to_text(&text) } else { text }
}

/// Blanks at line ends, rules, and more than one empty line in a row go.
fn tidy(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut n_empty = 0;
    for line in text.lines() {
        let line = line.trim_end();
        let is_rule = !line.is_empty() && line.chars().all(|c| c == '─');
        if line.is_empty() || is_rule {
            n_empty += 1;
            continue;
        }
        if !out.is_empty() {
            out.push_str(if n_empty > 0 { "\n\n" } else { "\n" });
        }
        n_empty = 0;
        out.push_str(&line.replace('\u{a0}', " "));
    }
    out
}

/// Writes the text and nothing else.
struct Words;

impl TextDecorator for Words {
    type Annotation = ();
    fn decorate_link_start(&mut self, _url: &str) -> (String, ()) {
        Default::default()
    }
    fn decorate_link_end(&mut self) -> String {
        String::new()
    }
    fn decorate_em_start(&self) -> (String, ()) {
        Default::default()
    }
    fn decorate_em_end(&self) -> String {
        String::new()
    }
    fn decorate_strong_start(&self) -> (String, ()) {
        Default::default()
    }
    fn decorate_strong_end(&self) -> String {
        String::new()
    }
    fn decorate_strikeout_start(&self) -> (String, ()) {
        Default::default()
    }
    fn decorate_strikeout_end(&self) -> String {
        String::new()
    }
    fn decorate_code_start(&self) -> (String, ()) {
        Default::default()
    }
    fn decorate_code_end(&self) -> String {
        String::new()
    }
    fn decorate_superscript_start(&self) -> (String, ()) {
        Default::default()
    }
    fn decorate_superscript_end(&self) -> String {
        String::new()
    }
    fn decorate_preformat_first(&self) {}
    fn decorate_preformat_cont(&self) {}
    fn decorate_image(&mut self, _src: &str, _title: &str) -> (String, ()) {
        Default::default()
    }
    fn header_prefix(&self, _level: usize) -> String {
        String::new()
    }
    fn quote_prefix(&self) -> String {
        "> ".to_owned()
    }
    fn unordered_item_prefix(&self) -> String {
        String::new()
    }
    fn ordered_item_prefix(&self, _i: i64) -> String {
        String::new()
    }
    fn make_subblock_decorator(&self) -> Self {
        Self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stay_and_marks_go() {
        for (html, text) in [
            ("<p>Hello <b>there</b></p><p>Bye</p>", "Hello there\n\nBye"),
            ("a &lt; b &amp; c&nbsp;d", "a < b & c d"),
            ("<ul><li>one</li><li>two</li></ul>", "one\ntwo"),
            ("see <a href=\"https://x.example/y\">the page</a>", "see the page"),
            ("<p>Reply</p><blockquote><p>Earlier words</p></blockquote>", "Reply\n\n> Earlier words"),
            ("one<br>two", "one\ntwo"),
            ("<script>alert(1)</script><style>p{}</style>text", "text"),
            ("plain", "plain"),
        ] {
            assert_eq!(to_text(html), text, "{html}");
        }
    }

    #[test]
    fn long_paragraphs_are_not_wrapped() {
        let long = format!("<p>{}</p>", "word ".repeat(1000));
        assert_eq!(to_text(&long).lines().count(), 1);
    }
}
