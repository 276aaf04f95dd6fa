//! The pages under a finger: what is found by its accessible label is touched, and the desk answers.

use crate::common::{issued, problem, seconds};
use crate::pages;
use crate::rig::Rig;
use kiosk::desk::{Command, News};
use slint::platform::PointerEventButton;

#[test]
fn a_card_and_the_confirm_button_lead_to_a_number() {
    let mut rig = Rig::new();
    assert!(rig.touch("开户入网").is_empty());
    assert!(rig.button("请提前备好证件").is_some());
    assert!(matches!(rig.touch("确认取号")[..], [Command::Take { attempt: 1, .. }]));
    assert!(rig.shows("正在取号，请稍候"));
    rig.hear(News::Issued { attempt: 1, issued: issued(Some("queued")) });
    assert!(rig.shows("您的号码 A042"));
    assert!(rig.shows("正在打印，请稍候"));
    rig.hear(News::Printing { ticket: 7, state: wire::PrintState::Printed });
    assert!(rig.shows("请取走您的号票"));
    rig.touch("完成（15 秒）");
    assert!(rig.button("缴费").is_some());
}

#[test]
fn the_bar_changes_the_language_of_every_word() {
    let mut rig = Rig::new();
    rig.touch("English");
    assert!(rig.button("Open an account").is_some());
    rig.touch("Open an account");
    assert!(rig.button("Documents to bring").is_some());
    rig.touch("Confirm and take ticket");
    rig.hear(News::Issued { attempt: 1, issued: issued(Some("queued")) });
    assert!(rig.shows("Your number A042"));
    assert!(rig.shows("Ahead of you 5 people"));
    rig.touch("中文");
    assert!(rig.shows("您的号码 A042"));
}

#[test]
fn large_text_is_a_switch_that_says_whether_it_is_on() {
    let mut rig = Rig::new();
    assert_eq!(rig.button("大字").and_then(|button| button.accessible_checked()), Some(false));
    rig.touch("大字");
    assert_eq!(rig.button("大字").and_then(|button| button.accessible_checked()), Some(true));
}

#[test]
fn a_broker_out_of_reach_never_shows_a_number() {
    let mut rig = Rig::new();
    rig.touch("开户入网");
    rig.touch("确认取号");
    rig.hear(News::Unanswered { attempt: 1 });
    assert!(rig.shows("暂时无法取号"));
    assert!(rig.shows("请联系大厅工作人员"));
    assert!(!rig.shows("您的号码"));
    rig.hear(News::Issued { attempt: 1, issued: issued(None) });
    assert!(rig.shows("请记住您的号码 A042"));
}

#[test]
fn a_business_without_numbers_offers_the_way_back() {
    let mut rig = Rig::new();
    rig.touch("开户入网");
    rig.touch("确认取号");
    rig.hear(News::Refused { attempt: 1, problem: problem("quota_exhausted", "该业务今日号票已发完") });
    assert!(rig.shows("该业务今日号票已发完"));
    assert!(rig.shows("您可以办理其他业务，或改日再来"));
    rig.touch("选择其他业务");
    assert!(rig.button("开户入网").is_some());
}

#[test]
fn out_of_paper_asks_for_a_photograph() {
    let mut rig = Rig::new();
    rig.touch("开户入网");
    rig.touch("确认取号");
    rig.hear(News::Issued { attempt: 1, issued: issued(Some("queued")) });
    rig.hear(News::Paper { device: "printer-1".to_owned(), out: true });
    assert!(rig.shows("打印纸已用完，请拍照保存您的号码"));
}

#[test]
fn a_closed_business_says_why_and_takes_no_touch() {
    let rig = Rig::new();
    let card = rig.button("停机/复机 今日已发完").expect("a card");
    assert_eq!(card.accessible_enabled(), Some(false));
    card.mock_single_click(PointerEventButton::Left);
    assert!(rig.touched.borrow().is_empty());
}

#[test]
fn whoever_is_still_there_goes_on() {
    let mut rig = Rig::new();
    rig.touch("开户入网");
    rig.pass(seconds(61));
    assert!(rig.shows("您还在操作吗？"));
    rig.touch("继续操作");
    assert!(!rig.shows("您还在操作吗？"));
    assert!(rig.button("确认取号").is_some());
}

#[test]
fn a_number_is_typed_key_by_key_and_shown_while_a_finger_rests_on_the_eye() {
    let mut rig = Rig::with(pages::rich());
    rig.touch("会员与预约");
    rig.touch("手机号码");
    for digit in "13812345678".chars() {
        rig.touch(&digit.to_string());
    }
    assert!(rig.shows("已输入 11 位，共 11 位"));
    assert!(!rig.shows("13812345678"), "no label says it aloud");
    rig.touch("删除");
    assert!(rig.shows("还需输入 1 位"));
    rig.touch("8");
    assert!(matches!(rig.touch("确定")[..], [Command::Identify { .. }]));
    rig.pass(seconds(2));
    assert!(rig.shows("暂未识别，先按普通客户取号"));
}

#[test]
fn a_group_opens_and_its_way_back_is_the_bar_s() {
    let mut rig = Rig::with(pages::rich());
    rig.touch("缴费与积分");
    assert!(rig.button("积分兑换").is_some());
    rig.touch("返回");
    rig.touch("办理业务");
    rig.touch("过户");
    rig.touch("不要纸");
    assert_eq!(rig.button("不要纸").and_then(|button| button.accessible_checked()), Some(true));
    let commands = rig.touch("确认取号");
    assert!(matches!(&commands[..], [Command::Take { request, .. }] if request.paperless), "{commands:?}");
    rig.hear(News::Issued { attempt: 1, issued: issued(None) });
    assert!(rig.shows("请用手机扫码，保存您的号码"));
}

#[test]
fn help_lies_over_the_page_and_gives_it_back() {
    let mut rig = Rig::new();
    rig.touch("开户入网");
    rig.touch("帮助");
    assert!(rig.shows("大厅服务台和引导人员随时可以帮您取号"));
    rig.touch("知道了");
    assert!(rig.button("确认取号").is_some());
}

#[test]
fn staff_find_the_corner_print_again_and_leave() {
    let mut rig = Rig::with(pages::in_corner());
    let commands = rig.touch("补打 A042");
    assert!(matches!(commands[..], [Command::StaffAct { .. }]), "{commands:?}");
    assert_eq!(
        rig.button("补打 A041").and_then(|button| button.accessible_enabled()),
        Some(false),
        "one deed at a time"
    );
    assert_eq!(rig.touch("退出程序"), [Command::Exit]);
    rig.touch("返回首页");
    assert!(rig.button("办理业务").is_some());
}
