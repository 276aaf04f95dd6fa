//! What the kiosk does while nobody is there.

use crate::common::{desk_with, rich_settings, seconds};
use crate::guests::identified;
use crate::pages::{choose, rich, touched};
use kiosk::desk::{Desk, NEWS_SHOWN, News, POSTER_SHOWN, POSTERS_AFTER, SHIFTED_EVERY, Touch};
use kiosk::language::Language;
use kiosk::view::Page;
use wire::LocalNames;

fn with_posters() -> Desk {
    let mut desk = rich();
    desk.hear(seconds(0), News::Posters(true));
    desk
}

#[test]
fn posters_come_when_nobody_has_been_there_for_a_minute_and_take_turns() {
    let mut desk = with_posters();
    desk.tick(POSTERS_AFTER - seconds(1));
    assert_eq!(desk.view(POSTERS_AFTER).poster, None);
    desk.tick(POSTERS_AFTER);
    assert_eq!(desk.view(POSTERS_AFTER).poster, Some(0));
    assert_eq!(desk.view(POSTERS_AFTER + POSTER_SHOWN).poster, Some(1));
}

#[test]
fn a_touch_on_a_poster_only_takes_it_away() {
    let mut desk = with_posters();
    desk.tick(POSTERS_AFTER);
    assert_eq!(desk.touch(seconds(70), Touch::Wake), []);
    let view = desk.view(seconds(70));
    assert_eq!(view.poster, None);
    assert!(matches!(view.page, Page::Welcome(_)));
    desk.tick(seconds(129));
    assert_eq!(desk.view(seconds(129)).poster, None, "another minute");
}

#[test]
fn a_card_that_is_shown_takes_the_poster_away() {
    let mut desk = with_posters();
    desk.tick(POSTERS_AFTER);
    desk.hear(seconds(70), identified("vip"));
    assert_eq!(desk.view(seconds(70)).poster, None);
}

#[test]
fn no_poster_hides_what_somebody_does_or_that_the_hall_is_away() {
    let mut acting = touched(with_posters(), [choose("open")]);
    acting.tick(seconds(70));
    assert_eq!(acting.view(seconds(70)).poster, None);
    let mut away = with_posters();
    away.hear(seconds(1), News::Unreached);
    away.tick(seconds(70));
    assert_eq!(away.view(seconds(70)).poster, None);
    let mut up = with_posters();
    up.tick(POSTERS_AFTER);
    up.hear(seconds(61), News::Unreached);
    up.tick(seconds(62));
    assert_eq!(up.view(seconds(62)).poster, None, "the message counts more");
}

#[test]
fn news_takes_turns_line_by_line() {
    let desk = rich();
    let news = |at| {
        let Page::Welcome(page) = desk.view(at).page else { panic!("not open") };
        page.news
    };
    assert_eq!(news(seconds(0)), "11 月 28 日系统升级，18:00 后暂停办理");
    assert_eq!(news(NEWS_SHOWN), "宽带提速活动进行中");
    assert_eq!(news(2 * NEWS_SHOWN), news(seconds(0)));
}

#[test]
fn the_idle_page_wanders_and_stands_still_when_somebody_comes() {
    let mut desk = rich();
    let shifts: Vec<_> = (0..4).map(|turn| desk.view(turn * SHIFTED_EVERY).shift).collect();
    assert_eq!(shifts[0], (0, 0));
    assert!(shifts[1..].iter().all(|shift| *shift != (0, 0)));
    assert!(shifts.iter().all(|(_, down)| (0..=8).contains(down)), "never upwards, out of reach: {shifts:?}");
    let late = SHIFTED_EVERY + seconds(1);
    desk.touch(late, Touch::TextSize);
    assert_eq!(desk.view(late).shift, (0, 0));
}

#[test]
fn two_languages_change_by_one_touch_and_a_language_without_pages_is_not_offered() {
    let mut settings = rich_settings();
    settings.languages = ["zh", "en", "tlh"].map(str::to_owned).to_vec();
    let mut desk = desk_with(settings);
    assert_eq!(desk.view(seconds(0)).other_languages, [Language::ENGLISH]);
    desk.touch(seconds(1), Touch::Language);
    assert_eq!(desk.view(seconds(1)).language, Language::ENGLISH);
    let mut only = rich_settings();
    only.languages = vec!["zh".to_owned()];
    let mut desk = desk_with(only);
    desk.touch(seconds(1), Touch::Language);
    assert_eq!(desk.view(seconds(1)).language, Language::CHINESE);
}

#[test]
fn the_day_s_own_greeting_takes_the_place_of_the_usual_one() {
    let mut settings = rich_settings();
    settings.greeting = Some(LocalNames { zh: "周末愉快".to_owned(), en: "Have a nice weekend".to_owned() });
    let desk = touched(desk_with(settings), [Touch::Language]);
    let Page::Welcome(page) = desk.view(seconds(1)).page else { panic!("not open") };
    assert_eq!(page.greeting.as_deref(), Some("Have a nice weekend"));
}
