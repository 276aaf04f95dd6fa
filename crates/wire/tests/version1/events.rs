//! The event stream.

use std::collections::{BTreeMap, BTreeSet};

use wire::{
    AdviceKind, AdviceView, Alarm, AlarmKind, Care, Condition, DeviceHealth, DeviceReport, DeviceState, Event, EventId,
    EventKind, HoldKind, IdentityKind, LocalNames, Outlook, Passing, PassingKind, Place, PrintState, SignCall,
    SignWanted, TicketId, TicketOutlook, TicketRef, TicketState, TierOutlook, VERSION, Wait,
};

use crate::golden::{holds, moment};

fn ticket(state: TicketState) -> TicketRef {
    TicketRef {
        id: TicketId(17),
        number: "A001".into(),
        tier: "ordinary".into(),
        service: "payment".into(),
        state,
        language: None,
    }
}

fn names(zh: &str, en: &str) -> LocalNames {
    LocalNames { zh: zh.into(), en: en.into() }
}

/// Every kind of event and what follows `"at":…,` in its line.
fn golden() -> Vec<(EventKind, &'static str)> {
    let counter = 3;
    vec![
        (EventKind::DayOpened { date: "2026-11-22".into() }, r#""event":"day.opened","date":"2026-11-22"}"#),
        (EventKind::DayClosed { date: "2026-11-22".into() }, r#""event":"day.closed","date":"2026-11-22"}"#),
        (
            EventKind::AppointmentBooked { service: "payment".into(), booked_at: moment("02:00:00") },
            r#""event":"appointment.booked","service":"payment","booked_at":"2026-11-22T02:00:00Z"}"#,
        ),
        (
            EventKind::AppointmentCancelled { service: "payment".into(), booked_at: moment("02:00:00") },
            r#""event":"appointment.cancelled","service":"payment","booked_at":"2026-11-22T02:00:00Z"}"#,
        ),
        (EventKind::HallLearnt {}, r#""event":"hall.learnt"}"#),
        (EventKind::TicketingChanged { open: true }, r#""event":"ticketing.changed","open":true}"#),
        (
            EventKind::TicketIssued {
                ticket: TicketRef { language: Some("en".into()), ..ticket(TicketState::Waiting) },
            },
            r#""event":"ticket.issued","ticket":{"id":17,"number":"A001","tier":"ordinary","service":"payment","state":"waiting","language":"en"}}"#,
        ),
        (
            EventKind::TicketCalled {
                ticket: ticket(TicketState::Called),
                counter,
                because: names("A001：普通客户，剩余 6 分钟", "A001: Ordinary, 6 min left"),
                rule: None,
            },
            r#""event":"ticket.called","ticket":{"id":17,"number":"A001","tier":"ordinary","service":"payment","state":"called"},"counter":3,"because":{"zh":"A001：普通客户，剩余 6 分钟","en":"A001: Ordinary, 6 min left"}}"#,
        ),
        (
            EventKind::TicketCalled {
                ticket: ticket(TicketState::Called),
                counter,
                because: names("A001：分流，普通客户，剩余 6 分钟", "A001: diverted, Ordinary, 6 min left"),
                rule: Some(hall::routing::Rule::Diversion),
            },
            r#""event":"ticket.called","ticket":{"id":17,"number":"A001","tier":"ordinary","service":"payment","state":"called"},"counter":3,"because":{"zh":"A001：分流，普通客户，剩余 6 分钟","en":"A001: diverted, Ordinary, 6 min left"},"rule":"diversion"}"#,
        ),
        (
            EventKind::TicketRecalled { ticket: ticket(TicketState::Called), counter, recalls: 2 },
            r#""event":"ticket.recalled","ticket":{"id":17,"number":"A001","tier":"ordinary","service":"payment","state":"called"},"counter":3,"recalls":2}"#,
        ),
        (
            EventKind::TicketStarted { ticket: ticket(TicketState::Serving), counter, started_at: moment("01:00:20") },
            r#""event":"ticket.started","ticket":{"id":17,"number":"A001","tier":"ordinary","service":"payment","state":"serving"},"counter":3,"started_at":"2026-11-22T01:00:20Z"}"#,
        ),
        (
            EventKind::TicketCompleted { ticket: ticket(TicketState::Completed), counter },
            r#""event":"ticket.completed","ticket":{"id":17,"number":"A001","tier":"ordinary","service":"payment","state":"completed"},"counter":3}"#,
        ),
        (
            EventKind::TicketNoShow { ticket: ticket(TicketState::NoShow), counter },
            r#""event":"ticket.no_show","ticket":{"id":17,"number":"A001","tier":"ordinary","service":"payment","state":"no_show"},"counter":3}"#,
        ),
        (
            EventKind::TicketHeld { ticket: ticket(TicketState::Held), counter, kind: HoldKind::Customer },
            r#""event":"ticket.held","ticket":{"id":17,"number":"A001","tier":"ordinary","service":"payment","state":"held"},"counter":3,"kind":"customer"}"#,
        ),
        (
            EventKind::TicketTransferred { ticket: ticket(TicketState::Waiting), counter, only_counter: Some(1) },
            r#""event":"ticket.transferred","ticket":{"id":17,"number":"A001","tier":"ordinary","service":"payment","state":"waiting"},"counter":3,"only_counter":1}"#,
        ),
        (
            EventKind::TicketTransferred { ticket: ticket(TicketState::Waiting), counter, only_counter: None },
            r#""event":"ticket.transferred","ticket":{"id":17,"number":"A001","tier":"ordinary","service":"payment","state":"waiting"},"counter":3}"#,
        ),
        (
            EventKind::TicketRejoined { ticket: ticket(TicketState::Waiting), only_counter: Some(3) },
            r#""event":"ticket.rejoined","ticket":{"id":17,"number":"A001","tier":"ordinary","service":"payment","state":"waiting"},"only_counter":3}"#,
        ),
        (
            EventKind::TicketReturned { ticket: ticket(TicketState::Waiting), counter },
            r#""event":"ticket.returned","ticket":{"id":17,"number":"A001","tier":"ordinary","service":"payment","state":"waiting"},"counter":3}"#,
        ),
        (
            EventKind::TicketCancelled { ticket: ticket(TicketState::Cancelled) },
            r#""event":"ticket.cancelled","ticket":{"id":17,"number":"A001","tier":"ordinary","service":"payment","state":"cancelled"}}"#,
        ),
        (
            EventKind::TicketRated { ticket: ticket(TicketState::Completed), score: 5 },
            r#""event":"ticket.rated","ticket":{"id":17,"number":"A001","tier":"ordinary","service":"payment","state":"completed"},"score":5}"#,
        ),
        (
            EventKind::TicketPrioritised { ticket: ticket(TicketState::Waiting), care: Care::Elderly },
            r#""event":"ticket.prioritised","ticket":{"id":17,"number":"A001","tier":"ordinary","service":"payment","state":"waiting"},"care":"elderly"}"#,
        ),
        (
            EventKind::TicketReprinted { ticket: ticket(TicketState::Waiting) },
            r#""event":"ticket.reprinted","ticket":{"id":17,"number":"A001","tier":"ordinary","service":"payment","state":"waiting"}}"#,
        ),
        (EventKind::CounterOpened { counter }, r#""event":"counter.opened","counter":3}"#),
        (EventKind::CounterClosed { counter }, r#""event":"counter.closed","counter":3}"#),
        (
            EventKind::CounterPaused { counter, reason: "吃饭".into() },
            r#""event":"counter.paused","counter":3,"reason":"吃饭"}"#,
        ),
        (EventKind::CounterResumed { counter }, r#""event":"counter.resumed","counter":3}"#),
    ]
}

fn event(kind: EventKind) -> Event {
    Event { v: VERSION, at: moment("01:00:00.25"), kind }
}

#[test]
fn every_event_is_written_and_read_as_it_always_was() {
    for (kind, rest) in golden() {
        holds(&event(kind), &format!(r#"{{"v":1,"at":"2026-11-22T01:00:00.25Z",{rest}"#));
    }
}

#[test]
fn the_documented_names_are_those_in_the_stream_and_all_of_them() {
    let mut named = BTreeSet::new();
    for (kind, rest) in golden() {
        let event = event(kind);
        assert!(rest.starts_with(&format!(r#""event":"{}""#, event.name())), "{rest}");
        named.insert(event.name());
    }
    assert_eq!(named, EventKind::NAMES.into_iter().collect(), "every name has its line above");
    assert_eq!(named.len(), EventKind::NAMES.len(), "no name stands for two");
}

#[test]
fn every_passing_event_is_written_and_read_as_it_always_was() {
    let sign = SignWanted {
        place: Place::Counter(3),
        seq: 41,
        calls: vec![SignCall { number: "A001".into(), counter: 3, calls: 1 }],
        idle: BTreeMap::from([("en".to_owned(), "Counter 3".to_owned()), ("zh".to_owned(), "3 号窗口".to_owned())]),
        brightness: Some(40),
    };
    let device = DeviceHealth {
        name: "printer-1".into(),
        place: Place::Kiosk("kiosk-1".into()),
        report: DeviceReport {
            state: DeviceState::Fault,
            conditions: vec![Condition::PaperOut, Condition::CoverOpen],
            detail: Some("DLE EOT 4: 0x72".into()),
        },
        since: moment("00:59:00"),
    };
    let advice = |kind, counter, service: Option<&str>, after, text| AdviceView {
        kind,
        counter,
        service: service.map(str::to_owned),
        before: 7.1,
        after,
        text,
    };
    let tier = |tier: &str, expected_misses, any_miss, alarm_since| TierOutlook {
        tier: tier.to_owned(),
        overdue: 1,
        expected_misses,
        any_miss,
        alarm_since,
    };
    let outlook = Outlook {
        at: moment("01:00:00"),
        window_s: 1800,
        tiers: vec![tier("gotone", 2.5, 0.9, Some(moment("00:59:00"))), tier("ordinary", 0.0, 0.0, None)],
        tickets: vec![TicketOutlook {
            ticket: TicketId(17),
            number: "G001".into(),
            tier: "gotone".into(),
            miss: 0.8,
            deadline_at: moment("01:10:00"),
            wait: Wait { likely_s: 700, low_s: 500, high_s: 900, samples: 40 },
        }],
        advice: vec![
            advice(AdviceKind::OpenCounter, Some(5), None, 2.2, names("现在开启 5 号窗口", "open counter 5 now")),
            advice(AdviceKind::SelfService, None, Some("payment"), 4.0, names("引导", "send")),
        ],
    };
    let kinds = [
        (
            "say",
            PassingKind::Say {
                number: "A001".into(),
                counter: 3,
                text: names("请 A001 号到 3 号窗口办理", "Ticket A001, please go to window 3"),
                until: moment("01:00:20"),
            },
            r#""number":"A001","counter":3,"text":{"zh":"请 A001 号到 3 号窗口办理","en":"Ticket A001, please go to window 3"},"until":"2026-11-22T01:00:20Z"}"#,
        ),
        (
            "sign.wanted",
            PassingKind::SignWanted { sign },
            r#""sign":{"place":{"counter":3},"seq":41,"calls":[{"number":"A001","counter":3,"calls":1}],"idle":{"en":"Counter 3","zh":"3 号窗口"},"brightness":40}}"#,
        ),
        (
            "print.changed",
            PassingKind::PrintChanged {
                job: 9,
                ticket: Some(TicketId(17)),
                kiosk: "kiosk-1".into(),
                state: PrintState::Uncertain,
            },
            r#""job":9,"ticket":17,"kiosk":"kiosk-1","state":"uncertain"}"#,
        ),
        (
            "print.changed",
            PassingKind::PrintChanged { job: 10, ticket: None, kiosk: "kiosk-1".into(), state: PrintState::Queued },
            r#""job":10,"kiosk":"kiosk-1","state":"queued"}"#,
        ),
        (
            "customer.identified",
            PassingKind::CustomerIdentified {
                kiosk: "kiosk-1".into(),
                key: "k3v9x2mq7w01".into(),
                kind: IdentityKind::Phone,
                masked: "138****1234".into(),
                tier: "vip".into(),
                level: Some("钻石卡".into()),
                staff_told: false,
                appointment: None,
            },
            r#""kiosk":"kiosk-1","key":"k3v9x2mq7w01","kind":"phone","masked":"138****1234","tier":"vip","level":"钻石卡"}"#,
        ),
        (
            "arrivals.changed",
            PassingKind::ArrivalsChanged {
                arrivals: vec![Alarm {
                    kind: AlarmKind::VipArrived,
                    about: "kiosk-1".into(),
                    text: LocalNames { zh: "请迎接".into(), en: "please receive them".into() },
                    since: moment("00:59:00"),
                }],
            },
            r#""arrivals":[{"kind":"vip_arrived","about":"kiosk-1","text":{"zh":"请迎接","en":"please receive them"},"since":"2026-11-22T00:59:00Z"}]}"#,
        ),
        (
            "device.changed",
            PassingKind::DeviceChanged { device },
            r#""device":{"name":"printer-1","place":{"kiosk":"kiosk-1"},"report":{"state":"fault","conditions":["paper_out","cover_open"],"detail":"DLE EOT 4: 0x72"},"since":"2026-11-22T00:59:00Z"}}"#,
        ),
        (
            "outlook.changed",
            PassingKind::OutlookChanged { outlook },
            r#""outlook":{"at":"2026-11-22T01:00:00Z","window_s":1800,"tiers":[{"tier":"gotone","overdue":1,"expected_misses":2.5,"any_miss":0.9,"alarm_since":"2026-11-22T00:59:00Z"},{"tier":"ordinary","overdue":1,"expected_misses":0.0,"any_miss":0.0}],"tickets":[{"ticket":17,"number":"G001","tier":"gotone","miss":0.8,"deadline_at":"2026-11-22T01:10:00Z","wait":{"likely_s":700,"low_s":500,"high_s":900,"samples":40}}],"advice":[{"kind":"open_counter","counter":5,"before":7.1,"after":2.2,"text":{"zh":"现在开启 5 号窗口","en":"open counter 5 now"}},{"kind":"self_service","service":"payment","before":7.1,"after":4.0,"text":{"zh":"引导","en":"send"}}]}}"#,
        ),
    ];
    for (name, kind, rest) in kinds {
        // A new kind of passing event stops the compiler here, and belongs into the list above.
        match &kind {
            PassingKind::Say { .. }
            | PassingKind::SignWanted { .. }
            | PassingKind::PrintChanged { .. }
            | PassingKind::CustomerIdentified { .. }
            | PassingKind::ArrivalsChanged { .. }
            | PassingKind::DeviceChanged { .. }
            | PassingKind::OutlookChanged { .. } => {}
        }
        let passing = Passing::new(1_795_309_200_000, kind);
        assert_eq!(passing.name(), name);
        holds(&passing, &format!(r#"{{"v":1,"at":"2026-11-22T01:00:00Z","event":"{name}",{rest}"#));
    }
}

#[test]
fn a_field_that_a_newer_broker_added_does_not_stop_an_older_client() {
    let line = r#"{"v":1,"at":"2026-11-22T01:00:00.25Z","event":"counter.opened","counter":3,"teller":"1003"}"#;
    let read: Event = serde_json::from_str(line).unwrap();
    assert_eq!(read, event(EventKind::CounterOpened { counter: 3 }));
}

#[test]
fn an_event_id_reads_back_as_it_is_written() {
    let id = EventId { epoch: "9f3a0c".into(), seq: 17 };
    assert_eq!(id.to_string(), "9f3a0c.17");
    assert_eq!("9f3a0c.17".parse(), Ok(id));
    let last = EventId { epoch: "9f.3a".into(), seq: u64::MAX };
    assert_eq!(last.to_string().parse(), Ok(last), "the last dot parts them");
}

#[test]
fn what_is_not_an_event_id_is_refused_and_quoted() {
    for wrong in ["", "17", "9f3a0c", "9f3a0c.", "9f3a0c.x", "9f3a0c.-1", "9f3a0c.17 ", "a.18446744073709551616"] {
        let error = wrong.parse::<EventId>().expect_err(wrong);
        assert_eq!(error, format!("`{wrong}` is not an event id like 9f3a0c.17"));
    }
}

#[test]
fn moments_beyond_the_calendar_are_told_as_the_nearest_there_is() {
    assert_eq!(wire::event::timestamp(i64::MAX), jiff::Timestamp::MAX);
    assert_eq!(wire::event::timestamp(i64::MIN), jiff::Timestamp::MIN);
    assert_eq!(wire::event::timestamp(1_795_309_200_250), moment("01:00:00.25"));
}
