//! The words of the conversation about a printer.

use device_host::probe::{Fault, RULERS, SPEEDS};
use wire::DoubleByte;

use super::interview::{Why, Word};
use super::question::Question;
use crate::doctor::words::{Words, words};

pub(super) fn ready() -> Question {
    Question::one_of(
        "y",
        'y',
        "请把打印机关掉再打开，装好纸，然后按回车",
        "switch the printer off and on, see that it has paper, then press Enter",
    )
}

pub(super) fn mend(fault: Fault, alone: bool) -> Question {
    let Words { zh, en } = fault_words(fault);
    Question::one_of(
        "yq",
        if alone { 'q' } else { 'y' },
        &format!("打印机说：{zh}。处理好后按回车；q 结束"),
        &format!("the printer says: {en}. Mend it and press Enter; q ends"),
    )
}

pub(super) fn which_speed(base: u32) -> Question {
    let default = SPEEDS.iter().position(|speed| *speed == base).map_or('0', |at| FIGURES[at]);
    Question::one_of(
        "12340r",
        default,
        "纸上哪一行能读懂，No. 几？都不行为 0",
        "which line can be read: No. …? 0 for none",
    )
}

pub(super) fn chinese(base: DoubleByte) -> Question {
    let default = match base {
        DoubleByte::Always => 'a',
        DoubleByte::FsAmp => 'b',
        DoubleByte::FsAmpNextLine => 'c',
    };
    Question::some_of(
        "abc0r",
        default,
        "A、B、C 哪几行印出了“中文正常”？例如 bc；都没有为 0；缺纸、卡纸要重打为 r",
        "which of the lines A, B, C say 中文正常? For example bc; 0 for none; r prints the page again",
    )
}

pub(super) fn rare(default: bool) -> Question {
    Question::yes_no(default, "D 行印出了“镕堃”两个字吗？", "does line D say 镕堃?")
}

pub(super) fn image(default: bool) -> Question {
    Question::yes_no(default, "E 下面是黑白方格图吗？", "is there a chequered flag below E?")
}

pub(super) fn qr(default: bool) -> Question {
    Question::yes_no(default, "F 下面是二维码吗？", "is there a QR code below F?")
}

pub(super) fn number(default: bool) -> Question {
    Question::yes_no(default, "G 后面的 A001 是大字吗？", "is A001 behind G large?")
}

pub(super) fn width(base: u16) -> Question {
    let fits = RULERS.iter().rev().find(|ruler| ruler.dots <= base);
    Question::one_of(
        "12345",
        fits.map_or('1', |ruler| ruler.figure),
        "最下面 1–5 的横线，结尾 | 仍在同一行的最大数字是几？",
        "of the lines 1 to 5 at the bottom, which is the last whose | is still on the same line?",
    )
}

pub(super) fn is_cut(letter: char, default: bool) -> Question {
    Question::one_of(
        "ynt",
        if default { 'y' } else { 'n' },
        &format!("{letter}：纸切了吗？y 切了；n 没切；t 切了，但 {letter} 这一行被切掉或留在机内"),
        &format!("{letter}: was the paper cut? y yes; n no; t yes, but through the line {letter} or behind it"),
    )
}

pub(super) fn is_right() -> Question {
    Question::yes_no(
        true,
        "这张票对吗？汉字、大号码、切纸，都好吗？",
        "is this ticket right: Chinese, large number, cut?",
    )
}

/// What a fault is called.
pub(in crate::doctor) fn fault_words(fault: Fault) -> Words {
    match fault {
        Fault::PaperOut => words("缺纸", "no paper"),
        Fault::CoverOpen => words("上盖没关", "its cover is open"),
        Fault::Cutter => words("切刀卡住", "its cutter is stuck"),
        Fault::PaperJam => words("卡纸", "paper is stuck on its way"),
        Fault::Unrecoverable => words("故障，需要关机再开", "an error that only switching off ends"),
        Fault::AutoRecoverable => words("暂时的故障（例如打印头过热）", "an error that passes, such as a hot head"),
        Fault::Error => words("故障，没说明是什么", "an error it does not explain"),
        Fault::Offline => words("脱机，没说明为什么", "it is offline and does not say why"),
    }
}

/// What a ticket's end is called.
pub(super) fn word_words(word: Word) -> Words {
    match word {
        Word::Printed => words("√ 打印机自己确认：票已印出", "the printer itself says that the ticket came out"),
        Word::Sent => words("* 票已送出；这种打印机从不说是否印出", "sent; this printer never says what came out"),
        Word::Unconfirmed => {
            words("! 打印机没有确认出纸，型号里记为不确认", "it did not confirm; the profile says so: confirm none")
        }
        Word::Failed => words("× 票没有印出", "the ticket did not come out"),
    }
}

/// What to do about a printer that is given up.
pub(super) fn why_words(why: Why) -> Words {
    match why {
        Why::NoSpeed => words(
            "所有速率都没有反应：查电源、串口线（有的要交叉线）、端口；按住走纸键开机可打出自检页，上面有速率",
            "nothing at any speed: check power, cable (some need a crossed one) and port; holding the feed key while \
             switching on prints a page that names the speed",
        ),
        Why::Broken(fault) => {
            let Words { zh, en } = fault_words(fault);
            words(format!("打印机报告：{zh}；处理好后再来"), format!("the printer says: {en}; mend it and come again"))
        }
        Why::NoChinese => words(
            "三种方式都印不出汉字：没有汉字字库的打印机不能打票；自检页上写有字库，或在打印机设置里选中文",
            "no Chinese in any way: a printer without a Chinese font cannot print tickets; its own test page names its \
             fonts, and some have a setting for them",
        ),
        Why::NoTicket => words("票没有印出，见上面的原因", "the ticket did not come out, for the reason above"),
        Why::WrongTicket => words(
            "再来一次，照纸上的样子回答；缺行、缺字多半是流控，加 --flow software 或 --flow hardware 再试",
            "come again and answer as the paper is; where lines or characters are missing it is most often flow \
             control: try --flow software or --flow hardware",
        ),
    }
}

const FIGURES: [char; SPEEDS.len()] = ['1', '2', '3', '4'];
