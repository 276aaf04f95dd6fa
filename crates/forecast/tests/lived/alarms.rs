//! What a forecast of the live hall calls trouble is trouble: a limit as it was promised, of somebody who was never called.

use forecast::forward::Present;
use forecast::learn::Learnt;
use forecast::prospect::{Prospect, prospect};
use hall::command::CounterAct;
use hall::{Care, Command, HoldKind};

use crate::lived::{Lived, OFFSET_MS, rules, taught};

const FUTURES: usize = 100;

#[test]
fn priority_care_does_not_shorten_the_limit() {
    let (mut lived, learnt) = at_ten();
    (1..=8).for_each(|counter| lived.opens(counter));
    let ticket = lived.takes("vip", "s1", Some(Care::Elderly));
    lived.passes(1);
    let foreseen = look_ahead(&lived, &learnt);
    assert_eq!(foreseen.tiers[0].overdue, 0, "their limit runs for ten minutes yet");
    let one = &foreseen.waiting[&ticket];
    assert!(one.waits.quantile(0.9) < 60.0, "a counter is free: {} s", one.waits.quantile(0.9));
    assert!(one.miss < 0.05, "called long before the limit: {}", one.miss);
}

#[test]
fn nobody_who_was_called_before_is_late_or_endangered() {
    let (mut lived, learnt) = at_ten();
    lived.opens(2);
    let ticket = lived.takes("ordinary", "s1", None);
    lived.at(2, CounterAct::CallNext);
    lived.passes(2 * 60);
    lived.at(2, CounterAct::Hold { reason: "证件".into(), kind: HoldKind::Customer });
    lived.passes(40 * 60);
    lived.does(Command::Rejoin { ticket, same_counter: false });
    let foreseen = look_ahead(&lived, &learnt);
    assert_eq!((foreseen.tiers[2].overdue, foreseen.waiting[&ticket].miss), (0, 0.0));

    // A call that was undone was none: whoever waits since then is late.
    let undone = lived.takes("ordinary", "s1", None);
    for act in [CounterAct::CallNext, CounterAct::Complete { outcome: None }, CounterAct::CallNext, CounterAct::Return]
    {
        lived.at(2, act);
        lived.passes(1);
    }
    lived.passes(31 * 60);
    let foreseen = look_ahead(&lived, &learnt);
    assert_eq!((foreseen.tiers[2].overdue, foreseen.waiting[&undone].miss), (1, 1.0));
}

/// An hour after the hall opened.
fn at_ten() -> (Lived, Learnt) {
    let mut rules = rules("guard+rescue");
    rules.hours = None;
    let mut lived = Lived::new(&rules);
    lived.passes(3600);
    (lived, taught(&rules))
}

fn look_ahead(lived: &Lived, learnt: &Learnt) -> Prospect {
    let present = Present::of(&lived.hall, learnt, lived.now_ms, OFFSET_MS);
    prospect(learnt, &present, FUTURES, 7)
}
