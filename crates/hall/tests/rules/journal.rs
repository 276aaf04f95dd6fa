//! The journal's events are a file format: these lines must be read for as long as the product lives.

use hall::command::Actor;
use hall::event::TicketIssued;
use hall::routing::{Because, Favour, Lesson, Rule};
use hall::{Booking, Care, CounterNumber, Date, Destination, Event, HoldKind, Identity, IdentityKind, TicketId};

/// Every event with its line. The `match` in [`kind`] makes the compiler ask for a new one here.
fn golden() -> Vec<(Event, &'static str)> {
    let ticket = TicketId(17);
    let counter = CounterNumber(3);
    let date = Date { year: 2026, month: 11, day: 22 };
    let booking =
        Booking { code: "204617".into(), service: "payment".into(), at_ms: 1_795_309_200_000, day: date, tier: None };
    let issued = TicketIssued {
        ticket,
        number: "A001".into(),
        prefix: "A".into(),
        code: "c0de".into(),
        tier: "ordinary".into(),
        service: "payment".into(),
        identified_at_ms: 1_795_309_200_000,
        deadline_at_ms: 1_795_311_000_000,
        order_ms: 1_795_308_600_000,
        care: None,
        booked_ms: None,
        appointment: None,
        paperless: false,
        language: None,
        customer: None,
        kiosk: None,
        identity: None,
    };
    let issued_in_full = TicketIssued {
        care: Some(Care::Elderly),
        booked_ms: Some(1_795_309_200_000),
        appointment: Some("204617".into()),
        paperless: true,
        language: Some("en".into()),
        customer: Some("代办".into()),
        kiosk: Some("kiosk-1".into()),
        identity: Some(Identity {
            kind: IdentityKind::IdCard,
            masked: "110***********1234".into(),
            level: Some("钻石卡".into()),
        }),
        ..issued.clone()
    };
    let called = |rule, slack_ms| Event::TicketCalled {
        ticket,
        counter,
        teller: "1003".into(),
        because: Because { rule, tier: "ordinary".into(), slack_ms, saves_milli: None, favour: None },
    };
    let transferred = |to, note| Event::TicketTransferred { ticket, counter, to, note, order_ms: None };
    vec![
        (
            Event::DayOpened { date, first_ticket: TicketId(1), appointments: vec![] },
            r#"{"event":"day_opened","date":"2026-11-22","first_ticket":1}"#,
        ),
        (
            Event::DayOpened { date, first_ticket: TicketId(1), appointments: vec![booking.clone()] },
            r#"{"event":"day_opened","date":"2026-11-22","first_ticket":1,"appointments":[{"code":"204617","service":"payment","at_ms":1795309200000,"day":"2026-11-22"}]}"#,
        ),
        (
            Event::AppointmentBooked(Booking { tier: Some("vip".into()), ..booking.clone() }),
            r#"{"event":"appointment_booked","code":"204617","service":"payment","at_ms":1795309200000,"day":"2026-11-22","tier":"vip"}"#,
        ),
        (Event::AppointmentCancelled { code: booking.code }, r#"{"event":"appointment_cancelled","code":"204617"}"#),
        (Event::DayClosed { date }, r#"{"event":"day_closed","date":"2026-11-22"}"#),
        (Event::TicketingChanged { open: false }, r#"{"event":"ticketing_changed","open":false}"#),
        (
            Event::TicketIssued(issued),
            r#"{"event":"ticket_issued","ticket":17,"number":"A001","prefix":"A","code":"c0de","tier":"ordinary","service":"payment","identified_at_ms":1795309200000,"deadline_at_ms":1795311000000,"order_ms":1795308600000}"#,
        ),
        (
            Event::TicketIssued(issued_in_full),
            r#"{"event":"ticket_issued","ticket":17,"number":"A001","prefix":"A","code":"c0de","tier":"ordinary","service":"payment","identified_at_ms":1795309200000,"deadline_at_ms":1795311000000,"order_ms":1795308600000,"care":"elderly","booked_ms":1795309200000,"appointment":"204617","paperless":true,"language":"en","customer":"代办","kiosk":"kiosk-1","identity":{"kind":"id_card","masked":"110***********1234","level":"钻石卡"}}"#,
        ),
        (
            called(Rule::Precedence, 419_000),
            r#"{"event":"ticket_called","ticket":17,"counter":3,"teller":"1003","because":{"rule":"precedence","tier":"ordinary","slack_ms":419000}}"#,
        ),
        (
            called(Rule::Transferred, -1),
            r#"{"event":"ticket_called","ticket":17,"counter":3,"teller":"1003","because":{"rule":"transferred","tier":"ordinary","slack_ms":-1}}"#,
        ),
        (
            called(Rule::ByHand, 0),
            r#"{"event":"ticket_called","ticket":17,"counter":3,"teller":"1003","because":{"rule":"by_hand","tier":"ordinary","slack_ms":0}}"#,
        ),
        (
            Event::TicketCalled {
                ticket,
                counter,
                teller: "1003".into(),
                because: Because {
                    rule: Rule::Diversion,
                    tier: "ordinary".into(),
                    slack_ms: 360_000,
                    saves_milli: Some(2345),
                    favour: Some(Favour::Care),
                },
            },
            r#"{"event":"ticket_called","ticket":17,"counter":3,"teller":"1003","because":{"rule":"diversion","tier":"ordinary","slack_ms":360000,"saves_milli":2345,"favour":"care"}}"#,
        ),
        (
            Event::Learnt(Lesson {
                takes_ms: vec![("payment".into(), 171_000)],
                mix_ms: 340_000,
                begins_ms: 1_795_276_800_000,
                arrivals_milli: vec![0, 21_400],
                lowest_milli: vec![0, 14_400],
            }),
            r#"{"event":"learnt","takes_ms":[["payment",171000]],"mix_ms":340000,"begins_ms":1795276800000,"arrivals_milli":[0,21400],"lowest_milli":[0,14400]}"#,
        ),
        (
            Event::TicketRecalled { ticket, counter, recalls: 2 },
            r#"{"event":"ticket_recalled","ticket":17,"counter":3,"recalls":2}"#,
        ),
        (
            Event::ServiceStarted { ticket, counter, started_at_ms: 1_795_309_300_000 },
            r#"{"event":"service_started","ticket":17,"counter":3,"started_at_ms":1795309300000}"#,
        ),
        (
            Event::TicketCompleted { ticket, counter, outcome: None },
            r#"{"event":"ticket_completed","ticket":17,"counter":3}"#,
        ),
        (
            Event::TicketCompleted { ticket, counter, outcome: Some("已缴".into()) },
            r#"{"event":"ticket_completed","ticket":17,"counter":3,"outcome":"已缴"}"#,
        ),
        (Event::TicketNoShow { ticket, counter }, r#"{"event":"ticket_no_show","ticket":17,"counter":3}"#),
        (
            Event::TicketHeld { ticket, counter, reason: "取证件".into(), kind: HoldKind::Customer },
            r#"{"event":"ticket_held","ticket":17,"counter":3,"reason":"取证件","kind":"customer"}"#,
        ),
        (
            Event::TicketHeld { ticket, counter, reason: "查账".into(), kind: HoldKind::Staff },
            r#"{"event":"ticket_held","ticket":17,"counter":3,"reason":"查账","kind":"staff"}"#,
        ),
        (
            transferred(Destination::Service("sim".into()), None),
            r#"{"event":"ticket_transferred","ticket":17,"counter":3,"to":{"service":"sim"}}"#,
        ),
        (
            transferred(Destination::Counter(CounterNumber(1)), Some("急".into())),
            r#"{"event":"ticket_transferred","ticket":17,"counter":3,"to":{"counter":1},"note":"急"}"#,
        ),
        (
            Event::TicketTransferred {
                ticket,
                counter,
                to: Destination::Service("sim".into()),
                note: None,
                order_ms: Some(1_795_309_200_000),
            },
            r#"{"event":"ticket_transferred","ticket":17,"counter":3,"to":{"service":"sim"},"order_ms":1795309200000}"#,
        ),
        (Event::TicketRejoined { ticket, only_counter: None }, r#"{"event":"ticket_rejoined","ticket":17}"#),
        (
            Event::TicketRejoined { ticket, only_counter: Some(counter) },
            r#"{"event":"ticket_rejoined","ticket":17,"only_counter":3}"#,
        ),
        (Event::TicketReturned { ticket, counter }, r#"{"event":"ticket_returned","ticket":17,"counter":3}"#),
        (
            Event::TicketCancelled { ticket, by: Actor::Customer },
            r#"{"event":"ticket_cancelled","ticket":17,"by":"customer"}"#,
        ),
        (
            Event::TicketCancelled { ticket, by: Actor::Staff },
            r#"{"event":"ticket_cancelled","ticket":17,"by":"staff"}"#,
        ),
        (Event::TicketRated { ticket, score: 5, comment: None }, r#"{"event":"ticket_rated","ticket":17,"score":5}"#),
        (
            Event::TicketRated { ticket, score: 1, comment: Some("等太久".into()) },
            r#"{"event":"ticket_rated","ticket":17,"score":1,"comment":"等太久"}"#,
        ),
        (
            Event::TicketPrioritised { ticket, care: Care::Infirm, order_ms: 1_795_308_600_000 },
            r#"{"event":"ticket_prioritised","ticket":17,"care":"infirm","order_ms":1795308600000}"#,
        ),
        (Event::TicketReprinted { ticket }, r#"{"event":"ticket_reprinted","ticket":17}"#),
        (
            Event::CounterOpened { counter, teller: "1003".into() },
            r#"{"event":"counter_opened","counter":3,"teller":"1003"}"#,
        ),
        (
            Event::CounterClosed { counter, teller: "1003".into() },
            r#"{"event":"counter_closed","counter":3,"teller":"1003"}"#,
        ),
        (
            Event::CounterPaused { counter, reason: "吃饭".into() },
            r#"{"event":"counter_paused","counter":3,"reason":"吃饭"}"#,
        ),
        (Event::CounterResumed { counter }, r#"{"event":"counter_resumed","counter":3}"#),
    ]
}

/// A number for each kind of event, so that a missing one is missed.
fn kind(event: &Event) -> usize {
    match event {
        Event::DayOpened { .. } => 0,
        Event::DayClosed { .. } => 1,
        Event::TicketingChanged { .. } => 2,
        Event::TicketIssued(_) => 3,
        Event::TicketCalled { .. } => 4,
        Event::TicketRecalled { .. } => 5,
        Event::ServiceStarted { .. } => 6,
        Event::TicketCompleted { .. } => 7,
        Event::TicketNoShow { .. } => 8,
        Event::TicketHeld { .. } => 9,
        Event::TicketTransferred { .. } => 10,
        Event::TicketReturned { .. } => 11,
        Event::TicketCancelled { .. } => 12,
        Event::TicketRated { .. } => 13,
        Event::TicketPrioritised { .. } => 14,
        Event::TicketReprinted { .. } => 15,
        Event::CounterOpened { .. } => 16,
        Event::CounterClosed { .. } => 17,
        Event::CounterPaused { .. } => 18,
        Event::CounterResumed { .. } => 19,
        Event::TicketRejoined { .. } => 20,
        Event::Learnt(_) => 21,
        Event::AppointmentBooked(_) => 22,
        Event::AppointmentCancelled { .. } => 23,
    }
}

#[test]
fn nothing_is_missing() {
    let kinds: std::collections::BTreeSet<_> = golden().iter().map(|(event, _)| kind(event)).collect();
    assert_eq!(kinds, (0..24).collect());
}

#[test]
fn every_event_is_written_as_it_always_was() {
    for (event, line) in golden() {
        assert_eq!(serde_json::to_string(&event).unwrap(), line);
    }
}

#[test]
fn every_line_ever_written_is_read() {
    for (event, line) in golden() {
        assert_eq!(serde_json::from_str::<Event>(line).unwrap(), event);
    }
}

#[test]
fn a_field_that_a_newer_version_added_does_not_stop_the_reading() {
    let line = r#"{"event":"ticket_reprinted","ticket":17,"by":"1003"}"#;
    assert_eq!(serde_json::from_str::<Event>(line).unwrap(), Event::TicketReprinted { ticket: TicketId(17) });
    assert!(serde_json::from_str::<Event>(r#"{"event":"ticket_teleported","ticket":17}"#).is_err());
}
