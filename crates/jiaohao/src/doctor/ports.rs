//! `doctor ports`: which ports there are, who has them, and what answers when it is asked.

use device_host::probe::{self, Heard, PortFound, ProbeError, Roots, SPEEDS};

use super::talk::Talk;
use super::trouble::{DIALOUT, permission_mend, trouble};
use super::words::{Words, words};
use super::{block_on, printer};
use crate::cli::{DoctorPortsArgs, ProbeKind};
use crate::failure::Failure;

/// Lists the ports, and asks at them what is to be asked.
pub(super) fn run(args: &DoctorPortsArgs) -> Result<(), Failure> {
    let roots = Roots::default();
    let mut missing = Vec::new();
    let ports: Vec<PortFound> = if args.ports.is_empty() {
        probe::list(&roots)
    } else {
        let describe = |path: &String| {
            let found = probe::describe(&roots, path);
            if found.is_none() {
                missing.push(path.clone());
            }
            found
        };
        args.ports.iter().filter_map(describe).collect()
    };
    for path in &missing {
        println!("× {}", words(format!("{path} 不存在，或不是端口"), format!("{path} is not there, or no port")));
    }
    if ports.is_empty() && missing.is_empty() {
        println!(
            "{}",
            words(
                "没有串口：插上 USB 转串口线，再运行一次；虚拟机里要把 USB 设备交给虚拟机",
                "no serial port: plug in the USB adapter and run this again; a virtual machine must be given its USB devices",
            )
        );
    }
    ports.iter().for_each(tell);
    if !args.probe.is_empty() {
        block_on(ask_all(args, &ports))?;
    }
    match missing.is_empty() {
        true => Ok(()),
        false => Err(Failure::Input(anyhow::anyhow!("no port {}; the mend is above", missing.join(", ")))),
    }
}

fn tell(port: &PortFound) {
    println!("{}", port.path);
    match port.names.first() {
        Some(name) => {
            println!("  √ {}", words(format!("hall.toml 里写 {name}"), format!("write {name} into hall.toml")))
        }
        None => println!(
            "  ! {}",
            words(
                "没有固定名字，重新插拔后可能改名",
                "it has no lasting name, and may be called otherwise when plugged in again"
            )
        ),
    }
    for name in port.names.iter().skip(1) {
        println!("    {name}");
    }
    if let Some(usb) = &port.usb {
        let chip = usb.chip.unwrap_or("USB");
        println!("    {chip} {:04x}:{:04x} {}", usb.vendor, usb.product, usb.words);
    }
    if let Some(driver) = &port.driver {
        println!("    {}", words(format!("驱动 {driver}"), format!("driver {driver}")));
    }
    if port.is_printer_file {
        println!(
            "  ! {}",
            words(
                "USB 打印口：可写在 hall.toml 的 port 中；型号须用 --profile 选定，doctor 不在此口试探",
                "a USB printer port: it may stand as a port in hall.toml; its profile is to be chosen, doctor tries nothing on it",
            )
        );
    }
    if !port.is_allowed {
        let group = port.group.as_deref().filter(|group| *group != "root").unwrap_or(DIALOUT);
        let mend = permission_mend(group);
        println!(
            "  × {}",
            words(format!("没有权限：{mend}，然后重新登录"), format!("not allowed: {mend}, then log in again"))
        );
    }
    for holder in &port.holders {
        let (name, pid) = (&holder.name, holder.pid);
        println!("  ! {}", words(format!("正被 {name}（进程 {pid}）占用"), format!("in use by {name}, process {pid}")));
    }
}

async fn ask_all(args: &DoctorPortsArgs, ports: &[PortFound]) -> Result<(), Failure> {
    let mut talk = Talk::new(true);
    let addresses: Vec<u8> = if args.address.is_empty() { (1..=8).collect() } else { args.address.clone() };
    for port in ports.iter().filter(|port| port.is_allowed && port.holders.is_empty() && !port.is_printer_file) {
        talk.say(&port.path);
        for kind in &args.probe {
            let asked = ask(*kind, &port.path, &args.speed, &addresses, &mut talk).await;
            if let Err(error) = asked {
                talk.say(format_args!("  × {}", trouble(&port.path, &error)));
            }
        }
    }
    Ok(())
}

async fn ask(kind: ProbeKind, path: &str, speeds: &[u32], addresses: &[u8], talk: &mut Talk) -> Result<(), ProbeError> {
    let usual = |usual: &[u32]| if speeds.is_empty() { usual.to_vec() } else { speeds.to_vec() };
    match kind {
        ProbeKind::Printer => ask_printer(path, &usual(&SPEEDS), talk).await?,
        ProbeKind::Sign => {
            // Onbon cards leave the works at 57600, the others at 9600.
            let heard = probe::ask_signs(path, &usual(&[9_600, 57_600]), addresses).await?;
            tell_heard(&words("显示屏", "sign"), &heard, talk);
            if heard.is_empty() {
                talk.say(words(
                    "    数码屏从不回答：用 jiaohao doctor sign 看",
                    "digit boards never answer: see jiaohao doctor sign",
                ));
            }
        }
        ProbeKind::Keypad => {
            talk.say(words("  请在 10 秒内按一下呼叫器的键……", "press a key of the keypad within 10 s …"));
            for baud in usual(&[9_600]) {
                tell_heard(&words("呼叫器", "keypad"), &probe::ask_keypads(path, baud, addresses).await?, talk);
            }
        }
        ProbeKind::IdReader => {
            let heard = probe::ask_id_reader(path, &usual(&[115_200])).await?;
            tell_heard(&words("身份证阅读器", "reader of identity cards"), heard.as_slice(), talk);
        }
    }
    Ok(())
}

fn tell_heard(what: &Words, heard: &[Heard], talk: &mut Talk) {
    for Heard { like, baud, address } in heard {
        let (zh, en) = match address {
            Some(address) => (format!("，地址 {address}"), format!(", address {address}")),
            None => (String::new(), String::new()),
        };
        talk.say(words(
            format!("  √ {baud}{zh} 有{}回答，型号 {like}", what.zh),
            format!("a {} answers at {baud}{en}; profile {like}", what.en),
        ));
    }
    if heard.is_empty() {
        talk.say(words(format!("  * 没有{}回答", what.zh), format!("no {} answers", what.en)));
    }
}

async fn ask_printer(path: &str, speeds: &[u32], talk: &mut Talk) -> Result<(), ProbeError> {
    for &baud in speeds {
        if let Some(answer) = probe::ask_printer(path, baud).await? {
            let name = probe::printer_name(path, baud).await?;
            let name = name.map(|name| format!(": {name}")).unwrap_or_default();
            talk.say(format_args!(
                "  √ {}",
                words(format!("{baud} 打印机有回答{name}"), format!("a printer answers at {baud}{name}"))
            ));
            if let probe::Condition::Fault(fault) = answer.state.condition() {
                talk.say(format_args!("  ! {}", printer::fault_words(fault)));
            }
            return Ok(());
        }
    }
    let tried: Vec<_> = speeds.iter().map(u32::to_string).collect();
    let tried = tried.join(", ");
    talk.say(format_args!(
        "  * {}",
        words(
            format!("{tried} 都没有打印机回答；很多打印机从不回答，用 jiaohao doctor printer {path} 试打"),
            format!("no printer answers at {tried}; many never do: try jiaohao doctor printer {path}"),
        )
    ));
    Ok(())
}
