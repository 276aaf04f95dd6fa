//! The bundled Chinese font, held once in the binary whichever windows it opens.

use slint::fontique_011::{fontique, shared_collection};
use std::borrow::Cow;
use std::sync::{Arc, LazyLock};

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

/// The text as the pages can draw it: a character that the bundled font lacks becomes 〓, where the renderer would leave a blank and a
/// name would look complete without one of its characters. To be used for every text that a person wrote: names, notes, reasons.
#[must_use]
pub fn drawable(text: &str) -> Cow<'_, str> {
    let drawn = |c: char| c.is_control() || has_glyph(c);
    if text.chars().all(drawn) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().map(|c| if drawn(c) { c } else { '〓' }).collect())
}

/// Whether the bundled font has this character.
#[must_use]
pub fn has_glyph(character: char) -> bool {
    CHARACTERS
        .as_ref()
        .and_then(|index| index.charmap(REGULAR))
        .and_then(|characters| characters.map(character))
        .is_some_and(|glyph| glyph != 0)
}

/// Where the font file keeps its characters; none only for a file that is no font.
static CHARACTERS: LazyLock<Option<fontique::CharmapIndex>> = LazyLock::new(|| {
    let options = fontique::CollectionOptions { shared: false, system_fonts: false };
    let mut collection = fontique::Collection::new(options);
    let families = collection.register_fonts(fontique::Blob::new(Arc::new(REGULAR)), None);
    families.first().and_then(|(_, fonts)| fonts.first()).map(fontique::FontInfo::charmap_index)
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rare_characters_of_names_and_the_signs_of_the_pages_are_there() {
        for character in "镕喆堃珺玥昇号A0★◆●♥✓⚠→←①〓（）·–…".chars() {
            assert!(has_glyph(character), "{character}");
        }
    }

    #[test]
    fn a_missing_character_is_shown_as_missing() {
        assert_eq!(drawable("王\u{3402}明"), "王〓明");
        assert_eq!(drawable("营业厅\n一楼"), "营业厅\n一楼");
        assert!(matches!(drawable("营业厅"), Cow::Borrowed(_)));
    }
}
