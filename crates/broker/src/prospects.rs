//! What was foreseen, as the wire tells it: to supervisors, in their languages.

use forecast::advice::Step;
use forecast::prospect::WINDOW_MS;
use hall::{Hall, Language, TicketState};
use wire::event::timestamp;
use wire::{AdviceKind, AdviceView, Alarm, AlarmKind, LocalNames, Outlook, TicketOutlook, TierOutlook};

use crate::foreseen::Foreseen;

/// Tickets in less danger than this are not named.
const NAMED: f64 = 0.1;
/// More than this nobody reads, and every listener gets them every minute.
const MOST_NAMED: usize = 100;
/// What is foreseen is told again after so long, also when it is much the same, in ms.
const TELL_EVERY_MS: i64 = 60_000;

/// The outlook of a hall; without content when nobody looked for a while.
pub(crate) fn outlook(hall: &Hall, foreseen: &Foreseen, now_ms: i64) -> Outlook {
    let (at, window_s) = (timestamp(foreseen.at_ms), u32::try_from(WINDOW_MS / 1000).unwrap_or(0));
    if !foreseen.is_fresh(now_ms) {
        return Outlook { at, window_s, tiers: vec![], tickets: vec![], advice: vec![] };
    }
    let rules = hall.rules();
    let tiers = rules.tiers.iter().zip(&foreseen.tiers).enumerate().map(|(index, (tier, of))| TierOutlook {
        tier: tier.id.to_string(),
        overdue: of.overdue,
        expected_misses: hundredths(of.expected_misses),
        any_miss: hundredths(of.any_miss),
        alarm_since: foreseen.alarms.get(index).copied().flatten().map(timestamp),
    });
    let mut tickets: Vec<TicketOutlook> = foreseen
        .waiting
        .iter()
        .filter(|(_, expected)| expected.miss >= NAMED)
        // Whoever was called since is in no danger any more.
        .filter_map(|(id, expected)| hall.ticket(*id).map(|ticket| (ticket, expected)))
        .filter(|(ticket, _)| ticket.state == TicketState::Waiting)
        .map(|(ticket, expected)| TicketOutlook {
            ticket: ticket.id,
            number: ticket.number.to_string(),
            tier: ticket.tier.to_string(),
            miss: hundredths(expected.miss),
            deadline_at: timestamp(ticket.deadline_at_ms),
            wait: foreseen.wait_of(hall, ticket, 0, now_ms),
        })
        .collect();
    tickets.sort_by(|one, other| other.miss.total_cmp(&one.miss).then(one.deadline_at.cmp(&other.deadline_at)));
    tickets.truncate(MOST_NAMED);
    Outlook {
        at,
        window_s,
        tiers: tiers.collect(),
        tickets,
        advice: foreseen.advice.iter().filter_map(|advice| advice_view(hall, advice)).collect(),
    }
}

/// Whether a forecast says something that the one before did not.
pub(crate) fn is_news(before: &Foreseen, now: &Foreseen) -> bool {
    let on = |of: &Foreseen| of.alarms.iter().map(Option::is_some).collect::<Vec<_>>();
    let steps = |of: &Foreseen| of.advice.iter().map(|advice| advice.step).collect::<Vec<_>>();
    let old = now.at_ms.div_euclid(TELL_EVERY_MS) != before.at_ms.div_euclid(TELL_EVERY_MS);
    old || on(before) != on(now) || steps(before) != steps(now)
}

/// Advice helps a tier that saves it so many misses.
const HELPS: f64 = 0.3;

/// An alarm for each tier that is in trouble by the latest look, unless that is too old, with what helps it most.
pub(crate) fn alarms(hall: &Hall, foreseen: &Foreseen, now_ms: i64) -> Vec<Alarm> {
    if !foreseen.is_fresh(now_ms) {
        return vec![];
    }
    let tiers = hall.rules().tiers.iter().zip(&foreseen.tiers).zip(&foreseen.alarms).enumerate();
    tiers
        .filter_map(|(index, ((tier, of), since_ms))| {
            let helps = foreseen.advice.iter().filter(|advice| advice.saves_of(index) >= HELPS);
            let best = helps.max_by(|one, other| one.saves_of(index).total_cmp(&other.saves_of(index)));
            let help = best.and_then(|advice| advice_view(hall, advice)).map(|advice| advice.text);
            let help = help.unwrap_or_else(|| LocalNames {
                zh: "请安抚客户，引导自助办理".to_owned(),
                en: "talk to those who wait and offer self-service".to_owned(),
            });
            let (zh, en) = (tier.names.in_language(Language::Zh), tier.names.in_language(Language::En));
            let (troubles_zh, troubles_en) = troubles(of);
            Some(Alarm {
                kind: AlarmKind::LimitAtRisk,
                about: tier.id.to_string(),
                text: LocalNames {
                    zh: format!("{zh}：{troubles_zh}；{}", help.zh),
                    en: format!("{en}: {troubles_en}; {}", help.en),
                },
                since: timestamp((*since_ms)?),
            })
        })
        .collect()
}

fn troubles(of: &forecast::prospect::TierOutlook) -> (String, String) {
    let (overdue, misses) = (of.overdue, of.expected_misses.round());
    let mut zh = Vec::new();
    let mut en = Vec::new();
    if overdue > 0 {
        zh.push(format!("{overdue} 人已超过等候时限，仍在等候"));
        en.push(format!("{overdue} past their limit still wait"));
    }
    if misses >= 1.0 || overdue == 0 {
        let misses = misses.max(1.0);
        zh.push(format!("未来 30 分钟预计 {misses} 人超过等候时限"));
        en.push(format!("about {misses} will wait past their limit in the next 30 minutes"));
    }
    (zh.join("，"), en.join(", "))
}

fn advice_view(hall: &Hall, advice: &forecast::advice::Advice) -> Option<AdviceView> {
    let number = |post: usize| hall.floor().posts.get(post).map(|post| post.number.0);
    let (before, after) = (advice.before.iter().sum::<f64>(), advice.after.iter().sum::<f64>());
    let gain_zh = format!("全厅两小时内预计超时 {} → {} 人", before.round(), after.round());
    let gain_en = format!("expected misses in the whole hall within two hours {} → {}", before.round(), after.round());
    let (kind, counter, service, zh, en) = match advice.step {
        Step::Open(post) => {
            let number = number(post)?;
            let words = (format!("现在开启 {number} 号窗口"), format!("open counter {number} now"));
            (AdviceKind::OpenCounter, Some(number), None, words.0, words.1)
        }
        Step::EndPause(post) => {
            let number = number(post)?;
            let words = (format!("结束 {number} 号窗口的暂停"), format!("end the pause at counter {number}"));
            (AdviceKind::EndPause, Some(number), None, words.0, words.1)
        }
        Step::SelfService(service) => {
            let service = hall.rules().services.get(service)?;
            let (zh, en) = (service.names.in_language(Language::Zh), service.names.in_language(Language::En));
            let words = (
                format!("引导半数“{zh}”客户自助办理"),
                format!("offer self-service to every second customer for \"{en}\""),
            );
            (AdviceKind::SelfService, None, Some(service.id.to_string()), words.0, words.1)
        }
    };
    Some(AdviceView {
        kind,
        counter,
        service,
        before: hundredths(before),
        after: hundredths(after),
        text: LocalNames { zh: format!("{zh}：{gain_zh}"), en: format!("{en}: {gain_en}") },
    })
}

/// More digits than two would be noise of the draw.
fn hundredths(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

#[cfg(test)]
mod tests {
    use forecast::prospect::TierOutlook;

    use super::*;
    use crate::testing::{At10, TEN};

    /// Trouble of the ordinary tier since a minute, with opening counter 3 as the only advice.
    fn trouble(overdue: u32, expected_misses: f64, saves: f64) -> Foreseen {
        let tier = TierOutlook { overdue, expected_misses, any_miss: 0.9 };
        let advice = forecast::advice::Advice {
            step: Step::Open(2),
            before: vec![0.0, 0.0, 7.0],
            after: vec![0.0, 0.0, 7.0 - saves],
        };
        Foreseen {
            at_ms: TEN,
            tiers: vec![TierOutlook::default(), TierOutlook::default(), tier],
            alarms: vec![None, None, Some(TEN - 60_000)],
            advice: vec![advice],
            ..Foreseen::default()
        }
    }

    #[test]
    fn an_alarm_says_what_is_the_trouble_and_what_helps() {
        let hall = At10::new().hall;
        let text = |foreseen: &Foreseen| {
            let [alarm] = <[Alarm; 1]>::try_from(alarms(&hall, foreseen, TEN)).expect("one alarm");
            assert_eq!((alarm.kind, alarm.about.as_str()), (AlarmKind::LimitAtRisk, "ordinary"));
            assert_eq!(alarm.since, timestamp(TEN - 60_000));
            alarm.text.en
        };
        let coming = text(&trouble(0, 4.4, 5.0));
        assert!(coming.contains("about 4 will wait past their limit"), "{coming}");
        assert!(
            coming.contains("open counter 3 now: expected misses in the whole hall within two hours 7 → 2"),
            "{coming}"
        );
        let there = text(&trouble(2, 0.1, 0.0));
        assert!(there.contains("2 past their limit still wait; talk to those who wait"), "{there}");
        assert!(!there.contains("about"), "{there}");
    }

    #[test]
    fn what_is_old_alarms_nobody() {
        let hall = At10::new().hall;
        let foreseen = trouble(1, 4.0, 5.0);
        let old_ms = TEN + 300_001;
        assert!(alarms(&hall, &foreseen, old_ms).is_empty());
        assert_eq!(outlook(&hall, &foreseen, TEN).tiers.len(), 3);
        let old = outlook(&hall, &foreseen, old_ms);
        assert_eq!((old.at, old.tiers.len(), old.advice.len()), (timestamp(TEN), 0, 0));
    }

    #[test]
    fn only_what_is_otherwise_is_news_within_a_minute() {
        let foreseen = trouble(0, 4.0, 5.0);
        let later = Foreseen { at_ms: TEN + 30_000, ..trouble(0, 3.0, 4.0) };
        assert!(!is_news(&foreseen, &later));
        assert!(is_news(&foreseen, &Foreseen { at_ms: TEN + 60_000, ..trouble(0, 4.0, 5.0) }));
        assert!(is_news(&foreseen, &Foreseen { alarms: vec![None; 3], ..later.clone() }));
        assert!(is_news(&foreseen, &Foreseen { advice: vec![], ..later }));
    }
}
