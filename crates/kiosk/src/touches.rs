//! What a finger does on the pages, as touches of the desk.

use crate::desk::Touch;
use crate::ui::{
    CardKind, CareKind, CarePage, ConfirmPage, DocumentsPage, Frame, KeysPage, LanguagesPage, Main, NoticePage,
    StaffPage, TicketPage, Way, WelcomePage, WhoPage,
};
use slint::{ComponentHandle, SharedString};
use wire::{Care, IdentifyBy, StaffDeed, TicketId};

/// Connects every touch of the pages to a desk, whatever performs its commands.
pub fn connect_touches(ui: &Main, touched: impl Fn(Touch) + Clone + 'static) {
    connect_frame(ui, touched.clone());
    connect_who(ui, touched.clone());
    connect_staff(ui, touched.clone());
    let on = |touch: Touch| {
        let touched = touched.clone();
        move || touched(touch.clone())
    };
    let welcome = ui.global::<WelcomePage>();
    welcome.on_more(on(Touch::More));
    welcome.on_who(on(Touch::Who));
    welcome.on_choose({
        let touched = touched.clone();
        move |kind: CardKind, id: SharedString| match kind {
            CardKind::Service => touched(Touch::Choose(id.into())),
            CardKind::Group => {
                if let Ok(group) = id.parse() {
                    touched(Touch::Group(group));
                }
            }
        }
    });
    let documents = ui.global::<DocumentsPage>();
    documents.on_customer_chosen({
        let touched = touched.clone();
        move |kind| {
            if let Ok(kind) = kind.try_into() {
                touched(Touch::Customer(kind));
            }
        }
    });
    let confirm = ui.global::<ConfirmPage>();
    confirm.on_papers(on(Touch::Papers));
    confirm.on_paperless({
        let touched = touched.clone();
        move |paperless| touched(Touch::Paperless(paperless))
    });
    ui.global::<TicketPage>().on_done(on(Touch::Done));
    ui.global::<NoticePage>().on_done(on(Touch::Done));
}

fn connect_frame(ui: &Main, touched: impl Fn(Touch) + Clone + 'static) {
    let on = |touch: Touch| {
        let touched = touched.clone();
        move || touched(touch.clone())
    };
    let frame = ui.global::<Frame>();
    frame.on_back(on(Touch::Back));
    frame.on_change_language(on(Touch::Language));
    frame.on_change_text_size(on(Touch::TextSize));
    frame.on_change_contrast(on(Touch::Contrast));
    frame.on_change_speech(on(Touch::Speech));
    frame.on_help(on(Touch::Help));
    frame.on_stay(on(Touch::Stay));
    frame.on_leave(on(Touch::Leave));
    frame.on_go_on(on(Touch::Confirm));
    frame.on_wake(on(Touch::Wake));
    frame.on_corner(on(Touch::Corner));
    ui.global::<LanguagesPage>().on_speak({
        let touched = touched.clone();
        move |tag: SharedString| touched(Touch::Speak(tag.into()))
    });
}

fn connect_who(ui: &Main, touched: impl Fn(Touch) + Clone + 'static) {
    let on = |touch: Touch| {
        let touched = touched.clone();
        move || touched(touch.clone())
    };
    ui.global::<WhoPage>().on_choose({
        let touched = touched.clone();
        move |way| {
            touched(match way {
                Way::Phone => Touch::Way(IdentifyBy::Phone),
                Way::Card => Touch::Way(IdentifyBy::Card),
                Way::IdCard => Touch::Way(IdentifyBy::IdCard),
                Way::Code => Touch::Way(IdentifyBy::Code),
                Way::Appointment => Touch::Way(IdentifyBy::Appointment),
                Way::Care => Touch::CareWay,
            });
        }
    });
    ui.global::<CarePage>().on_choose({
        let touched = touched.clone();
        move |kind| {
            touched(Touch::Care(match kind {
                CareKind::Elderly => Care::Elderly,
                CareKind::Disabled => Care::Disabled,
                CareKind::Pregnant => Care::Pregnant,
                CareKind::Infirm => Care::Infirm,
            }));
        }
    });
    let keys = ui.global::<KeysPage>();
    keys.on_digit({
        let touched = touched.clone();
        move |digit| {
            if let Ok(digit) = digit.try_into() {
                touched(Touch::Digit(digit));
            }
        }
    });
    keys.on_erase(on(Touch::Erase));
    keys.on_enter(on(Touch::Enter));
    keys.on_reveal({
        let touched = touched.clone();
        move |shown| touched(Touch::Reveal(shown))
    });
}

fn connect_staff(ui: &Main, touched: impl Fn(Touch) + Clone + 'static) {
    let on = |touch: Touch| {
        let touched = touched.clone();
        move || touched(touch.clone())
    };
    let staff = ui.global::<StaffPage>();
    staff.on_look_again(on(Touch::Deed(StaffDeed::Look {})));
    staff.on_test_print(on(Touch::Deed(StaffDeed::TestPrint {})));
    staff.on_louder(on(Touch::Louder));
    staff.on_quieter(on(Touch::Quieter));
    staff.on_exit(on(Touch::Exit));
    staff.on_ticketing({
        let touched = touched.clone();
        move |open| touched(Touch::Deed(StaffDeed::Ticketing { open }))
    });
    staff.on_reprint({
        let touched = touched.clone();
        move |id: SharedString| {
            if let Ok(id) = id.parse() {
                touched(Touch::Deed(StaffDeed::Reprint { ticket: TicketId(id) }));
            }
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use look::headless;
    use slint::platform::{PointerEventButton, WindowEvent};
    use slint::{Image, LogicalPosition, Rgb8Pixel, SharedPixelBuffer};
    use std::cell::RefCell;
    use std::rc::Rc;

    #[test]
    fn a_poster_covers_the_page_and_a_touch_anywhere_only_wakes_it() {
        let mut red = SharedPixelBuffer::<Rgb8Pixel>::new(1080, 1640);
        red.make_mut_slice().fill(Rgb8Pixel::new(255, 0, 0));
        let (picture, touches) = headless::scene(1080, 1920, |stage| {
            let ui = Main::new()?;
            let touches = Rc::new(RefCell::new(Vec::new()));
            connect_touches(&ui, {
                let touches = Rc::clone(&touches);
                move |touch| touches.borrow_mut().push(touch)
            });
            ui.global::<Frame>().set_poster(Image::from_rgb8(red));
            ui.show()?;
            let picture = stage.shoot();
            for (x, y) in [(1000.0, 60.0), (300.0, 1000.0), (540.0, 1800.0)] {
                let (position, button) = (LogicalPosition::new(x, y), PointerEventButton::Left);
                ui.window().dispatch_event(WindowEvent::PointerPressed { position, button });
                ui.window().dispatch_event(WindowEvent::PointerReleased { position, button });
            }
            let touches = touches.borrow().clone();
            Ok((picture, touches))
        })
        .expect("draws");
        assert_eq!(picture.pixel(540, 60), Some([255, 0, 0]), "the header is covered");
        assert_eq!(picture.pixel(20, 1880), Some([0x0a, 0x4a, 0x8f]), "the bar as well");
        assert_eq!(touches, [Touch::Wake, Touch::Wake, Touch::Wake]);
    }
}
