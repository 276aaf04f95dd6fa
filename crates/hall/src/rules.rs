//! What a hall has decided about itself: tiers, services, counters, hours. Built by the configuration, checked there.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::ids::{CounterNumber, Prefix, ServiceId, TellerId, TierId};
use crate::routing::Routing;
use crate::time::{At, clock};

/// Everything [`crate::Hall::decide`] needs to know of a hall's configuration.
#[derive(Clone, Debug, PartialEq)]
pub struct Rules {
    /// The hall's name.
    pub names: Names,
    /// In order of precedence: the first is called first under the strict profile.
    pub tiers: Vec<Tier>,
    /// In the order in which the kiosk shows them.
    pub services: Vec<Service>,
    /// Sorted by number.
    pub counters: Vec<CounterRule>,
    /// Those who may sign in.
    pub tellers: Vec<Teller>,
    /// How a counter's next ticket is chosen.
    pub routing: Routing,
    /// When numbers are given out; `None` = at any hour.
    pub hours: Option<WeekHours>,
    /// Local minute at which the business day changes, 0 to 1439.
    pub cut_over_minute: u16,
}

/// One thing's name in the languages every hall has.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Names {
    /// 中文
    pub zh: String,
    /// English
    pub en: String,
}

/// A tier of customers (等级).
#[derive(Clone, Debug, PartialEq)]
pub struct Tier {
    /// Its id.
    pub id: TierId,
    /// Its name.
    pub names: Names,
    /// The prefix of its numbers, unless the service has one.
    pub prefix: Prefix,
    /// Longest wait from identification to the start of service, in seconds (norm: 600, 900, 1800).
    pub limit_s: u32,
    /// Share of satisfied customers to reach, in percent (norm: 90, 85, 80).
    pub satisfaction_target_pct: u8,
    /// Where its customers wait, printed on the ticket.
    pub area: Option<Names>,
}

/// A business a customer can come for (业务).
#[derive(Clone, Debug, PartialEq)]
pub struct Service {
    /// Its id.
    pub id: ServiceId,
    /// Its name.
    pub names: Names,
    /// A prefix of its own, before the tier's.
    pub prefix: Option<Prefix>,
    /// Papers to bring, by kind of customer.
    pub documents: Vec<Documents>,
    /// What a self-service terminal or the app can do now.
    pub self_service: Option<Names>,
    /// Narrower hours than the hall's.
    pub hours: Option<WeekHours>,
    /// Numbers a day at most.
    pub daily_quota: Option<u32>,
    /// Numbers at most within parts of the day, which do not overlap.
    pub windows: Vec<QuotaWindow>,
    /// Service time to expect before the hall has measured its own, in seconds.
    pub typical_s: u32,
}

/// A part of every day that has a quota of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QuotaWindow {
    /// Local minute of the day, 0 to 1439.
    pub from_minute: u16,
    /// Local minute of the day, after `from_minute`, up to 1440; not included.
    pub to_minute: u16,
    /// Numbers given out within it at most.
    pub numbers: u32,
}

/// The papers one kind of customer brings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Documents {
    /// Who: the customer in person, an agent, a company.
    pub customer: Names,
    /// What to bring.
    pub items: Vec<Names>,
}

/// A counter (窗口) as configured.
#[derive(Clone, Debug, PartialEq)]
pub struct CounterRule {
    /// As on its sign.
    pub number: CounterNumber,
    /// Its name.
    pub names: Names,
    /// Whom it is for.
    pub kind: CounterKind,
    /// What it can do.
    pub services: BTreeSet<ServiceId>,
}

/// Whom a counter is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CounterKind {
    /// Every tier.
    General,
    /// This tier and those that precede it (a GoTone desk takes VIPs, a VIP desk nobody else).
    Dedicated(TierId),
}

/// Somebody who works at counters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Teller {
    /// Work number.
    pub id: TellerId,
    /// Name, shown to staff only.
    pub name: String,
}

/// Opening hours over a week; closed wherever no span covers the minute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WeekHours(pub Vec<HoursSpan>);

/// One span of opening on some days of the week.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HoursSpan {
    /// Bit 0 = Monday … bit 6 = Sunday.
    pub days: u8,
    /// Local minute of the day, 0 to 1439.
    pub from_minute: u16,
    /// Local minute of the day, after `from_minute`, up to 1440; not included.
    pub to_minute: u16,
}

impl WeekHours {
    /// Whether the hall is open at this local time.
    pub fn open_at(&self, at: At) -> bool {
        self.open_on(at.weekday(), at.minute_of_day())
    }

    /// Whether the hall is open at this minute of a weekday, 0 = Monday.
    pub fn open_on(&self, weekday: u8, minute: u16) -> bool {
        self.on(weekday).any(|span| (span.from_minute..span.to_minute).contains(&minute))
    }

    /// The spans of one day, 0 = Monday.
    pub fn on(&self, weekday: u8) -> impl Iterator<Item = &HoursSpan> {
        self.0.iter().filter(move |span| span.days & (1 << weekday) != 0)
    }

    /// The day's hours as people write them: `08:30–18:00`, several joined by a comma, empty when closed all day.
    pub fn text_on(&self, weekday: u8) -> String {
        let spans: Vec<_> =
            self.on(weekday).map(|span| format!("{}–{}", clock(span.from_minute), clock(span.to_minute))).collect();
        spans.join(", ")
    }
}

impl Rules {
    /// The tier of this id and its place in the order of precedence, 0 first.
    pub fn tier(&self, id: &TierId) -> Option<(usize, &Tier)> {
        self.tiers.iter().enumerate().find(|(_, tier)| tier.id == *id)
    }

    /// The service of this id and its place in the list.
    pub fn service(&self, id: &ServiceId) -> Option<(usize, &Service)> {
        self.services.iter().enumerate().find(|(_, service)| service.id == *id)
    }

    /// The counter of this number.
    pub fn counter(&self, number: CounterNumber) -> Option<&CounterRule> {
        self.counters.iter().find(|counter| counter.number == number)
    }

    /// The tier of a customer nobody knows anything about: the last in precedence.
    pub fn lowest_tier(&self) -> Option<&Tier> {
        self.tiers.last()
    }

    /// Whether a counter of this kind is meant for customers of this tier.
    pub fn admits(&self, kind: &CounterKind, tier: &TierId) -> bool {
        match kind {
            CounterKind::General => true,
            CounterKind::Dedicated(own) => match (self.tier(own), self.tier(tier)) {
                (Some((own, _)), Some((asked, _))) => asked <= own,
                (None, _) | (_, None) => false,
            },
        }
    }

    /// Whether a counter does this service for customers of this tier.
    pub fn serves(&self, counter: &CounterRule, service: &ServiceId, tier: &TierId) -> bool {
        counter.services.contains(service) && self.admits(&counter.kind, tier)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_cover_the_opening_minute_and_not_the_closing_one() {
        let hours = WeekHours(vec![HoursSpan { days: 0b0111_1111, from_minute: 510, to_minute: 1080 }]);
        // 2026-11-22 08:30 and 18:00 in China.
        let open = At { utc_ms: 1_795_307_400_000, offset_s: 28_800 };
        let close = At { utc_ms: open.utc_ms + 34_200_000, ..open };
        assert!(hours.open_at(open));
        assert!(!hours.open_at(close));
        assert_eq!(hours.text_on(6), "08:30–18:00");
    }
}
