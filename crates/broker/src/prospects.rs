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

/// The outlook of a hall.
pub(crate) fn outlook(hall: &Hall, foreseen: &Foreseen) -> Outlook {
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
            wait: foreseen.wait_of(hall, ticket, 0, foreseen.at_ms),
        })
        .collect();
    tickets.sort_by(|one, other| other.miss.total_cmp(&one.miss).then(one.deadline_at.cmp(&other.deadline_at)));
    tickets.truncate(MOST_NAMED);
    Outlook {
        at: timestamp(foreseen.at_ms),
        window_s: u32::try_from(WINDOW_MS / 1000).unwrap_or(0),
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

/// An alarm for each tier that is in trouble, with what helps it most.
pub(crate) fn alarms(hall: &Hall, foreseen: &Foreseen) -> Vec<Alarm> {
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
