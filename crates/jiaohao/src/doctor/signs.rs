//! `doctor sign`: every sign shows its own number, and it is told which acknowledged it.

use std::time::Duration;

use anyhow::anyhow;
use device_host::probe::{SignLit, light_signs};
use wire::{Condition, DeviceProfile, DeviceReport, DeviceSpec, DeviceState};

use super::block_on;
use super::configured::devices;
use super::words::{Words, words};
use crate::cli::DoctorDevicesArgs;
use crate::failure::Failure;

/// How long signs are lit unless something else is asked for.
const SHOWN_S: u64 = 10;

/// Lights the configured signs.
pub(super) fn run(args: &DoctorDevicesArgs) -> Result<(), Failure> {
    let signs = devices(args, "sign", DeviceProfile::is_sign)?;
    let shown = args.seconds.unwrap_or(SHOWN_S);
    println!(
        "{}",
        words(
            format!("{} 块屏亮 {shown} 秒，请对照看：", signs.len()),
            format!("{} signs are lit for {shown} s; compare:", signs.len())
        )
    );
    block_on(async {
        let lit = light_signs(signs.clone(), Duration::from_secs(shown)).await;
        let wrong = lit.iter().filter(|sign| !tell(sign, &signs)).count();
        if wrong == 0 {
            return Ok(());
        }
        Err(Failure::Input(anyhow!("{wrong} 块屏没有应答  /  {wrong} signs did not acknowledge; the mend is above")))
    })
}

/// Tells how a sign did; whether it did well, as far as it can say.
fn tell(sign: &SignLit, specs: &[DeviceSpec]) -> bool {
    let (name, number) = (&sign.name, &sign.number);
    let address = specs.iter().find(|spec| spec.name == *name).map(|spec| spec.address).unwrap_or_default();
    let state = sign.report.as_ref().map(|report| report.state);
    let (is_well, mark, Words { zh, en }) = match (&sign.report, state) {
        (_, Some(DeviceState::Ok | DeviceState::Warning)) => (true, '√', words("已应答", "acknowledged")),
        (Some(report), Some(DeviceState::Fault)) => (false, '×', fault(report)),
        (_, _) if sign.is_mute => (true, '*', words("从不应答，请看屏", "never answers: look at it")),
        (_, _) => (
            false,
            '×',
            words(
                "没有应答：查地址、A/B 线是否接反、速率、电源",
                "no answer: check its address, whether A and B are crossed, the speed, the power",
            ),
        ),
    };
    println!(
        "  {mark} {}",
        words(
            format!("{name}（地址 {address}）应显示 {number}：{zh}"),
            format!("{name}, address {address}, is to show {number}: {en}")
        )
    );
    is_well
}

fn fault(report: &DeviceReport) -> Words {
    let detail = report.detail.clone().unwrap_or_default();
    if report.conditions.contains(&Condition::NoDevice) {
        return words(
            format!("端口不在，查连线；现有端口见 jiaohao doctor ports（{detail}）"),
            format!("its port is not there: jiaohao doctor ports lists what is ({detail})"),
        );
    }
    if report.conditions.contains(&Condition::PortError) {
        return words(
            format!("端口用不了，先停掉正在运行的营业厅（{detail}）"),
            format!("its port cannot be used: end the running hall first ({detail})"),
        );
    }
    words(format!("拒绝或出错（{detail}）"), format!("it refuses ({detail})"))
}
