//! What each key of the keyboard does to the chosen device: the acts it knows, each with a letter.

use serde_json::{Value, json};
use wire::{DeviceProfile, KeyAct, KeypadProfile};

use super::asked::Shape;
use super::words::{Words, key_act, words};

/// A key and what it does.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Stroke {
    pub(super) key: char,
    pub(super) words: Words,
    /// Name of the act on the control channel.
    pub(super) act: String,
    pub(super) how: How,
}

/// What an act takes.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum How {
    /// This.
    With(Value),
    /// On, and with the next press off.
    Toggle,
    /// What the person at the keyboard types.
    Asked(Shape),
}

/// An act as a device names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Act {
    pub(super) name: String,
    /// What it takes; `""` for nothing.
    pub(super) argument: String,
    /// What it does, in English.
    pub(super) does: String,
}

/// Keys the view itself needs.
pub(super) const PLUG: char = 'u';
pub(super) const QUIT: char = 'q';

/// The cable has a key of its own.
const CABLE: [&str; 2] = ["unplug", "plug_back"];

/// Acts by name: the key they want, and their words.
const KNOWN: &[(&str, char, &str, &str)] = &[
    ("stall", 's', "停止读取", "stall"),
    ("record", 'R', "录线路", "record line"),
    ("stop_recording", 'E', "停止录制", "end recording"),
    ("mute", 'm', "不应答", "mute"),
    ("dead", 'd', "断电", "no power"),
    ("drop_next", 'D', "丢帧", "drop frames"),
    ("garble_next", 'g', "损坏一帧", "garble one"),
    ("out_of_paper", 'o', "纸用完", "out of paper"),
    ("out_of_paper_after", 'O', "再打多少后缺纸", "out after mm"),
    ("load_paper", 'l', "换新纸卷", "new roll"),
    ("load_roll", 'L', "换定长纸卷", "roll of mm"),
    ("near_end", 'n', "纸将尽", "near end"),
    ("open_cover", 'c', "开上盖", "open cover"),
    ("jam_cutter", 'x', "卡切刀", "jam cutter"),
    ("jam_next_cut", 'j', "下次切纸卡住", "jam next cut"),
    ("jam_in_next_image", 'i', "图像中卡纸", "jam in image"),
    ("free_paper", 'f', "取出卡纸", "free paper"),
    ("tear", 't', "撕票", "tear"),
    ("take_ticket", 'k', "取走票", "take ticket"),
    ("power_cycle", 'w', "断电重启", "power cycle"),
    ("picture", 'p', "存图片", "save picture"),
    ("busy", 'y', "忙", "busy"),
    ("refuse", 'F', "拒绝", "refuse"),
    ("answer_ratings", 'a', "自动评价", "rate by itself"),
    ("tap", 'T', "轻点键", "tap key"),
    ("hold", 'H', "按住键", "hold key"),
    ("release", 'L', "松开键", "release key"),
    ("lay_on", 'l', "放身份证", "lay card on"),
    ("take_off", 'o', "取走证件", "take card off"),
    ("garbage", 'G', "应答乱码", "garbage"),
    ("slip_next", 'i', "一次读取失败", "slip once"),
    ("reads_again", 'a', "重复读卡", "reads again"),
    ("swipe", 'w', "刷卡", "swipe"),
    ("swipe_misread", 'W', "刷卡读错", "misread swipe"),
    ("swipe_unreadable", 'U', "反向刷卡", "wrong way round"),
    ("scan", 'c', "扫码", "scan"),
    ("scan_bytes", 'B', "扫字节", "scan bytes"),
    ("scan_half", 'H', "扫到一半", "half a code"),
];

/// A teller's keys, by their names on the control channel.
const TELLER: [(&str, char, &str, &str); 8] = [
    ("call", 'c', "呼叫", "call next"),
    ("recall", 'r', "重呼", "recall"),
    ("no_show", 'n', "未到", "no-show"),
    ("hold", 'h', "挂起", "hold"),
    ("call_back", 'b', "召回", "call back"),
    ("transfer", 'x', "转移", "transfer"),
    ("pause", 'p', "暂停", "pause"),
    ("evaluate", 'e', "评价", "ask rating"),
];

/// Keys of a polled keypad where the profile is not known.
const POLLED_KEYS: usize = 8;

/// The keys of a device of this kind with these acts. What the view does not know by name gets a free letter.
pub(super) fn strokes(kind: &str, acts: &[Act], profile: Option<&DeviceProfile>) -> Vec<Stroke> {
    let mut strokes = Vec::new();
    for act in acts.iter().filter(|act| !CABLE.contains(&act.name.as_str())) {
        match (kind, act.name.as_str()) {
            ("keypad", "press") => strokes.extend(TELLER.iter().map(|(with, key, zh, en)| Stroke {
                key: *key,
                words: words(*zh, *en),
                act: act.name.clone(),
                how: How::With(json!(with)),
            })),
            ("keypad", "rate") => strokes.extend(rater(act, profile)),
            ("polled-keypad", "press") => strokes.extend(polled(act, profile)),
            (_, name) => {
                let known = KNOWN.iter().find(|(known, ..)| *known == name);
                let (key, words) = match known {
                    Some((_, key, zh, en)) => (*key, words(*zh, *en)),
                    None => ('a', words(act.name.clone(), act.does.clone())),
                };
                strokes.push(Stroke { key: free(key, &strokes), words, act: act.name.clone(), how: how(act) });
            }
        }
    }
    // What a person does with the device before what can befall it.
    strokes.sort_by_key(|stroke| !is_use(&stroke.act));
    strokes
}

fn rater<'a>(act: &'a Act, profile: Option<&DeviceProfile>) -> impl Iterator<Item = Stroke> + 'a {
    let scores = match profile {
        Some(DeviceProfile::Keypad(profile)) => profile.rater_scores().to_vec(),
        Some(_) | None => KeypadProfile::SCORES.to_vec(),
    };
    ('1'..='9').zip(1_u8..).zip(scores).map(|((key, number), score)| Stroke {
        key,
        words: words(format!("评 {score} 分"), format!("rates {score}")),
        act: act.name.clone(),
        how: How::With(json!(number)),
    })
}

fn polled<'a>(act: &'a Act, profile: Option<&DeviceProfile>) -> impl Iterator<Item = Stroke> + 'a {
    let (first, keys) = match profile {
        Some(DeviceProfile::PolledKeypad(profile)) => (profile.first_input, profile.keys.clone()),
        Some(_) | None => (0, vec![KeyAct::Unused; POLLED_KEYS]),
    };
    ('1'..='9').zip(first..).zip(keys).map(|((key, input), meaning)| Stroke {
        key,
        words: key_act(meaning),
        act: act.name.clone(),
        how: How::With(json!(input)),
    })
}

fn how(act: &Act) -> How {
    match act.argument.as_str() {
        "" => How::With(Value::Null),
        "true or false" => How::Toggle,
        _ => How::Asked(Shape::of(&act.name)),
    }
}

/// The wanted key, or the first letter that nothing has.
fn free(wanted: char, strokes: &[Stroke]) -> char {
    let taken = |key: char| key == PLUG || key == QUIT || strokes.iter().any(|stroke| stroke.key == key);
    std::iter::once(wanted).chain('a'..='z').chain('A'..='Z').find(|key| !taken(*key)).unwrap_or('?')
}

fn is_use(act: &str) -> bool {
    const USES: [&str; 10] =
        ["press", "rate", "tear", "take_ticket", "load_paper", "lay_on", "take_off", "swipe", "scan", "picture"];
    USES.contains(&act)
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;
    use crate::devices::view::samples;

    #[tokio::test]
    async fn every_act_of_every_device_has_a_key_of_its_own_and_words() {
        let home = tempfile::tempdir().unwrap();
        for (kind, device) in samples::one_of_each(home.path()) {
            let acts = samples::acts(&*device);
            let strokes = strokes(kind, &acts, None);
            let keys: BTreeSet<char> = strokes.iter().map(|stroke| stroke.key).collect();
            assert_eq!(keys.len(), strokes.len(), "{kind}: {strokes:#?}");
            assert!(!keys.contains(&PLUG) && !keys.contains(&QUIT) && !keys.contains(&'?'), "{kind}");
            let of: BTreeMap<&str, &Stroke> = strokes.iter().map(|stroke| (stroke.act.as_str(), stroke)).collect();
            for act in acts.iter().filter(|act| !CABLE.contains(&act.name.as_str())) {
                let stroke = of.get(act.name.as_str()).unwrap_or_else(|| panic!("{kind} {}", act.name));
                assert_ne!(stroke.words.zh, act.name, "{kind}: {} has no words", act.name);
            }
        }
    }

    #[tokio::test]
    async fn every_answer_that_is_offered_is_taken_by_the_device() {
        let home = tempfile::tempdir().unwrap();
        for (kind, device) in samples::one_of_each(home.path()) {
            let path = home.path().join("file").display().to_string();
            for stroke in strokes(kind, &samples::acts(&*device), None) {
                let arguments = match &stroke.how {
                    How::With(value) => vec![value.clone()],
                    How::Toggle => vec![json!(true), json!(false)],
                    How::Asked(shape) => {
                        shape.usual(&path).iter().map(|text| shape.read(text).expect("it is offered")).collect()
                    }
                };
                assert!(!arguments.is_empty(), "{kind}: {} offers nothing", stroke.act);
                for argument in arguments {
                    match device.act(&stroke.act, &argument) {
                        Ok(()) => {}
                        // A printer that has printed nothing has nothing to tear, to take or to draw.
                        Err(device_sim::ActError::Io(_)) if kind == "printer" => {}
                        Err(error) => panic!("{kind}: {} with {argument}: {error}", stroke.act),
                    }
                }
            }
        }
    }

    #[test]
    fn an_act_this_view_does_not_know_gets_a_free_letter_and_the_devices_own_words() {
        let act = |name: &str, does: &str| Act { name: name.into(), argument: String::new(), does: does.into() };
        let strokes = strokes("printer", &[act("tear", ""), act("smoke", "smokes"), act("burn", "burns")], None);
        let keys: Vec<_> = strokes.iter().map(|stroke| (stroke.key, stroke.words.to_string())).collect();
        let own = |key, text: &str| (key, text.to_owned());
        assert_eq!(keys, [own('t', "撕票 tear"), own('a', "smoke smokes"), own('b', "burn burns")]);
    }

    #[test]
    fn a_raters_keys_say_the_scores_of_the_profile() {
        let profile = KeypadProfile { baud: 9600, keys: BTreeMap::new(), scores: vec![3, 2, 1] };
        let act = Act { name: "rate".into(), argument: "a score".into(), does: String::new() };
        let strokes = strokes("keypad", &[act], Some(&DeviceProfile::Keypad(profile)));
        let said: Vec<_> = strokes.iter().map(|stroke| format!("{} {}", stroke.key, stroke.words.zh)).collect();
        assert_eq!(said, ["1 评 3 分", "2 评 2 分", "3 评 1 分"]);
    }
}
