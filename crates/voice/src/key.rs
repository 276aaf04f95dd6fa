//! The name of a clip.

/// Longer names fit no file system once they are Chinese.
const MOST_BYTES: usize = 200;

/// The name under which a recording of these words is kept: the words in small letters, with a `-` for whatever else stands between
/// them. `None` when there are no words, or too many for a name.
#[must_use]
pub fn clip_key(words: &str) -> Option<String> {
    let mut key = String::new();
    for character in words.chars() {
        if character.is_alphanumeric() {
            key.extend(character.to_lowercase());
        } else if !key.is_empty() && !key.ends_with('-') {
            key.push('-');
        }
    }
    key.truncate(key.trim_end_matches('-').len());
    (!key.is_empty() && key.len() <= MOST_BYTES).then_some(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clip_is_named_by_its_words() {
        assert_eq!(clip_key("请选择您要办理的业务").as_deref(), Some("请选择您要办理的业务"));
        assert_eq!(clip_key("Confirm and take ticket").as_deref(), Some("confirm-and-take-ticket"));
        assert_eq!(clip_key("  正在打印，请稍候。").as_deref(), Some("正在打印-请稍候"));
    }

    #[test]
    fn no_words_and_a_whole_essay_have_no_clip() {
        assert_eq!(clip_key(" –/ "), None);
        assert_eq!(clip_key(&"字".repeat(67)), None);
    }
}
