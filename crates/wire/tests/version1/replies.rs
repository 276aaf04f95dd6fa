//! What is answered.

use wire::{
    Alarm, AlarmKind, Appointment, AppointmentStanding, Called, Care, CounterStatus, CounterView, DeviceHealth,
    DeviceReport, DeviceState, Documents, HallSnapshot, HistoryStep, IdentifyBy, Issued, KioskPage, KioskSettings,
    LocalNames, Names, Notice, Place, PrintState, Problem, PublicTicket, Role, ServiceGroup, ServiceOffer, ServiceView,
    Speech, StepKind, TicketId, TicketState, TicketView, TierName, TierOffer, TierView, Wait,
};

use crate::golden::{holds, moment};

fn names(zh: &str, en: &str) -> LocalNames {
    LocalNames { zh: zh.into(), en: en.into() }
}

/// A ticket with nothing but what every ticket has.
fn bare() -> TicketView {
    TicketView {
        id: TicketId(17),
        number: "A001".into(),
        tier: "ordinary".into(),
        service: "payment".into(),
        state: TicketState::Waiting,
        issued_at: moment("01:00:00"),
        deadline_at: moment("01:30:00"),
        ahead: 2,
        waited_s: 60,
        counter: None,
        only_counter: None,
        recalls: 0,
        called_at: None,
        no_show_from: None,
        started_at: None,
        care: None,
        booked_at: None,
        language: None,
        kiosk: None,
        identity: None,
        note: None,
        score: None,
        url: None,
        print: None,
        history: vec![],
    }
}

const BARE: &str = r#"{"id":17,"number":"A001","tier":"ordinary","service":"payment","state":"waiting","issued_at":"2026-11-22T01:00:00Z","deadline_at":"2026-11-22T01:30:00Z","ahead":2,"waited_s":60,"recalls":0}"#;

const WAIT: Wait = Wait { likely_s: 300, low_s: 120, high_s: 600, samples: 12 };
const WAIT_LINE: &str = r#"{"likely_s":300,"low_s":120,"high_s":600,"samples":12}"#;

#[test]
fn a_ticket_is_written_and_read_as_it_always_was() {
    holds(&bare(), BARE);
    let full = TicketView {
        state: TicketState::Completed,
        counter: Some(3),
        only_counter: Some(1),
        recalls: 2,
        called_at: Some(moment("01:05:00")),
        no_show_from: Some(moment("01:05:20")),
        started_at: Some(moment("01:05:30")),
        care: Some(Care::Disabled),
        language: Some("zh".into()),
        kiosk: Some("kiosk-1".into()),
        identity: Some("138****1234".into()),
        note: Some("急".into()),
        score: Some(5),
        url: Some("http://127.0.0.1:8080/t/0123456789ab".into()),
        print: Some(PrintState::Sent),
        history: vec![
            HistoryStep { at: moment("01:00:00"), what: StepKind::Issued, counter: None },
            HistoryStep { at: moment("01:05:00"), what: StepKind::Called, counter: Some(3) },
        ],
        ..bare()
    };
    holds(
        &full,
        r#"{"id":17,"number":"A001","tier":"ordinary","service":"payment","state":"completed","issued_at":"2026-11-22T01:00:00Z","deadline_at":"2026-11-22T01:30:00Z","ahead":2,"waited_s":60,"counter":3,"only_counter":1,"recalls":2,"called_at":"2026-11-22T01:05:00Z","no_show_from":"2026-11-22T01:05:20Z","started_at":"2026-11-22T01:05:30Z","care":"disabled","language":"zh","kiosk":"kiosk-1","identity":"138****1234","note":"急","score":5,"url":"http://127.0.0.1:8080/t/0123456789ab","print":"sent","history":[{"at":"2026-11-22T01:00:00Z","what":"issued"},{"at":"2026-11-22T01:05:00Z","what":"called","counter":3}]}"#,
    );
}

#[test]
fn answers_to_commands_are_written_and_read_as_they_always_were() {
    holds(&Issued { ticket: bare(), wait: WAIT }, &format!(r#"{{"ticket":{BARE},"wait":{WAIT_LINE}}}"#));
    holds(&Called { ticket: bare(), because: None }, &format!(r#"{{"ticket":{BARE}}}"#));
    holds(
        &Called { ticket: bare(), because: Some("Ordinary, 6 min left".into()) },
        &format!(r#"{{"ticket":{BARE},"because":"Ordinary, 6 min left"}}"#),
    );
    holds(&PublicTicket { state: TicketState::Called, ahead: 0 }, r#"{"state":"called","ahead":0}"#);
}

#[test]
fn a_problem_is_written_and_read_as_it_always_was() {
    holds(
        &Problem {
            kind: "counter_closed".into(),
            title: "3 号窗口无人签到".into(),
            status: 409,
            detail: None,
            field: None,
        },
        r#"{"type":"counter_closed","title":"3 号窗口无人签到","status":409}"#,
    );
    holds(
        &Problem {
            kind: "unknown_service".into(),
            title: "没有业务“fishing”".into(),
            status: 422,
            detail: Some("There is no service `fishing`".into()),
            field: Some("service".into()),
        },
        r#"{"type":"unknown_service","title":"没有业务“fishing”","status":422,"detail":"There is no service `fishing`","field":"service"}"#,
    );
}

#[test]
fn a_kiosk_s_offers_and_settings_are_written_and_read_as_they_always_were() {
    let name = |zh: &str, en: &str| Names { zh: zh.into(), en: en.into() };
    let offer = ServiceOffer {
        id: "payment".into(),
        names: names("缴费", "Pay a bill"),
        prefix: "A".into(),
        open: false,
        closed_because: Some("该业务今日号票已发完".into()),
        closed_short: Some("今日已发完".into()),
        quota_left: Some(0),
        waiting: 1,
        ahead: 2,
        wait: WAIT,
        tiers: vec![TierOffer { tier: "vip".into(), ahead: 0, wait: WAIT }],
        unstaffed: true,
        documents: vec![Documents {
            customer: name("本人", "In person"),
            items: vec![name("手机号码", "Mobile number")],
        }],
        self_service: Some(names("自助终端可缴费", "Pay at a terminal")),
        area: Some(names("综合等候区", "Main waiting area")),
    };
    holds(
        &offer,
        &format!(
            r#"{{"id":"payment","names":{{"zh":"缴费","en":"Pay a bill"}},"prefix":"A","open":false,"closed_because":"该业务今日号票已发完","closed_short":"今日已发完","quota_left":0,"waiting":1,"ahead":2,"wait":{WAIT_LINE},"tiers":[{{"tier":"vip","ahead":0,"wait":{WAIT_LINE}}}],"unstaffed":true,"documents":[{{"customer":{{"zh":"本人","en":"In person"}},"items":[{{"zh":"手机号码","en":"Mobile number"}}]}}],"self_service":{{"zh":"自助终端可缴费","en":"Pay at a terminal"}},"area":{{"zh":"综合等候区","en":"Main waiting area"}}}}"#
        ),
    );
    holds(
        &KioskSettings {
            kiosk: "kiosk-1".into(),
            hall: names("东湖路营业厅", "Donghu Road Hall"),
            languages: vec!["zh".into(), "en".into()],
            time_zone: "Asia/Shanghai".into(),
            now: moment("01:00:00"),
            hours_today: "08:30–18:00".into(),
            panel_bottom_mm: 967,
            speed: 1.0,
            tiers: vec![TierName { id: "vip".into(), names: names("大客户", "VIP"), area: None }],
            pages: vec![KioskPage::Who, KioskPage::Documents, KioskPage::Confirm],
            identify: vec![
                IdentifyBy::Phone,
                IdentifyBy::Card,
                IdentifyBy::IdCard,
                IdentifyBy::Code,
                IdentifyBy::Appointment,
            ],
            care: true,
            paperless: true,
            services: vec!["payment".into()],
            groups: vec![ServiceGroup { names: names("办理", "Services"), services: vec!["payment".into()] }],
            long_wait_min: Some(40),
            news: vec![names("新套餐上市", "New plans")],
            greeting: Some(names("国庆节快乐", "Happy National Day")),
            speech: Speech::Headphones,
        },
        r#"{"kiosk":"kiosk-1","hall":{"zh":"东湖路营业厅","en":"Donghu Road Hall"},"languages":["zh","en"],"time_zone":"Asia/Shanghai","now":"2026-11-22T01:00:00Z","hours_today":"08:30–18:00","panel_bottom_mm":967,"speed":1.0,"tiers":[{"id":"vip","names":{"zh":"大客户","en":"VIP"}}],"pages":["who","documents","confirm"],"identify":["phone","card","id_card","code","appointment"],"care":true,"paperless":true,"services":["payment"],"groups":[{"names":{"zh":"办理","en":"Services"},"services":["payment"]}],"long_wait_min":40,"news":[{"zh":"新套餐上市","en":"New plans"}],"greeting":{"zh":"国庆节快乐","en":"Happy National Day"},"speech":"headphones"}"#,
    );
}

#[test]
fn settings_of_an_earlier_broker_are_read_as_a_kiosk_with_a_page_to_confirm_and_nothing_more() {
    let line = r#"{"kiosk":"kiosk-1","hall":{"zh":"东湖路营业厅","en":"Donghu Road Hall"},"languages":["zh","en"],"time_zone":"Asia/Shanghai","now":"2026-11-22T01:00:00Z","hours_today":"08:30–18:00","panel_bottom_mm":967,"speed":1.0,"tiers":[{"id":"vip","names":{"zh":"大客户","en":"VIP"}}]}"#;
    let read: KioskSettings = serde_json::from_str(line).unwrap();
    assert_eq!(read.pages, [KioskPage::Confirm]);
    assert!(read.identify.is_empty() && read.services.is_empty() && read.groups.is_empty() && read.news.is_empty());
    assert!(!read.care && !read.paperless && read.greeting.is_none() && read.long_wait_min.is_none());
    assert_eq!(read.speech, Speech::Off);
}

#[test]
fn an_appointment_is_written_and_read_as_it_always_was() {
    for (standing, word) in [
        (AppointmentStanding::Early, "early"),
        (AppointmentStanding::Due, "due"),
        (AppointmentStanding::Late, "late"),
        (AppointmentStanding::Used, "used"),
        (AppointmentStanding::Cancelled, "cancelled"),
    ] {
        let appointment = Appointment {
            code: "204617".into(),
            service: "payment".into(),
            at: moment("02:00:00"),
            standing,
            opens_at: moment("01:30:00"),
            closes_at: moment("02:15:00"),
        };
        let line = format!(
            r#"{{"code":"204617","service":"payment","at":"2026-11-22T02:00:00Z","standing":"{word}","opens_at":"2026-11-22T01:30:00Z","closes_at":"2026-11-22T02:15:00Z"}}"#
        );
        holds(&appointment, &line);
    }
}

#[test]
fn a_snapshot_of_the_hall_is_written_and_read_as_it_always_was() {
    let closed = CounterView {
        number: 2,
        names: names("全球通专柜", "GoTone desk"),
        kind: "gotone".into(),
        services: vec![],
        state: CounterStatus::Closed,
        teller: None,
        reason: None,
        ticket: None,
        waiting: 0,
        diverts: Some("A042".into()),
    };
    let paused = CounterView {
        number: 3,
        names: names("综合业务", "All services"),
        kind: "general".into(),
        services: vec!["payment".into(), "sim".into()],
        state: CounterStatus::Paused,
        teller: Some("1003".into()),
        reason: Some("吃饭".into()),
        ticket: Some(bare()),
        waiting: 1,
        diverts: None,
    };
    let report = DeviceReport { state: DeviceState::Unknown, conditions: vec![], detail: None };
    let snapshot = HallSnapshot {
        epoch: "9f3a0c".into(),
        seq: 41,
        now: moment("01:01:00"),
        name: names("东湖路营业厅", "Donghu Road Hall"),
        time_zone: "Asia/Shanghai".into(),
        day: Some("2026-11-22".into()),
        ticketing_open: true,
        speed: 10.0,
        tiers: vec![TierView { id: "vip".into(), names: names("大客户", "VIP"), limit_s: 600, waiting: 0 }],
        services: vec![ServiceView {
            id: "payment".into(),
            names: names("缴费", "Pay a bill"),
            waiting: 1,
            wait: WAIT,
        }],
        counters: vec![closed, paused],
        waiting: vec![bare()],
        held: vec![],
        recent: vec![Notice { ticket: TicketId(16), number: "V001".into(), counter: 1, at: moment("00:59:00") }],
        devices: vec![DeviceHealth { name: "hall-led".into(), place: Place::Hall, report, since: moment("00:00:00") }],
        alarms: vec![Alarm {
            kind: AlarmKind::DeviceUnknown,
            about: "hall-led".into(),
            text: names("没有应答", "says nothing"),
            since: moment("00:00:00"),
        }],
    };
    let line = [
        r#"{"epoch":"9f3a0c","seq":41,"now":"2026-11-22T01:01:00Z","name":{"zh":"东湖路营业厅","en":"Donghu Road Hall"},"time_zone":"Asia/Shanghai","day":"2026-11-22","ticketing_open":true,"speed":10.0,"#,
        r#""tiers":[{"id":"vip","names":{"zh":"大客户","en":"VIP"},"limit_s":600,"waiting":0}],"#,
        r#""services":[{"id":"payment","names":{"zh":"缴费","en":"Pay a bill"},"waiting":1,"wait":"#,
        WAIT_LINE,
        r#"}],"counters":[{"number":2,"names":{"zh":"全球通专柜","en":"GoTone desk"},"kind":"gotone","services":[],"state":"closed","waiting":0,"diverts":"A042"},"#,
        r#"{"number":3,"names":{"zh":"综合业务","en":"All services"},"kind":"general","services":["payment","sim"],"state":"paused","teller":"1003","reason":"吃饭","ticket":"#,
        BARE,
        r#","waiting":1}],"waiting":["#,
        BARE,
        r#"],"held":[],"recent":[{"ticket":16,"number":"V001","counter":1,"at":"2026-11-22T00:59:00Z"}],"#,
        r#""devices":[{"name":"hall-led","place":"hall","report":{"state":"unknown","conditions":[]},"since":"2026-11-22T00:00:00Z"}],"#,
        r#""alarms":[{"kind":"device_unknown","about":"hall-led","text":{"zh":"没有应答","en":"says nothing"},"since":"2026-11-22T00:00:00Z"}]}"#,
    ]
    .concat();
    holds(&snapshot, &line);
}

#[test]
fn words_of_states_are_those_documented() {
    let states = [
        (TicketState::Waiting, "waiting"),
        (TicketState::Called, "called"),
        (TicketState::Serving, "serving"),
        (TicketState::Held, "held"),
        (TicketState::Completed, "completed"),
        (TicketState::NoShow, "no_show"),
        (TicketState::Cancelled, "cancelled"),
    ];
    for (state, word) in states {
        holds(&state, &format!("\"{word}\""));
    }
    let steps = [
        (StepKind::Issued, "issued"),
        (StepKind::Called, "called"),
        (StepKind::Recalled, "recalled"),
        (StepKind::Started, "started"),
        (StepKind::Completed, "completed"),
        (StepKind::NoShow, "no_show"),
        (StepKind::Held, "held"),
        (StepKind::Transferred, "transferred"),
        (StepKind::Returned, "returned"),
        (StepKind::Cancelled, "cancelled"),
        (StepKind::Rated, "rated"),
        (StepKind::Prioritised, "prioritised"),
        (StepKind::Reprinted, "reprinted"),
        (StepKind::Rejoined, "rejoined"),
    ];
    for (step, word) in steps {
        holds(&step, &format!("\"{word}\""));
    }
    for (kind, word) in [
        (AlarmKind::DeviceFault, "device_fault"),
        (AlarmKind::DeviceUnknown, "device_unknown"),
        (AlarmKind::PrintUncertain, "print_uncertain"),
        (AlarmKind::Clock, "clock"),
        (AlarmKind::LimitAtRisk, "limit_at_risk"),
        (AlarmKind::Forecast, "forecast"),
        (AlarmKind::Directory, "directory"),
        (AlarmKind::VipArrived, "vip_arrived"),
    ] {
        holds(&kind, &format!("\"{word}\""));
    }
}

#[test]
fn a_role_s_name_is_its_word_on_the_wire() {
    for role in Role::ALL {
        holds(&role, &format!("\"{}\"", role.name()));
    }
    let names: std::collections::BTreeSet<_> = Role::ALL.map(Role::name).into_iter().collect();
    assert_eq!(names.len(), Role::ALL.len());
}
