//! The description of the interface, OpenAPI 3.1, made from the list that is called.

use super::{Act, Input, OPERATIONS, PREFIX, Shape};
use axum::http::Method;
use serde_json::{Map, Value, json};

/// The whole description.
#[must_use]
pub fn document() -> Value {
    let mut paths: Map<String, Value> = Map::new();
    for operation in OPERATIONS {
        let mut parameters: Vec<Value> = Vec::new();
        if operation.path.contains("{id}") {
            parameters.push(json!({ "name": "id", "in": "path", "required": true, "description": "Id, or for an insight its rank.", "schema": { "type": "string", "minLength": 1 } }));
        }
        parameters.extend(operation.query.iter().map(|input| json!({
            "name": input.name, "in": "query", "required": input.is_required, "description": input.about, "schema": shape(input),
        })));
        // A file that comes again takes the place of the first, so that no key is needed.
        if operation.method == Method::POST && !matches!(operation.act, Act::Files(_)) {
            parameters.push(json!({ "name": "Idempotency-Key", "in": "header", "required": false, "description": "The same key with the same request is done once.", "schema": { "type": "string", "maxLength": 200, "pattern": "^[!-~]+$" } }));
        }
        let done = match operation.act {
            Act::Folder(_) => {
                json!({ "description": "The folder.", "content": { "application/zip": { "schema": { "type": "string", "contentMediaType": "application/zip" } } } })
            }
            Act::Json(_) | Act::Files(_) => {
                json!({ "description": "Done.", "headers": { "ETag": { "description": "Mark of the answer, for If-None-Match.", "schema": { "type": "string" } } }, "content": { "application/json": { "schema": (operation.answer)() } } })
            }
        };
        let mut responses = json!({
            operation.status.to_string(): done,
            "default": { "description": "A problem.", "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } } },
        });
        for (status, about) in [
            (400, "The request cannot be understood."),
            (403, "Another site asked."),
            (404, "Nothing has that id."),
            (409, "Not now: a run goes on, or nothing has been run yet."),
            (413, "A file is too large."),
            (415, "The body is no JSON, or no form where files are sent."),
            (421, "Another host was named."),
            (422, "The key came with another request."),
            (507, "The disk is full."),
        ] {
            responses[status.to_string()] = json!({ "description": about, "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } } });
        }
        let mut described = json!({ "operationId": operation.name, "summary": operation.about, "parameters": parameters, "responses": responses });
        if !operation.body.is_empty() {
            let properties: Map<String, Value> =
                operation.body.iter().map(|input| (input.name.to_owned(), field(input))).collect();
            let required: Vec<&str> =
                operation.body.iter().filter(|input| input.is_required).map(|input| input.name).collect();
            described["requestBody"] = json!({ "required": true, "content": { "application/json": { "schema": { "type": "object", "properties": properties, "required": required, "additionalProperties": false } } } });
        }
        if matches!(operation.act, Act::Files(_)) {
            let files = json!({ "type": "array", "minItems": 1, "items": { "type": "string", "format": "binary", "contentMediaType": "application/octet-stream" }, "description": "Exports, at most 500 MB each." });
            described["requestBody"] = json!({ "required": true, "content": { "multipart/form-data": { "schema": { "type": "object", "properties": { "files": files }, "required": ["files"] } } } });
        }
        let path = paths.entry(operation.path.to_owned()).or_insert_with(|| json!({}));
        path[operation.method.as_str().to_lowercase()] = described;
    }
    json!({
        "openapi": "3.1.0",
        "info": { "title": "Throughline", "version": env!("CARGO_PKG_VERSION"), "description": "From customers' words to specifications: insights, scores, plan, specifications and traces of one workspace, on this machine." },
        "servers": [{ "url": PREFIX }],
        "paths": paths,
        "components": { "schemas": { "Problem": {
            "type": "object", "required": ["type", "status", "title", "detail"],
            "properties": { "type": { "type": "string" }, "status": { "type": "integer" }, "title": { "type": "string" }, "detail": { "type": "string" } },
        } } },
    })
}

fn field(input: &Input) -> Value {
    let mut schema = shape(input);
    schema["description"] = input.about.into();
    schema
}

fn shape(input: &Input) -> Value {
    match input.shape {
        // A text that must be there says something.
        Shape::Text if input.is_required => {
            json!({ "type": "string", "minLength": 1, "maxLength": super::MAX_CHARS, "pattern": "\\S" })
        }
        Shape::Text => json!({ "type": "string", "maxLength": super::MAX_CHARS }),
        Shape::Whole(from, to) => json!({ "type": "integer", "minimum": from, "maximum": to }),
        Shape::Number(from, to) => json!({ "type": "number", "minimum": from, "maximum": to }),
        Shape::OneOf(words) => json!({ "type": "string", "enum": words }),
        Shape::Named => {
            json!({ "type": "object", "additionalProperties": { "type": "string", "maxLength": super::MAX_CHARS } })
        }
        Shape::Texts => {
            json!({ "type": "array", "minItems": 1, "maxItems": super::MAX_CHARS, "items": { "type": "string", "minLength": 1, "maxLength": super::MAX_CHARS } })
        }
    }
}
