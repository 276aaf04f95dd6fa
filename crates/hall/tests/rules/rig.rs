//! A small hall to try the rules on: three tiers, three services, four counters.

use std::collections::BTreeSet;
use std::sync::Arc;

use hall::command::{CounterAct, TakeTicket};
use hall::routing::{Profile, Routing};
use hall::rules::{CounterKind, CounterRule, Names, Rules, Service, Teller, Tier};
use hall::{
    At, Care, Command, CounterNumber, Destination, Event, Hall, HoldKind, Refusal, Ticket, TicketId, TicketState,
};

/// 2026-11-22 09:00 in China, a Sunday.
pub const NINE: i64 = 1_795_309_200_000;
/// The VIP desk.
pub const VIP_DESK: u16 = 1;
/// The GoTone desk.
pub const GOTONE_DESK: u16 = 2;
/// A general counter for everything.
pub const GENERAL: u16 = 3;
/// A general counter for payments only.
pub const QUICK: u16 = 4;

/// The rules of the small hall.
pub fn rules() -> Rules {
    let tier = |id: &str, zh: &str, en: &str, prefix: &str, limit_s| Tier {
        id: id.into(),
        names: names(zh, en),
        prefix: prefix.into(),
        limit_s,
        satisfaction_target_pct: 80,
        area: None,
    };
    let service = |id: &str, zh: &str, en: &str, prefix: Option<&str>| Service {
        id: id.into(),
        names: names(zh, en),
        prefix: prefix.map(Into::into),
        documents: vec![],
        self_service: None,
        hours: None,
        daily_quota: None,
        windows: vec![],
        typical_s: 300,
    };
    let counter = |number, kind, services: &[&str]| CounterRule {
        number: CounterNumber(number),
        names: names("窗口", "Counter"),
        kind,
        services: services.iter().map(|id| (*id).into()).collect::<BTreeSet<_>>(),
    };
    let all = ["payment", "sim", "complaint"];
    Rules {
        names: names("东湖路营业厅", "Donghu Road Hall"),
        tiers: vec![
            tier("vip", "大客户", "VIP", "V", 600),
            tier("gotone", "全球通", "GoTone", "G", 900),
            tier("ordinary", "普通客户", "Ordinary", "A", 1800),
        ],
        services: vec![
            service("payment", "缴费", "Pay a bill", None),
            service("sim", "补卡", "Replace a SIM card", None),
            service("complaint", "投诉", "Complaints", Some("T")),
        ],
        counters: vec![
            counter(VIP_DESK, CounterKind::Dedicated("vip".into()), &all),
            counter(GOTONE_DESK, CounterKind::Dedicated("gotone".into()), &all),
            counter(GENERAL, CounterKind::General, &all),
            counter(QUICK, CounterKind::General, &["payment"]),
        ],
        tellers: (1001..=1005).map(|n: u32| Teller { id: n.to_string().into(), name: "王芳".into() }).collect(),
        routing: Routing::standard(Profile::STRICT, &[600, 900, 1800]),
        hours: None,
        cut_over_minute: 240,
    }
}

pub fn names(zh: &str, en: &str) -> Names {
    Names { zh: zh.into(), en: en.into() }
}

/// A hall and its time.
#[derive(Clone)]
pub struct Rig {
    pub hall: Hall,
    pub now_ms: i64,
    codes: u32,
}

impl Rig {
    /// The small hall before its first day.
    pub fn closed(rules: Rules) -> Self {
        Self { hall: Hall::new(Arc::new(rules)), now_ms: NINE, codes: 0 }
    }

    /// The small hall with its day open and nobody signed in.
    pub fn open() -> Self {
        Self::open_with(rules())
    }

    /// A hall of these rules with its day open.
    pub fn open_with(rules: Rules) -> Self {
        let mut rig = Self::closed(rules);
        rig.open_day();
        rig
    }

    /// The small hall with a teller at every counter.
    pub fn staffed() -> Self {
        Self::staffed_with(rules())
    }

    /// A hall of these rules with a teller at every counter.
    pub fn staffed_with(rules: Rules) -> Self {
        let mut rig = Self::open_with(rules);
        for counter in [VIP_DESK, GOTONE_DESK, GENERAL, QUICK] {
            rig.sign_in(counter);
        }
        rig
    }

    pub fn open_day(&mut self) -> Vec<Event> {
        let date = self.at().business_date(self.hall.rules().cut_over_minute);
        self.does(Command::OpenDay { date })
    }

    pub fn at(&self) -> At {
        At { utc_ms: self.now_ms, offset_s: 28_800 }
    }

    pub fn pass(&mut self, seconds: i64) {
        self.now_ms += seconds * 1000;
    }

    /// Decides and applies.
    pub fn ask(&mut self, command: &Command) -> Result<Vec<Event>, Refusal> {
        let events = self.hall.decide(self.at(), command)?;
        for event in &events {
            self.hall.apply(self.now_ms, event);
        }
        Ok(events)
    }

    pub fn does(&mut self, command: Command) -> Vec<Event> {
        match self.ask(&command) {
            Ok(events) => events,
            Err(refusal) => panic!("{command:?} was refused: {refusal:?}"),
        }
    }

    pub fn refuses(&mut self, command: Command) -> Refusal {
        let before = self.hall.clone();
        match self.ask(&command) {
            Ok(events) => panic!("{command:?} was granted: {events:?}"),
            Err(refusal) => {
                assert!(self.hall == before, "a refusal changes nothing");
                refusal
            }
        }
    }

    /// A wish for a number, with a code of its own.
    pub fn wish(&mut self, tier: &str, service: &str) -> TakeTicket {
        self.codes += 1;
        TakeTicket {
            service: service.into(),
            tier: Some(tier.into()),
            identity: None,
            care: None,
            booked_ms: None,
            appointment: None,
            paperless: false,
            language: None,
            customer: None,
            kiosk: None,
            code: format!("code-{}", self.codes).into(),
        }
    }

    pub fn take(&mut self, tier: &str, service: &str) -> TicketId {
        let wish = self.wish(tier, service);
        self.take_as_wished(wish)
    }

    pub fn take_with_care(&mut self, tier: &str, service: &str, care: Care) -> TicketId {
        let wish = self.wish(tier, service);
        self.take_as_wished(TakeTicket { care: Some(care), ..wish })
    }

    pub fn take_as_wished(&mut self, wish: TakeTicket) -> TicketId {
        let id = self.hall.next_ticket();
        self.does(Command::TakeTicket(wish));
        id
    }

    /// Teller 100n signs in at counter n.
    pub fn sign_in(&mut self, counter: u16) -> Vec<Event> {
        let teller = (1000 + counter).to_string().into();
        self.does(Command::SignIn { counter: CounterNumber(counter), teller })
    }

    pub fn act(&mut self, counter: u16, act: CounterAct) -> Vec<Event> {
        self.does(at_counter(counter, act))
    }

    pub fn refuses_act(&mut self, counter: u16, act: CounterAct) -> Refusal {
        self.refuses(at_counter(counter, act))
    }

    /// Calls the next ticket and says which.
    pub fn next(&mut self, counter: u16) -> Option<TicketId> {
        match self.ask(&at_counter(counter, CounterAct::CallNext)) {
            Ok(_) => self.at_counter(counter),
            Err(Refusal::NobodyWaits(_)) => None,
            Err(refusal) => panic!("call-next was refused: {refusal:?}"),
        }
    }

    pub fn call(&mut self, counter: u16, ticket: TicketId) {
        self.act(counter, CounterAct::Call { ticket });
    }

    pub fn hold(&mut self, counter: u16) {
        self.act(counter, CounterAct::Hold { reason: "取证件".into(), kind: HoldKind::Customer });
    }

    pub fn transfer_to_service(&mut self, counter: u16, service: &str) {
        self.act(
            counter,
            CounterAct::Transfer { to: Destination::Service(service.into()), keep_place: true, note: None },
        );
    }

    pub fn transfer_to_counter(&mut self, counter: u16, to: u16) {
        self.act(
            counter,
            CounterAct::Transfer { to: Destination::Counter(CounterNumber(to)), keep_place: true, note: None },
        );
    }

    pub fn complete(&mut self, counter: u16) {
        self.act(counter, CounterAct::Complete { outcome: None });
    }

    pub fn ticket(&self, id: TicketId) -> &Ticket {
        self.hall.ticket(id).expect("a ticket of this day")
    }

    pub fn state(&self, id: TicketId) -> TicketState {
        self.ticket(id).state
    }

    pub fn number(&self, id: TicketId) -> &str {
        self.ticket(id).number.as_str()
    }

    pub fn at_counter(&self, counter: u16) -> Option<TicketId> {
        self.hall.counter(CounterNumber(counter)).expect("a counter of this hall").ticket
    }

    /// Waiting tickets in the order of the queue.
    pub fn queue(&self) -> Vec<TicketId> {
        self.hall.queue().iter().map(|place| place.ticket).collect()
    }
}

pub fn at_counter(counter: u16, act: CounterAct) -> Command {
    Command::AtCounter { counter: CounterNumber(counter), act }
}
