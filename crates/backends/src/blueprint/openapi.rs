//! The interface as OpenAPI 3.1.
//!
//! In: operations and tables. Out: one YAML document in which every operation has a summary, a description, a security
//! scheme, examples that fit their schemas, and problem details for each refusal; whatever is listed is paged.
//! Invariant: no component is unused, so that what is printed is what is served.
//! Source: OpenAPI 3.1.1; RFC 9457 for problems; draft-ietf-httpapi-idempotency-key-header for the key.

use super::schemas::{Shape, example_of, has_writable, schema_of, uuid};
use super::yaml::{Node, list, map, plain, reference, text};
use std::collections::{BTreeMap, BTreeSet};
use throughline_model::blueprint::{Answer, Blueprint, Body, Operation, Table};

/// The document.
pub(super) fn document(product: &str, title: &str, blueprint: &Blueprint) -> String {
    let mut used = Used::default();
    let base = blueprint.base_path.as_deref().map_or("/api/v1", |base| if base.is_empty() { "/" } else { base });
    let mut paths: BTreeMap<&str, Vec<&Operation>> = BTreeMap::new();
    for operation in &blueprint.operations {
        paths.entry(&operation.path).or_default().push(operation);
    }
    let mut path_nodes = Node::Map(Vec::new());
    for (path, operations) in paths {
        let mut item = Node::Map(Vec::new());
        for operation in operations {
            item = item.with(operation.method.to_lowercase(), call(operation, blueprint, &mut used));
        }
        path_nodes = path_nodes.with(path, item);
    }
    let tags: BTreeSet<&str> = blueprint.operations.iter().map(|operation| operation.tag.as_str()).collect();
    let tags = tags.into_iter().map(|tag| {
        map([("name", text(tag)), ("description", text(format!("What can be done with {}.", tag.to_lowercase())))])
    });
    map([
        ("openapi", text("3.1.0")),
        (
            "info",
            map([
                ("title", text(format!("{product}: {title}"))),
                ("version", text("0.1.0")),
                ("description", text("The operations that this change adds or changes, and no others.")),
                ("contact", map([("name", text(format!("{product} engineering")))])),
                ("license", map([("name", text("Proprietary")), ("identifier", text("LicenseRef-Proprietary"))])),
            ]),
        ),
        ("servers", list([map([("url", text(base)), ("description", text("Beside the application"))])])),
        ("security", list([map([("session", list([]))])])),
        ("tags", list(tags)),
        ("paths", path_nodes),
        ("components", components(blueprint, &used)),
    ])
    .document()
}

/// Components that some operation uses.
#[derive(Default)]
struct Used {
    tables: BTreeSet<String>,
    creates: BTreeSet<String>,
    changes: BTreeSet<String>,
    has_key: bool,
    has_page: bool,
    has_health: bool,
    refusals: BTreeSet<u16>,
}

fn table<'b>(blueprint: &'b Blueprint, name: &str) -> Option<&'b Table> {
    blueprint.tables.iter().find(|table| table.name == name)
}

fn call(operation: &Operation, blueprint: &Blueprint, used: &mut Used) -> Node {
    let mut node = map([
        ("operationId", text(&operation.id)),
        ("tags", list([text(&operation.tag)])),
        ("summary", text(&operation.summary)),
        ("description", text(&operation.description)),
    ]);
    if blueprint.is_delta {
        node = node.with("x-presence", text(operation.presence.words()));
    }
    let parameters = parameters(operation, used);
    if !parameters.is_empty() {
        node = node.with("parameters", list(parameters));
    }
    let table = table(blueprint, &operation.table);
    if let Some(body) = sent(operation, table, blueprint, used) {
        node = node.with("requestBody", body);
    }
    let mut responses = Node::Map(vec![(operation.success.to_string(), answered(operation, table, blueprint, used))]);
    for &code in &operation.refusals {
        used.refusals.insert(code);
        responses = responses.with(code.to_string(), reference("responses", refusal(code).0));
    }
    node.with("responses", responses)
}

fn parameters(operation: &Operation, used: &mut Used) -> Vec<Node> {
    let mut out = Vec::new();
    for part in operation.path.split('/') {
        let Some(name) = part.strip_prefix('{').and_then(|part| part.strip_suffix('}')) else { continue };
        let (schema, example) = match name {
            "n" => (map([("type", text("integer")), ("minimum", plain(1))]), plain(3)),
            "token" | "key" => (map([("type", text("string")), ("maxLength", plain(200))]), text("night-shift")),
            _ => (map([("type", text("string")), ("format", text("uuid"))]), text(uuid(name))),
        };
        out.push(map([
            ("name", text(name)),
            ("in", text("path")),
            ("required", plain(true)),
            ("description", text(format!("Which one: its {}.", if name == "n" { "number" } else { name }))),
            ("schema", schema),
            ("example", example),
        ]));
    }
    for query in &operation.query {
        let kind = if query.is_flag { "boolean" } else { "string" };
        let example = if query.is_flag { plain(&query.example) } else { text(&query.example) };
        out.push(map([
            ("name", text(&query.name)),
            ("in", text("query")),
            ("description", text(format!("Narrows or orders what is answered: {}.", query.name))),
            ("schema", map([("type", text(kind))])),
            ("example", example),
        ]));
    }
    if operation.answer == Answer::Page {
        used.has_page = true;
        out.push(reference("parameters", "Limit"));
        out.push(reference("parameters", "Cursor"));
    }
    if operation.takes_idempotency_key {
        used.has_key = true;
        out.push(reference("parameters", "IdempotencyKey"));
    }
    out
}

fn json(schema: Node, example: Node) -> Node {
    map([("application/json", map([("schema", schema), ("example", example)]))])
}

fn sent(operation: &Operation, table: Option<&Table>, blueprint: &Blueprint, used: &mut Used) -> Option<Node> {
    let (schema, example) = match (operation.body, table) {
        (Body::None, _) => return None,
        (Body::Create, Some(table)) if has_writable(table, blueprint) => {
            used.creates.insert(table.name.clone());
            let example = example_of(table, blueprint, Shape::Create);
            (reference("schemas", &format!("{}Create", table.entity)), example)
        }
        (Body::Change, Some(table)) if has_writable(table, blueprint) => {
            used.changes.insert(table.name.clone());
            let example = example_of(table, blueprint, Shape::Change);
            (reference("schemas", &format!("{}Change", table.entity)), example)
        }
        _ => (
            map([
                ("type", text("object")),
                ("description", text("What the act needs beside its path.")),
                ("properties", map([("comment", map([("type", text("string")), ("maxLength", plain(2000))]))])),
            ]),
            map([("comment", text("As agreed on Friday."))]),
        ),
    };
    let is_needed = operation.body != Body::Act;
    Some(map([("required", plain(is_needed)), ("content", json(schema, example))]))
}

fn answered(operation: &Operation, table: Option<&Table>, blueprint: &Blueprint, used: &mut Used) -> Node {
    let mut node = map([("description", text(success_words(operation)))]);
    let (schema, example) = match (operation.answer, table) {
        (Answer::Nothing, _) => return node,
        (Answer::Page, Some(table)) => {
            used.tables.insert(table.name.clone());
            (
                map([
                    ("type", text("object")),
                    ("required", list([text("items"), text("next_cursor")])),
                    (
                        "properties",
                        map([
                            ("items", map([("type", text("array")), ("items", reference("schemas", &table.entity))])),
                            ("next_cursor", map([("type", list([text("string"), text("null")]))])),
                        ]),
                    ),
                ]),
                map([("items", list([example_of(table, blueprint, Shape::Whole)])), ("next_cursor", plain("null"))]),
            )
        }
        (Answer::One | Answer::Begun, Some(table)) => {
            used.tables.insert(table.name.clone());
            (reference("schemas", &table.entity), example_of(table, blueprint, Shape::Whole))
        }
        _ => {
            used.has_health = true;
            (
                reference("schemas", "ServiceState"),
                map([("state", text("working")), ("since", text("2026-05-04T08:30:00Z"))]),
            )
        }
    };
    if operation.answer == Answer::Begun {
        let location = map([
            ("description", text("Where to ask how far it is.")),
            ("schema", map([("type", text("string")), ("format", text("uri-reference"))])),
        ]);
        node = node.with("headers", map([("Location", location)]));
    }
    node.with("content", json(schema, example))
}

fn success_words(operation: &Operation) -> &'static str {
    match operation.answer {
        Answer::Page => "A page of what was asked for.",
        Answer::Begun => "Accepted; the work goes on.",
        Answer::Nothing => "Done.",
        Answer::One if operation.success == 201 => "Created.",
        Answer::One => "As it is now.",
        Answer::Health => "The state of the service.",
    }
}

/// Name, title and detail of a refusal.
const fn refusal(code: u16) -> (&'static str, &'static str, &'static str) {
    match code {
        400 => ("BadRequest", "The request cannot be read", "The query names a field that does not exist."),
        401 => ("NotSignedIn", "Nobody is signed in", "Sign in and send the request again."),
        402 => {
            ("PlanDoesNotAllow", "The plan does not allow it", "The plan's limit is reached; an admin can raise it.")
        }
        403 => ("NotAllowed", "It is not allowed", "This needs a right that an admin can grant."),
        404 => ("NotFound", "There is no such thing", "It was removed, or the caller may not see it."),
        409 => ("Conflict", "It was changed meanwhile", "Read it again and repeat the change."),
        410 => ("Gone", "It is gone for good", "The time in which it could be used is over."),
        413 => ("TooLarge", "It is too large", "Send less than the stated limit."),
        415 => ("WrongKind", "This kind of content is not taken", "Send one of the kinds that are listed."),
        422 => ("NotValid", "Some values are not valid", "Each value that is not valid is listed."),
        423 => ("Locked", "It is locked", "It is checked or locked; try again later."),
        429 => ("TooMany", "Too many requests", "Wait as long as Retry-After says."),
        _ => ("Unavailable", "The service cannot do it now", "Nothing was lost; try again later."),
    }
}

fn components(blueprint: &Blueprint, used: &Used) -> Node {
    let mut schemas = Node::Map(Vec::new());
    for table in &blueprint.tables {
        if used.tables.contains(&table.name) {
            schemas = schemas.with(&table.entity, schema_of(table, blueprint, Shape::Whole));
        }
        if used.creates.contains(&table.name) {
            schemas = schemas.with(format!("{}Create", table.entity), schema_of(table, blueprint, Shape::Create));
        }
        if used.changes.contains(&table.name) {
            schemas = schemas.with(format!("{}Change", table.entity), schema_of(table, blueprint, Shape::Change));
        }
    }
    if used.has_health {
        schemas = schemas.with("ServiceState", service_state());
    }
    if !used.refusals.is_empty() {
        schemas = schemas.with("Problem", problem());
    }
    let mut responses = Node::Map(Vec::new());
    for &code in &used.refusals {
        let (name, title, detail) = refusal(code);
        let example = map([
            ("type", text(format!("/problems/{}", kebab(name)))),
            ("title", text(title)),
            ("status", plain(code)),
            ("detail", text(detail)),
        ]);
        let content = map([(
            "application/problem+json",
            map([("schema", reference("schemas", "Problem")), ("example", example)]),
        )]);
        responses = responses.with(name, map([("description", text(format!("{title}."))), ("content", content)]));
    }
    let mut out = map([("schemas", schemas), ("responses", responses)]);
    let mut parameters = Node::Map(Vec::new());
    if used.has_page {
        parameters = parameters.with("Limit", parameter("limit", "query", "Most items of a page.", limit(), plain(50)));
        let cursor = map([("type", text("string")), ("maxLength", plain(200))]);
        let said = "Where the page begins: `next_cursor` of the page before.";
        parameters = parameters.with("Cursor", parameter("cursor", "query", said, cursor, text("b2Zmc2V0PTUw")));
    }
    if used.has_key {
        let key = map([("type", text("string")), ("format", text("uuid"))]);
        let said = "Chosen by the caller; the same key acts once, for a day.";
        let node = parameter("Idempotency-Key", "header", said, key, text(uuid("key")));
        parameters = parameters.with("IdempotencyKey", node.with("required", plain(true)));
    }
    if used.has_page || used.has_key {
        out = out.with("parameters", parameters);
    }
    out.with(
        "securitySchemes",
        map([(
            "session",
            map([
                ("type", text("http")),
                ("scheme", text("bearer")),
                ("description", text("The token of a signed-in session; rights are checked for every call.")),
            ]),
        )]),
    )
}

fn parameter(name: &str, place: &str, said: &str, schema: Node, example: Node) -> Node {
    map([
        ("name", text(name)),
        ("in", text(place)),
        ("description", text(said)),
        ("schema", schema),
        ("example", example),
    ])
}

fn limit() -> Node {
    map([("type", text("integer")), ("minimum", plain(1)), ("maximum", plain(200)), ("default", plain(50))])
}

fn service_state() -> Node {
    map([
        ("type", text("object")),
        ("description", text("Whether the service works, and since when.")),
        ("required", list([text("state"), text("since")])),
        (
            "properties",
            map([
                ("state", map([("type", text("string")), ("enum", list(["working", "degraded", "down"].map(text)))])),
                ("since", map([("type", text("string")), ("format", text("date-time"))])),
            ]),
        ),
    ])
}

/// Problem details as in RFC 9457.
fn problem() -> Node {
    let string = || map([("type", text("string"))]);
    map([
        ("type", text("object")),
        ("description", text("Why a call was refused, as in RFC 9457.")),
        ("required", list(["type", "title", "status"].map(text))),
        (
            "properties",
            map([
                ("type", map([("type", text("string")), ("format", text("uri-reference"))])),
                ("title", string()),
                ("status", map([("type", text("integer")), ("minimum", plain(400)), ("maximum", plain(599))])),
                ("detail", string()),
            ]),
        ),
    ])
}

fn kebab(name: &str) -> String {
    let mut out = String::new();
    for (i, c) in name.chars().enumerate() {
        if c.is_uppercase() && i > 0 {
            out.push('-');
        }
        out.extend(c.to_lowercase());
    }
    out
}
