//! What a ticket says on paper, in the customer's language. No tier name, no phone number.

use hall::rules::{Documents, Names};
use hall::{Hall, Language, Ticket};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use wire::{Issued, Slip};

/// Documents that fit on a ticket.
const DOCUMENT_LINES: usize = 3;

/// Words a ticket. `issued` is as of now; `greeting` is the day's own, where it has one.
pub(crate) fn slip(
    hall: &Hall,
    ticket: &Ticket,
    issued: &Issued,
    zone: &TimeZone,
    url: Option<String>,
    copy: bool,
    greeting: Option<&Names>,
) -> Slip {
    let language = ticket.language.as_deref().map_or(Language::Zh, Language::of_tag);
    let rules = hall.rules();
    let name = |names: &Names| names.in_language(language).to_owned();
    let service = rules.service(&ticket.service).map(|(_, service)| service);
    let area = rules.tier(&ticket.tier).and_then(|(_, tier)| tier.area.as_ref());
    let taken = Timestamp::from_millisecond(ticket.issued_at_ms).unwrap_or_default().to_zoned(zone.clone());
    let documents = service.map_or(&[][..], |service| &service.documents);
    Slip {
        hall: name(&rules.names),
        greeting: Some(match greeting {
            Some(greeting) => name(greeting),
            None => PartOfDay::of(taken.hour()).greeting(language).to_owned(),
        }),
        number: ticket.number.to_string(),
        service: service.map_or_else(|| ticket.service.to_string(), |service| name(&service.names)),
        ahead: Some(ahead_line(issued.ticket.ahead, language)),
        wait: issued.wait.told_minutes().map(|range| wait_line(range, language)),
        area: area.map(|area| match language {
            Language::Zh => format!("请在{}等候", area.zh),
            Language::En => format!("Please wait in {}", name(area)),
        }),
        time: taken.strftime("%Y-%m-%d %H:%M").to_string(),
        documents: to_bring(documents, ticket.customer.as_deref(), language),
        qr_url: url,
        rule: Some(
            match language {
                Language::Zh => "过号请到咨询台，为您重新安排",
                Language::En => "If you miss your call, please ask at the desk",
            }
            .to_owned(),
        ),
        copy_mark: copy.then(|| {
            match language {
                Language::Zh => "补打",
                Language::En => "COPY",
            }
            .to_owned()
        }),
    }
}

/// The papers that a kind of customer has to have ready, the first with a word of what they are; and of whom, when others bring others.
/// Who said nothing, or what the hall does not know any more, is the first kind.
fn to_bring(documents: &[Documents], customer: Option<&str>, language: Language) -> Vec<String> {
    let said = documents.iter().find(|kind| customer == Some(kind.customer.zh.as_str()));
    let Some(kind) = said.or(documents.first()) else { return Vec::new() };
    let whose = kind.customer.in_language(language);
    let word = match (language, documents.len()) {
        (Language::Zh, 1) => "请备好：".to_owned(),
        (Language::Zh, _) => format!("{whose}请备好："),
        (Language::En, 1) => "Please have ready: ".to_owned(),
        (Language::En, _) => format!("{whose}, please have ready: "),
    };
    let line = |(index, paper): (usize, &Names)| {
        let paper = paper.in_language(language);
        if index == 0 { format!("{word}{paper}") } else { paper.to_owned() }
    };
    kind.items.iter().take(DOCUMENT_LINES).enumerate().map(line).collect()
}

/// The part of the day after which a greeting is worded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PartOfDay {
    Morning,
    Afternoon,
    Evening,
}

impl PartOfDay {
    /// Of a local hour, 0 to 23.
    pub(crate) fn of(hour: i8) -> Self {
        match hour {
            5..=11 => Self::Morning,
            12..=17 => Self::Afternoon,
            _ => Self::Evening,
        }
    }

    pub(crate) fn greeting(self, language: Language) -> &'static str {
        match (self, language) {
            (Self::Morning, Language::Zh) => "早上好",
            (Self::Morning, Language::En) => "Good morning",
            (Self::Afternoon, Language::Zh) => "下午好",
            (Self::Afternoon, Language::En) => "Good afternoon",
            (Self::Evening, Language::Zh) => "晚上好",
            (Self::Evening, Language::En) => "Good evening",
        }
    }
}

fn ahead_line(ahead: usize, language: Language) -> String {
    match (language, ahead) {
        (Language::Zh, 0) => "您是下一位".to_owned(),
        (Language::Zh, n) => format!("您前面还有 {n} 位"),
        (Language::En, 0) => "You are next".to_owned(),
        (Language::En, 1) => "1 person ahead".to_owned(),
        (Language::En, n) => format!("{n} people ahead"),
    }
}

fn wait_line((low, high): (u32, u32), language: Language) -> String {
    match language {
        Language::Zh => format!("预计等候 {low}–{high} 分钟（打印时估计）"),
        Language::En => format!("Estimated wait {low}–{high} min (when printed)"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_of_people_ahead_knows_none_and_one() {
        assert_eq!(ahead_line(0, Language::Zh), "您是下一位");
        assert_eq!(ahead_line(3, Language::Zh), "您前面还有 3 位");
        assert_eq!(ahead_line(1, Language::En), "1 person ahead");
    }

    #[test]
    fn papers_name_whose_they_are_where_others_bring_others() {
        let names = |zh: &str, en: &str| Names { zh: zh.to_owned(), en: en.to_owned() };
        let own = Documents {
            customer: names("本人", "In person"),
            items: vec![names("身份证原件", "ID card"), names("手机卡", "SIM")],
        };
        assert_eq!(to_bring(std::slice::from_ref(&own), None, Language::Zh), ["请备好：身份证原件", "手机卡"]);
        let agent = Documents { customer: names("代办", "Agent"), items: vec![names("授权书", "Authorisation")] };
        let both = [own, agent];
        assert_eq!(to_bring(&both, None, Language::Zh), ["本人请备好：身份证原件", "手机卡"]);
        assert_eq!(to_bring(&both, Some("代办"), Language::Zh), ["代办请备好：授权书"]);
        assert_eq!(to_bring(&both, Some("代办"), Language::En), ["Agent, please have ready: Authorisation"]);
        assert_eq!(to_bring(&both, Some("单位"), Language::En), ["In person, please have ready: ID card", "SIM"]);
        assert!(to_bring(&[], Some("代办"), Language::Zh).is_empty());
    }

    #[test]
    fn greetings_follow_the_hour() {
        assert_eq!(PartOfDay::of(8).greeting(Language::Zh), "早上好");
        assert_eq!(PartOfDay::of(12).greeting(Language::En), "Good afternoon");
        assert_eq!(PartOfDay::of(22).greeting(Language::Zh), "晚上好");
    }
}
