//! Readers of the settings that only a hall or a device has: level, zone, languages, addresses, ports.

use std::net::SocketAddr;
use std::ops::RangeInclusive;

use hall::Language;
use hall::routing::{Cap, Margin, Profile};
use jiff::tz::{TimeZone, TimeZoneDatabase};

use crate::level::Level;
use crate::model::PUBLIC_URL_MAX;
use crate::reader::Node;
use crate::suggest;
use crate::values::{minutes, text, word};

/// A hall's level, as text or number.
pub(crate) fn level(node: Node<'_>) -> Option<Level> {
    let written = match (node.raw().as_str(), node.raw().as_integer()) {
        (Some(word), _) => word.to_owned(),
        (None, Some(number)) => number.to_string(),
        (None, None) => return node.not_a("a level", "write \"1\", \"2\", \"county\", \"3\", \"4\" or \"partner\""),
    };
    match Level::WORDS.iter().find(|(word, _)| *word == written) {
        Some((_, level)) => Some(*level),
        None => {
            let allowed = Level::WORDS.map(|(word, _)| word);
            let mend = format!("allowed: {}", suggest::quoted(&allowed));
            node.wrong(format!("unknown value {written:?} for {}", node.name), mend)
        }
    }
}

/// A time zone and its canonical name.
pub(crate) fn zone(node: Node<'_>) -> Option<(String, TimeZone)> {
    let (at, report) = (node.span(), node.report);
    let written = text(node)?;
    let zones = TimeZoneDatabase::bundled();
    match zones.get(&written) {
        Ok(zone) => Some((zone.iana_name().unwrap_or(&written).to_owned(), zone)),
        Err(_) => {
            let known: Vec<String> = zones.available().map(|name| name.to_string()).collect();
            let mend = match suggest::nearest(&written, known.iter().map(String::as_str)) {
                Some(near) => format!("did you mean {near:?}?"),
                None => "write an IANA name such as \"Asia/Shanghai\" or \"Asia/Urumqi\"".to_owned(),
            };
            report.error(at, format!("unknown time zone {written:?}"), mend);
            None
        }
    }
}

/// Languages, each once.
pub(crate) fn languages(node: Node<'_>) -> Option<Vec<Language>> {
    let (name, at, report) = (node.name.clone(), node.span(), node.report);
    let read = node.list(word(&[("zh", Language::Zh), ("en", Language::En)]))?;
    let mut languages: Vec<Language> = Vec::new();
    for language in &read {
        if languages.contains(language.get_ref()) {
            report.error(language.span(), format!("{name} names a language twice"), "leave the second out");
        }
        languages.push(*language.get_ref());
    }
    if languages.is_empty() {
        report.error(at, format!("{name} is an empty list"), "write [\"zh\", \"en\"]");
    }
    Some(languages)
}

/// Address and port.
pub(crate) fn listen(node: Node<'_>) -> Option<SocketAddr> {
    let (name, at, report) = (node.name.clone(), node.span(), node.report);
    let written = text(node)?;
    let address = written.parse().ok();
    if address.is_none() {
        report.error(at, format!("{name} is {written:?}"), "write address and port: \"0.0.0.0:8080\"");
    }
    address
}

/// What a ticket's QR begins with.
pub(crate) fn public_url(node: Node<'_>) -> Option<String> {
    let (at, report) = (node.span(), node.report);
    let url = text(node)?;
    let host = url.strip_prefix("http://").or_else(|| url.strip_prefix("https://"));
    let good = |host: &str| {
        !host.is_empty() && !host.starts_with(['/', ':']) && host.bytes().all(|byte| byte.is_ascii_graphic())
    };
    if !host.is_some_and(good) || url.ends_with('/') || url.contains(['?', '#', '"', '\\']) {
        let mend = "write it like \"http://192.168.1.10:8080\", without a slash, ? or # at its end";
        report.error(at, format!("public_url is {url:?}"), mend);
        return None;
    }
    if url.len() > PUBLIC_URL_MAX {
        let message = format!("public_url has {} bytes: a ticket's QR would not fit its 42 bytes", url.len());
        report.error(at, message, format!("use an address of at most {PUBLIC_URL_MAX} bytes"));
        return None;
    }
    Some(url)
}

/// `virtual` or an absolute path.
pub(crate) fn port(node: Node<'_>) -> Option<String> {
    let (name, at, report) = (node.name.clone(), node.span(), node.report);
    let port = text(node)?;
    if port != "virtual" && !port.starts_with('/') {
        let mend = "write \"virtual\", or a path such as \"/dev/serial/by-path/…\"";
        report.error(at, format!("{name} is {port:?}"), mend);
        return None;
    }
    Some(port)
}

/// A routing profile by name.
pub(crate) fn profile(node: Node<'_>) -> Option<Profile> {
    let Some(written) = node.raw().as_str() else {
        return node.not_a("a word", "write a profile in quotes, such as \"guard+rescue\"");
    };
    let names: Vec<String> = Profile::names().collect();
    let allowed: Vec<&str> = names.iter().map(String::as_str).collect();
    let mend = || suggest::mend(written, &allowed);
    written.parse().ok().or_else(|| node.wrong(format!("unknown value {written:?} for {}", node.name), mend()))
}

/// The margin of rescue: minutes left, or `"always"`.
pub(crate) fn rescue(node: Node<'_>) -> Option<Margin> {
    match node.raw().as_str() {
        Some("always") => Some(Margin::Always),
        Some(_) => node.not_a("minutes", "write minutes from 0 to 240, or \"always\""),
        None => minutes(0..=240)(node).map(|seconds| Margin::Within(i64::from(seconds) * 1000)),
    }
}

/// The hard cap: how many times the limit, or `"none"`.
pub(crate) fn cap(node: Node<'_>) -> Option<Cap> {
    if node.raw().as_str() == Some("none") {
        return Some(Cap::Off);
    }
    let mend = "write how many times the limit somebody may wait, from 1 to 10, or \"none\"";
    number(node, 1.0..=10.0, mend).map(Cap::Times)
}

/// The price of a diversion: misses it must save.
pub(crate) fn price(node: Node<'_>) -> Option<f64> {
    number(node, 0.0..=10.0, "write how many misses a diversion must save, from 0 to 10")
}

/// A number with or without a point.
fn number(node: Node<'_>, range: RangeInclusive<f64>, mend: &str) -> Option<f64> {
    let written = match (node.raw().as_integer(), node.raw().as_float()) {
        (Some(integer), _) => integer.as_str(),
        (None, Some(float)) => float.as_str(),
        (None, None) => return node.not_a("a number", mend),
    };
    match written.parse() {
        Ok(number) if range.contains(&number) => Some(number),
        Ok(_) | Err(_) => {
            node.wrong(format!("{} is {written}, outside {} to {}", node.name, range.start(), range.end()), mend)
        }
    }
}
