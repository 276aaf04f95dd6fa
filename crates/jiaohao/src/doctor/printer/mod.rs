//! `doctor printer`: makes an unknown printer print tickets, and says how in a profile.

mod acts;
mod interview;
mod learnt;
mod proposal;
mod question;
mod texts;

#[cfg(test)]
mod tests;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow};
use device_host::probe::{Roots, describe};
use wire::{Flow, PrinterProfile};

use self::interview::{Interview, Step};
use self::proposal::BASE;
pub(super) use self::proposal::profile;
pub(super) use self::texts::fault_words;
use super::block_on;
use super::talk::Talk;
use super::trouble::trouble;
use super::words::words;
use crate::cli::DoctorPrinterArgs;
use crate::devices::ticket_font;
use crate::failure::Failure;
use crate::setup::data_dir;

/// The report, below the data directory.
const REPORT: &str = "out/doctor-printer.txt";

/// Goes through the printer at a port, with the person in front of it.
pub(super) fn run(args: &DoctorPrinterArgs) -> Result<(), Failure> {
    let data = data_dir(args.data.as_deref()).map_err(Failure::Input)?;
    let base = profile(&data, args.profile.as_deref().unwrap_or(BASE)).map_err(Failure::Input)?;
    let name = match &args.name {
        Some(name) => proposal::check_name(&data, name).map(|()| name.clone()).map_err(Failure::Input)?,
        None => proposal::free_name(&data),
    };
    block_on(async {
        let mut talk = Talk::new(args.yes);
        let ended = match converse(args, base, &mut talk).await {
            Ok(profile) => propose(&data, &name, args, &profile, &mut talk).map_err(Failure::Run),
            Err(failure) => Err(failure),
        };
        if let Err(failure) = &ended {
            talk.note(failure);
        }
        let report = save(&data, talk.so_far()).map_err(Failure::Run)?;
        println!("{}", words(format!("报告：{}", report.display()), format!("report: {}", report.display())));
        ended
    })
}

/// Questions and acts until a profile fits.
async fn converse(args: &DoctorPrinterArgs, base: PrinterProfile, talk: &mut Talk) -> Result<PrinterProfile, Failure> {
    let font = ticket_font().map_err(Failure::Run)?;
    let port = args.port.as_str();
    let mut interview = Interview::new(base, args.flow, args.yes);
    talk.say(words(format!("打印机 {port}"), format!("the printer at {port}")));
    loop {
        match interview.step() {
            Step::Ask(question) => {
                let answer = talk.ask(&question.text, &question.hint()).await?;
                if !interview.answered(&answer) {
                    talk.say(words("  请用括号里的字母或数字回答", "answer with the letters or figures in brackets"));
                }
            }
            Step::Act(act) => {
                let flow = args.flow.unwrap_or(Flow::None);
                let came = acts::carry_out(act, port, flow, &font, talk).await;
                interview.came(came.map_err(|error| Failure::Input(anyhow!("{}", trouble(port, &error))))?);
            }
            Step::Proposed(profile) => return Ok(*profile),
            Step::GaveUp(why) => return Err(Failure::Input(anyhow!("{}", texts::why_words(why)))),
        }
    }
}

/// Names the built-in profile that fits, or writes one, and says what belongs into the hall's file.
fn propose(
    data: &Path,
    name: &str,
    args: &DoctorPrinterArgs,
    profile: &PrinterProfile,
    talk: &mut Talk,
) -> anyhow::Result<()> {
    let (port, began_with) = (args.port.as_str(), args.profile.as_deref().unwrap_or(BASE));
    let stable = describe(&Roots::default(), port).and_then(|port| port.names.into_iter().next());
    let port = stable.as_deref().unwrap_or(port);
    let name = match proposal::exact_fit(profile, began_with) {
        Some(known) => {
            talk.say(words(
                format!("√ 现成的型号 {known} 正合适"),
                format!("the built-in profile {known} fits exactly"),
            ));
            known
        }
        None => {
            let file = proposal::write(data, name, port, profile)?;
            let file = file.display();
            talk.say(words(
                format!("√ 没有现成的型号，已写好 {file}"),
                format!("no built-in profile fits; wrote {file}"),
            ));
            name
        }
    };
    talk.say(words(
        "把下面几行放进 hall.toml，代替取号机打印机原来的一段，再运行 jiaohao doctor：",
        "put these lines into hall.toml in place of the kiosk's printer, then run jiaohao doctor:",
    ));
    talk.say(format_args!(
        "\n[[device]]\nname = \"printer-1\"\nprofile = \"{name}\"\nport = {}\nkiosk = \"kiosk-1\"\n",
        toml::Value::from(port)
    ));
    Ok(())
}

fn save(data: &Path, said: &str) -> anyhow::Result<PathBuf> {
    let file = data.join(REPORT);
    let act = || format!("writing {}", file.display());
    fs::create_dir_all(data.join("out")).with_context(act)?;
    fs::write(&file, said).with_context(act)?;
    Ok(file)
}
