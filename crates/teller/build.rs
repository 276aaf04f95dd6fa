//! Compiles the pages, with the shared look and the English messages.

use std::collections::HashMap;
use std::path::Path;

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
}
