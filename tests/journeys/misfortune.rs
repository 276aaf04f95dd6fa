//! What befalls a hall's devices: what the customer, the teller and the technician see of it, and that nothing is lost by it.

mod another_name;
mod broker_restarts;
mod bus_shorted;
mod cover_open;
mod cpower_sign;
mod cutter_jam;
mod dead_among_twenty;
mod digit_board;
mod id_reader_garbage;
mod keypad_checksum;
mod keypads_collide;
mod mute_printer;
mod near_end;
mod paper_out;
mod polled_keypad;
mod power_cut;
mod presenter;
mod rating;
mod scanner_noise;
mod stalled_printer;
mod transfer;

use device_sim::WindowSign;
use hall_tests::Rig;

/// What the technician reads of a device whose port is not there.
const NO_PORT: (&str, &str) = ("端口不存在，请检查连线和电源", "its port is not there: check cable and power");
/// … of one that does not answer.
const NO_ANSWER: (&str, &str) = ("没有应答，请检查电源、连线和地址", "does not answer: check power, cable and address");
/// … of one that answers nonsense.
const NONSENSE: (&str, &str) =
    ("应答混乱，请核对设备配置中的波特率和编码", "answers nonsense: check the baud rate and code in its profile");

/// Waits until a sign that the journey has plugged in itself shows this.
async fn shows(rig: &Rig, sign: &WindowSign, text: &str) {
    rig.until(format!("sign {} shows `{text}`", sign.unit()), async || {
        let shown = sign.shown();
        if shown == text { Ok(()) } else { Err(format!("`{shown}`")) }
    })
    .await;
}
