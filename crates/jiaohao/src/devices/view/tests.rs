//! The view, its keys and its pictures.

mod keys;
mod pictures;

use jiff::Timestamp;
use serde_json::{Value, json};
use wire::{Condition, DeviceHealth, DeviceProfile, DeviceReport, DeviceSpec, DeviceState, LocalNames, Place};

use super::model::{Device, Model};
use super::samples;
use super::seen::seen;

/// A hall with one device of each kind, each as it tells itself after what was done to it.
async fn hall() -> (tempfile::TempDir, Model) {
    let home = tempfile::tempdir().unwrap();
    let mut devices = Vec::new();
    for (kind, device) in samples::one_of_each(home.path()) {
        let mut one = Device::new(&format!("{kind}-1"), kind, &samples::acts(&*device), spec(kind).as_ref());
        let mut state = device.state();
        // The same in every run.
        state["path"] = json!(format!("/hall/ports/{kind}-1"));
        state["open"] = json!(true);
        one.seen = seen(kind, &state);
        devices.push(one);
    }
    let mut model = Model::new("http://127.0.0.1:8080", devices);
    model.hall = Some(LocalNames { zh: "城东营业厅".to_owned(), en: "Chengdong Hall".to_owned() });
    model.connected = true;
    (home, model)
}

fn spec(kind: &str) -> Option<DeviceSpec> {
    let (profile_name, place) = match kind {
        "printer" => ("generic-80", Place::Kiosk("kiosk-1".to_owned())),
        "onbon-sign" => ("onbon-bx5k", Place::Hall),
        "window-sign" => ("modbus-window-6", Place::Counter(3)),
        "keypad" => ("keypad-huajiaoqi", Place::Counter(3)),
        "polled-keypad" => ("keypad-modbus-8", Place::Counter(4)),
        "id-reader" => ("id-reader-sdt", Place::Kiosk("kiosk-1".to_owned())),
        _ => return None,
    };
    let (_, text) = config::BUILT_IN.iter().find(|(name, _)| *name == profile_name).unwrap();
    let profile: DeviceProfile = config::parse_profile(profile_name, text).unwrap();
    Some(DeviceSpec {
        name: format!("{kind}-1"),
        profile_name: profile_name.to_owned(),
        profile,
        port: String::new(),
        address: 1,
        place,
    })
}

/// Puts something into the state of a device, by its kind.
fn tells(model: &mut Model, kind: &str, tells: Value) {
    let device = device(model, kind);
    let line = device.seen.as_ref().unwrap().line.clone();
    let mut state = json!({ "path": line.path, "plugged": line.plugged, "open": line.open });
    state.as_object_mut().unwrap().extend(tells.as_object().unwrap().clone());
    device.seen = seen(kind, &state);
    assert!(device.seen.as_ref().unwrap().face.is_some(), "{kind} does not tell {state}");
}

fn device<'m>(model: &'m mut Model, kind: &str) -> &'m mut Device {
    model.devices.iter_mut().find(|device| device.kind == kind).unwrap()
}

fn choose(model: &mut Model, kind: &str) {
    model.chosen = model.devices.iter().position(|device| device.kind == kind).unwrap();
}

fn health(name: &str, state: DeviceState, conditions: &[Condition]) -> DeviceHealth {
    let report = DeviceReport { state, conditions: conditions.to_vec(), detail: None };
    DeviceHealth { name: name.to_owned(), place: Place::Hall, report, since: Timestamp::UNIX_EPOCH }
}
