//! Chinese first, English complete.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// The message ids of every `@tr` of the pages, plural forms included.
fn messages() -> BTreeSet<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("ui");
    let mut found = BTreeSet::new();
    for entry in fs::read_dir(folder).expect("the pages") {
        let path = entry.expect("an entry").path();
        if path.extension().is_some_and(|kind| kind == "slint") {
            let text = fs::read_to_string(&path).expect("a page");
            found.extend(text.split("@tr(\"").skip(1).filter_map(|rest| rest.split('"').next()).map(str::to_owned));
        }
    }
    found
}

/// Message ids with an English text that is not empty.
fn translated() -> BTreeSet<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("lang/en/LC_MESSAGES/kiosk.po");
    let text = fs::read_to_string(path).expect("the English messages");
    let mut found = BTreeSet::new();
    for entry in text.split("\n\n") {
        let quoted = |line: &str| line.split_once('"').map(|(_, rest)| rest.trim_end_matches('"').to_owned());
        let id = entry.lines().find(|line| line.starts_with("msgid ")).and_then(quoted);
        let words: Vec<String> = entry.lines().filter(|line| line.starts_with("msgstr")).filter_map(quoted).collect();
        if let Some(id) = id.filter(|_| !words.is_empty() && words.iter().all(|word| !word.is_empty())) {
            found.insert(id);
        }
    }
    found
}

#[test]
fn every_sentence_of_the_pages_has_an_english_one_and_no_english_one_is_left_over() {
    let (said, translated) = (messages(), translated());
    assert!(said.len() > 50, "{} messages", said.len());
    assert_eq!(said.difference(&translated).collect::<Vec<_>>(), Vec::<&String>::new(), "not in English");
    assert_eq!(translated.difference(&said).collect::<Vec<_>>(), Vec::<&String>::new(), "said nowhere");
}

#[test]
fn every_character_of_the_pages_is_in_the_bundled_font() {
    for message in messages() {
        let drawn = message.replace("\\n", "");
        assert_eq!(look::fonts::drawable(&drawn), drawn);
    }
}
