//! The pages about who somebody is.

use super::{int, words};
use crate::ui::{BookedPage, KeysFor, KeysHint, KeysPage, Main, ShowPage, Standing, Way, WhoPage};
use crate::view;
use slint::ComponentHandle;
use wire::{AppointmentStanding, IdentifyBy};

pub(super) fn show_who(ui: &Main, page: &view::Who) {
    let who = ui.global::<WhoPage>();
    let ways: Vec<Way> = page.ways.iter().map(|by| way(*by)).chain(page.care.then_some(Way::Care)).collect();
    look::fill(&who.get_ways(), ways.into_iter(), |rows| who.set_ways(rows));
}

pub(super) fn show_keys(ui: &Main, page: &view::Keys) {
    let keys = ui.global::<KeysPage>();
    keys.set_purpose(match page.purpose {
        view::KeysFor::Phone => KeysFor::Phone,
        view::KeysFor::Appointment => KeysFor::Appointment,
        view::KeysFor::Pin => KeysFor::Pin,
    });
    keys.set_typed(page.typed.text.as_str().into());
    keys.set_revealed(page.typed.revealed);
    keys.set_count(int(page.count));
    keys.set_wanted(int(page.wanted));
    keys.set_ready(page.ready);
    keys.set_hint(match page.hint {
        view::KeysHint::None => KeysHint::None,
        view::KeysHint::Asking => KeysHint::Asking,
        view::KeysHint::NoMobileNumber => KeysHint::NoMobileNumber,
        view::KeysHint::UnknownCode => KeysHint::UnknownCode,
        view::KeysHint::TooMany => KeysHint::TooMany,
        view::KeysHint::WrongPin => KeysHint::WrongPin,
        view::KeysHint::Unreached => KeysHint::Unreached,
    });
}

/// Nothing of what was typed stays in the window's properties.
pub(super) fn wipe_keys(ui: &Main) {
    let keys = ui.global::<KeysPage>();
    keys.set_typed(slint::SharedString::default());
    keys.set_count(0);
    keys.set_revealed(false);
}

pub(super) fn show_show(ui: &Main, what: IdentifyBy) {
    ui.global::<ShowPage>().set_way(way(what));
}

pub(super) fn show_booked(ui: &Main, page: &view::Booked) {
    let booked = ui.global::<BookedPage>();
    booked.set_standing(match page.standing {
        AppointmentStanding::Early => Standing::Early,
        AppointmentStanding::Due => Standing::Due,
        AppointmentStanding::Late => Standing::Late,
        AppointmentStanding::Used => Standing::Used,
        AppointmentStanding::Cancelled => Standing::Cancelled,
    });
    booked.set_name(words(&page.name));
    booked.set_at(words(&page.at));
    booked.set_opens_at(words(&page.opens_at));
    booked.set_open(page.open);
}

fn way(by: IdentifyBy) -> Way {
    match by {
        IdentifyBy::Phone => Way::Phone,
        IdentifyBy::Card => Way::Card,
        IdentifyBy::IdCard => Way::IdCard,
        IdentifyBy::Code => Way::Code,
        IdentifyBy::Appointment => Way::Appointment,
    }
}
