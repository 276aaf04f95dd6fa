//! The simulator's queues against lists that are sorted anew at every question.

use forecast::sim::SimLines;
use hall::TicketId;
use hall::routing::{Floor, Lines, Pick, Rule, Waiting};
use proptest::prelude::*;

use crate::halls::halls;

/// What is done to the queues.
#[derive(Clone, Debug)]
enum Step {
    Add { tier: usize, service: usize, order_ms: i64, sent: Option<usize> },
    Call { nth: usize },
    Remember,
    WindBack,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let sent = prop::option::weighted(0.2, 0_usize..5);
    let add = (0_usize..4, 0_usize..4, 0_i64..50, sent).prop_map(|(tier, service, order_ms, sent)| Step::Add {
        tier,
        service,
        order_ms,
        sent,
    });
    let step = prop_oneof![6 => add, 5 => (0_usize..40).prop_map(|nth| Step::Call { nth }), 1 => Just(Step::Remember), 1 => Just(Step::WindBack)];
    prop::collection::vec(step, 0..80)
}

/// Somebody, where they wait.
type Place = (usize, Option<usize>, Waiting);

fn agrees(lines: &SimLines, floor: &Floor, model: &[Place], turns: &[u32]) -> Result<(), TestCaseError> {
    prop_assert_eq!(lines.len(), model.len());
    let of = |fits: &dyn Fn(&Place) -> bool| {
        let mut found: Vec<Waiting> = model.iter().filter(|place| fits(place)).map(|(.., who)| *who).collect();
        found.sort_by_key(Waiting::place);
        found
    };
    for (tier, turns) in turns.iter().enumerate() {
        let mut line = vec![];
        lines.each_in_order(tier, &mut |who| line.push(who));
        prop_assert_eq!(line, of(&|(at, sent, _)| *at == tier && sent.is_none()));
        prop_assert_eq!(lines.turns_taken(tier), *turns);
        for service in 0..floor.services {
            let cell = of(&|(at, sent, who)| *at == tier && sent.is_none() && who.service == service);
            prop_assert_eq!(lines.count(tier, service), cell.len());
            prop_assert_eq!(lines.waiting_for(tier, service).collect::<Vec<_>>(), cell);
        }
        for (post, at) in floor.posts.iter().enumerate() {
            let able = of(&|(of, sent, who)| *of == tier && sent.is_none() && at.skills.contains(&who.service));
            prop_assert_eq!(lines.first(tier, post), able.first().copied());
            let sent = of(&|(at, sent, _)| *at == tier && *sent == Some(post));
            prop_assert_eq!(lines.first_sent(tier, post), sent.first().copied());
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn queues_hold_who_waits_and_come_back_as_they_were(rules in halls(), steps in steps()) {
        let floor = Floor::of(&rules);
        let mut lines = SimLines::new(&floor);
        let (mut model, mut turns): (Vec<Place>, Vec<u32>) = (vec![], vec![0; floor.tiers()]);
        lines.remember();
        let mut remembered = (model.clone(), turns.clone());
        for (step, n) in steps.iter().zip(1..) {
            match step {
                Step::Add { tier, service, order_ms, sent } => {
                    let (tier, service) = (tier % floor.tiers(), service % floor.services);
                    let sent = sent.map(|post| post % floor.posts.len());
                    let who = Waiting { order_ms: *order_ms, due_ms: 0, promised_ms: None, ticket: TicketId(n), service };
                    match sent {
                        Some(post) => lines.add_sent(tier, post, who),
                        None => lines.add(tier, who),
                    }
                    model.push((tier, sent, who));
                }
                // Anybody, as foresight diverts and tellers call by hand.
                Step::Call { nth } if !model.is_empty() => {
                    let (tier, _, who) = model.remove(nth % model.len());
                    lines.call(&floor, &Pick { who, tier, rule: Rule::Precedence, saves_milli: None });
                    hall::routing::take_turn(&mut turns, &floor.routing.ratio, tier);
                }
                Step::Call { .. } => {}
                Step::Remember => {
                    lines.remember();
                    remembered = (model.clone(), turns.clone());
                }
                Step::WindBack => {
                    lines.wind_back();
                    (model, turns) = remembered.clone();
                }
            }
            agrees(&lines, &floor, &model, &turns)?;
        }
    }
}
