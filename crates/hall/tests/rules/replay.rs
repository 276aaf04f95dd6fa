//! Whoever applies the same events has the same hall.

use std::sync::Arc;

use hall::{Event, Hall};
use proptest::prelude::*;

use crate::random::{act_on, wishes};
use crate::rig::{Rig, rules};

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_hall_replayed_from_its_journal_is_the_same_hall(wishes in wishes()) {
        let mut rig = Rig::staffed();
        let mut journal: Vec<(i64, String)> = vec![];
        let mut note = |at_ms, events: &[Event]| {
            journal.extend(events.iter().map(|event| (at_ms, serde_json::to_string(event).unwrap())));
        };
        // A fresh day, so that the journal begins with its beginning.
        rig.pass(86_400);
        let events = rig.open_day();
        note(rig.now_ms, &events);
        for counter in 1..=4 {
            let events = rig.sign_in(counter);
            note(rig.now_ms, &events);
        }
        for wish in &wishes {
            let events = act_on(&mut rig, wish);
            note(rig.now_ms, &events);
        }

        let mut replayed = Hall::new(Arc::new(rules()));
        for (at_ms, line) in &journal {
            let event: Event = serde_json::from_str(line).unwrap();
            replayed.apply(*at_ms, &event);
        }
        prop_assert!(replayed == rig.hall);
    }
}
