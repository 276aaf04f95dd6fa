//! Appointments: booked, kept, missed, called off, and carried from day to day.

use hall::command::{BookAppointment, TakeTicket};
use hall::{Actor, AppointmentCode, At, Command, Event, Hall, Refusal, Standing, TicketId, TicketState};
use proptest::prelude::*;

use crate::random::{act_on, wishes};
use crate::rig::{NINE, Rig, rules};

const MINUTE: i64 = 60_000;
const DAY: i64 = 86_400_000;
const CODE: &str = "204617";

fn booking(at_ms: i64) -> BookAppointment {
    BookAppointment {
        service: "payment".into(),
        at: At { utc_ms: at_ms, offset_s: 28_800 },
        tier: None,
        codes: vec![CODE.into()],
    }
}

/// Somebody has booked a payment so many minutes after nine.
fn booked(minutes: i64) -> Rig {
    let mut rig = Rig::staffed();
    rig.does(Command::BookAppointment(booking(NINE + minutes * MINUTE)));
    rig
}

fn check_in(rig: &mut Rig) -> TakeTicket {
    TakeTicket { appointment: Some(CODE.into()), tier: None, ..rig.wish("ordinary", "payment") }
}

fn standing(rig: &Rig) -> Standing {
    let appointment = rig.hall.appointment(&CODE.into()).expect("the appointment");
    rig.hall.standing(appointment, rig.now_ms)
}

#[test]
fn somebody_with_an_appointment_goes_before_those_who_came_after_the_booked_time() {
    let mut rig = booked(10);
    rig.pass(660);
    let walked_in = rig.take("ordinary", "payment");
    rig.pass(240);
    let wish = check_in(&mut rig);
    let kept = rig.take_as_wished(wish);
    assert_eq!(rig.queue(), [kept, walked_in]);
    assert_eq!(rig.ticket(kept).booked_ms, Some(NINE + 10 * MINUTE));
    assert_eq!(standing(&rig), Standing::Used);
}

#[test]
fn who_comes_too_early_is_told_from_when() {
    let mut rig = booked(90);
    let wish = Command::TakeTicket(check_in(&mut rig));
    assert_eq!(rig.refuses(wish.clone()), Refusal::AppointmentEarly { from: "10:00".into() });
    assert_eq!(standing(&rig), Standing::Early);
    rig.now_ms = NINE + 60 * MINUTE - 1;
    rig.refuses(wish.clone());
    rig.now_ms += 1;
    assert_eq!(standing(&rig), Standing::Due);
    rig.does(wish);
}

#[test]
fn who_comes_a_day_early_is_told_the_date_too() {
    let mut rig = booked(24 * 60 + 45);
    let wish = Command::TakeTicket(check_in(&mut rig));
    assert_eq!(rig.refuses(wish), Refusal::AppointmentEarly { from: "2026-11-23 09:15".into() });
}

#[test]
fn who_comes_too_late_gets_a_number_as_if_they_had_not_booked() {
    let mut rig = booked(10);
    rig.pass(900);
    let walked_in = rig.take("ordinary", "payment");
    rig.now_ms = NINE + 25 * MINUTE;
    assert_eq!(standing(&rig), Standing::Due);
    rig.now_ms += 1;
    assert_eq!(standing(&rig), Standing::Late);
    let wish = check_in(&mut rig);
    let late = rig.take_as_wished(wish);
    assert_eq!(rig.queue(), [walked_in, late]);
    assert_eq!(rig.ticket(late).deadline_at_ms, rig.now_ms + 30 * MINUTE);
}

#[test]
fn an_appointment_is_good_for_one_number_unless_that_is_given_up() {
    let mut rig = booked(10);
    let wish = check_in(&mut rig);
    let first = rig.take_as_wished(wish);
    let again = Command::TakeTicket(check_in(&mut rig));
    assert_eq!(rig.refuses(again.clone()), Refusal::AppointmentUsed);
    rig.does(Command::Cancel { ticket: first, by: Actor::Customer });
    assert_eq!(standing(&rig), Standing::Due);
    rig.does(again);
    assert_eq!(standing(&rig), Standing::Used);
}

#[test]
fn an_appointment_is_for_its_service() {
    let mut rig = booked(10);
    let wish = TakeTicket { service: "sim".into(), ..check_in(&mut rig) };
    let refusal = rig.refuses(Command::TakeTicket(wish));
    assert_eq!(refusal, Refusal::AppointmentForAnother { service: "payment".into() });
}

#[test]
fn of_the_appointment_s_tier_and_the_customer_s_the_higher_counts() {
    for (booked, recognised, gets) in [
        (None, None, "ordinary"),
        (Some("gotone"), None, "gotone"),
        (Some("gotone"), Some("ordinary"), "gotone"),
        (Some("gotone"), Some("vip"), "vip"),
        (None, Some("vip"), "vip"),
    ] {
        let mut rig = Rig::staffed();
        let tier = booked.map(Into::into);
        rig.does(Command::BookAppointment(BookAppointment { tier, ..booking(NINE) }));
        let wish = TakeTicket { tier: recognised.map(Into::into), ..check_in(&mut rig) };
        let ticket = rig.take_as_wished(wish);
        assert_eq!(rig.ticket(ticket).tier.as_str(), gets, "{booked:?} {recognised:?}");
    }
}

#[test]
fn what_was_called_off_is_not_taken_and_not_called_off_again() {
    let mut rig = booked(10);
    let cancel = Command::CancelAppointment { code: CODE.into() };
    rig.does(cancel.clone());
    assert_eq!(rig.refuses(cancel), Refusal::AppointmentCancelled);
    let wish = Command::TakeTicket(check_in(&mut rig));
    assert_eq!(rig.refuses(wish), Refusal::AppointmentCancelled);
    assert_eq!(rig.refuses(Command::CancelAppointment { code: "999999".into() }), Refusal::UnknownAppointment);
}

#[test]
fn a_code_is_never_given_to_two() {
    let mut rig = booked(10);
    let twin = Command::BookAppointment(booking(NINE + 20 * MINUTE));
    assert_eq!(rig.refuses(twin), Refusal::AppointmentsFull);
    let codes: Vec<AppointmentCode> = vec![CODE.into(), "000001".into()];
    let events = rig.does(Command::BookAppointment(BookAppointment { codes, ..booking(NINE + 20 * MINUTE) }));
    let [Event::AppointmentBooked(booked)] = events.as_slice() else { panic!("{events:?}") };
    assert_eq!(booked.code.as_str(), "000001");
}

#[test]
fn only_what_can_be_kept_is_booked() {
    let mut open = rules();
    let nine_to_five = hall::rules::HoursSpan { days: 0b111_1111, from_minute: 540, to_minute: 1020 };
    open.services[0].hours = Some(hall::rules::WeekHours(vec![nine_to_five]));
    let mut rig = Rig::open_with(open);
    let mut refuses = |wish: BookAppointment| rig.refuses(Command::BookAppointment(wish));
    let unknown = BookAppointment { service: "fishing".into(), ..booking(NINE) };
    assert_eq!(refuses(unknown), Refusal::UnknownService("fishing".into()));
    let unknown = BookAppointment { tier: Some("platinum".into()), ..booking(NINE) };
    assert_eq!(refuses(unknown), Refusal::UnknownTier("platinum".into()));
    assert_eq!(refuses(booking(NINE - 1)), Refusal::AppointmentTime { days: 366 });
    assert_eq!(refuses(booking(NINE + 366 * DAY + 1)), Refusal::AppointmentTime { days: 366 });
    let closed = Refusal::AppointmentOutsideHours { hours: "09:00–17:00".into() };
    assert_eq!(refuses(booking(NINE + 8 * 60 * MINUTE)), closed);
    rig.does(Command::BookAppointment(booking(NINE + 366 * DAY)));
}

#[test]
fn an_appointment_for_tomorrow_is_there_tomorrow_and_gone_the_day_after() {
    let mut rig = booked(24 * 60 + 10);
    rig.does(Command::CloseDay);
    rig.pass(86_400);
    let events = rig.open_day();
    // A hall that starts again reads from the day's beginning on.
    let mut reread = Hall::new(std::sync::Arc::new(rules()));
    events.iter().for_each(|event| reread.apply(rig.now_ms, event));
    assert!(reread.appointment(&CODE.into()).is_some());
    let wish = check_in(&mut rig);
    rig.take_as_wished(wish);
    rig.pass(86_400);
    rig.open_day();
    assert!(rig.hall.appointment(&CODE.into()).is_none());
    let wish = Command::TakeTicket(check_in(&mut rig));
    assert_eq!(rig.refuses(wish), Refusal::UnknownAppointment);
}

#[test]
fn who_comes_in_time_gets_a_number_although_the_quota_is_exhausted() {
    let mut scarce = rules();
    scarce.services[0].daily_quota = Some(1);
    let mut rig = Rig::staffed_with(scarce);
    rig.does(Command::BookAppointment(booking(NINE)));
    rig.take("ordinary", "payment");
    let wish = Command::TakeTicket(rig.wish("ordinary", "payment"));
    rig.refuses(wish);
    let kept = Command::TakeTicket(check_in(&mut rig));
    rig.now_ms = NINE + 15 * MINUTE + 1;
    assert_eq!(rig.refuses(kept.clone()), Refusal::QuotaExhausted { service: "payment".into(), quota: 1 });
    rig.now_ms -= 1;
    rig.does(kept);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_appointment_has_two_numbers_and_none_outlives_its_day(wishes in wishes()) {
        let mut rig = Rig::staffed();
        let mut taken: Vec<(AppointmentCode, TicketId)> = vec![];
        for wish in &wishes {
            for event in act_on(&mut rig, wish) {
                if let Event::TicketIssued(issued) = event {
                    taken.extend(issued.appointment.map(|code| (code, issued.ticket)));
                }
            }
            for appointment in rig.hall.appointments() {
                let code = &appointment.booking.code;
                let good = |id: TicketId| {
                    rig.hall.ticket(id).is_some_and(|ticket| ticket.state != TicketState::Cancelled)
                };
                let numbers = taken.iter().filter(|(with, ticket)| with == code && good(*ticket)).count();
                prop_assert!(numbers <= 1, "{code} has {numbers} numbers");
                prop_assert!(Some(appointment.booking.day) >= rig.hall.latest_day());
            }
        }
    }
}
