//! Who somebody is, worded as a page.

use super::Desk;
use super::state::{CODE_DIGITS, CodeTrouble, PHONE_DIGITS, PIN_DIGITS, PinTrouble, Who};
use super::who::is_mobile_number;
use crate::typed::Typed;
use crate::view::{self, KeysFor, KeysHint, Page, Typing};

impl Desk {
    pub(super) fn who_page(&self, who: &Who) -> Page {
        match who {
            Who::Choose => Page::Who(view::Who {
                ways: self.settings.as_ref().map(|settings| settings.identify.clone()).unwrap_or_default(),
                care: self.settings.as_ref().is_some_and(|settings| settings.care),
            }),
            Who::Phone { typed, revealed } => {
                let ready = is_mobile_number(typed);
                let text = if *revealed { typed.reveal().to_owned() } else { typed.masked() };
                Page::Keys(view::Keys {
                    purpose: KeysFor::Phone,
                    typed: Typing { text, revealed: *revealed },
                    count: typed.count(),
                    wanted: PHONE_DIGITS,
                    ready,
                    hint: if typed.count() == PHONE_DIGITS && !ready {
                        KeysHint::NoMobileNumber
                    } else {
                        KeysHint::None
                    },
                })
            }
            Who::Asking { .. } => Page::Keys(view::Keys {
                purpose: KeysFor::Phone,
                typed: Typing { text: self.visit.expected.clone().unwrap_or_default(), revealed: false },
                count: PHONE_DIGITS,
                wanted: PHONE_DIGITS,
                ready: false,
                hint: KeysHint::Asking,
            }),
            Who::Show(what) => Page::Show(*what),
            Who::Code { typed, asked_at, trouble } => Page::Keys(view::Keys {
                purpose: KeysFor::Appointment,
                typed: Typing { text: typed.reveal().to_owned(), revealed: true },
                count: typed.count(),
                wanted: CODE_DIGITS,
                ready: false,
                hint: match trouble {
                    Some(CodeTrouble::Unknown) => KeysHint::UnknownCode,
                    Some(CodeTrouble::TooMany) => KeysHint::TooMany,
                    Some(CodeTrouble::Unreached) => KeysHint::Unreached,
                    None if asked_at.is_some() => KeysHint::Asking,
                    None => KeysHint::None,
                },
            }),
            Who::Care => Page::Care,
        }
    }

    pub(super) fn pin_page(typed: &Typed, asked: bool, trouble: Option<PinTrouble>) -> Page {
        Page::Keys(view::Keys {
            purpose: KeysFor::Pin,
            typed: Typing { text: typed.dots(), revealed: false },
            count: typed.count(),
            wanted: PIN_DIGITS,
            ready: false,
            hint: match trouble {
                Some(PinTrouble::Wrong) => KeysHint::WrongPin,
                Some(PinTrouble::Locked) => KeysHint::TooMany,
                Some(PinTrouble::Unreached) => KeysHint::Unreached,
                None if asked => KeysHint::Asking,
                None => KeysHint::None,
            },
        })
    }

    /// An appointment that cannot simply be checked in with; none when there is none any more.
    pub(super) fn booked_page(&self) -> Option<Page> {
        let appointment = self.visit.appointment.as_ref()?;
        let offer = self.offer(&appointment.service);
        Some(Page::Booked(view::Booked {
            standing: appointment.standing,
            name: offer.map(|offer| self.worded(&offer.names)).unwrap_or_default(),
            at: self.clock_time(appointment.at),
            opens_at: self.clock_time(appointment.opens_at),
            open: offer.is_some_and(|offer| offer.open),
        }))
    }
}
