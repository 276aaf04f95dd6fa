//! What refusals and reasons say, in the hall's languages. Chinese first, English complete.

use crate::ids::Number;
use crate::refusal::Refusal;
use crate::routing::{Because, Favour, Rule};
use crate::rules::{Names, Rules};
use crate::ticket::TicketState;
use crate::time::clock;

/// A language the product speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// 中文
    #[default]
    Zh,
    /// English
    En,
}

impl Language {
    /// The language of a tag such as `en` or `en-GB`; Chinese for all that is not English.
    pub fn of_tag(tag: &str) -> Self {
        let primary = tag.split(['-', '_', ',', ';']).next().unwrap_or_default();
        if primary.eq_ignore_ascii_case("en") { Self::En } else { Self::Zh }
    }
}

impl Names {
    /// The name in one language; the Chinese one where English is missing.
    pub fn in_language(&self, language: Language) -> &str {
        match language {
            Language::En if !self.en.is_empty() => &self.en,
            Language::En | Language::Zh => &self.zh,
        }
    }
}

impl Because {
    /// The reason of a call as a teller reads it: `A042：全球通，剩余 6 分钟`.
    pub fn text(&self, number: &Number, rules: &Rules, language: Language) -> String {
        let tier = rules.tier(&self.tier).map_or(self.tier.as_str(), |(_, tier)| tier.names.in_language(language));
        let minutes = self.slack_ms.abs() / 60_000;
        let (zh, en) = rule_words(self.rule);
        let saves = self.saves_milli.map(|milli| f64::from(milli) / 1000.0);
        let zh = saves.map_or(zh.to_owned(), |saves| format!("{zh}预计可免 {saves:.1} 人超时，"));
        let en = saves.map_or(en.to_owned(), |saves| format!("{en}expected to save {saves:.1} from being late, "));
        let (favour_zh, favour_en) = self.favour.map_or(("", ""), favour_words);
        let (slack_zh, slack_en) = match (self.slack_ms < 0, minutes) {
            (false, 0) => ("剩余不足 1 分钟".to_owned(), "less than a minute left".to_owned()),
            (true, 0) => ("刚超时".to_owned(), "just late".to_owned()),
            (false, minutes) => (format!("剩余 {minutes} 分钟"), format!("{minutes} min left")),
            (true, minutes) => (format!("已超时 {minutes} 分钟"), format!("{minutes} min late")),
        };
        match language {
            Language::Zh => format!("{number}：{zh}{favour_zh}{tier}，{slack_zh}"),
            Language::En => format!("{number}: {en}{favour_en}{tier}, {slack_en}"),
        }
    }
}

fn favour_words(favour: Favour) -> (&'static str, &'static str) {
    match favour {
        Favour::Care => ("优先照顾，", "priority care, "),
        Favour::Appointment => ("预约，", "by appointment, "),
    }
}

/// What goes before tier and time, where they do not say it all.
fn rule_words(rule: Rule) -> (&'static str, &'static str) {
    match rule {
        Rule::Precedence | Rule::Urgent | Rule::Deadline => ("", ""),
        Rule::Transferred => ("转来本窗口，", "sent to this counter, "),
        Rule::CameBack => ("回到本窗口，", "back at this counter, "),
        Rule::ByHand => ("手动呼叫，", "called by hand, "),
        Rule::Arrival => ("先到先办，", "first come, "),
        Rule::Turn => ("轮到", "its turn: "),
        Rule::Claim => ("等候加权最高，", "largest claim, "),
        Rule::Cap => ("等候过久，", "waited too long, "),
        Rule::Diversion => ("分流，", "diverted, "),
    }
}

impl Refusal {
    /// What the customer or teller is told.
    pub fn text(&self, rules: &Rules, language: Language) -> String {
        let (zh, en) = self.both(rules);
        match language {
            Language::Zh => zh,
            Language::En => en,
        }
    }

    /// The same in the few words that a card of a business has room for; the card says of which.
    pub fn in_short(&self, rules: &Rules, language: Language) -> String {
        let (zh, en) = if let Self::OutsideHours { hours } = self
            && !hours.is_empty()
        {
            (format!("{hours} 办理"), format!("Open {hours}"))
        } else if let Self::WindowExhausted { next: Some(next), .. } = self {
            let next = clock(*next);
            (format!("{next} 起可取"), format!("More from {next}"))
        } else if let Self::WindowExhausted { next: None, .. } = self {
            ("本时段已发完".into(), "No more for now".into())
        } else if let Self::QuotaExhausted { .. } = self {
            ("今日已发完".into(), "No more today".into())
        } else if let Self::TicketingClosed = self {
            ("已停止取号".into(), "Closed now".into())
        } else {
            self.both(rules)
        };
        match language {
            Language::Zh => zh,
            Language::En => en,
        }
    }

    fn both(&self, rules: &Rules) -> (String, String) {
        let service = |id| {
            rules.service(id).map_or_else(
                || (id.to_string(), id.to_string()),
                |(_, service)| (service.names.zh.clone(), service.names.in_language(Language::En).to_owned()),
            )
        };
        match self {
            Self::DayNotOpen => ("营业日尚未开始".into(), "The business day is not open".into()),
            Self::DayNotNew { latest } => {
                (format!("营业日 {latest} 已开始过"), format!("Business day {latest} was opened before"))
            }
            Self::TicketingClosed => ("现已停止取号".into(), "Ticketing is closed".into()),
            Self::OutsideHours { hours } if hours.is_empty() => ("今日不营业".into(), "Closed today".into()),
            Self::OutsideHours { hours } => {
                (format!("现已停止取号，营业时间 {hours}"), format!("Ticketing is closed. Hours: {hours}"))
            }
            Self::QuotaExhausted { .. } => {
                ("该业务今日号票已发完".into(), "No tickets left today for this service".into())
            }
            Self::WindowExhausted { next: Some(next), .. } => {
                let next = clock(*next);
                (
                    format!("本时段号票已发完，{next} 起可取下一时段"),
                    format!("No tickets left for this time of day; there are more from {next}"),
                )
            }
            Self::WindowExhausted { next: None, .. } => {
                ("本时段号票已发完".into(), "No tickets left for this time of day".into())
            }
            Self::UnknownAppointment => {
                ("没有这个预约，请核对预约码".into(), "There is no such appointment; please check the code".into())
            }
            Self::AppointmentEarly { from } => (
                format!("预约时间未到，{from} 起可取号"),
                format!("It is too early for this appointment; tickets from {from}"),
            ),
            Self::AppointmentUsed => {
                ("该预约已取过号".into(), "A ticket was taken with this appointment before".into())
            }
            Self::AppointmentCancelled => ("该预约已取消".into(), "This appointment was called off".into()),
            Self::AppointmentForAnother { service: id } => {
                let (zh, en) = service(id);
                (format!("该预约是办理{zh}的"), format!("This appointment is for {en}"))
            }
            Self::AppointmentTime { days } => (
                format!("预约时间须在今后 {days} 天之内"),
                format!("An appointment must lie ahead, within {days} days"),
            ),
            Self::AppointmentOutsideHours { hours } if hours.is_empty() => {
                ("所约之日不营业".into(), "Closed on that day".into())
            }
            Self::AppointmentOutsideHours { hours } => (
                format!("所约时间不办理，当日为 {hours}"),
                format!("Not offered at that time. Hours of that day: {hours}"),
            ),
            Self::AppointmentsFull => ("预约已满".into(), "No more appointments can be booked".into()),
            Self::UnknownService(id) => (format!("没有业务“{id}”"), format!("There is no service `{id}`")),
            Self::UnknownTier(id) => (format!("没有客户等级“{id}”"), format!("There is no tier `{id}`")),
            Self::UnknownCounter(n) => (format!("没有 {n} 号窗口"), format!("There is no counter {n}")),
            Self::UnknownTeller(id) => (format!("没有工号 {id}"), format!("There is no teller {id}")),
            Self::UnknownTicket(id) => {
                (format!("今日没有编号为 {id} 的号票"), format!("There is no ticket {id} today"))
            }
            Self::CounterClosed(n) => (format!("{n} 号窗口无人签到"), format!("Nobody is signed in at counter {n}")),
            Self::CounterPaused(n) => (format!("{n} 号窗口已暂停"), format!("Counter {n} is paused")),
            Self::CounterNotPaused(n) => (format!("{n} 号窗口未暂停"), format!("Counter {n} is not paused")),
            Self::CounterTaken { counter, teller } => (
                format!("{counter} 号窗口已由 {teller} 签到"),
                format!("Teller {teller} is signed in at counter {counter}"),
            ),
            Self::TellerElsewhere { teller, counter } => (
                format!("{teller} 已在 {counter} 号窗口签到，请先签退"),
                format!("Teller {teller} is signed in at counter {counter}; sign out there first"),
            ),
            Self::NoTicketHere(n) => (format!("{n} 号窗口没有号票"), format!("Counter {n} has no ticket")),
            Self::CounterBusy { counter, number } => (
                format!("{counter} 号窗口的 {number} 尚未办结"),
                format!("Counter {counter} still has {number}; complete it first"),
            ),
            Self::NotServedHere { counter, service: id } => {
                let (zh, en) = service(id);
                (format!("{counter} 号窗口不办理{zh}"), format!("Counter {counter} does not do {en}"))
            }
            Self::NoCounterFor(id) => {
                let (zh, en) = service(id);
                (format!("没有窗口可为您办理{zh}"), format!("No counter does {en}"))
            }
            Self::WrongState { number, state } => {
                let (zh, en) = state_words(*state);
                (format!("{number} {zh}，不能这样操作"), format!("{number} is {en}; this is not possible now"))
            }
            Self::AlreadyRated(number) => (format!("{number} 已评价"), format!("{number} was rated before")),
            Self::BadScore(score) => {
                (format!("评分为 1 至 5，不是 {score}"), format!("A score is 1 to 5, not {score}"))
            }
            Self::NoPrinter(number) => (
                format!("{number} 不是在取号机上取的，无处打印"),
                format!("{number} was not taken at a kiosk, so there is nowhere to print it"),
            ),
            Self::NobodyWaits(n) => (format!("{n} 号窗口无人等候"), format!("Nobody waits for counter {n}")),
        }
    }
}

/// A ticket's state in Chinese and English.
pub fn state_words(state: TicketState) -> (&'static str, &'static str) {
    match state {
        TicketState::Waiting => ("等候中", "waiting"),
        TicketState::Called => ("已呼叫", "called"),
        TicketState::Serving => ("办理中", "being served"),
        TicketState::Held => ("已挂起", "held"),
        TicketState::Completed => ("已办结", "completed"),
        TicketState::NoShow => ("过号", "a no-show"),
        TicketState::Cancelled => ("已取消", "cancelled"),
    }
}
