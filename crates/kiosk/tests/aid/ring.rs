//! The ring around whatever the keys are on, as it is drawn.

use kiosk::Main;
use kiosk::desk::Touch;
use kiosk::display::{Display, Today};
use kiosk::speech::{Guide, Key};
use look::headless::{self, Picture};
use slint::ComponentHandle;
use std::collections::HashSet;
use std::path::Path;

use crate::common::seconds;
use crate::pages::pages;

const MORNING: Today = Today { month: 11, day: 22, weekday: 0, hour: 9, minute: 41 };

fn luminance([red, green, blue]: [u8; 3]) -> f64 {
    let linear = |value: u8| {
        let value = f64::from(value) / 255.0;
        if value <= 0.039_28 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
}

fn contrast(a: [u8; 3], b: [u8; 3]) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

fn at(picture: &Picture, x: f32, y: f32) -> [u8; 3] {
    picture.pixel(x.round() as u32, y.round() as u32).unwrap_or_else(|| panic!("{x}, {y} is outside"))
}

/// Writes the picture where somebody who looks at pages asked for it.
fn keep(name: &str, picture: &Picture) {
    if let Some(folder) = std::env::var_os("JIAOHAO_PICTURES") {
        picture.save(&Path::new(&folder).join(format!("ring-{name}.png"))).expect("writes");
    }
}

#[test]
fn the_ring_is_four_pixels_or_more_and_stands_out_from_control_and_ground() {
    for contrast_mode in [false, true] {
        let looked_at = headless::scene(1080, 1920, |stage| {
            let ui = Main::new()?;
            let mut display = Display::new(&ui);
            ui.show()?;
            // What stands on every page is looked at once.
            let mut looked_at = HashSet::new();
            for (name, mut desk) in pages() {
                if contrast_mode {
                    desk.touch(seconds(1), Touch::Contrast);
                }
                desk.touch(seconds(1), Touch::Key);
                let view = desk.view(seconds(1));
                display.show(&ui, &view, &MORNING);
                let mut guide = Guide::new(None);
                let _settled = stage.shoot();
                guide.show(&ui, &view);
                let first = guide.at().cloned();
                loop {
                    guide.key(&ui, &view, Key::Next);
                    let control = guide.at().expect("somewhere").clone();
                    if first.as_ref().is_some_and(|first| first.is_same(&control)) {
                        break;
                    }
                    let place = control.place;
                    if !looked_at.insert(format!("{} {place:?}", control.label)) {
                        continue;
                    }
                    let picture = stage.shoot();
                    keep(&format!("{name}-{}-{contrast_mode}", looked_at.len()), &picture);
                    let middle = place.y + place.height / 2.0;
                    // Outwards from the left edge: the control, five pixels of white, seven of ink, the ground.
                    let inside = at(&picture, place.x + 1.0, middle);
                    for from in [1.0, 3.0, 4.0] {
                        assert_eq!(at(&picture, place.x - from, middle), [255; 3], "{name}: {}", control.label);
                    }
                    let ink = at(&picture, place.x - 7.0, middle);
                    for from in [8.0, 10.0, 11.0] {
                        assert_eq!(at(&picture, place.x - from, middle), ink, "{name}: {}", control.label);
                    }
                    let ground = at(&picture, place.x - 14.0, middle);
                    assert!(contrast(ink, ground) >= 7.0, "{name}: {} on {ground:?}", control.label);
                    assert!(contrast(ink, [255; 3]) >= 7.0);
                    assert!(contrast(inside, ink).max(contrast(inside, [255; 3])) >= 4.0, "{name}: {inside:?}");
                }
            }
            Ok(looked_at.len())
        })
        .expect("draws");
        assert!(looked_at > 80, "{looked_at} rings");
    }
}
