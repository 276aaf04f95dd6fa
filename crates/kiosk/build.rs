//! Compiles the pages, with the shared look and the messages of every language that has a file.

use std::collections::HashMap;
use std::fmt::Write;
use std::path::Path;
use std::{env, fs};

fn main() {
    let look = Path::new(env!("CARGO_MANIFEST_DIR")).join("../look/ui");
    let config = slint_build::CompilerConfiguration::new()
        .with_library_paths(HashMap::from([("look".to_owned(), look)]))
        .with_bundled_translations("lang")
        .with_default_translation_context(slint_build::DefaultTranslationContext::None)
        // The tests find controls by their accessible label, in every profile.
        .with_debug_info(true);
    println!("cargo::rerun-if-changed=lang");
    if let Err(error) = slint_build::compile_with_config("ui/main.slint", config) {
        panic!("compiling ui/main.slint: {error}");
    }
    list_languages();
}

/// Writes down which languages there are, by the folders of `lang`, and what each calls itself, by the header of its file.
fn list_languages() {
    let mut found: Vec<(String, String)> = Vec::new();
    for entry in fs::read_dir("lang").expect("the folder lang") {
        let tag = entry.expect("an entry of lang").file_name().into_string().expect("a tag of a language");
        let file = Path::new("lang").join(&tag).join("LC_MESSAGES/kiosk.po");
        let text = fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let name = text.lines().find_map(|line| line.strip_prefix("\"X-Language-Name: ")?.strip_suffix("\\n\""));
        let name = name.unwrap_or_else(|| panic!("{}: the header lacks X-Language-Name", file.display()));
        found.push((tag, name.to_owned()));
    }
    found.sort();
    let mut rows = String::new();
    for (tag, name) in &found {
        write!(rows, "({tag:?}, {name:?}), ").expect("a string takes everything");
    }
    let out = Path::new(&env::var_os("OUT_DIR").expect("cargo names OUT_DIR")).join("languages.rs");
    fs::write(out, format!("[{rows}]\n")).expect("OUT_DIR takes a file");
}
