//! Keypads without a voice of their own: Modbus RTU units whose keys are discrete inputs, asked again and again.
//!
//! Ask with [`KeyMap::request`], and give each [`Response::Inputs`] to [`PolledKeys::press`]. A key has to be
//! down while it is asked for, so the unit should be asked every 50 ms or so.
//!
//! [`Response::Inputs`]: crate::led::modbus::Response::Inputs

use crate::led::modbus::Request;

/// What each input of a keypad means, from the first one on; `None` for one that means nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyMap<K> {
    first_input: u16,
    keys: Vec<Option<K>>,
}

impl<K: Copy> KeyMap<K> {
    /// `keys` in the order of the inputs, the first of which is `first_input`, counted from 0.
    pub fn new(first_input: u16, keys: impl IntoIterator<Item = Option<K>>) -> Self {
        Self { first_input, keys: keys.into_iter().collect() }
    }

    /// The question how all keys are. Its frame is refused for no keys at all and for more than 2000.
    pub fn request(&self) -> Request {
        let count = u16::try_from(self.keys.len()).unwrap_or(u16::MAX);
        Request::ReadDiscreteInputs { start: self.first_input, count }
    }
}

/// Tells a press from a key that is only still down.
#[derive(Clone, Debug)]
pub struct PolledKeys<K> {
    map: KeyMap<K>,
    /// How the inputs were; `None` until they were asked for once.
    before: Option<Vec<bool>>,
}

impl<K: Copy> PolledKeys<K> {
    /// For a keypad with these keys.
    pub fn new(map: KeyMap<K>) -> Self {
        Self { map, before: None }
    }

    /// The keys that went down since the last answer, in the order of the inputs; `inputs` is the answer to
    /// [`KeyMap::request`]. The first answer presses nothing: what is down by then may have been for hours, by
    /// a finger or a fault.
    pub fn press(&mut self, inputs: &[bool]) -> Vec<K> {
        let before = self.before.replace(inputs.to_vec());
        let Some(before) = before else { return Vec::new() };
        let was_down = before.into_iter().chain(std::iter::repeat(false));
        let pairs = self.map.keys.iter().zip(inputs).zip(was_down);
        pairs.filter_map(|((key, down), was_down)| key.filter(|_| *down && !was_down)).collect()
    }

    /// Whether any key that means something is down, as of the last answer.
    pub fn is_any_down(&self) -> bool {
        let down = self.before.iter().flatten();
        self.map.keys.iter().zip(down).any(|(key, down)| key.is_some() && *down)
    }

    /// The keys are unknown again, as after a port was opened again or the unit did not answer.
    pub fn forget(&mut self) {
        self.before = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::led::modbus::{Answer, Echo, Exchange, Response};

    fn eight() -> KeyMap<char> {
        KeyMap::new(0, [Some('n'), Some('r'), Some('x'), None, Some('p'), None, None, Some('h')])
    }

    fn bits(byte: u8) -> Vec<bool> {
        (0..8).map(|n| byte >> n & 1 == 1).collect()
    }

    /// Reproduced with pymodbus and minimalmodbus over a pseudo-terminal.
    #[test]
    fn eight_keys_are_asked_for_by_the_known_frame() {
        let frame = eight().request().frame(1).unwrap();
        assert_eq!(frame, [0x01, 0x02, 0, 0, 0, 8, 0x79, 0xCC]);
    }

    /// The answer with no key down is the one reproduced with pymodbus; the other has input 0 set, its CRC
    /// computed apart from this code.
    #[test]
    fn a_key_in_the_answer_of_a_unit_is_pressed() {
        let mut keys = PolledKeys::new(eight());
        let mut pressed = Vec::new();
        for frame in [[0x01, 0x02, 0x01, 0x00, 0xA1, 0x88], [0x01, 0x02, 0x01, 0x01, 0x60, 0x48]] {
            let answer = Exchange::new(1, eight().request(), Echo::None).push(&frame);
            let Some(Answer::Done(Response::Inputs(inputs))) = answer else { panic!("{answer:?}") };
            pressed.extend(keys.press(&inputs));
        }
        assert_eq!(pressed, ['n']);
    }

    #[test]
    fn a_key_held_down_is_one_press() {
        let mut keys = PolledKeys::new(eight());
        let pressed: Vec<char> = [0, 1, 1, 1, 0, 1].into_iter().flat_map(|byte| keys.press(&bits(byte))).collect();
        assert_eq!(pressed, ['n', 'n']);
    }

    #[test]
    fn keys_pressed_together_come_in_the_order_of_the_inputs() {
        let mut keys = PolledKeys::new(eight());
        keys.press(&bits(0b0000_0010));
        assert_eq!(keys.press(&bits(0b1001_0011)), ['n', 'p', 'h']);
    }

    #[test]
    fn an_input_that_means_nothing_presses_nothing() {
        let mut keys = PolledKeys::new(eight());
        keys.press(&bits(0));
        assert_eq!(keys.press(&bits(0b0110_1000)), []);
        assert!(!keys.is_any_down());
    }

    #[test]
    fn a_key_that_was_down_before_anybody_looked_presses_nothing() {
        let mut keys = PolledKeys::new(eight());
        assert_eq!(keys.press(&bits(1)), []);
        assert!(keys.is_any_down());
        keys.press(&bits(0));
        assert_eq!(keys.press(&bits(1)), ['n']);
        keys.press(&bits(0));
        keys.forget();
        assert_eq!(keys.press(&bits(1)), [], "nobody knows for how long");
    }

    #[test]
    fn an_answer_of_another_length_is_no_trouble() {
        let mut keys = PolledKeys::new(eight());
        keys.press(&[]);
        assert_eq!(keys.press(&[true; 100]).len(), 5);
        assert_eq!(keys.press(&[true]), []);
    }
}
