//! Signs and boards on the control channel.

use super::{Doing, controlled, doing, line_acts, unit_acts, unit_state};
use crate::led::cpower::CPowerSign;
use crate::led::digit_board::DigitBoard;
use crate::led::onbon::OnbonSign;
use crate::led::window::WindowSign;

/// Every sign has a picture.
macro_rules! picture {
    ($sign:ty) => {
        doing("picture", "a file's path", "writes what it shows there as PNG", |sign: &$sign, argument| {
            Ok(std::fs::write(argument.path()?, sign.png())?)
        })
    };
}

const ONBON: &[Doing<OnbonSign>] = &[
    picture!(OnbonSign),
    doing("busy", "true or false", "refuses every command as busy", |sign, argument| {
        sign.busy(argument.flag()?);
        Ok(())
    }),
];

const CPOWER: &[Doing<CPowerSign>] = &[
    picture!(CPowerSign),
    doing("refuse", "a return code, or left out", "refuses everything with that code", |sign, argument| {
        sign.refuse(argument.optional_number()?);
        Ok(())
    }),
];

const WINDOW: &[Doing<WindowSign>] = &[picture!(WindowSign)];
const DIGITS: &[Doing<DigitBoard>] = &[picture!(DigitBoard)];

controlled!(OnbonSign, "onbon-sign", [line_acts!(OnbonSign), unit_acts!(OnbonSign), ONBON], |sign| {
    unit_state!(sign, { "address": sign.address(), "shows": sign.shown() })
});

controlled!(CPowerSign, "cpower-sign", [line_acts!(CPowerSign), unit_acts!(CPowerSign), CPOWER], |sign| {
    unit_state!(sign, { "id": sign.id(), "shows": sign.shown(), "on": sign.is_on() })
});

controlled!(WindowSign, "window-sign", [line_acts!(WindowSign), unit_acts!(WindowSign), WINDOW], |sign| {
    unit_state!(sign, { "unit": sign.unit(), "shows": sign.shown() })
});

controlled!(DigitBoard, "digit-board", [line_acts!(DigitBoard), unit_acts!(DigitBoard), DIGITS], |board| {
    unit_state!(board, { "id": board.id(), "shows": board.shows() })
});
