//! Which code means what: a keypad's map of its keys.

use wire::KeyAct;

/// The codes of the deployed 呼叫器 (a queueing system in use): the last byte of a key's frame, or F after a digit.
const DEPLOYED: [(&[u8], KeyAct); 8] = [
    (&[0x0C], KeyAct::Next),
    (&[0x0D], KeyAct::Recall),
    (&[0x06, 0x0F], KeyAct::NoShow),
    (&[0x00, 0x0F], KeyAct::Hold),
    (&[0x03, 0x0F], KeyAct::CallBack),
    (&[0x12], KeyAct::Pause),
    (&[0x13], KeyAct::Transfer),
    (&[0x0B], KeyAct::Evaluate),
];

/// A keypad's keys by their codes.
#[derive(Debug)]
pub(crate) struct Codes(Vec<(Vec<u8>, KeyAct)>);

impl Codes {
    /// The codes of a profile, `"06 0F"` to what it means; of an empty one those of the deployed kind.
    pub(crate) fn of<'k>(keys: impl IntoIterator<Item = (&'k String, &'k KeyAct)>) -> Self {
        let bytes = |code: &str| code.split_whitespace().filter_map(|byte| u8::from_str_radix(byte, 16).ok()).collect();
        let mut codes: Vec<(Vec<u8>, KeyAct)> = keys.into_iter().map(|(code, act)| (bytes(code), *act)).collect();
        if codes.is_empty() {
            codes = DEPLOYED.iter().map(|(code, act)| (code.to_vec(), *act)).collect();
        }
        // The longer code first: F alone would hide "6 F".
        codes.sort_by_key(|(code, _)| std::cmp::Reverse(code.len()));
        Self(codes)
    }

    /// The key that ends `keys`, and the number typed before it, if one was.
    pub(crate) fn read(&self, keys: &[u8]) -> Option<(KeyAct, Option<u16>)> {
        let (typed, act) = self.0.iter().find_map(|(code, act)| {
            let typed = keys.strip_suffix(code.as_slice()).filter(|_| !code.is_empty())?;
            Some((typed, *act))
        })?;
        Some((act, number(typed)))
    }
}

/// Digits as a number; `None` when there are none, others among them, or too many.
fn number(typed: &[u8]) -> Option<u16> {
    let mut number = None;
    for digit in typed {
        let so_far: u16 = number.unwrap_or(0);
        let digit = (*digit <= 9).then_some(u16::from(*digit))?;
        number = Some(so_far.checked_mul(10)?.checked_add(digit)?);
    }
    number
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn without_a_map_the_deployed_codes_hold() {
        let codes = Codes::of(&BTreeMap::new());
        assert_eq!(codes.read(&[0x0C]), Some((KeyAct::Next, None)));
        assert_eq!(codes.read(&[0x06, 0x0F]), Some((KeyAct::NoShow, None)));
        assert_eq!(codes.read(&[0x01, 0x02, 0x13]), Some((KeyAct::Transfer, Some(12))));
        assert_eq!(codes.read(&[0x07, 0x0F]), None);
        assert_eq!(codes.read(&[]), None);
    }

    #[test]
    fn a_profiles_map_stands_in_its_place_and_longer_codes_go_first() {
        let map = BTreeMap::from([("0F".to_owned(), KeyAct::Recall), ("06 0F".to_owned(), KeyAct::Next)]);
        let codes = Codes::of(&map);
        assert_eq!(codes.read(&[0x06, 0x0F]), Some((KeyAct::Next, None)));
        assert_eq!(codes.read(&[0x01, 0x0F]), Some((KeyAct::Recall, Some(1))));
        assert_eq!(codes.read(&[0x0C]), None, "no other code is known");
    }
}
