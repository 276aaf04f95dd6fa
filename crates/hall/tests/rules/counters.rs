//! What tellers do at counters.

use hall::command::CounterAct;
use hall::{Command, CounterNumber, CounterState, Destination, Event, Refusal, TicketState};

use crate::rig::{GENERAL, GOTONE_DESK, NINE, QUICK, Rig, VIP_DESK, rules};

const THREE: CounterNumber = CounterNumber(GENERAL);

fn sign_in(counter: u16, teller: &str) -> Command {
    Command::SignIn { counter: CounterNumber(counter), teller: teller.into() }
}

#[test]
fn a_teller_signs_in_and_out() {
    let mut rig = Rig::open();
    assert_eq!(rig.does(sign_in(GENERAL, "1001")), [Event::CounterOpened { counter: THREE, teller: "1001".into() }]);
    assert_eq!(rig.hall.counter(THREE).unwrap().state, CounterState::Open { teller: "1001".into() });
    assert_eq!(rig.act(GENERAL, CounterAct::SignOut), [Event::CounterClosed { counter: THREE, teller: "1001".into() }]);
    assert_eq!(rig.hall.counter(THREE).unwrap().state, CounterState::Closed);
}

#[test]
fn signing_in_twice_at_the_same_counter_changes_nothing() {
    let mut rig = Rig::open();
    rig.does(sign_in(GENERAL, "1001"));
    assert_eq!(rig.does(sign_in(GENERAL, "1001")), []);
}

#[test]
fn one_teller_works_at_one_counter_and_one_counter_has_one_teller() {
    let mut rig = Rig::open();
    rig.does(sign_in(GENERAL, "1001"));
    assert_eq!(rig.refuses(sign_in(QUICK, "1001")), Refusal::TellerElsewhere { teller: "1001".into(), counter: THREE });
    assert_eq!(rig.refuses(sign_in(GENERAL, "1002")), Refusal::CounterTaken { counter: THREE, teller: "1001".into() });
    assert_eq!(rig.refuses(sign_in(9, "1002")), Refusal::UnknownCounter(CounterNumber(9)));
    assert_eq!(rig.refuses(sign_in(QUICK, "2000")), Refusal::UnknownTeller("2000".into()));
}

#[test]
fn a_counter_without_a_teller_does_nothing() {
    let mut rig = Rig::open();
    for act in [CounterAct::CallNext, CounterAct::SignOut, CounterAct::Resume, CounterAct::Recall] {
        assert_eq!(rig.refuses_act(GENERAL, act), Refusal::CounterClosed(THREE));
    }
    assert_eq!(rig.refuses_act(9, CounterAct::CallNext), Refusal::UnknownCounter(CounterNumber(9)));
}

#[test]
fn nobody_signs_out_or_pauses_while_a_ticket_is_there() {
    let mut rig = Rig::staffed();
    rig.take("ordinary", "payment");
    rig.next(GENERAL);
    let busy = Refusal::CounterBusy { counter: THREE, number: "A001".into() };
    assert_eq!(rig.refuses_act(GENERAL, CounterAct::SignOut), busy);
    assert_eq!(rig.refuses_act(GENERAL, CounterAct::Pause { reason: "吃饭".into() }), busy);
    rig.complete(GENERAL);
    rig.act(GENERAL, CounterAct::SignOut);
}

#[test]
fn a_paused_counter_says_why_and_calls_nobody_until_it_goes_on() {
    let mut rig = Rig::staffed();
    let ticket = rig.take("ordinary", "payment");
    rig.act(GENERAL, CounterAct::Pause { reason: "吃饭".into() });
    assert_eq!(
        rig.hall.counter(THREE).unwrap().state,
        CounterState::Paused { teller: "1003".into(), reason: "吃饭".into() }
    );
    for act in [CounterAct::CallNext, CounterAct::Call { ticket }, CounterAct::Pause { reason: "培训".into() }] {
        assert_eq!(rig.refuses_act(GENERAL, act), Refusal::CounterPaused(THREE));
    }
    rig.act(GENERAL, CounterAct::Resume);
    assert_eq!(rig.refuses_act(GENERAL, CounterAct::Resume), Refusal::CounterNotPaused(THREE));
    assert_eq!(rig.next(GENERAL), Some(ticket));
}

#[test]
fn a_teller_can_leave_a_paused_counter() {
    let mut rig = Rig::staffed();
    rig.act(GENERAL, CounterAct::Pause { reason: "培训".into() });
    rig.act(GENERAL, CounterAct::SignOut);
    assert_eq!(rig.hall.teller_at(&"1003".into()), None);
}

#[test]
fn a_free_counter_has_nothing_to_recall_start_complete_hold_send_or_return() {
    let mut rig = Rig::staffed();
    let acts = [
        CounterAct::Recall,
        CounterAct::NoShow,
        CounterAct::Start,
        CounterAct::Complete { outcome: None },
        CounterAct::Hold { reason: String::new(), kind: hall::HoldKind::Staff },
        CounterAct::Transfer { to: Destination::Service("sim".into()), keep_place: true, note: None },
        CounterAct::Return,
    ];
    for act in acts {
        assert_eq!(rig.refuses_act(GENERAL, act), Refusal::NoTicketHere(THREE));
    }
}

#[test]
fn call_next_completes_the_present_ticket_and_calls_the_next() {
    let mut rig = Rig::staffed();
    let first = rig.take("ordinary", "payment");
    let second = rig.take("ordinary", "payment");
    rig.next(GENERAL);
    rig.act(GENERAL, CounterAct::Start);
    rig.pass(100);
    assert_eq!(rig.next(GENERAL), Some(second));
    assert_eq!(rig.state(first), TicketState::Completed);
}

#[test]
fn service_nobody_marked_as_started_began_a_walk_after_the_last_call() {
    let mut rig = Rig::staffed();
    let first = rig.take("ordinary", "payment");
    let second = rig.take("ordinary", "payment");
    rig.next(GENERAL);
    rig.pass(40);
    rig.act(GENERAL, CounterAct::Recall);
    rig.pass(100);
    rig.next(GENERAL);
    assert_eq!(rig.ticket(first).started_at_ms, Some(NINE + 60_000), "20 s after the recall");
    assert_eq!(rig.hall.tally(&"payment".into()).service_s, 80.0);
    rig.pass(5);
    rig.complete(GENERAL);
    assert_eq!(rig.ticket(second).started_at_ms, Some(rig.now_ms), "sooner than the walk: it began when it ended");
}

#[test]
fn call_next_completes_the_present_ticket_also_when_nobody_follows() {
    let mut rig = Rig::staffed();
    let ticket = rig.take("ordinary", "payment");
    rig.next(GENERAL);
    let events = rig.act(GENERAL, CounterAct::CallNext);
    assert!(matches!(events.as_slice(), [Event::ServiceStarted { .. }, Event::TicketCompleted { .. }]), "{events:?}");
    assert_eq!(rig.state(ticket), TicketState::Completed);
    assert_eq!(rig.refuses_act(GENERAL, CounterAct::CallNext), Refusal::NobodyWaits(THREE));
}

#[test]
fn a_teller_may_call_whom_they_choose_but_only_for_what_the_counter_does() {
    let mut rig = Rig::staffed();
    rig.take("ordinary", "payment");
    let chosen = rig.take("ordinary", "payment");
    let sim = rig.take("ordinary", "sim");
    rig.call(VIP_DESK, chosen);
    assert_eq!(rig.at_counter(VIP_DESK), Some(chosen), "the exception is a person's, and logged");
    assert_eq!(
        rig.refuses_act(QUICK, CounterAct::Call { ticket: sim }),
        Refusal::NotServedHere { counter: CounterNumber(QUICK), service: "sim".into() }
    );
    assert_eq!(
        rig.refuses_act(GENERAL, CounterAct::Call { ticket: chosen }),
        Refusal::WrongState { number: "A002".into(), state: TicketState::Called }
    );
    assert_eq!(
        rig.refuses_act(VIP_DESK, CounterAct::Call { ticket: sim }),
        Refusal::CounterBusy { counter: CounterNumber(VIP_DESK), number: "A002".into() }
    );
}

#[test]
fn nobody_is_sent_where_nobody_can_serve_them() {
    let mut rig = Rig::staffed();
    rig.take("ordinary", "sim");
    rig.next(GENERAL);
    let to = |to| CounterAct::Transfer { to, keep_place: true, note: None };
    assert_eq!(
        rig.refuses_act(GENERAL, to(Destination::Counter(CounterNumber(QUICK)))),
        Refusal::NotServedHere { counter: CounterNumber(QUICK), service: "sim".into() }
    );
    assert_eq!(
        rig.refuses_act(GENERAL, to(Destination::Counter(CounterNumber(9)))),
        Refusal::UnknownCounter(CounterNumber(9))
    );
    assert_eq!(
        rig.refuses_act(GENERAL, to(Destination::Service("roaming".into()))),
        Refusal::UnknownService("roaming".into())
    );
}

#[test]
fn desks_admit_after_the_norm() {
    let rules = rules();
    let admitted = |desk: usize| {
        let kind = &rules.counters[desk].kind;
        ["vip", "gotone", "ordinary"].map(|tier| rules.admits(kind, &tier.into()))
    };
    assert_eq!(admitted(0), [true, false, false], "a VIP desk takes nobody else");
    assert_eq!(admitted(1), [true, true, false], "a GoTone desk takes VIPs too");
    assert_eq!(admitted(2), [true, true, true], "every other counter is open to all");
    assert!(!rules.admits(&rules.counters[1].kind, &"unheard-of".into()));
}

#[test]
fn each_desk_calls_whom_it_admits() {
    let mut rig = Rig::staffed();
    let ordinary = rig.take("ordinary", "payment");
    assert_eq!(rig.next(VIP_DESK), None);
    assert_eq!(rig.next(GOTONE_DESK), None);
    let gotone = rig.take("gotone", "payment");
    assert_eq!(rig.next(VIP_DESK), None);
    assert_eq!(rig.next(GOTONE_DESK), Some(gotone));
    let vip = rig.take("vip", "sim");
    assert_eq!(rig.next(QUICK), Some(ordinary), "the quick counter does no SIM cards");
    assert_eq!(rig.next(VIP_DESK), Some(vip));
}
