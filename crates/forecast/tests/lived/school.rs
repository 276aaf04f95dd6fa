//! What a day of the hall's own journal teaches.

use forecast::school::{School, served_in};
use hall::command::CounterAct;
use hall::{Actor, Command, Destination};

use crate::lived::{Lived, OFFSET_MS, rules};

/// Everybody comes for a quick service and is sent on to a slow one.
fn day_of_transfers() -> Lived {
    let mut lived = Lived::new(&rules("strict"));
    lived.opens(2);
    for _ in 0..60 {
        lived.takes("ordinary", "s1", None);
        lived.at(2, CounterAct::CallNext);
        lived.passes(30);
        let to = Destination::Service("s3".into());
        lived.at(2, CounterAct::Transfer { to, keep_place: true, note: None });
        lived.at(2, CounterAct::CallNext);
        lived.passes(120);
        lived.at(2, CounterAct::Complete { outcome: None });
    }
    lived
}

#[test]
fn a_transfer_does_not_move_what_was_learnt_to_the_other_service() {
    let lived = day_of_transfers();
    let mut school = School::new(lived.hall.rules().clone().into());
    school.attend(&lived.events, OFFSET_MS);
    school.learnt.settle();
    // Sixty visits outweigh what was presumed, which counts for ten.
    let mean_s = |service| school.learnt.services.mean_ms(service) / 1000.0;
    assert!(mean_s(0) < 80.0, "{}", mean_s(0));
    assert!((100.0..180.0).contains(&mean_s(2)), "{}", mean_s(2));
    let lesson = school.learnt.lesson(lived.hall.rules(), 0, 0);
    // All came for the first: what comes is as quick as that.
    let (_, quick_ms) = lesson.takes_ms[0];
    assert!(lesson.mix_ms < quick_ms * 2, "{} beside {quick_ms}", lesson.mix_ms);
    assert_eq!(school.learnt.days, 1);
}

#[test]
fn a_day_that_goes_on_and_a_day_that_is_over_teach_the_same_visits() {
    let mut lived = day_of_transfers();
    let away = lived.takes("vip", "s2", None);
    lived.at(2, CounterAct::CallNext);
    lived.passes(40);
    lived.does(Command::Cancel { ticket: away, by: Actor::Staff });
    lived.takes("vip", "s2", None);
    lived.at(2, CounterAct::CallNext);
    lived.passes(20);
    lived.at(2, CounterAct::NoShow);
    let visits: Vec<_> =
        served_in(&lived.hall).map(|(_, served)| (served.service, served.seconds, served.came)).collect();
    assert_eq!(visits.len(), 122);
    assert_eq!(visits[..2], [(0, 30, true), (2, 120, true)]);
    assert_eq!(visits[120..], [(1, 40, true), (1, 20, false)]);
}
