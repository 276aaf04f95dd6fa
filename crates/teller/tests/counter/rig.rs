//! Counter 3 of a hall, lived through step by step.

use std::time::Duration;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use look::Language;
use teller::desk::{Act, Answer, Desk, Message, Order};
use teller::view::View;
use wire::{
    Called, Care, CounterStatus, CounterView, Documents, Event, EventKind, HallSnapshot, LocalNames, Names,
    ServiceOffer, ServiceView, TicketId, TicketRef, TicketState, TicketView, TierView, Wait,
};

pub const FULL: (u32, u32) = (1920, 1080);

/// A desk with its hall; time is stepped.
pub struct Rig {
    pub desk: Desk,
    pub hall: HallSnapshot,
    pub at: Duration,
}

impl Rig {
    /// Counter 3 is staffed and free, nobody waits.
    pub fn open() -> Self {
        Self::in_language(Language::Chinese)
    }

    pub fn in_language(language: Language) -> Self {
        let mut rig = Self {
            desk: Desk::new(3, language, TimeZone::fixed(jiff::tz::offset(8))),
            hall: hall(),
            at: Duration::from_secs(5),
        };
        rig.desk.set_away(false);
        rig.tell();
        rig
    }

    /// Five people wait, one of them soon late, one late; two tickets are held.
    pub fn busy(language: Language) -> Self {
        let mut rig = Self::in_language(language);
        rig.hall.waiting = vec![
            TicketView { care: Some(Care::Elderly), ..rig.ticket(11, "V007", "vip", "broadband", 7) },
            rig.ticket(12, "G015", "gotone", "payment", 17),
            rig.ticket(13, "A042", "ordinary", "sim", 31),
            rig.ticket(14, "A043", "ordinary", "payment", 3),
        ];
        rig.hall.held = vec![
            TicketView { state: TicketState::Held, ..rig.ticket(9, "A036", "ordinary", "sim", 12) },
            TicketView { state: TicketState::Held, counter: Some(3), ..rig.ticket(10, "G009", "gotone", "payment", 9) },
        ];
        for (tier, waiting) in rig.hall.tiers.iter_mut().zip([1, 1, 12]) {
            tier.waiting = waiting;
        }
        rig.counter().waiting = 14;
        rig.desk.offers(&[offer()]);
        rig.tell();
        rig
    }

    pub fn tell(&mut self) {
        self.hall.now = start() + self.at;
        self.hall.seq += 1;
        self.desk.snapshot(self.hall.clone(), self.at);
    }

    pub fn pass_ms(&mut self, ms: u64) {
        self.at += Duration::from_millis(ms);
    }

    pub fn press(&mut self, act: Act) -> Option<Order> {
        self.desk.act(act, self.at)
    }

    pub fn answer(&mut self, answer: Answer) {
        self.desk.answer(answer, self.at);
    }

    /// The broker calls this ticket to counter 3 in answer to the order under way.
    pub fn answer_called(&mut self, ticket: TicketView, because: &str) {
        self.answer(Answer::Called(Box::new(Called { ticket, because: Some(because.to_owned()) })));
    }

    /// F8 is pressed and the broker calls `G015`.
    pub fn call(&mut self) -> TicketView {
        let ticket = self.called_ticket();
        assert_eq!(self.press(Act::Next), Some(Order::Next));
        self.answer_called(ticket.clone(), "全球通，剩余 6 分钟");
        self.counter().ticket = Some(ticket.clone());
        self.hall.waiting.retain(|waiting| waiting.id != ticket.id);
        self.tell();
        ticket
    }

    /// `G015`, called now: a no-show may be marked in 20 seconds.
    pub fn called_ticket(&self) -> TicketView {
        let now = start() + self.at;
        TicketView {
            state: TicketState::Called,
            counter: Some(3),
            called_at: Some(now),
            no_show_from: Some(now + SignedDuration::from_secs(20)),
            kiosk: Some("kiosk-1".into()),
            identity: Some("138****5678".into()),
            language: Some("zh".into()),
            ..self.ticket(12, "G015", "gotone", "payment", 9)
        }
    }

    /// A waiting ticket whose wait began `minutes` ago.
    pub fn ticket(&self, id: u64, number: &str, tier: &str, service: &str, minutes: i64) -> TicketView {
        let issued_at = start() + self.at - SignedDuration::from_mins(minutes);
        let limit_s = self.hall.tiers.iter().find(|known| known.id == tier).expect("a tier of this hall").limit_s;
        TicketView {
            id: TicketId(id),
            number: number.into(),
            tier: tier.into(),
            service: service.into(),
            state: TicketState::Waiting,
            issued_at,
            deadline_at: issued_at + SignedDuration::from_secs(i64::from(limit_s)),
            ahead: 0,
            waited_s: minutes * 60,
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

    pub fn counter(&mut self) -> &mut CounterView {
        &mut self.hall.counters[2]
    }

    pub fn called_event(&mut self, ticket: &TicketView, counter: u16) {
        let ticket = TicketRef {
            id: ticket.id,
            number: ticket.number.clone(),
            tier: ticket.tier.clone(),
            service: ticket.service.clone(),
            state: TicketState::Called,
            language: None,
        };
        let because = LocalNames { zh: "全球通，剩余 6 分钟".into(), en: "GoTone, 6 min left".into() };
        let kind = EventKind::TicketCalled { ticket, counter, because, rule: None };
        self.desk.event(&Event { v: wire::VERSION, at: start() + self.at, kind }, self.at);
    }

    pub fn view(&self) -> View {
        self.desk.view(self.at)
    }

    pub fn message(&self) -> Option<Message> {
        self.view().message
    }
}

/// What the payment desk asks for.
fn offer() -> ServiceOffer {
    let local = |zh: &str, en: &str| Names { zh: zh.into(), en: en.into() };
    ServiceOffer {
        id: "payment".into(),
        names: names("缴费充值", "Payment"),
        prefix: "A".into(),
        open: true,
        closed_because: None,
        closed_short: None,
        quota_left: None,
        waiting: 0,
        ahead: 0,
        wait: Wait { likely_s: 0, low_s: 0, high_s: 0, samples: 0 },
        tiers: vec![],
        unstaffed: false,
        documents: vec![Documents {
            customer: local("本人办理", "In person"),
            items: vec![local("身份证", "ID card"), local("缴费号码", "Number to pay for")],
        }],
        self_service: None,
        area: None,
    }
}

fn start() -> Timestamp {
    "2026-11-22T01:41:00Z".parse().expect("a time")
}

fn names(zh: &str, en: &str) -> LocalNames {
    LocalNames { zh: zh.into(), en: en.into() }
}

fn hall() -> HallSnapshot {
    let tier = |id: &str, names, minutes: u32| TierView { id: id.into(), names, limit_s: minutes * 60, waiting: 0 };
    let service = |id: &str, names| ServiceView {
        id: id.into(),
        names,
        waiting: 0,
        wait: Wait { likely_s: 0, low_s: 0, high_s: 0, samples: 0 },
    };
    let counter = |number: u16| CounterView {
        number,
        names: names("综合业务", "General"),
        kind: "general".into(),
        services: ["payment", "sim", "broadband"].map(String::from).into(),
        state: CounterStatus::Open,
        teller: (number == 3).then(|| "1003".into()),
        reason: None,
        ticket: None,
        waiting: 0,
        diverts: None,
    };
    HallSnapshot {
        epoch: "aaaa".into(),
        seq: 1,
        now: start(),
        name: names("南京路旗舰营业厅", "Nanjing Road Hall"),
        time_zone: "Asia/Shanghai".into(),
        day: Some("2026-11-22".into()),
        ticketing_open: true,
        speed: 1.0,
        tiers: vec![
            tier("vip", names("VIP", "VIP"), 10),
            tier("gotone", names("全球通", "GoTone"), 15),
            tier("ordinary", names("普通", "Ordinary"), 30),
        ],
        services: vec![
            service("payment", names("缴费充值", "Payment")),
            service("sim", names("补卡换卡", "SIM replacement")),
            service("broadband", names("宽带办理", "Broadband")),
        ],
        counters: (1..=4).map(counter).collect(),
        waiting: vec![],
        held: vec![],
        recent: vec![],
        devices: vec![],
        alarms: vec![],
    }
}
