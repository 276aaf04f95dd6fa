//! What the conversation wants done with the port.

use device_host::Font;
use device_host::probe::{self, Condition, PrinterAnswer, ProbeError};
use jiff::Zoned;
use wire::{Flow, PrintState, PrinterProfile, Slip};

use super::interview::{Act, Came, Word};
use super::learnt::Found;
use super::texts::word_words;
use crate::doctor::talk::Talk;
use crate::doctor::words::words;

/// Does it, saying what happens meanwhile. `flow` is how bytes that nothing answers are sent.
///
/// # Errors
/// The port cannot be used.
pub(super) async fn carry_out(
    act: Act,
    port: &str,
    flow: Flow,
    font: &Font,
    talk: &mut Talk,
) -> Result<Came, ProbeError> {
    match act {
        Act::Find(speeds) => find(port, &speeds, talk).await,
        Act::PrintSpeeds(speeds) => {
            talk.say(words("  没有回答。每个速率各打一行……", "no answer; printing a line at each speed …"));
            for (at, baud) in speeds.into_iter().enumerate() {
                probe::send(port, baud, flow, &probe::speed_line(at + 1, baud)).await?;
            }
            Ok(Came::Sent)
        }
        Act::PrintPage(baud) => {
            talk.say(words("  打印试验页，A 到 G 和 1 到 5……", "printing the test page, A to G and 1 to 5 …"));
            probe::send(port, baud, flow, &probe::test_page()).await?;
            // The last lines are still inside, below the cover, until paper follows.
            probe::send(port, baud, flow, &[b'\n'; 6]).await?;
            Ok(Came::Sent)
        }
        Act::TryCut { baud, letter, cut, feed_mm } => {
            talk.say(words(format!("  试切纸命令 {letter}……"), format!("trying the cut command {letter} …")));
            probe::send(port, baud, flow, &probe::cut_trial(letter, cut, feed_mm)).await?;
            Ok(Came::Sent)
        }
        Act::PrintTicket(profile) => ticket(port, &profile, font, talk).await,
    }
}

async fn find(port: &str, speeds: &[u32], talk: &mut Talk) -> Result<Came, ProbeError> {
    for &baud in speeds {
        talk.say(words(format!("  {baud} 问一问……"), format!("asking at {baud} …")));
        if let Some(answer) = probe::ask_printer(port, baud).await? {
            let found = examine(port, &answer).await?;
            tell(&found, talk);
            return Ok(Came::Found(found));
        }
    }
    let lowest = speeds.iter().min().copied().unwrap_or_default();
    Ok(Came::Silent { clear_to_send: probe::clear_to_send(port, lowest).await == Some(true) })
}

/// Asks the rest of a printer that answers and is well.
async fn examine(port: &str, answer: &PrinterAnswer) -> Result<Found, ProbeError> {
    let fault = match answer.state.condition() {
        Condition::Fault(fault) => Some(fault),
        Condition::Ok | Condition::Unknown => None,
    };
    let is_asked = fault.is_none();
    Ok(Found {
        baud: answer.baud,
        real_time: answer.real_time,
        automatic: answer.automatic,
        confirms: is_asked && probe::confirms_prints(port, answer.baud).await?,
        held_off_by_wire: is_asked && probe::holds_off_by_wire(port, answer).await?,
        fault,
    })
}

fn tell(found: &Found, talk: &mut Talk) {
    let baud = found.baud;
    talk.say(words(format!("  √ {baud} 有回答"), format!("it answers at {baud}")));
    if found.fault.is_none() {
        let mark = |yes: bool| if yes { '√' } else { '*' };
        let (state, confirms, wire) = (found.real_time || found.automatic, found.confirms, found.held_off_by_wire);
        talk.say(words(
            format!("  {} 会说缺纸、开盖等状态：{}", mark(state), yes_zh(state)),
            format!("tells its state, such as no paper: {}", yes_en(state)),
        ));
        talk.say(words(
            format!("  {} 会确认票已印出：{}", mark(confirms), yes_zh(confirms)),
            format!("confirms that a ticket came out: {}", yes_en(confirms)),
        ));
        talk.say(words(
            format!("  {} 流控线 RTS/CTS：{}", mark(wire), yes_zh(wire)),
            format!("wire for flow control, RTS/CTS: {}", yes_en(wire)),
        ));
    }
}

fn yes_zh(yes: bool) -> &'static str {
    if yes { "有" } else { "没有" }
}

fn yes_en(yes: bool) -> &'static str {
    if yes { "yes" } else { "no" }
}

async fn ticket(port: &str, profile: &PrinterProfile, font: &Font, talk: &mut Talk) -> Result<Came, ProbeError> {
    talk.say(words("  按试出的型号打一张真票……", "printing a real ticket with what was found …"));
    let attempt = probe::print_ticket(port, profile, font, slip()).await?;
    let word = match attempt.report.as_ref().map(|report| report.state) {
        Some(PrintState::Printed) => Word::Printed,
        Some(PrintState::Sent) => Word::Sent,
        Some(PrintState::Uncertain) => Word::Unconfirmed,
        Some(PrintState::Failed | PrintState::Expired | PrintState::Queued | PrintState::Sending) | None => {
            Word::Failed
        }
    };
    talk.say(format_args!("  {}", word_words(word)));
    let detail = attempt.report.and_then(|report| report.detail);
    if word == Word::Failed {
        let conditions = attempt.health.conditions.iter().map(|condition| format!("{condition:?}"));
        let known: Vec<String> = detail.into_iter().chain(attempt.health.detail).chain(conditions).collect();
        talk.say(format_args!("    {}", known.join("; ")));
    }
    Ok(Came::Ticket(word))
}

/// A ticket like those of a hall.
fn slip() -> Slip {
    Slip {
        hall: "试打 TEST".to_owned(),
        greeting: Some("生僻字：镕堃".to_owned()),
        number: "A001".to_owned(),
        service: "缴费".to_owned(),
        ahead: Some("您前面还有 3 位".to_owned()),
        wait: Some("预计等待 5–15 分钟（取号时估算）".to_owned()),
        area: None,
        time: Zoned::now().strftime("%Y-%m-%d %H:%M").to_string(),
        documents: vec!["身份证原件".to_owned()],
        qr_url: Some("http://127.0.0.1:8080/t/test".to_owned()),
        rule: Some("过号请重新取号".to_owned()),
        copy_mark: None,
    }
}
