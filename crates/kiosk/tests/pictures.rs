//! Every page, drawn without a display.

mod common;

use common::{desk, issued, problem, seconds};
use kiosk::Main;
use kiosk::desk::{Desk, News, Touch};
use kiosk::display::{Display, Today};
use kiosk::view::View;
use look::headless::{self, Picture};
use slint::ComponentHandle;

/// A Sunday morning.
const MORNING: Today = Today { month: 11, day: 22, weekday: 0, hour: 9, minute: 41 };

/// Leads a kiosk to a page.
type Lead = fn() -> Desk;

/// The pages a customer can meet, each as the touches and answers that lead to it.
fn pages() -> Vec<(&'static str, Lead)> {
    vec![
        ("welcome", desk),
        ("welcome-2", || touched(desk(), [Touch::More])),
        ("confirm", || touched(desk(), [Touch::Choose("open".to_owned())])),
        ("confirm-one", || touched(desk(), [Touch::Choose("sim".to_owned())])),
        ("confirm-self", || touched(desk(), [Touch::Choose("payment".to_owned())])),
        ("taking", taking),
        ("ticket-printing", || answered(News::Issued { attempt: 1, issued: issued(Some("queued")) })),
        ("ticket-printed", || answered(News::Issued { attempt: 1, issued: issued(Some("printed")) })),
        ("ticket-no-paper", || {
            let mut desk = answered(News::Issued { attempt: 1, issued: issued(Some("queued")) });
            desk.hear(seconds(1), News::Paper { out: true });
            desk
        }),
        ("ticket-uncertain", || answered(News::Issued { attempt: 1, issued: issued(Some("uncertain")) })),
        ("ticket-unprinted", || answered(News::Issued { attempt: 1, issued: issued(None) })),
        ("not-reached", || answered(News::Unanswered { attempt: 1 })),
        ("quota", || {
            answered(News::Refused {
                attempt: 1, problem: problem("quota_exhausted", "该业务今日号票已发完")
            })
        }),
        ("unavailable", || {
            answered(News::Refused { attempt: 1, problem: problem("overloaded", "系统繁忙，请稍后再试") })
        }),
        ("closed", || {
            let mut desk = desk();
            let mut services = common::services();
            for offer in &mut services {
                offer.open = false;
                offer.quota_left = None;
            }
            desk.hear(seconds(0), News::Services(services));
            desk
        }),
    ]
}

fn touched(mut desk: Desk, touches: impl IntoIterator<Item = Touch>) -> Desk {
    for touch in touches {
        desk.touch(seconds(0), touch);
    }
    desk
}

fn taking() -> Desk {
    touched(desk(), [Touch::Choose("open".to_owned()), Touch::Confirm])
}

fn answered(news: News) -> Desk {
    let mut desk = taking();
    desk.hear(seconds(0), news);
    desk
}

fn keep(name: &str, picture: &Picture) {
    if let Some(folder) = std::env::var_os("JIAOHAO_PICTURES") {
        picture.save(&std::path::Path::new(&folder).join(format!("kiosk-{name}.png"))).expect("writes");
    }
}

#[test]
fn every_page_is_drawn_in_both_languages_and_sizes() {
    let modes = [
        ("", vec![]),
        ("-large", vec![Touch::TextSize]),
        ("-en", vec![Touch::Language]),
        ("-en-large", vec![Touch::Language, Touch::TextSize]),
        ("-contrast", vec![Touch::Contrast]),
    ];
    let mut views: Vec<(String, View)> = Vec::new();
    for (name, page) in pages() {
        for (mode, touches) in &modes {
            views.push((format!("{name}{mode}"), touched(page(), touches.clone()).view(seconds(1))));
        }
    }
    let waiting = touched(desk(), [Touch::Choose("open".to_owned())]);
    views.push(("still-there".to_owned(), waiting.view(seconds(65))));
    headless::scene(1080, 1920, |stage| {
        let ui = Main::new()?;
        let mut display = Display::new(&ui);
        ui.show()?;
        for (name, view) in &views {
            display.show(&ui, view, &MORNING);
            keep(name, &stage.shoot());
        }
        Ok(())
    })
    .expect("draws");
}
