//! Just enough YAML to print: maps in their own order, lists, and scalars quoted whenever they could be read otherwise.

/// A value of a YAML document.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Node {
    /// Words.
    Text(String),
    /// A number, `true`, `false` or `null`, as it is written.
    Plain(String),
    /// In order.
    List(Vec<Node>),
    /// In order.
    Map(Vec<(String, Node)>),
}

/// Words.
pub(super) fn text(words: impl Into<String>) -> Node {
    Node::Text(words.into())
}

/// A number or a truth value.
#[expect(clippy::needless_pass_by_value, reason = "callers hand over literals")]
pub(super) fn plain(value: impl ToString) -> Node {
    Node::Plain(value.to_string())
}

/// A list.
pub(super) fn list(items: impl IntoIterator<Item = Node>) -> Node {
    Node::List(items.into_iter().collect())
}

/// A map of fixed keys.
pub(super) fn map<const N: usize>(entries: [(&str, Node); N]) -> Node {
    Node::Map(entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
}

/// A reference to a component.
pub(super) fn reference(kind: &str, name: &str) -> Node {
    map([("$ref", text(format!("#/components/{kind}/{name}")))])
}

impl Node {
    /// Adds an entry to a map.
    pub(super) fn with(mut self, key: impl Into<String>, value: Node) -> Self {
        if let Self::Map(entries) = &mut self {
            entries.push((key.into(), value));
        }
        self
    }

    /// The document.
    pub(super) fn document(&self) -> String {
        let mut out = String::new();
        self.print(0, &mut out);
        out
    }

    fn print(&self, depth: usize, out: &mut String) {
        let indent = "  ".repeat(depth);
        match self {
            Self::Map(entries) => {
                for (key, value) in entries {
                    out.push_str(&format!("{indent}{}:", scalar(key)));
                    value.after_key(depth, out);
                }
            }
            Self::List(items) => {
                for item in items {
                    let mut inner = String::new();
                    item.print(depth + 1, &mut inner);
                    let inner = inner.trim_start();
                    out.push_str(&format!("{indent}- {inner}"));
                }
            }
            Self::Text(_) | Self::Plain(_) => out.push_str(&format!("{indent}{}\n", self.flat())),
        }
    }

    fn after_key(&self, depth: usize, out: &mut String) {
        match self {
            Self::Map(entries) if !entries.is_empty() => {
                out.push('\n');
                self.print(depth + 1, out);
            }
            Self::List(items) if !items.is_empty() => {
                out.push('\n');
                self.print(depth + 1, out);
            }
            _ => out.push_str(&format!(" {}\n", self.flat())),
        }
    }

    fn flat(&self) -> String {
        match self {
            Self::Text(words) => scalar(words),
            Self::Plain(value) => value.clone(),
            Self::List(_) => "[]".to_owned(),
            Self::Map(_) => "{}".to_owned(),
        }
    }
}

/// Words as a scalar: bare when they can be read as nothing else.
fn scalar(words: &str) -> String {
    let is_bare = words.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/')
        && words.chars().all(|c| c.is_ascii_alphanumeric() || " _-./(){}+".contains(c))
        && !words.ends_with(' ')
        && !["true", "false", "null", "yes", "no", "on", "off", "y", "n"].contains(&words.to_lowercase().as_str());
    if is_bare { words.to_owned() } else { serde_json::Value::from(words).to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_be_read_otherwise_is_quoted() {
        let node = map([
            ("a", text("plain words")),
            ("on", text("no")),
            ("b", list([text("x: y"), map([("k", plain(3)), ("l", list([]))])])),
        ]);
        assert_eq!(node.document(), "a: plain words\n\"on\": \"no\"\nb:\n  - \"x: y\"\n  - k: 3\n    l: []\n");
    }
}
