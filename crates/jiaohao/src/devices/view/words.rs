//! What a person reads in the view: Chinese first, English beside it.

use std::borrow::Cow;
use std::fmt;

use wire::{Condition, DeviceReport, DeviceState, KeyAct, Place};

/// A word in both languages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Words {
    pub(super) zh: Cow<'static, str>,
    pub(super) en: Cow<'static, str>,
}

/// A word in both languages.
pub(super) fn words(zh: impl Into<Cow<'static, str>>, en: impl Into<Cow<'static, str>>) -> Words {
    Words { zh: zh.into(), en: en.into() }
}

impl fmt::Display for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.zh, self.en)
    }
}

/// Kinds of devices by their names on the control channel.
pub(super) fn kind(name: &str) -> Words {
    match name {
        "printer" => words("打印机", "ticket printer"),
        "onbon-sign" | "cpower-sign" => words("点阵屏", "LED sign"),
        "window-sign" => words("窗口屏", "window sign"),
        "digit-board" => words("数码屏", "digit board"),
        "keypad" => words("呼叫器", "keypad with rater"),
        "polled-keypad" => words("呼叫器", "polled keypad"),
        "id-reader" => words("证件机", "identity card reader"),
        "card-reader" => words("刷卡器", "card reader"),
        "scanner" => words("扫码器", "QR scanner"),
        other => words(other.to_owned(), "device"),
    }
}

pub(super) fn place(place: &Place) -> Words {
    match place {
        Place::Counter(number) => words(format!("{number} 号窗口"), format!("counter {number}")),
        Place::Kiosk(name) => words(format!("取号机 {name}"), "kiosk"),
        Place::Hall => words("大厅", "hall"),
    }
}

/// How a device is, as the hall was told.
pub(super) fn report(report: &DeviceReport) -> Words {
    if let [first, rest @ ..] = &report.conditions[..] {
        let mut all = condition(*first);
        for more in rest {
            let more = condition(*more);
            all = words(format!("{}、{}", all.zh, more.zh), format!("{}, {}", all.en, more.en));
        }
        return all;
    }
    match report.state {
        DeviceState::Ok => words("正常", "well"),
        DeviceState::Warning => words("注意", "warning"),
        DeviceState::Fault => words("故障", "fault"),
        DeviceState::Unknown => words("未知", "unknown"),
    }
}

fn condition(condition: Condition) -> Words {
    match condition {
        Condition::NoHost => words("没有设备服务", "no device host"),
        Condition::NoDevice => words("端口不存在", "port not there"),
        Condition::PortError => words("端口无法使用", "port unusable"),
        Condition::NoAnswer => words("没有应答", "no answer"),
        Condition::Garbled => words("应答混乱", "nonsense"),
        Condition::Unconfirmed => words("从不确认打印", "never confirms"),
        Condition::Stalled => words("不接收数据", "takes no data"),
        Condition::Offline => words("脱机", "offline"),
        Condition::PaperLow => words("纸将用完", "paper low"),
        Condition::PaperOut => words("缺纸", "out of paper"),
        Condition::PaperJammed => words("卡纸", "paper jam"),
        Condition::MediaPresent => words("票未取走", "ticket not taken"),
        Condition::CoverOpen => words("上盖未合", "cover open"),
        Condition::CutterFault => words("切刀卡住", "cutter stuck"),
        Condition::HardwareError => words("机械故障", "mechanism failed"),
        Condition::Refused => words("拒绝指令", "refuses what it is told"),
        Condition::Other => words("情况不明", "something unknown"),
    }
}

/// What a keypad's key means to the hall.
pub(super) fn key_act(act: KeyAct) -> Words {
    match act {
        KeyAct::Next => words("呼叫", "next"),
        KeyAct::Recall => words("重呼", "recall"),
        KeyAct::NoShow => words("未到", "no-show"),
        KeyAct::Hold => words("挂起", "hold"),
        KeyAct::Transfer => words("转移", "transfer"),
        KeyAct::CallBack => words("召回挂起", "call back from hold"),
        KeyAct::Return => words("退回队列", "back to the queue"),
        KeyAct::Pause => words("暂停", "pause"),
        KeyAct::Evaluate => words("评价", "ask rating"),
        KeyAct::Unused => words("不用", "unused"),
    }
}
