//! A line with several devices on it, which a journey plugs in itself.

use std::path::Path;

use device_sim::{Font, LineOptions};
use tempfile::TempDir;

/// A place where simulated devices share a line. It outlives a hall whose configuration names it.
pub struct Wires {
    home: TempDir,
}

impl Wires {
    /// Wires with nothing on them.
    pub fn laid() -> Self {
        Self { home: tempfile::tempdir().expect("a temporary directory") }
    }

    /// Where devices are plugged in.
    pub fn line(&self) -> LineOptions {
        LineOptions::new(self.home.path(), "line")
    }

    /// The port that a configuration names.
    pub fn port(&self) -> String {
        self.home.path().join("line").display().to_string()
    }
}

/// The letters of simulated displays and printers.
pub fn lettering() -> Font {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../assets/fonts/NotoSansSC-Regular.ttf");
    Font::from_bytes(std::fs::read(path).expect("the bundled font")).expect("a font")
}
