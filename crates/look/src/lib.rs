//! The shared Slint look: theme, type, icons, widgets, fonts; and what the kiosk, teller and screen windows share in Rust.
//!
//! # Using it from an application
//!
//! `build.rs`:
//!
//! ```text
//! use std::{collections::HashMap, path::Path};
//!
//! let look = Path::new(env!("CARGO_MANIFEST_DIR")).join("../look/ui");
//! let config = slint_build::CompilerConfiguration::new()
//!     .with_library_paths(HashMap::from([("look".to_owned(), look)]))
//!     .with_bundled_translations("lang")
//!     .with_default_translation_context(slint_build::DefaultTranslationContext::None);
//! slint_build::compile_with_config("ui/main.slint", config).expect("compiling ui/main.slint");
//! ```
//!
//! `ui/main.slint` (the window inherits `Stage`, which fits a page of `design-width` × `design-height` design pixels into a window
//! of any size; every length is a number times `Look.u`):
//!
//! ```text
//! import { Stage, Look, Header, PrimaryButton } from "@look/look.slint";
//! export { Look }          // so that Rust reaches `ui.global::<Look>().set_large_text(true)`
//! export component Main inherits Stage {
//!     design-width: 1920;
//!     design-height: 1080;
//!     Header { title: @tr("叫号大厅"); time: "09:41"; }
//! }
//! ```
//!
//! Chinese is the message id of every `@tr`; English stands in `lang/en/LC_MESSAGES/<crate>.po`. The widgets take their words from
//! the application and translate nothing themselves.
//!
//! In Rust, [`run_windowed`] opens the window, and [`headless::picture`] draws the same component without any display. Both
//! register the bundled font; a test that sets its own platform calls [`fonts::register`] after it.

pub mod fonts;
pub mod headless;
mod language;
mod window;

pub use language::{Language, UnbundledLanguage};
pub use window::{WindowError, WindowSize, run_windowed};
