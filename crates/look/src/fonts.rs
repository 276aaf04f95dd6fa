//! The bundled Chinese font, held once in the binary whichever windows it opens.

use slint::fontique_011::{fontique, shared_collection};
use std::sync::Arc;

/// The family name inside the bundled files, and the `default-font-family` of every window.
///
/// It is our own, so that a Noto Sans SC of another version installed on the machine is never picked instead.
pub const FAMILY: &str = "Jiaohao Sans SC";

/// Weight 400, a TrueType file of about 2.6 MB.
pub const REGULAR: &[u8] = include_bytes!("../../../assets/fonts/NotoSansSC-Regular.ttf");

/// Weight 700, a TrueType file of about 2.6 MB.
pub const BOLD: &[u8] = include_bytes!("../../../assets/fonts/NotoSansSC-Bold.ttf");

/// The bundled font could not be registered.
#[derive(Debug, thiserror::Error)]
#[error("the bundled font {FAMILY} was not accepted by the renderer")]
pub struct FontError;

/// Makes the bundled font known to the Slint platform of this thread, and the fallback of every text that names no family.
///
/// Call it after the platform was set and before the first window is shown; calling it again is harmless.
///
/// # Errors
/// [`FontError`] when the files in the binary hold no font, which a test of this crate excludes.
pub fn register() -> Result<(), FontError> {
    let mut collection = shared_collection();
    if collection.family_id(FAMILY).is_none() {
        for file in [REGULAR, BOLD] {
            collection.register_fonts(fontique::Blob::new(Arc::new(file)), None);
        }
    }
    let family = collection.family_id(FAMILY).ok_or(FontError)?;
    for generic in
        [fontique::GenericFamily::SansSerif, fontique::GenericFamily::SystemUi, fontique::GenericFamily::UiSansSerif]
    {
        collection.set_generic_families(generic, std::iter::once(family));
    }
    Ok(())
}
