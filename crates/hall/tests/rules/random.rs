//! Commands by chance: whatever tellers, customers and clocks may think of.

use hall::command::{BookAppointment, CounterAct, TakeTicket};
use hall::routing::Lesson;
use hall::{Actor, At, Care, Command, CounterNumber, Destination, Event, HoldKind, TicketId};
use proptest::prelude::*;

use crate::rig::{Rig, at_counter};

/// Something that is tried; the hall may refuse it.
#[derive(Clone, Debug)]
pub enum Wish {
    Pass(i64),
    NewDay,
    CloseDay,
    Ticketing(bool),
    Take { tier: usize, service: usize, care: bool, booked_s: Option<i64> },
    SignIn { counter: u16, teller: u16 },
    Act { counter: u16, act: CounterAct },
    Rate { ticket: u64, score: u8 },
    Cancel(u64),
    Rejoin { ticket: u64, same_counter: bool },
    Prioritise(u64),
    Reprint(u64),
    Learn { takes_ms: u32, arrivals_milli: u32 },
    Book { code: u8, service: usize, tier: Option<usize>, in_s: i64 },
    CallOff(u8),
    CheckIn { code: u8, service: usize },
}

const TIERS: [&str; 3] = ["vip", "gotone", "ordinary"];
const SERVICES: [&str; 3] = ["payment", "sim", "complaint"];

/// A few dozen wishes, most of them sensible.
pub fn wishes() -> impl Strategy<Value = Vec<Wish>> {
    prop::collection::vec(wish(), 1..80)
}

fn wish() -> impl Strategy<Value = Wish> {
    let ticket = 1_u64..30;
    prop_oneof![
        4 => (-20_i64..120).prop_map(Wish::Pass),
        1 => prop_oneof![Just(Wish::NewDay), Just(Wish::CloseDay), any::<bool>().prop_map(Wish::Ticketing)],
        12 => (0..TIERS.len(), 0..SERVICES.len(), prop::bool::weighted(0.1), prop::option::weighted(0.1, -1200_i64..600))
            .prop_map(|(tier, service, care, booked_s)| Wish::Take { tier, service, care, booked_s }),
        4 => (1_u16..6, 1_u16..6).prop_map(|(counter, teller)| Wish::SignIn { counter, teller }),
        18 => (1_u16..6, act()).prop_map(|(counter, act)| Wish::Act { counter, act }),
        2 => (ticket.clone(), 0_u8..7).prop_map(|(ticket, score)| Wish::Rate { ticket, score }),
        2 => ticket.clone().prop_map(Wish::Cancel),
        2 => (ticket.clone(), any::<bool>()).prop_map(|(ticket, same_counter)| Wish::Rejoin { ticket, same_counter }),
        1 => ticket.clone().prop_map(Wish::Prioritise),
        1 => ticket.prop_map(Wish::Reprint),
        1 => (10_000_u32..600_000, 0_u32..60_000)
            .prop_map(|(takes_ms, arrivals_milli)| Wish::Learn { takes_ms, arrivals_milli }),
        2 => (0_u8..6, 0..SERVICES.len(), prop::option::of(0..TIERS.len()), 0_i64..200_000)
            .prop_map(|(code, service, tier, in_s)| Wish::Book { code, service, tier, in_s }),
        1 => (0_u8..6).prop_map(Wish::CallOff),
        3 => (0_u8..6, 0..SERVICES.len()).prop_map(|(code, service)| Wish::CheckIn { code, service }),
    ]
}

fn act() -> impl Strategy<Value = CounterAct> {
    let to = prop_oneof![
        (0..SERVICES.len()).prop_map(|service| Destination::Service(SERVICES[service].into())),
        (1_u16..6).prop_map(|counter| Destination::Counter(CounterNumber(counter))),
    ];
    prop_oneof![
        6 => Just(CounterAct::CallNext),
        2 => (1_u64..30).prop_map(|ticket| CounterAct::Call { ticket: TicketId(ticket) }),
        1 => Just(CounterAct::Recall),
        1 => Just(CounterAct::NoShow),
        3 => Just(CounterAct::Start),
        1 => Just(CounterAct::Complete { outcome: None }),
        1 => Just(CounterAct::Hold { reason: "取证件".into(), kind: HoldKind::Customer }),
        3 => (to, any::<bool>()).prop_map(|(to, keep_place)| CounterAct::Transfer { to, keep_place, note: None }),
        2 => Just(CounterAct::Return),
        1 => Just(CounterAct::Pause { reason: "吃饭".into() }),
        1 => Just(CounterAct::Resume),
        1 => Just(CounterAct::SignOut),
    ]
}

/// Tries it; the events, none when refused.
pub fn act_on(rig: &mut Rig, wish: &Wish) -> Vec<Event> {
    let command = match wish {
        Wish::Pass(seconds) => {
            rig.pass(*seconds);
            return vec![];
        }
        Wish::NewDay => {
            rig.pass(86_400);
            Command::OpenDay { date: rig.at().business_date(240) }
        }
        Wish::CloseDay => Command::CloseDay,
        Wish::Ticketing(open) => Command::SetTicketing { open: *open },
        Wish::Take { tier, service, care, booked_s } => {
            let wish = rig.wish(TIERS[*tier], SERVICES[*service]);
            let booked_ms = booked_s.map(|booked_s| rig.now_ms + booked_s * 1000);
            Command::TakeTicket(TakeTicket { care: care.then_some(Care::Elderly), booked_ms, ..wish })
        }
        Wish::SignIn { counter, teller } => {
            Command::SignIn { counter: CounterNumber(*counter), teller: (1000 + teller).to_string().into() }
        }
        Wish::Act { counter, act } => at_counter(*counter, act.clone()),
        Wish::Rate { ticket, score } => Command::Rate { ticket: TicketId(*ticket), score: *score, comment: None },
        Wish::Cancel(ticket) => Command::Cancel { ticket: TicketId(*ticket), by: Actor::Customer },
        Wish::Rejoin { ticket, same_counter } => {
            Command::Rejoin { ticket: TicketId(*ticket), same_counter: *same_counter }
        }
        Wish::Prioritise(ticket) => Command::Prioritise { ticket: TicketId(*ticket), care: Care::Infirm },
        Wish::Reprint(ticket) => Command::Reprint { ticket: TicketId(*ticket) },
        Wish::Book { code, service, tier, in_s } => Command::BookAppointment(BookAppointment {
            service: SERVICES[*service].into(),
            at: At { utc_ms: rig.now_ms + in_s * 1000, ..rig.at() },
            tier: tier.map(|tier| TIERS[tier].into()),
            codes: vec![code_of(*code)],
        }),
        Wish::CallOff(code) => Command::CancelAppointment { code: code_of(*code) },
        Wish::CheckIn { code, service } => {
            let wish = rig.wish("ordinary", SERVICES[*service]);
            Command::TakeTicket(TakeTicket { appointment: Some(code_of(*code)), ..wish })
        }
        Wish::Learn { takes_ms, arrivals_milli } => Command::Learn(Lesson {
            takes_ms: vec![("payment".into(), *takes_ms)],
            mix_ms: *takes_ms,
            begins_ms: rig.now_ms - rig.now_ms.rem_euclid(1000) - 5 * 3_600_000,
            arrivals_milli: vec![*arrivals_milli; 48],
            lowest_milli: vec![*arrivals_milli / 2; 48],
        }),
    };
    rig.ask(&command).unwrap_or_default()
}

fn code_of(n: u8) -> hall::AppointmentCode {
    format!("10000{n}").into()
}
