//! Text on a window display with a register, or half a register, a character.

/// Where a display keeps its characters. A profile: every maker has its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RegisterMap {
    /// The first character's register, from 0.
    pub first: u16,
    /// Characters the display has.
    pub cells: u16,
    /// How characters lie in registers.
    pub packing: Packing,
    /// The character of an empty cell, usually a space (20).
    pub blank: u8,
}

impl RegisterMap {
    /// DM36 and DM56: registers 0–5, one ASCII character each (their manual; 9600 8N1).
    pub const DM36: Self = Self { first: 0, cells: 6, packing: Packing::OneARegister, blank: b' ' };
}

/// How characters lie in registers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Packing {
    /// One, in the low byte (DM36, DM56).
    OneARegister,
    /// Two (Ditel DN).
    TwoARegister(ByteOrder),
}

/// Which of a register's two bytes is the left character.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ByteOrder {
    /// The high byte, sent first.
    HighFirst,
    /// The low byte.
    LowFirst,
}

/// Registers to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registers {
    /// The first one.
    pub first: u16,
    /// Their values, for [`super::Request::WriteMultiple`] or one `WriteSingle` each.
    pub values: Vec<u16>,
}

/// `text` on the display: right-aligned, blanks to its left. Characters the display cannot show (all but
/// printable ASCII) are left out, and of a text too long the end is shown, because that is where a ticket's
/// digits are.
pub fn window_text(text: &str, map: &RegisterMap) -> Registers {
    let shown: Vec<u8> = text.bytes().filter(|b| matches!(b, b' '..=b'~')).collect();
    let cells = usize::from(map.cells);
    let shown = &shown[shown.len().saturating_sub(cells)..];
    let whole = match map.packing {
        Packing::OneARegister => cells,
        Packing::TwoARegister(_) => cells.next_multiple_of(2),
    };
    // An odd number of cells leaves half a register over: after the last character.
    let mut characters = vec![map.blank; cells - shown.len()];
    characters.extend_from_slice(shown);
    characters.resize(whole, map.blank);
    let values = match map.packing {
        Packing::OneARegister => characters.into_iter().map(u16::from).collect(),
        Packing::TwoARegister(order) => characters
            .chunks_exact(2)
            .map(|pair| match order {
                ByteOrder::HighFirst => u16::from_be_bytes([pair[0], pair[1]]),
                ByteOrder::LowFirst => u16::from_le_bytes([pair[0], pair[1]]),
            })
            .collect(),
    };
    Registers { first: map.first, values }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_stands_at_the_right() {
        let registers = window_text("A042", &RegisterMap::DM36);
        assert_eq!(registers.first, 0);
        assert_eq!(registers.values, [0x20, 0x20, 0x41, 0x30, 0x34, 0x32]);
    }

    #[test]
    fn two_characters_share_a_register_in_the_profiles_order() {
        let map = |order| RegisterMap { packing: Packing::TwoARegister(order), ..RegisterMap::DM36 };
        assert_eq!(window_text("A042", &map(ByteOrder::HighFirst)).values, [0x2020, 0x4130, 0x3432]);
        assert_eq!(window_text("A042", &map(ByteOrder::LowFirst)).values, [0x2020, 0x3041, 0x3234]);
    }

    #[test]
    fn of_a_long_text_the_end_is_shown() {
        let map = RegisterMap { cells: 3, ..RegisterMap::DM36 };
        assert_eq!(window_text("A1042", &map).values, [0x30, 0x34, 0x32]);
    }

    #[test]
    fn what_the_display_has_no_character_for_is_left_out() {
        assert_eq!(window_text("请A042号", &RegisterMap::DM36), window_text("A042", &RegisterMap::DM36));
    }

    #[test]
    fn an_odd_display_leaves_half_a_register_blank() {
        let map = RegisterMap { cells: 5, packing: Packing::TwoARegister(ByteOrder::HighFirst), ..RegisterMap::DM36 };
        assert_eq!(window_text("A042", &map).values, [0x2041, 0x3034, 0x3220]);
    }
}
