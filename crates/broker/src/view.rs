//! The published state as the wire tells it.

use hall::rules::{CounterKind, Service};
use hall::ticket::Step;
use hall::{At, CounterNumber, CounterState, Hall, Language, Ticket, TicketState};
use wire::event::timestamp;
use wire::{
    Alarm, AlarmKind, Condition, CounterStatus, CounterView, DeviceHealth, DeviceState, HallSnapshot, HistoryStep,
    Issued, LocalNames, Notice, Place, PrintState, PublicTicket, ServiceOffer, ServiceView, TicketView, TierView, Wait,
};

use crate::published::State;

/// How much of a ticket the one who asks may see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sight {
    /// Numbers and states.
    Public,
    /// The masked identity and notes too.
    Staff,
}

/// A ticket at `now_ms`, without its history.
pub(crate) fn ticket(hall: &Hall, ticket: &Ticket, now_ms: i64, sight: Sight) -> TicketView {
    let ahead = hall.ahead_of(ticket.id).map_or(0, |ahead| ahead.total());
    ticket_with(hall, ticket, ahead, now_ms, sight)
}

fn ticket_with(hall: &Hall, ticket: &Ticket, ahead: usize, now_ms: i64, sight: Sight) -> TicketView {
    let staff = sight == Sight::Staff;
    let no_show_after_ms = i64::from(hall.rules().routing.no_show_after_s) * 1000;
    let called = ticket.last_call_ms.filter(|_| ticket.state == TicketState::Called);
    TicketView {
        id: ticket.id,
        number: ticket.number.to_string(),
        tier: ticket.tier.to_string(),
        service: ticket.service.to_string(),
        state: ticket.state,
        issued_at: timestamp(ticket.issued_at_ms),
        deadline_at: timestamp(ticket.deadline_at_ms),
        ahead,
        waited_s: ticket.waited_ms(now_ms) / 1000,
        counter: ticket.counter.map(|counter| counter.0),
        only_counter: ticket.only_counter.map(|counter| counter.0),
        recalls: ticket.recalls,
        called_at: ticket.last_call_ms.map(timestamp),
        no_show_from: called.map(|at| timestamp(at + no_show_after_ms)),
        started_at: ticket.started_at_ms.map(timestamp),
        care: ticket.care,
        language: ticket.language.clone(),
        kiosk: ticket.kiosk.clone(),
        identity: ticket.identity.as_ref().filter(|_| staff).map(|identity| identity.masked.clone()),
        note: ticket.note.clone().filter(|_| staff),
        score: ticket.score,
        url: None,
        print: None,
        history: vec![],
    }
}

/// A ticket and its wait, as `POST /tickets` and `GET /tickets/{id}` tell it.
pub(crate) fn issued(hall: &Hall, one: &Ticket, now_ms: i64, sight: Sight) -> Issued {
    let wait = forecast::waiting(hall, one.id, now_ms).map_or(NO_WAIT, told);
    Issued { ticket: ticket(hall, one, now_ms, sight), wait }
}

const NO_WAIT: Wait = Wait { likely_s: 0, low_s: 0, high_s: 0, samples: 0 };

fn told(estimate: forecast::Estimate) -> Wait {
    let forecast::Estimate { likely_s, low_s, high_s, samples } = estimate;
    Wait { likely_s, low_s, high_s, samples }
}

pub(crate) fn history(ticket: &Ticket) -> Vec<HistoryStep> {
    let step = |step: &Step| HistoryStep {
        at: timestamp(step.at_ms),
        what: step.what,
        counter: step.counter.map(|counter| counter.0),
    };
    ticket.history.iter().map(step).collect()
}

/// What a stranger with the QR may know.
pub(crate) fn public(hall: &Hall, ticket: &Ticket) -> PublicTicket {
    PublicTicket { state: ticket.state, ahead: hall.ahead_of(ticket.id).map_or(0, |ahead| ahead.total()) }
}

/// What kiosks may offer at this moment.
pub(crate) fn services(hall: &Hall, at: At, language: Language) -> Vec<ServiceOffer> {
    let rules = hall.rules();
    let lowest = rules.tiers.len().saturating_sub(1);
    let tier = rules.lowest_tier();
    let offer = |(index, service): (usize, &Service)| {
        let refusal = hall.offers(at, service).err();
        let issued = hall.tally(&service.id).issued;
        ServiceOffer {
            id: service.id.to_string(),
            names: (&service.names).into(),
            prefix: service
                .prefix
                .as_ref()
                .or(tier.map(|tier| &tier.prefix))
                .map(ToString::to_string)
                .unwrap_or_default(),
            open: refusal.is_none(),
            closed_because: refusal.map(|refusal| refusal.text(rules, language)),
            quota_left: service.daily_quota.map(|quota| quota.saturating_sub(issued)),
            waiting: (0..rules.tiers.len()).map(|tier| hall.queue().count(tier, index)).sum(),
            ahead: hall.ahead_of_newcomer(lowest, index).total(),
            wait: told(forecast::newcomer(hall, lowest, index, at.utc_ms)),
            documents: service.documents.clone(),
            self_service: service.self_service.as_ref().map(LocalNames::from),
            area: tier.and_then(|tier| tier.area.as_ref()).map(LocalNames::from),
        }
    };
    rules.services.iter().enumerate().map(offer).collect()
}

/// The whole hall at this moment.
pub(crate) fn snapshot(state: &State, time_zone: &str, at: At, speed: f64, sight: Sight) -> HallSnapshot {
    let hall = &state.world.hall;
    let rules = hall.rules();
    let now_ms = at.utc_ms;
    let lowest = rules.tiers.len().saturating_sub(1);
    let tickets = |wanted: TicketState| {
        hall.tickets().filter(move |one| one.state == wanted).map(|one| ticket(hall, one, now_ms, sight)).collect()
    };
    HallSnapshot {
        epoch: state.epoch.clone(),
        seq: state.seq,
        now: timestamp(now_ms),
        name: (&rules.names).into(),
        time_zone: time_zone.to_owned(),
        day: hall.day().map(|day| day.to_string()),
        ticketing_open: hall.ticketing_open(),
        speed,
        tiers: rules
            .tiers
            .iter()
            .enumerate()
            .map(|(index, tier)| TierView {
                id: tier.id.to_string(),
                names: (&tier.names).into(),
                limit_s: tier.limit_s,
                waiting: (0..rules.services.len()).map(|service| hall.queue().count(index, service)).sum(),
            })
            .collect(),
        services: rules
            .services
            .iter()
            .enumerate()
            .map(|(index, service)| ServiceView {
                id: service.id.to_string(),
                names: (&service.names).into(),
                waiting: (0..rules.tiers.len()).map(|tier| hall.queue().count(tier, index)).sum(),
                wait: told(forecast::newcomer(hall, lowest, index, now_ms)),
            })
            .collect(),
        counters: counters(hall, now_ms, sight),
        waiting: waiting(hall, now_ms, sight),
        held: tickets(TicketState::Held),
        recent: state
            .world
            .recent()
            .map(|call| Notice {
                ticket: call.ticket,
                number: call.number.clone(),
                counter: call.counter.0,
                at: timestamp(call.at_ms),
            })
            .collect(),
        devices: state.devices.values().cloned().collect(),
        alarms: alarms(state),
    }
}

fn waiting(hall: &Hall, now_ms: i64, sight: Sight) -> Vec<TicketView> {
    let view = |(one, ahead): (&Ticket, usize)| ticket_with(hall, one, ahead, now_ms, sight);
    hall.everybody_with_ahead().into_iter().map(view).collect()
}

fn counters(hall: &Hall, now_ms: i64, sight: Sight) -> Vec<CounterView> {
    hall.rules().counters.iter().filter_map(|rule| counter(hall, rule.number, now_ms, sight)).collect()
}

/// A counter at `now_ms`; `None` when the hall has no such one.
pub(crate) fn counter(hall: &Hall, number: CounterNumber, now_ms: i64, sight: Sight) -> Option<CounterView> {
    let rule = hall.rules().counter(number)?;
    let counter = hall.counter(number)?;
    let (state, reason) = match &counter.state {
        CounterState::Closed => (CounterStatus::Closed, None),
        CounterState::Open { .. } => (CounterStatus::Open, None),
        CounterState::Paused { reason, .. } => (CounterStatus::Paused, Some(reason.clone())),
    };
    let teller = counter.state.teller().filter(|_| sight == Sight::Staff);
    let own = counter.ticket.and_then(|id| hall.ticket(id));
    let waiting = hall.queue().iter().filter_map(|place| hall.ticket(place.ticket));
    Some(CounterView {
        number: number.0,
        names: (&rule.names).into(),
        kind: match &rule.kind {
            CounterKind::General => "general".to_owned(),
            CounterKind::Dedicated(tier) => tier.to_string(),
        },
        services: rule.services.iter().map(ToString::to_string).collect(),
        state,
        teller: teller.map(ToString::to_string),
        reason,
        ticket: own.map(|own| ticket(hall, own, now_ms, sight)),
        waiting: waiting.filter(|one| hall.may_call(number, one)).count(),
    })
}

/// What needs somebody's attention, worked out from how devices and prints are.
fn alarms(state: &State) -> Vec<Alarm> {
    let devices = state.devices.values().filter_map(device_alarm);
    let prints = state.prints.iter().filter_map(|(id, (_, print, at_ms))| {
        let ticket = state.world.hall.ticket(*id)?;
        (*print == PrintState::Uncertain && !ticket.state.is_final()).then(|| Alarm {
            kind: AlarmKind::PrintUncertain,
            about: ticket.number.to_string(),
            text: LocalNames {
                zh: format!("{} 不确定是否已打印：请问顾客，需要时补打", ticket.number),
                en: format!("{} may not have come out on paper: ask the customer, reprint if needed", ticket.number),
            },
            since: timestamp(*at_ms),
        })
    });
    let mut alarms: Vec<Alarm> = devices.chain(prints).collect();
    alarms.sort_by(|one, other| (one.since, &one.about).cmp(&(other.since, &other.about)));
    alarms
}

fn device_alarm(device: &DeviceHealth) -> Option<Alarm> {
    let kind = match device.report.state {
        DeviceState::Ok => return None,
        DeviceState::Warning | DeviceState::Fault => AlarmKind::DeviceFault,
        // A keypad says nothing until somebody presses a key; silence alone is no alarm.
        DeviceState::Unknown if device.report.conditions.is_empty() => return None,
        DeviceState::Unknown => AlarmKind::DeviceUnknown,
    };
    let words: Vec<_> = device.report.conditions.iter().map(|condition| condition_words(*condition)).collect();
    let zh: Vec<_> = words.iter().map(|(zh, _)| *zh).collect();
    let en: Vec<_> = words.iter().map(|(_, en)| *en).collect();
    let (place_zh, place_en) = place_words(&device.place);
    Some(Alarm {
        kind,
        about: device.name.clone(),
        text: LocalNames {
            zh: format!("{place_zh}设备 {}：{}", device.name, zh.join("、")),
            en: format!("{place_en}device {}: {}", device.name, en.join(", ")),
        },
        since: device.since,
    })
}

fn place_words(place: &Place) -> (String, String) {
    match place {
        Place::Counter(number) => (format!("{number} 号窗口"), format!("Counter {number}, ")),
        Place::Kiosk(name) => (format!("取号机 {name} "), format!("Kiosk {name}, ")),
        Place::Hall => ("大厅".to_owned(), "Hall, ".to_owned()),
    }
}

fn condition_words(condition: Condition) -> (&'static str, &'static str) {
    match condition {
        Condition::NoHost => {
            ("没有设备服务报告，请启动 jiaohao devices", "no device host reports it: start `jiaohao devices`")
        }
        Condition::NoDevice => ("端口不存在，请检查连线和电源", "its port is not there: check cable and power"),
        Condition::PortError => {
            ("端口无法使用，请检查权限或占用", "its port cannot be used: check permissions and other programs")
        }
        Condition::NoAnswer => ("没有应答，请检查连线和地址", "does not answer: check cable and address"),
        Condition::Garbled => ("应答混乱，请核对设备配置中的波特率", "answers nonsense: check the baud rate in its profile"),
        Condition::Unconfirmed => (
            "从不确认打印，请将设备配置的 confirm 改为 none 或换用其他配置",
            "never confirms a print: set confirm = \"none\" in its profile, or choose another profile",
        ),
        Condition::Stalled => ("不接收数据，请重启设备", "takes no data: switch it off and on"),
        Condition::Offline => ("脱机，请按联机键", "offline: press its online key"),
        Condition::PaperLow => ("纸将用完，请准备纸卷", "paper low: have a roll ready"),
        Condition::PaperOut => ("缺纸，请换纸卷", "out of paper: change the roll"),
        Condition::CoverOpen => ("上盖未合，请合上", "cover open: close it"),
        Condition::CutterFault => ("切刀卡住，请清理后重新上电", "cutter stuck: clear it, then switch off and on"),
        Condition::HardwareError => ("机械故障，请联系维修", "mechanism failed: call service"),
    }
}
