//! The ruler measures what was drawn: sizes and contrasts that are known are told.

use crate::measure::measured;
use look::headless;
use slint::ComponentHandle;

slint::slint! {
    export component Sheet inherits Window {
        in property <string> words;
        in property <length> size;
        in property <int> weight;
        in property <color> colour;
        in property <length> room: 600px;
        width: 800px;
        height: 400px;
        background: #ffffff;
        Text {
            x: 20px;
            y: 20px;
            width: root.room;
            height: root.size * 4.5;
            text: root.words;
            font-family: "Jiaohao Sans SC";
            font-size: root.size;
            font-weight: root.weight;
            color: root.colour;
            vertical-alignment: top;
            wrap: word-wrap;
        }
    }
}

/// The size and the contrast that the ruler tells of words of this size, weight and colour in a place so wide.
fn told(words: &str, size: f32, weight: i32, colour: (u8, u8, u8), room: f32) -> (f32, f64) {
    headless::scene(800, 400, |stage| {
        let sheet = Sheet::new()?;
        sheet.set_words(words.into());
        sheet.set_size(size);
        sheet.set_weight(weight);
        sheet.set_colour(slint::Color::from_rgb_u8(colour.0, colour.1, colour.2));
        sheet.set_room(room);
        sheet.show()?;
        Ok(measured(&stage.shoot(), words, (20.0, 20.0), (room, size * 4.5)).expect("words"))
    })
    .expect("draws")
}

#[test]
fn sizes_are_told_of_one_line_and_of_several_in_both_weights_and_scripts() {
    for (words, room) in [
        ("前面 12 位", 600.0),
        ("No teller yet", 600.0),
        ("Used for this visit only; never printed", 420.0),
        ("系统升级后暂停办理，请改日再来", 300.0),
    ] {
        for weight in [400, 700] {
            for size in [28.0, 34.0, 42.0, 48.0] {
                let (told, _) = told(words, size, weight, (0, 0, 0), room);
                assert!((told / size - 1.0).abs() < 0.08, "{words:?} of {size} px, weight {weight}: {told:.1}");
            }
        }
    }
}

#[test]
fn contrast_is_told_as_it_is_defined() {
    // #595959 on white is 7.0 : 1, #767676 4.5 : 1 (WCAG 2.2).
    for (part, wanted) in [(0x00, 21.0), (0x59, 7.0), (0x76, 4.5)] {
        let (_, told) = told("对比度", 60.0, 700, (part, part, part), 600.0);
        assert!((told - wanted).abs() < 0.15, "{part:#x}: {told:.2} : 1, not {wanted}");
    }
}
