//! Compiles the library's own test sheet, so that a mistake in a shared widget is found here and not in an application.

use std::collections::HashMap;
use std::path::Path;

fn main() {
    let library = Path::new(env!("CARGO_MANIFEST_DIR")).join("ui");
    let config =
        slint_build::CompilerConfiguration::new().with_library_paths(HashMap::from([("look".to_owned(), library)]));
    if let Err(error) = slint_build::compile_with_config("ui/preview/sheet.slint", config) {
        panic!("compiling ui/preview/sheet.slint: {error}");
    }
}
