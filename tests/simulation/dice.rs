//! What customers, tellers and clocks of the sample hall come up with.

use fastrand::Rng;
use hall::command::{BookAppointment, CounterAct, TakeTicket};
use hall::{Actor, AppointmentCode, At, Care, Command, CounterNumber, Destination, HoldKind, Rules, TicketId};

/// Commands by chance, a few of them absurd.
pub struct Dice {
    rng: Rng,
    services: Vec<String>,
    codes: u64,
}

impl Dice {
    pub fn new(seed: u64, rules: &Rules) -> Self {
        let services = rules.services.iter().map(|service| service.id.to_string()).collect();
        Self { rng: Rng::with_seed(seed), services, codes: 0 }
    }

    /// By how much the clock moves before the next command, in ms; sometimes somebody sets it back.
    pub fn time_ms(&mut self) -> i64 {
        match self.rng.u8(0..100) {
            0 => -self.rng.i64(0..7_200_000),
            1..40 => 0,
            _ => self.rng.i64(0..60_000),
        }
    }

    /// Once in so many calls.
    pub fn once_in(&mut self, calls: u32) -> bool {
        self.rng.u32(0..calls) == 0
    }

    /// The next command about a day whose tickets have ids in `from..to`.
    pub fn command(&mut self, at: At, from: TicketId, to: TicketId) -> Command {
        match self.rng.u8(0..100) {
            0..25 => Command::TakeTicket(self.wish()),
            25..28 => Command::BookAppointment(self.booking(at)),
            28..31 => Command::TakeTicket(self.check_in()),
            31 if self.once_in(4) => Command::CancelAppointment { code: self.code() },
            31 => Command::TakeTicket(self.wish()),
            32..42 => Command::SignIn { counter: self.counter(), teller: self.rng.u16(1001..=1010).to_string().into() },
            42..88 => Command::AtCounter { counter: self.counter(), act: self.act(from, to) },
            88..92 => Command::Rate { ticket: self.ticket(from, to), score: self.rng.u8(0..=6), comment: None },
            92..95 => Command::Cancel { ticket: self.ticket(from, to), by: Actor::Customer },
            95..97 => Command::Prioritise { ticket: self.ticket(from, to), care: Care::Elderly },
            97 => Command::Rejoin { ticket: self.ticket(from, to), same_counter: self.rng.bool() },
            98 => Command::Reprint { ticket: self.ticket(from, to) },
            _ => Command::SetTicketing { open: self.rng.u8(0..10) > 0 },
        }
    }

    fn wish(&mut self) -> TakeTicket {
        self.codes += 1;
        TakeTicket {
            service: self.service().into(),
            tier: match self.rng.u8(0..20) {
                0 => Some("platinum".into()),
                1 => None,
                2..5 => Some("vip".into()),
                5..9 => Some("gotone".into()),
                _ => Some("ordinary".into()),
            },
            identity: None,
            care: self.once_in(15).then_some(Care::Infirm),
            booked_ms: None,
            appointment: None,
            paperless: false,
            language: None,
            customer: None,
            kiosk: self.rng.bool().then(|| "kiosk-1".to_owned()),
            code: format!("code-{}", self.codes).into(),
        }
    }

    /// Mostly of this morning or afternoon, some of tomorrow, one in a while of yesterday.
    fn booking(&mut self, at: At) -> BookAppointment {
        let in_ms = match self.rng.u8(0..10) {
            0 => -1,
            1 | 2 => self.rng.i64(0..2 * 86_400_000),
            _ => self.rng.i64(0..3_600_000),
        };
        BookAppointment {
            service: self.booked_service().into(),
            at: At { utc_ms: at.utc_ms + in_ms, ..at },
            tier: self.rng.bool().then(|| if self.once_in(20) { "platinum" } else { "gotone" }.into()),
            codes: vec![self.code()],
        }
    }

    /// Somebody comes with a code, mostly for what was booked.
    fn check_in(&mut self) -> TakeTicket {
        let (service, appointment) = (self.booked_service().into(), Some(self.code()));
        TakeTicket { service, appointment, ..self.wish() }
    }

    fn booked_service(&mut self) -> String {
        if self.once_in(8) { self.service() } else { "payment".to_owned() }
    }

    /// One of a few.
    fn code(&mut self) -> AppointmentCode {
        format!("10000{}", self.rng.u8(0..6)).into()
    }

    fn act(&mut self, from: TicketId, to: TicketId) -> CounterAct {
        match self.rng.u8(0..48) {
            0..18 => CounterAct::CallNext,
            18..21 => CounterAct::Call { ticket: self.ticket(from, to) },
            21..23 => CounterAct::Recall,
            23..25 => CounterAct::NoShow,
            25..31 => CounterAct::Start,
            31..33 => CounterAct::Complete { outcome: None },
            33..35 => CounterAct::Hold { reason: "取证件".into(), kind: HoldKind::Customer },
            35..37 => CounterAct::Transfer {
                to: Destination::Service(self.service().into()),
                keep_place: self.rng.bool(),
                note: None,
            },
            37..39 => CounterAct::Transfer {
                to: Destination::Counter(self.counter()),
                keep_place: self.rng.bool(),
                note: None,
            },
            39 | 40 => CounterAct::Return,
            41 => CounterAct::Pause { reason: "吃饭".into() },
            42..47 => CounterAct::Resume,
            _ => CounterAct::SignOut,
        }
    }

    fn service(&mut self) -> String {
        match self.rng.usize(0..self.services.len() * 8) {
            0 => "fishing".to_owned(),
            other => self.services[other % self.services.len()].clone(),
        }
    }

    /// 1 to 8, seldom one that does not exist.
    fn counter(&mut self) -> CounterNumber {
        CounterNumber(if self.once_in(60) { 9 } else { self.rng.u16(1..=8) })
    }

    /// Mostly one of the latest.
    fn ticket(&mut self, from: TicketId, to: TicketId) -> TicketId {
        let newest = if self.once_in(20) { from.0 } else { to.0.saturating_sub(25).max(from.0) };
        TicketId(self.rng.u64(newest..=to.0))
    }
}
