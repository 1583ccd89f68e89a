//! Style and script, inside the program: packed once, named by content, so that a browser asks for each once.

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use std::io::Write;
use std::sync::LazyLock;

/// One file with its name.
pub struct Asset {
    /// `/assets/app.HASH.css`.
    pub path: String,
    kind: &'static str,
    plain: Vec<u8>,
    packed: Vec<u8>,
}

const CSS: [&str; 2] = [include_str!("../../backends/runtime/page.css"), include_str!("../assets/app.css")];
const JS: [&str; 2] = [include_str!("../../backends/runtime/page.js"), include_str!("../assets/app.js")];
const ICON: &str = r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#1b1d1f"/><path d="M5 16h22" stroke="#ff9277" stroke-width="4" stroke-linecap="round"/></svg>"##;

/// All styles.
pub static STYLE: LazyLock<Asset> = LazyLock::new(|| asset("app", "css", "text/css; charset=utf-8", &CSS.join("\n")));
/// All scripts.
pub static SCRIPT: LazyLock<Asset> =
    LazyLock::new(|| asset("app", "js", "text/javascript; charset=utf-8", &JS.map(enclosed).join("\n")));
/// The icon.
pub static MARK: LazyLock<Asset> = LazyLock::new(|| asset("icon", "svg", "image/svg+xml", ICON));

/// A script whose names are its own.
fn enclosed(script: &str) -> String {
    format!("(() => {{\n{script}\n}})();")
}

fn asset(name: &str, ending: &str, kind: &'static str, text: &str) -> Asset {
    let hash = throughline_model::id::hash_parts("asset", &[text.as_bytes()]);
    Asset {
        path: format!("/assets/{name}.{hash:016x}.{ending}"),
        kind,
        plain: text.as_bytes().to_vec(),
        packed: packed(text.as_bytes()),
    }
}

/// Bytes as gzip; empty when they cannot be packed.
#[must_use]
pub fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::new(5));
    packer.write_all(bytes).and_then(|()| packer.finish()).unwrap_or_default()
}

/// Whether whoever asks can unpack.
#[must_use]
pub fn unpacks(headers: &HeaderMap) -> bool {
    let accepts = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    accepts.split(',').any(|one| one.trim().starts_with("gzip"))
}

/// The asset of this name.
pub fn serve(name: &str, headers: &HeaderMap) -> Response {
    let path = format!("/assets/{name}");
    let Some(asset) = [&*STYLE, &*SCRIPT, &*MARK].into_iter().find(|asset| asset.path == path) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let is_packed = unpacks(headers) && !asset.packed.is_empty();
    let mut response = (if is_packed { asset.packed.clone() } else { asset.plain.clone() }).into_response();
    let out = response.headers_mut();
    out.insert(header::CONTENT_TYPE, HeaderValue::from_static(asset.kind));
    out.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
    if is_packed {
        out.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    response
}
