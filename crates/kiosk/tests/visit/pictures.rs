//! Every page in every language and look, drawn without a display: as it was signed off, and within the rules of the ruler.

use crate::common::{HUNG_AT_MM, IN_ENGLISH, desk, seconds, services};
use crate::{measure, pages};
use kiosk::Main;
use kiosk::desk::{Desk, News, Touch};
use kiosk::display::{Display, Today};
use kiosk::language::Language;
use kiosk::reach::HIGHEST_PANEL_BOTTOM_MM;
use kiosk::view::{Page, View};
use look::headless::{self, Picture};
use slint::ComponentHandle;
use std::fs::File;
use std::io::BufReader;
use std::path::Path;

/// A golden is the page in 54 × 96 squares.
const SQUARE_PX: u32 = 20;
const COLUMNS: usize = 54;
const ROWS: usize = 96;
/// Of 255: less than one stroke of a character more or less in a square.
const TOLERANCE: u8 = 6;

/// A Sunday morning.
const MORNING: Today = Today { month: 11, day: 22, weekday: 0, hour: 9, minute: 41 };

/// Writes the picture where somebody who looks at pages asked for it.
fn keep(name: &str, picture: &Picture) {
    if let Some(folder) = std::env::var_os("JIAOHAO_PICTURES") {
        picture.save(&Path::new(&folder).join(format!("kiosk-{name}.png"))).expect("writes");
    }
}

fn read_golden(path: &Path) -> Vec<u8> {
    let file = File::open(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut reader = png::Decoder::new(BufReader::new(file)).read_info().expect("a PNG");
    let mut squares = vec![0; COLUMNS * ROWS];
    reader.next_frame(&mut squares).expect("54 × 96 grey squares");
    squares
}

fn write_golden(path: &Path, squares: &[u8]) {
    let mut encoder = png::Encoder::new(File::create(path).expect("a file"), COLUMNS as u32, ROWS as u32);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.write_header().expect("a header").write_image_data(squares).expect("squares");
}

/// Fails when a square is visibly lighter or darker than in the golden. `UPDATE_GOLDENS=1` accepts what is drawn; look at the pages
/// first (`JIAOHAO_PICTURES=FOLDER`).
fn compare(name: &str, picture: &Picture) -> Result<(), String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/goldens").join(format!("{name}.png"));
    let drawn = picture.squares(SQUARE_PX);
    if std::env::var_os("UPDATE_GOLDENS").is_some() {
        write_golden(&path, &drawn);
        return Ok(());
    }
    let golden = read_golden(&path);
    match drawn.iter().zip(&golden).position(|(drawn, golden)| drawn.abs_diff(*golden) > TOLERANCE) {
        None => Ok(()),
        Some(at) => Err(format!("{name}: another picture at x {}, y {}", at % COLUMNS * 20, at / COLUMNS * 20)),
    }
}

/// A panel that hangs as usual.
const USUAL: (u32, &str) = (967, "");
/// Those whose cards are the lowest in four and in three rows, one that leaves room for fewer cards, and the highest that leaves every
/// control within reach.
const HIGHER: [(u32, &str); 4] =
    [(1003, "-in-four"), (1048, "-in-three"), (1017, "-higher"), (HIGHEST_PANEL_BOTTOM_MM, "-highest")];
/// Pages of a panel hung higher that are looked at as they are usually drawn too, and whose pictures are kept: each lays its controls out
/// in a way of its own.
const KEPT_OF_HIGHER: [&str; 9] = [
    "welcome-higher",
    "welcome-highest",
    "welcome-one-highest",
    "who-highest",
    "phone-highest",
    "confirm-paper-highest",
    "documents-self-highest",
    "staff-highest",
    "still-there-highest",
];

/// The looks of a page.
const LOOKS: [(&str, &[Touch]); 3] = [("", &[]), ("-large", &[Touch::TextSize]), ("-contrast", &[Touch::Contrast])];

/// Whether a page is looked at. On a panel hung higher it is in large text, which needs the most room.
fn is_looked_at(name: &str, hung: &str) -> bool {
    // To look at one page, `JIAOHAO_ONLY=welcome`.
    let only = std::env::var("JIAOHAO_ONLY").ok();
    let wanted = hung.is_empty() || name.ends_with("-large") || KEPT_OF_HIGHER.contains(&name);
    wanted && only.is_none_or(|only| name.contains(&only))
}

/// Draws every page in this language and every look, on a panel hung like this, and says what is not as it should be.
fn faults(language: &str, switch: &[Touch], (panel_bottom_mm, hung): (u32, &str)) -> Vec<String> {
    HUNG_AT_MM.set(panel_bottom_mm);
    IN_ENGLISH.set(language == "-en");
    let mut views: Vec<(String, View)> = Vec::new();
    for (look, touches) in &LOOKS {
        for met in pages::pages() {
            let desk = pages::touched(met.desk, switch.iter().chain(*touches).cloned());
            views.push((format!("{}{hung}{language}{look}", met.name), desk.view(seconds(1))));
        }
        let waiting = pages::touched(desk(), switch.iter().chain(*touches).cloned().chain([pages::choose("open")]));
        views.push((format!("still-there{hung}{language}{look}"), waiting.view(seconds(66))));
    }
    for (look, touches) in &LOOKS {
        let mut several = pages::touched(desk(), switch.iter().chain(*touches).cloned()).view(seconds(1));
        several.other_languages = vec![Language::CHINESE, Language::ENGLISH];
        // The bar's button of speech leaves each other button the least room.
        several.aid.can_speak = true;
        views.push((format!("welcome-languages{hung}{language}{look}"), several.clone()));
        several.page = Page::Languages;
        views.push((format!("languages{hung}{language}{look}"), several));
    }
    views.retain(|(name, _)| is_looked_at(name, hung));
    HUNG_AT_MM.set(USUAL.0);
    IN_ENGLISH.set(false);
    headless::scene(1080, 1920, |stage| {
        let ui = Main::new()?;
        let mut display = Display::new(&ui);
        ui.show()?;
        let mut faults = Vec::new();
        for (name, view) in &views {
            display.show(&ui, view, &MORNING);
            let picture = stage.shoot();
            keep(name, &picture);
            if hung.is_empty() || KEPT_OF_HIGHER.contains(&name.as_str()) {
                faults.extend(compare(name, &picture).err());
            }
            let broken = measure::violations(&ui, &picture, view, panel_bottom_mm);
            faults.extend(broken.into_iter().map(|rule| format!("{name}: {rule}")));
        }
        Ok(faults)
    })
    .expect("draws")
}

#[test]
fn every_page_in_chinese_looks_as_it_was_signed_off_and_keeps_the_rules() {
    let faults = faults("", &[], USUAL);
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn every_page_in_english_looks_as_it_was_signed_off_and_keeps_the_rules() {
    let faults = faults("-en", &[Touch::Language], USUAL);
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn on_a_panel_hung_higher_every_page_in_chinese_keeps_the_rules_within_reach() {
    let faults: Vec<String> = HIGHER.iter().flat_map(|hung| faults("", &[], *hung)).collect();
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn on_a_panel_hung_higher_every_page_in_english_keeps_the_rules_within_reach() {
    let faults: Vec<String> = HIGHER.iter().flat_map(|hung| faults("-en", &[Touch::Language], *hung)).collect();
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn a_page_in_a_small_window_is_the_same_page() {
    let picture = kiosk::picture(&desk().view(seconds(1)), &MORNING, 540, 960).expect("draws");
    // The header's colour, and ink of the question below it.
    assert_eq!(picture.pixel(2, 30), Some([0x0a, 0x4a, 0x8f]));
    let ink = (24..400).flat_map(|x| (84..130).map(move |y| (x, y)));
    let dark = ink.filter(|&(x, y)| picture.pixel(x, y).is_some_and(|[red, _, _]| red < 80)).count();
    assert!(dark > 1000, "the question is not there: {dark} dark pixels");
}

/// A desk whose first business has a name that no page has a place for.
fn desk_of_a_long_name() -> (Desk, String, String) {
    let (mut desk, mut services) = (desk(), services());
    let name = "一个长得没有卡片能放下的业务名称".repeat(4);
    services[0].names.zh.clone_from(&name);
    let id = services[0].id.clone();
    desk.hear(seconds(0), News::Services(services));
    (desk, id, name)
}

#[test]
fn the_ruler_finds_a_name_that_is_cut_off() {
    let (desk, _, _) = desk_of_a_long_name();
    let faults = headless::scene(1080, 1920, |stage| {
        let ui = Main::new()?;
        ui.show()?;
        let view = desk.view(seconds(1));
        Display::new(&ui).show(&ui, &view, &MORNING);
        Ok(measure::violations(&ui, &stage.shoot(), &view, USUAL.0))
    });
    let faults = faults.expect("draws");
    assert!(faults.iter().any(|fault| fault.ends_with("is cut off")), "{faults:#?}");
}

#[test]
fn a_name_that_is_cut_off_is_read_out_once() {
    let (mut desk, id, name) = desk_of_a_long_name();
    desk.touch(seconds(1), Touch::Choose(id));
    let (said, cut_off) = headless::scene(1080, 1920, |stage| {
        let ui = Main::new()?;
        ui.show()?;
        let view = desk.view(seconds(2));
        Display::new(&ui).show(&ui, &view, &MORNING);
        let faults = measure::violations(&ui, &stage.shoot(), &view, USUAL.0);
        let things = look::access::things(ui.window());
        let said = things.iter().filter(|thing| thing.label.contains(&name)).count();
        Ok((said, faults.iter().any(|fault| fault.ends_with("is cut off"))))
    })
    .expect("draws");
    assert!(cut_off, "the name found a place");
    assert_eq!(said, 1);
}
