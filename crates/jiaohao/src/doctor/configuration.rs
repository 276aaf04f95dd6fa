//! `doctor` without a word: is the configuration what the hall is meant to be, and the machine what a hall needs?

use std::io::ErrorKind;
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;

use config::{HallConfig, check_report};

use super::machine;
use crate::cli::DoctorArgs;
use crate::failure::Failure;
use crate::setup::{CONFIG, data_dir, read_config};
use crate::virtual_devices::VIRTUAL;

/// Checks a configuration and prints what was found.
pub(super) fn run(args: &DoctorArgs) -> Result<(), Failure> {
    let data = data_dir(args.data.as_deref())?;
    let path: PathBuf = args.config.clone().unwrap_or_else(|| data.join(CONFIG));
    let config = read_config(&path, &data).map_err(Failure::Input)?;
    println!("{}: {}", path.display(), config.rules.names.zh);
    for finding in check_report(&config) {
        println!("  {finding}");
    }
    let broken = ports(&config);
    speech(&config);
    println!("  √ 配置可用  /  the configuration can be used");
    let broken = broken + machine::check(&data);
    if broken == 0 {
        Ok(())
    } else {
        let text = format!("{broken} of ports and machine have to be mended; see the lines with × above");
        Err(Failure::Input(anyhow::anyhow!(text)))
    }
}

/// Tries each real port; how many cannot be used.
fn ports(config: &HallConfig) -> usize {
    let mut broken = 0;
    for device in config.devices.iter().filter(|device| device.port != VIRTUAL) {
        let (name, port) = (&device.name, &device.port);
        // Opened for a moment and not written to: a printer must not print because somebody looks.
        match std::fs::OpenOptions::new().read(true).write(true).custom_flags(NO_WAIT).open(port) {
            Ok(_) => println!("  √ {name}: {port} 可用  /  can be opened"),
            Err(error) if error.kind() == ErrorKind::ResourceBusy => {
                println!(
                    "  √ {name}: {port} 正在使用（营业厅在运行时属正常）  /  in use, as it is while the hall runs"
                );
            }
            Err(error) => {
                broken += 1;
                println!(
                    "  × {name}: {port} 不可用，请检查连线、路径和权限  /  {error}: check cable, path and permissions"
                );
            }
        }
    }
    broken
}

/// Whether kiosks that are to speak could do so on this machine. One that stands elsewhere may, so nothing here is a fault.
fn speech(config: &HallConfig) {
    for kiosk in config.kiosks.iter().filter(|kiosk| kiosk.rules.speech != wire::Speech::Off) {
        match kiosk::speech::Programs::find() {
            Ok(_) => println!("  √ {}: 本机可以朗读  /  can speak on this machine", kiosk.name),
            Err(missing) => println!("  ! {}: 本机不能朗读  /  on this machine, {missing}", kiosk.name),
        }
    }
}

/// `O_NONBLOCK | O_NOCTTY`: a modem line without carrier would block the opening, and a terminal would take over this process.
const NO_WAIT: i32 = 0o4000 | 0o400;
