//! The compiler's Markdown as a page: what is read here is what lies in the file, by one way of printing.
//!
//! In: a document of ours. Out: HTML with text escaped; HTML within the document is shown as text. References in brackets
//! lead to the words they stand for.
//! Invariant: nothing of a document becomes markup but what Markdown makes of it, and no address but ours becomes a link.

use maud::{Markup, PreEscaped, html};
use pulldown_cmark::{BrokenLink, CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd};

/// A document as HTML. `cited` is the page on which evidence is numbered, for instance `/insights/ID/spec`.
#[must_use]
pub fn markdown(text: &str, cited: &str) -> Markup {
    let reference = |link: BrokenLink<'_>| {
        let first = link.reference.split(',').next().unwrap_or_default().trim();
        let anchor = match first {
            "all" => "evidence".to_owned(),
            number if number.bytes().all(|b| b.is_ascii_digit()) && !number.is_empty() => format!("e{number}"),
            _ => return None,
        };
        Some((CowStr::from(format!("{cited}#{anchor}")), CowStr::from("cite")))
    };
    let events = Parser::new_with_broken_link_callback(text, Options::ENABLE_TABLES, Some(reference));
    let mut printer = Printer::default();
    events.for_each(|event| printer.event(&event));
    PreEscaped(printer.out)
}

#[derive(Default)]
struct Printer {
    out: String,
    /// Headers of the table that is printed, and the cell that comes next.
    heads: Vec<String>,
    cell: usize,
    is_in_head: bool,
    /// Of the links and pictures that are open: whether each became a link.
    linked: Vec<bool>,
}

impl Printer {
    fn text(&mut self, text: &str) {
        if self.is_in_head
            && let Some(head) = self.heads.last_mut()
        {
            head.push_str(text);
        }
        self.out.push_str(&html! { (text) }.into_string());
    }

    fn event(&mut self, event: &Event<'_>) {
        match event {
            Event::Start(tag) => self.open(tag),
            Event::End(tag) => self.close(*tag),
            Event::Text(text) | Event::Html(text) | Event::InlineHtml(text) => self.text(text),
            Event::Code(text) => self.out.push_str(&html! { code { (text) } }.into_string()),
            Event::SoftBreak => self.out.push('\n'),
            Event::HardBreak => self.out.push_str("<br>"),
            Event::Rule => self.out.push_str("<hr>"),
            // Not asked for in the options.
            Event::InlineMath(_) | Event::DisplayMath(_) | Event::FootnoteReference(_) | Event::TaskListMarker(_) => {}
        }
    }

    fn open(&mut self, tag: &Tag<'_>) {
        let plain = match tag {
            Tag::Paragraph => "<p>",
            Tag::Heading { level, .. } => opening(*level),
            Tag::BlockQuote(_) => "<blockquote class=\"quote\">",
            Tag::CodeBlock(_) => "<pre><code>",
            Tag::List(None) => "<ul>",
            Tag::List(Some(_)) => "<ol>",
            Tag::Item => "<li>",
            Tag::Emphasis => "<em>",
            Tag::Strong => "<strong>",
            Tag::Table(_) => {
                self.heads.clear();
                "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Table\"><table class=\"fold\">"
            }
            Tag::TableHead => {
                self.is_in_head = true;
                "<thead><tr>"
            }
            Tag::TableRow => {
                self.cell = 0;
                "<tr>"
            }
            Tag::TableCell if self.is_in_head => {
                self.heads.push(String::new());
                "<th scope=\"col\">"
            }
            Tag::TableCell => {
                let head = self.heads.get(self.cell).map_or("", String::as_str);
                self.out.push_str("<td data-label=\"");
                self.out.push_str(&html! { (head) }.into_string());
                self.cell += 1;
                "\">"
            }
            Tag::Link { dest_url, title, .. } if is_ours(dest_url) => {
                self.linked.push(true);
                let class = if title.as_ref() == "cite" { "<a class=\"cite\" href=\"" } else { "<a href=\"" };
                self.out.push_str(class);
                self.out.push_str(&html! { (dest_url) }.into_string());
                "\">"
            }
            Tag::Link { .. } | Tag::Image { .. } => {
                self.linked.push(false);
                "<span>"
            }
            _ => "<span>",
        };
        self.out.push_str(plain);
    }

    fn close(&mut self, tag: TagEnd) {
        let plain = match tag {
            TagEnd::Paragraph => "</p>",
            TagEnd::Heading(level) => closing(level),
            TagEnd::BlockQuote(_) => "</blockquote>",
            TagEnd::CodeBlock => "</code></pre>",
            TagEnd::List(false) => "</ul>",
            TagEnd::List(true) => "</ol>",
            TagEnd::Item => "</li>",
            TagEnd::Emphasis => "</em>",
            TagEnd::Strong => "</strong>",
            TagEnd::Table => "</tbody></table></div>",
            TagEnd::TableHead => {
                self.is_in_head = false;
                "</tr></thead><tbody>"
            }
            TagEnd::TableRow => "</tr>",
            TagEnd::TableCell if self.is_in_head => "</th>",
            TagEnd::TableCell => "</td>",
            TagEnd::Link | TagEnd::Image if self.linked.pop() == Some(true) => "</a>",
            _ => "</span>",
        };
        self.out.push_str(plain);
    }
}

/// Whether an address stays within these pages.
fn is_ours(address: &str) -> bool {
    address.starts_with('#') || crate::guard::stays_here(address)
}

const fn opening(level: HeadingLevel) -> &'static str {
    match level {
        HeadingLevel::H1 => "<h1>",
        HeadingLevel::H2 => "<h2>",
        HeadingLevel::H3 => "<h3>",
        _ => "<h4>",
    }
}

const fn closing(level: HeadingLevel) -> &'static str {
    match level {
        HeadingLevel::H1 => "</h1>",
        HeadingLevel::H2 => "</h2>",
        HeadingLevel::H3 => "</h3>",
        _ => "</h4>",
    }
}

#[cfg(test)]
mod tests {
    use super::markdown;

    fn of(text: &str) -> String {
        markdown(text, "/insights/i1/spec").into_string().replace('\n', " ")
    }

    #[test]
    fn references_lead_to_the_words_they_stand_for() {
        assert_eq!(
            of("**Problem.** Nobody can [1, 3] *(default)*"),
            "<p><strong>Problem.</strong> Nobody can <a class=\"cite\" href=\"/insights/i1/spec#e1\">1, 3</a> <em>(default)</em></p>"
        );
        assert!(of("Nine say so [all]").contains("href=\"/insights/i1/spec#evidence\""));
        assert_eq!(of("Some \\[note\\] and [accounts]"), "<p>Some [note] and [accounts]</p>");
    }

    #[test]
    fn nothing_but_markdown_becomes_markup() {
        for hostile in [
            "<script>alert(1)</script>",
            "a <img src=x onerror=alert(1)> b",
            "[x](javascript:alert(1))",
            "[x](//evil.example)",
            "![x](http://evil.example/a.png)",
        ] {
            let found = of(hostile);
            assert!(!found.contains("<script") && !found.contains("<img") && !found.contains("href"), "{found}");
        }
    }

    #[test]
    fn cells_say_what_they_are() {
        assert_eq!(
            of("| a | b |\n|---|---|\n| 1 | `2` |\n"),
            "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Table\"><table class=\"fold\"><thead><tr><th scope=\"col\">a</th><th scope=\"col\">b</th></tr></thead><tbody><tr><td data-label=\"a\">1</td><td data-label=\"b\"><code>2</code></td></tr></tbody></table></div>"
        );
    }
}
