//! How to mend a word that is not one of those allowed.

/// `did you mean "prefix"?` when one of the allowed words is near, else all of them.
pub(crate) fn mend(word: &str, allowed: &[&str]) -> String {
    match nearest(word, allowed.iter().copied()) {
        Some(near) => format!("did you mean {near:?}?"),
        None if allowed.is_empty() => "nothing is allowed here, leave it out".to_owned(),
        None => format!("allowed: {}", quoted(allowed)),
    }
}

/// `"a", "b", "c"`
pub(crate) fn quoted(words: &[&str]) -> String {
    words.iter().map(|word| format!("{word:?}")).collect::<Vec<_>>().join(", ")
}

/// The allowed word that a typing mistake turns into this one: at most a third of its letters differ, swapped neighbours
/// counting as one.
pub(crate) fn nearest<'w>(word: &str, allowed: impl Iterator<Item = &'w str>) -> Option<&'w str> {
    let lower = word.to_lowercase();
    let tolerance = (lower.chars().count() / 3).max(1);
    allowed
        .map(|known| (strsim::osa_distance(&lower, &known.to_lowercase()), known))
        // One wrong letter of a two-letter word is another word.
        .filter(|(distance, known)| {
            *distance <= tolerance && *distance < known.chars().count().min(lower.chars().count())
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, known)| known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typing_mistakes_are_recognised_and_other_words_are_not() {
        let allowed = ["prefix", "name", "limit_min"];
        assert_eq!(nearest("preffix", allowed.into_iter()), Some("prefix"));
        assert_eq!(nearest("nmae", allowed.into_iter()), Some("name"));
        assert_eq!(nearest("Limit_Min", allowed.into_iter()), Some("limit_min"));
        assert_eq!(nearest("colour", allowed.into_iter()), None);
        assert_eq!(nearest("", allowed.into_iter()), None);
    }
}
