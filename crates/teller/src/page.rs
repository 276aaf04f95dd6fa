//! Puts a [`View`] on the pages, tells what is pressed there, and draws a page without a display.

use std::rc::Rc;

use look::headless::{self, PictureError};
use look::{Language, UnbundledLanguage, fill};
use slint::{ComponentHandle, PlatformError, SharedString};
use wire::SignIn;

use crate::desk::{self, Act, Message};
use crate::ui::{self, DeskAdapter, DeskFrame, Press, SignInAdapter, TellerWindow, Told};
use crate::view::{ChoiceView, Limit, PickerView, Shape, Status, TicketCard, TicketLine, TierLine, View};

/// Creates the window in a language, showing nothing yet.
///
/// # Errors
/// [`PlatformError`] when there is no Slint platform or the language is not bundled.
pub fn open(language: Language) -> Result<TellerWindow, PlatformError> {
    let window = TellerWindow::new()?;
    language.select().map_err(|error: UnbundledLanguage| PlatformError::Other(error.to_string()))?;
    Ok(window)
}

/// Tells every key, button and choice.
pub fn connect(window: &TellerWindow, act: impl Fn(Act) + 'static) {
    let act = Rc::new(act);
    let tell = Rc::clone(&act);
    window.global::<DeskFrame>().on_press(move |press| tell(act_of(press)));
    let tell = Rc::clone(&act);
    window.global::<DeskAdapter>().on_choose(move |n| tell(Act::Choose(index(n))));
    let tell = Rc::clone(&act);
    window.global::<DeskAdapter>().on_call_held(move |n| tell(Act::CallHeld(index(n))));
    window.global::<SignInAdapter>().on_sign_in(move |teller, pin| {
        act(Act::SignIn(SignIn { teller: teller.trim().to_owned(), pin: pin.into() }));
    });
}

/// Shows a view. What did not change is not drawn again.
pub fn show(window: &TellerWindow, view: &View) {
    show_frame(&window.global::<DeskFrame>(), view);
    let page = window.global::<DeskAdapter>();
    page.set_pause_reason(view.pause_reason.as_str().into());
    page.set_has_ticket(view.current.is_some());
    page.set_current(view.current.as_ref().map(ticket_card).unwrap_or_default());
    page.set_waiting(int(view.waiting));
    page.set_diverts(view.diverts.as_str().into());
    fill(&page.get_next(), view.next.iter().map(ticket_line), |rows| page.set_next(rows));
    fill(&page.get_tiers(), view.tiers.iter().map(tier_line), |rows| page.set_tiers(rows));
    fill(&page.get_held(), view.held.iter().map(ticket_line), |rows| page.set_held(rows));
    page.set_held_more(int(view.held_more));
    page.set_can_next(view.can.next);
    page.set_can_ticket(view.can.ticket);
    page.set_can_called(view.can.called);
    page.set_can_no_show(view.can.no_show);
    page.set_can_pause(view.can.pause);
    page.set_can_call(view.can.call);
    page.set_can_receive(view.can.receive);
    page.set_arrival(view.arrival.as_deref().unwrap_or_default().into());
    page.set_arrivals_more(int(view.arrivals_more));
    page.set_walks(view.walks);
    page.set_no_show_in(int(view.no_show_in_s));
    page.set_undo(view.undo_s.map_or(0, int));
    show_picker(&page, view.picker.as_ref());
}

/// Draws a view at a size in pixels.
///
/// # Errors
/// [`PictureError`] when the size is out of range or the page cannot be created.
pub fn render(view: &View, language: Language, (width, height): (u32, u32)) -> Result<headless::Picture, PictureError> {
    headless::picture(width, height, || {
        let window = open(language)?;
        show(&window, view);
        Ok(window)
    })
}

fn show_frame(frame: &DeskFrame<'_>, view: &View) {
    frame.set_hall(view.hall.as_str().into());
    frame.set_counter(i32::from(view.counter));
    frame.set_counter_name(view.counter_name.as_str().into());
    frame.set_teller(view.teller.as_str().into());
    frame.set_date(view.date.as_str().into());
    frame.set_time(view.time.as_str().into());
    frame.set_away(view.away);
    frame.set_busy(view.busy);
    frame.set_status(match view.status {
        Status::SignedOut => ui::Status::SignedOut,
        Status::Idle => ui::Status::Idle,
        Status::Called => ui::Status::Called,
        Status::Serving => ui::Status::Serving,
        Status::Paused => ui::Status::Paused,
    });
    let (told, text) = view.message.as_ref().map_or((Told::Nothing, ""), told);
    frame.set_told(told);
    frame.set_told_text(text.into());
}

fn show_picker(page: &DeskAdapter<'_>, picker: Option<&PickerView>) {
    page.set_asking(picker.map_or(ui::Asking::Nothing, |picker| match picker.asking {
        desk::Asking::HoldReason => ui::Asking::HoldReason,
        desk::Asking::Destination => ui::Asking::Destination,
        desk::Asking::PauseReason => ui::Asking::PauseReason,
    }));
    let choices = picker.map_or(&[][..], |picker| &picker.choices);
    let lines = choices.iter().map(|choice| match choice {
        ChoiceView::Named(name) => ui::ChoiceLine { name: name.as_str().into(), counter: 0 },
        ChoiceView::Counter(number) => ui::ChoiceLine { name: SharedString::new(), counter: i32::from(*number) },
    });
    fill(&page.get_choices(), lines, |rows| page.set_choices(rows));
    page.set_choice_page(picker.map_or(0, |picker| int(picker.page)));
    page.set_choice_pages(picker.map_or(0, |picker| int(picker.pages)));
}

fn told(message: &Message) -> (Told, &str) {
    match message {
        Message::Refused(title) => (Told::Refused, title),
        Message::Away => (Told::Away, ""),
        Message::Unknown => (Told::Unknown, ""),
        Message::Nobody => (Told::Nobody, ""),
        Message::CompletedNobody => (Told::CompletedNobody, ""),
        Message::NoTicket => (Told::NoTicket, ""),
        Message::AlreadyServing => (Told::AlreadyServing, ""),
        Message::Busy(number) => (Told::Busy, number),
        Message::TooEarly => (Told::TooEarly, ""),
        Message::Paused => (Told::Paused, ""),
        Message::TooLate => (Told::TooLate, ""),
        Message::Returned(number) => (Told::Returned, number),
    }
}

fn act_of(press: Press) -> Act {
    match press {
        Press::Next => Act::Next,
        Press::Complete => Act::Complete,
        Press::Start => Act::Start,
        Press::Recall => Act::Recall,
        Press::NoShow => Act::NoShow,
        Press::Hold => Act::Hold,
        Press::Transfer => Act::Transfer,
        Press::Pause => Act::Pause,
        Press::Undo => Act::Undo,
        Press::Received => Act::Received,
        Press::Dismiss => Act::Dismiss,
        Press::MoreChoices => Act::MoreChoices,
        Press::SignOut => Act::SignOut,
    }
}

fn ticket_card(card: &TicketCard) -> ui::TicketCard {
    ui::TicketCard {
        line: ticket_line(&card.line),
        share: card.share.clamp(0.0, 1.0) as f32,
        limit_min: int(card.limit_min),
        recalls: i32::from(card.recalls),
        because: card.because.as_str().into(),
        kiosk: card.kiosk.as_str().into(),
        came_from: card.came_from.map_or(0, i32::from),
        language: card.language.as_str().into(),
        identity: card.identity.as_str().into(),
        note: card.note.as_str().into(),
        documents: card.documents.as_str().into(),
    }
}

fn ticket_line(line: &TicketLine) -> ui::TicketLine {
    ui::TicketLine {
        number: line.number.as_str().into(),
        business: line.business.as_str().into(),
        tier: line.tier.as_str().into(),
        shape: shape(line.shape),
        care: line.care,
        waited: line.waited.as_str().into(),
        limit: match line.limit {
            Limit::Within => ui::Limit::Within,
            Limit::Soon => ui::Limit::Soon,
            Limit::Late => ui::Limit::Late,
        },
    }
}

fn tier_line(tier: &TierLine) -> ui::TierLine {
    ui::TierLine { name: tier.name.as_str().into(), shape: shape(tier.shape), waiting: int(tier.waiting) }
}

fn shape(shape: Shape) -> ui::TierShape {
    match shape {
        Shape::Ordinary => ui::TierShape::Ordinary,
        Shape::GoTone => ui::TierShape::Gotone,
        Shape::Gold => ui::TierShape::Gold,
        Shape::Diamond => ui::TierShape::Diamond,
    }
}

fn int(number: impl TryInto<i32>) -> i32 {
    number.try_into().unwrap_or(i32::MAX)
}

fn index(number: i32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}
