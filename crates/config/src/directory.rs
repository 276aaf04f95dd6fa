//! `[directory]`: whom to ask over the network who a customer is.

use toml::Spanned;

use crate::model::Directory;
use crate::reader::{Node, Table};
use crate::values::{text, whole};

/// Reads the section; a hall without one asks nobody.
pub(crate) fn directory(table: Option<Table<'_>>) -> Directory {
    let mut directory = Directory { url: None, timeout_ms: 800, cache_min: 10, token_file: None };
    let Some(mut table) = table else { return directory };
    directory.url = table.optional("url", url).map(Spanned::into_inner);
    // A kiosk waits two seconds for an answer, and the number itself needs its part of them.
    if let Some(timeout_ms) = table.optional("timeout_ms", whole(50..=900, " of milliseconds")) {
        directory.timeout_ms = timeout_ms.into_inner();
    }
    if let Some(cache_min) = table.optional("cache_min", whole(0..=1440, " of minutes")) {
        directory.cache_min = cache_min.into_inner();
    }
    directory.token_file = table.optional("token_file", text).map(Spanned::into_inner);
    table.finish();
    directory
}

/// Longest address, in bytes.
const MAX_URL: usize = 80;

/// An address that is asked as it stands.
fn url(node: Node<'_>) -> Option<String> {
    let (at, report) = (node.span(), node.report);
    let url = text(node)?;
    if url.starts_with("https://") {
        let mend = "use an http address within the hall's own network; what lies beyond it needs a relay there";
        report.error(at, format!("url of [directory] is {url:?}, and https is not spoken"), mend);
        return None;
    }
    let host = url.strip_prefix("http://").and_then(|rest| rest.split('/').next()).unwrap_or_default();
    let good = !host.is_empty()
        && !host.starts_with(':')
        && !host.contains('@')
        && url.len() <= MAX_URL
        && url.bytes().all(|byte| byte.is_ascii_graphic())
        && !url.contains(['?', '#', '"', '\\']);
    if !good {
        let mend = "write it like \"http://192.168.1.20:8090/tier\", without ?, # or a name and password";
        report.error(at, format!("url of [directory] is {url:?}"), mend);
        return None;
    }
    Some(url)
}
