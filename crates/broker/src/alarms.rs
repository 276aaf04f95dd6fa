//! What needs somebody's attention, worked out from how devices, prints, disk and clock are; each with what to do.

use wire::event::timestamp;
use wire::{Alarm, AlarmKind, Condition, DeviceHealth, DeviceState, LocalNames, Place, PrintState};

use crate::directory::LIST;
use crate::options::Premises;
use crate::prospects;
use crate::published::State;
use crate::view::Sight;

/// Every alarm that the one who asks may see, oldest first.
pub(crate) fn all(state: &State, premises: &Premises, now_ms: i64, sight: Sight) -> Vec<Alarm> {
    let devices = state.devices.values().filter_map(|device| device_alarm(device, premises));
    let mut alarms: Vec<Alarm> = devices.chain(uncertain(state)).chain(unprinted(state)).collect();
    alarms.extend(state.storage_since_ms.map(storage));
    alarms.extend(state.clock_since_ms.map(clock));
    alarms.extend(prospects::alarms(&state.world.hall, &state.foreseen, now_ms));
    alarms.extend(state.blind_since_ms.map(blind));
    alarms.extend(state.list_since_ms.map(unread_list));
    alarms.extend(state.silent_since_ms.map(silent_directory));
    // They name a customer by tier and masked number, which no hall screen shows.
    if sight == Sight::Staff {
        alarms.extend(state.arrivals.alarms(state.world.hall.rules(), now_ms));
    }
    alarms.sort_by(|one, other| (one.since, &one.about).cmp(&(other.since, &other.about)));
    alarms
}

/// Tickets that may or may not have come out: one alarm for all, because a broken printer makes many.
fn uncertain(state: &State) -> Option<Alarm> {
    let (numbers, since) = prints(state, |print| print == PrintState::Uncertain)?;
    Some(Alarm {
        kind: AlarmKind::PrintUncertain,
        text: LocalNames {
            zh: format!("{numbers} 不确定是否已打印：请问顾客，需要时补打"),
            en: format!("{numbers} may not have come out on paper: ask the customer, reprint if needed"),
        },
        about: numbers,
        since,
    })
}

/// Tickets whose customers have no paper.
fn unprinted(state: &State) -> Option<Alarm> {
    let (numbers, since) = prints(state, |print| matches!(print, PrintState::Failed | PrintState::Expired))?;
    Some(Alarm {
        kind: AlarmKind::PrintFailed,
        text: LocalNames {
            zh: format!("{numbers} 未打印：号码有效，需要时补打"),
            en: format!("{numbers} were not printed: the numbers are valid, reprint if needed"),
        },
        about: numbers,
        since,
    })
}

/// The numbers of open tickets whose latest print is so, and since when the first is.
fn prints(state: &State, wanted: impl Fn(PrintState) -> bool) -> Option<(String, jiff::Timestamp)> {
    let mut found: Vec<_> = state
        .prints
        .iter()
        .filter(|(_, (_, print, _))| wanted(*print))
        .filter_map(|(id, (_, _, at_ms))| Some((state.world.hall.ticket(*id)?, *at_ms)))
        .filter(|(ticket, _)| !ticket.state.is_final())
        .collect();
    found.sort_by_key(|(ticket, _)| ticket.id);
    let since = found.iter().map(|(_, at_ms)| *at_ms).min()?;
    let numbers: Vec<_> = found.iter().map(|(ticket, _)| ticket.number.as_str()).collect();
    Some((numbers.join("、"), timestamp(since)))
}

fn storage(since_ms: i64) -> Alarm {
    Alarm {
        kind: AlarmKind::Storage,
        about: "hall.db".to_owned(),
        text: LocalNames {
            zh: "数据无法保存，暂停取号和叫号：请检查磁盘空间，恢复后自动继续".to_owned(),
            en: "Nothing can be stored, so no numbers and no calls: check the disk's space; it goes on by itself"
                .to_owned(),
        },
        since: timestamp(since_ms),
    }
}

fn blind(since_ms: i64) -> Alarm {
    Alarm {
        kind: AlarmKind::Forecast,
        about: "forecast".to_owned(),
        text: LocalNames {
            zh: "等候时间预测出错：取号和叫号照常，五分钟后不再显示等候时间；请把日志交给技术人员".to_owned(),
            en: "Forecasts fail: numbers and calls go on, waits are not told after five minutes; give the log to a technician"
                .to_owned(),
        },
        since: timestamp(since_ms),
    }
}

fn unread_list(since_ms: i64) -> Alarm {
    Alarm {
        kind: AlarmKind::Directory,
        about: LIST.to_owned(),
        text: LocalNames {
            zh: "顾客名单无法读取，取号照常，等级按之前的名单或号段识别：请重新导入（jiaohao directory import）".to_owned(),
            en: "The list of customers cannot be read; numbers go on, tiers come from the list before or number ranges: import it again (jiaohao directory import)"
                .to_owned(),
        },
        since: timestamp(since_ms),
    }
}

fn silent_directory(since_ms: i64) -> Alarm {
    Alarm {
        kind: AlarmKind::Directory,
        about: "directory".to_owned(),
        text: LocalNames {
            zh: "网上顾客名录没有可用的应答，取号照常，等级按本厅名单或号段识别：请检查网络和 hall.toml 中的 [directory] url"
                .to_owned(),
            en: "The directory of customers gives no usable answer; numbers go on, tiers come from the hall's list or number ranges: check the network and url of [directory] in hall.toml"
                .to_owned(),
        },
        since: timestamp(since_ms),
    }
}

fn clock(since_ms: i64) -> Alarm {
    Alarm {
        kind: AlarmKind::Clock,
        about: "clock".to_owned(),
        text: LocalNames {
            zh: "时钟异常：营业日不会自动更换；请校准系统时间，或由值班经理确认开始营业日".to_owned(),
            en: "The clock cannot be right, so the business day does not change by itself: set the time, or let a supervisor open the day"
                .to_owned(),
        },
        since: timestamp(since_ms),
    }
}

fn device_alarm(device: &DeviceHealth, premises: &Premises) -> Option<Alarm> {
    let kind = match device.report.state {
        DeviceState::Ok => return None,
        DeviceState::Warning | DeviceState::Fault => AlarmKind::DeviceFault,
        // A keypad says nothing until somebody presses a key; silence alone is no alarm.
        DeviceState::Unknown if device.report.conditions.is_empty() => return None,
        DeviceState::Unknown => AlarmKind::DeviceUnknown,
    };
    let words: Vec<_> = device.report.conditions.iter().map(|condition| condition_words(*condition)).collect();
    let zh: Vec<_> = words.iter().map(|(zh, _)| *zh).collect();
    let en: Vec<_> = words.iter().map(|(_, en)| *en).collect();
    let (place_zh, place_en) = place_words(&device.place);
    let port = premises.devices.iter().find(|spec| spec.name == device.name).map_or("", |spec| spec.port.as_str());
    let name = &device.name;
    // Where the words alone do not tell the cause, the device's own do.
    let vague =
        |condition: &Condition| matches!(condition, Condition::HardwareError | Condition::Refused | Condition::Garbled);
    let detail = device.report.detail.as_deref().filter(|_| device.report.conditions.iter().any(vague));
    let (detail_zh, detail_en) =
        detail.map_or_else(Default::default, |detail| (format!("（{detail}）"), format!(" ({detail})")));
    Some(Alarm {
        kind,
        about: name.clone(),
        text: LocalNames {
            zh: format!("{place_zh}设备 {name}（{port}）：{}{detail_zh}", zh.join("、")),
            en: format!("{place_en}device {name} ({port}): {}{detail_en}", en.join(", ")),
        },
        since: device.since,
    })
}

fn place_words(place: &Place) -> (String, String) {
    match place {
        Place::Counter(number) => (format!("{number} 号窗口"), format!("Counter {number}, ")),
        Place::Kiosk(name) => (format!("取号机 {name} "), format!("Kiosk {name}, ")),
        Place::Hall => ("大厅".to_owned(), "Hall, ".to_owned()),
    }
}

fn condition_words(condition: Condition) -> (&'static str, &'static str) {
    match condition {
        Condition::NoHost => {
            ("没有设备服务报告，请启动 jiaohao devices", "no device host reports it: start `jiaohao devices`")
        }
        Condition::NoDevice => ("端口不存在，请检查连线和电源", "its port is not there: check cable and power"),
        Condition::PortError => {
            ("端口无法使用，请检查权限或占用", "its port cannot be used: check permissions and other programs")
        }
        Condition::NoAnswer => ("没有应答，请检查电源、连线和地址", "does not answer: check power, cable and address"),
        Condition::Garbled => (
            "应答混乱，请核对设备配置中的波特率和编码",
            "answers nonsense: check the baud rate and code in its profile",
        ),
        Condition::Unconfirmed => (
            "从不确认打印，请将设备配置的 confirm 改为 none 或换用其他配置",
            "never confirms a print: set confirm = \"none\" in its profile, or choose another profile",
        ),
        Condition::Stalled => ("不接收数据，请重启设备", "takes no data: switch it off and on"),
        Condition::Offline => ("脱机，请按联机键", "offline: press its online key"),
        Condition::PaperLow => ("纸将用完，请准备纸卷", "paper low: have a roll ready"),
        Condition::PaperOut => ("缺纸，请换纸卷", "out of paper: change the roll"),
        Condition::PaperJammed => ("卡纸，请取出卡住的纸", "paper jam: take the stuck paper out"),
        Condition::MediaPresent => {
            ("出票口有票未取，属正常", "a ticket waits in its mouth to be taken, which is no fault")
        }
        Condition::CoverOpen => ("上盖未合，请合上", "cover open: close it"),
        Condition::CutterFault => ("切刀卡住，请清理后重新上电", "cutter stuck: clear it, then switch off and on"),
        Condition::HardwareError => ("机械故障，请联系维修", "mechanism failed: call service"),
        Condition::Refused => (
            "拒绝指令，请核对设备配置（寄存器、地址、尺寸）",
            "refuses what it is told: check its profile (registers, address, size)",
        ),
        Condition::Other => ("情况不明，请升级本机软件", "something this version does not know: update this machine"),
    }
}
