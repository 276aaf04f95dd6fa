//! What refusals and reasons say.

use hall::routing::{Because, Favour, Rule};
use hall::words::state_words;
use hall::{CounterNumber, Date, Language, Refusal, TicketId, TicketState};

use crate::rig::rules;

/// One of every refusal; the `match` makes the compiler ask for a new one here.
fn every_refusal() -> Vec<Refusal> {
    let counter = CounterNumber(3);
    let latest = Date { year: 2026, month: 11, day: 22 };
    let all = vec![
        Refusal::DayNotOpen,
        Refusal::DayNotNew { latest },
        Refusal::TicketingClosed,
        Refusal::OutsideHours { hours: String::new() },
        Refusal::OutsideHours { hours: "08:30–18:00".into() },
        Refusal::QuotaExhausted { service: "payment".into(), quota: 40 },
        Refusal::WindowExhausted { service: "payment".into(), numbers: 30, next: Some(660) },
        Refusal::WindowExhausted { service: "payment".into(), numbers: 30, next: None },
        Refusal::UnknownAppointment,
        Refusal::AppointmentEarly { from: "09:30".into() },
        Refusal::AppointmentUsed,
        Refusal::AppointmentCancelled,
        Refusal::AppointmentForAnother { service: "payment".into() },
        Refusal::AppointmentTime { days: 366 },
        Refusal::AppointmentOutsideHours { hours: String::new() },
        Refusal::AppointmentOutsideHours { hours: "08:30–18:00".into() },
        Refusal::AppointmentsFull,
        Refusal::UnknownService("fishing".into()),
        Refusal::UnknownTier("platinum".into()),
        Refusal::UnknownCounter(counter),
        Refusal::UnknownTeller("2000".into()),
        Refusal::UnknownTicket(TicketId(77)),
        Refusal::CounterClosed(counter),
        Refusal::CounterPaused(counter),
        Refusal::CounterNotPaused(counter),
        Refusal::CounterTaken { counter, teller: "1001".into() },
        Refusal::TellerElsewhere { teller: "1001".into(), counter },
        Refusal::NoTicketHere(counter),
        Refusal::CounterBusy { counter, number: "A001".into() },
        Refusal::NotServedHere { counter, service: "payment".into() },
        Refusal::NoCounterFor("payment".into()),
        Refusal::WrongState { number: "A001".into(), state: TicketState::Held },
        Refusal::AlreadyRated("A001".into()),
        Refusal::BadScore(6),
        Refusal::NoPrinter("A001".into()),
        Refusal::NobodyWaits(counter),
    ];
    for refusal in &all {
        match refusal {
            Refusal::DayNotOpen
            | Refusal::DayNotNew { .. }
            | Refusal::TicketingClosed
            | Refusal::OutsideHours { .. }
            | Refusal::QuotaExhausted { .. }
            | Refusal::WindowExhausted { .. }
            | Refusal::UnknownAppointment
            | Refusal::AppointmentEarly { .. }
            | Refusal::AppointmentUsed
            | Refusal::AppointmentCancelled
            | Refusal::AppointmentForAnother { .. }
            | Refusal::AppointmentTime { .. }
            | Refusal::AppointmentOutsideHours { .. }
            | Refusal::AppointmentsFull
            | Refusal::UnknownService(_)
            | Refusal::UnknownTier(_)
            | Refusal::UnknownCounter(_)
            | Refusal::UnknownTeller(_)
            | Refusal::UnknownTicket(_)
            | Refusal::CounterClosed(_)
            | Refusal::CounterPaused(_)
            | Refusal::CounterNotPaused(_)
            | Refusal::CounterTaken { .. }
            | Refusal::TellerElsewhere { .. }
            | Refusal::NoTicketHere(_)
            | Refusal::CounterBusy { .. }
            | Refusal::NotServedHere { .. }
            | Refusal::NoCounterFor(_)
            | Refusal::WrongState { .. }
            | Refusal::AlreadyRated(_)
            | Refusal::BadScore(_)
            | Refusal::NoPrinter(_)
            | Refusal::NobodyWaits(_) => {}
        }
    }
    all
}

#[test]
fn every_refusal_is_told_in_chinese_and_in_english() {
    let rules = rules();
    let told: Vec<_> = every_refusal()
        .iter()
        .map(|refusal| format!("{} | {}", refusal.text(&rules, Language::Zh), refusal.text(&rules, Language::En)))
        .collect();
    let expected = "\
营业日尚未开始 | The business day is not open
营业日 2026-11-22 已开始过 | Business day 2026-11-22 was opened before
现已停止取号 | Ticketing is closed
今日不营业 | Closed today
现已停止取号，营业时间 08:30–18:00 | Ticketing is closed. Hours: 08:30–18:00
该业务今日号票已发完 | No tickets left today for this service
本时段号票已发完，11:00 起可取下一时段 | No tickets left for this time of day; there are more from 11:00
本时段号票已发完 | No tickets left for this time of day
没有这个预约，请核对预约码 | There is no such appointment; please check the code
预约时间未到，09:30 起可取号 | It is too early for this appointment; tickets from 09:30
该预约已取过号 | A ticket was taken with this appointment before
该预约已取消 | This appointment was called off
该预约是办理缴费的 | This appointment is for Pay a bill
预约时间须在今后 366 天之内 | An appointment must lie ahead, within 366 days
所约之日不营业 | Closed on that day
所约时间不办理，当日为 08:30–18:00 | Not offered at that time. Hours of that day: 08:30–18:00
预约已满 | No more appointments can be booked
没有业务“fishing” | There is no service `fishing`
没有客户等级“platinum” | There is no tier `platinum`
没有 3 号窗口 | There is no counter 3
没有工号 2000 | There is no teller 2000
今日没有编号为 77 的号票 | There is no ticket 77 today
3 号窗口无人签到 | Nobody is signed in at counter 3
3 号窗口已暂停 | Counter 3 is paused
3 号窗口未暂停 | Counter 3 is not paused
3 号窗口已由 1001 签到 | Teller 1001 is signed in at counter 3
1001 已在 3 号窗口签到，请先签退 | Teller 1001 is signed in at counter 3; sign out there first
3 号窗口没有号票 | Counter 3 has no ticket
3 号窗口的 A001 尚未办结 | Counter 3 still has A001; complete it first
3 号窗口不办理缴费 | Counter 3 does not do Pay a bill
没有窗口可为您办理缴费 | No counter does Pay a bill
A001 已挂起，不能这样操作 | A001 is held; this is not possible now
A001 已评价 | A001 was rated before
评分为 1 至 5，不是 6 | A score is 1 to 5, not 6
A001 不是在取号机上取的，无处打印 | A001 was not taken at a kiosk, so there is nowhere to print it
3 号窗口无人等候 | Nobody waits for counter 3";
    assert_eq!(told.join("\n"), expected);
}

#[test]
fn every_state_has_words_of_its_own() {
    let states = [
        TicketState::Waiting,
        TicketState::Called,
        TicketState::Serving,
        TicketState::Held,
        TicketState::Completed,
        TicketState::NoShow,
        TicketState::Cancelled,
    ];
    let words: std::collections::BTreeSet<_> = states.map(state_words).into_iter().collect();
    assert_eq!(words.len(), states.len());
    assert!(words.iter().all(|(zh, en)| !zh.is_ascii() && en.is_ascii() && !en.is_empty()));
}

#[test]
fn a_reason_names_rule_tier_and_time_left() {
    let rules = rules();
    let because = |rule, slack_ms| Because { rule, tier: "gotone".into(), slack_ms, saves_milli: None, favour: None };
    let both =
        |because: Because| [Language::Zh, Language::En].map(|language| because.text(&"A042".into(), &rules, language));
    assert_eq!(both(because(Rule::Precedence, 419_000)), ["A042：全球通，剩余 6 分钟", "A042: GoTone, 6 min left"]);
    assert_eq!(both(because(Rule::Precedence, -61_000)), ["A042：全球通，已超时 1 分钟", "A042: GoTone, 1 min late"]);
    assert_eq!(
        both(because(Rule::Transferred, 60_000)),
        ["A042：转来本窗口，全球通，剩余 1 分钟", "A042: sent to this counter, GoTone, 1 min left"]
    );
    assert_eq!(
        both(because(Rule::ByHand, 0)),
        ["A042：手动呼叫，全球通，剩余不足 1 分钟", "A042: called by hand, GoTone, less than a minute left"]
    );
    assert_eq!(both(because(Rule::Precedence, -1)), ["A042：全球通，刚超时", "A042: GoTone, just late"]);
    let favoured = |favour| Because { favour: Some(favour), ..because(Rule::Urgent, 720_000) };
    assert_eq!(
        both(favoured(Favour::Care)),
        ["A042：优先照顾，全球通，剩余 12 分钟", "A042: priority care, GoTone, 12 min left"]
    );
    assert_eq!(
        both(favoured(Favour::Appointment)),
        ["A042：预约，全球通，剩余 12 分钟", "A042: by appointment, GoTone, 12 min left"]
    );
    let saving = Because { saves_milli: Some(2345), ..because(Rule::Diversion, 360_000) };
    assert_eq!(
        both(saving),
        [
            "A042：分流，预计可免 2.3 人超时，全球通，剩余 6 分钟",
            "A042: diverted, expected to save 2.3 from being late, GoTone, 6 min left"
        ]
    );
    let unknown = Because { rule: Rule::Precedence, tier: "gone".into(), slack_ms: 0, saves_milli: None, favour: None };
    assert_eq!(
        unknown.text(&"A042".into(), &rules, Language::En),
        "A042: gone, less than a minute left",
        "a tier of an old journal"
    );
}

#[test]
fn why_a_business_is_closed_is_said_in_few_words_on_its_card() {
    let rules = rules();
    let short = |refusal: Refusal| [Language::Zh, Language::En].map(|language| refusal.in_short(&rules, language));
    let spent = |next| Refusal::WindowExhausted { service: "payment".into(), numbers: 3, next };
    for (refusal, words) in [
        (Refusal::OutsideHours { hours: "09:00–12:00".into() }, ["09:00–12:00 办理", "Open 09:00–12:00"]),
        (Refusal::OutsideHours { hours: String::new() }, ["今日不营业", "Closed today"]),
        (Refusal::QuotaExhausted { service: "payment".into(), quota: 3 }, ["今日已发完", "No more today"]),
        (spent(Some(11 * 60)), ["11:00 起可取", "More from 11:00"]),
        (spent(None), ["本时段已发完", "No more for now"]),
        (Refusal::TicketingClosed, ["已停止取号", "Closed now"]),
    ] {
        assert_eq!(short(refusal), words);
    }
}

#[test]
fn a_name_without_english_is_told_in_chinese() {
    let names = crate::rig::names("缴费", "");
    assert_eq!(names.in_language(Language::En), "缴费");
    assert_eq!(Language::of_tag("en-GB"), Language::En);
    assert_eq!(Language::of_tag("fr"), Language::Zh);
    assert_eq!(Language::of_tag(""), Language::Zh);
}
