//! Why a port cannot be used, and what to do.

use device_host::port::OpenError;
use device_host::probe::{ProbeError, Roots, describe};

use super::words::{Words, words};

/// What is wrong with a port, with its mend.
pub(super) fn trouble(path: &str, error: &ProbeError) -> Words {
    match error {
        ProbeError::Open(OpenError::Missing { .. }) => words(
            format!("{path} 不存在：查连线和电源；现有端口见 jiaohao doctor ports"),
            format!("{path} is not there: check cable and power; jiaohao doctor ports lists what is"),
        ),
        ProbeError::Open(OpenError::Busy { .. }) => {
            let who = holders(path);
            words(
                format!("{path} 被别的程序占用{who}：先停掉它（例如正在运行的营业厅），再来"),
                format!("{path} is used by another program{who}: end it first, perhaps the running hall"),
            )
        }
        ProbeError::Open(OpenError::Open { source, .. }) if source.kind() == std::io::ErrorKind::PermissionDenied => {
            let mend = permission_mend(&group(path));
            words(
                format!("{path} 没有权限：{mend}，然后重新登录"),
                format!("{path} is not allowed: {mend}, then log in again"),
            )
        }
        ProbeError::Open(OpenError::Open { source, .. }) => words(
            format!("{path} 打不开，或不是串口（{source}）：USB 打印口请在打印机上改为虚拟串口"),
            format!("{path} cannot be opened, or is no serial port ({source}): switch a USB printer to virtual serial"),
        ),
        ProbeError::Gone(gone) => words(
            format!("{path} 中途断开（{}）：查 USB 线和电源", gone.source),
            format!("{path} was lost on the way ({}): check the USB cable and power", gone.source),
        ),
        ProbeError::HeldOff { .. } => words(
            format!("{path} 不收数据：打印机缺纸、开盖、脱机，或流控线没接（加 --flow none 再试）"),
            format!(
                "{path} takes no bytes: no paper, cover open, offline, or a wire for flow control is missing (try --flow none)"
            ),
        ),
    }
}

/// The command that lets this user open the ports of a group.
pub(super) fn permission_mend(group: &str) -> String {
    format!("sudo usermod -aG {group} $USER")
}

/// The group that may open ports where none is known.
pub(super) const DIALOUT: &str = "dialout";

fn group(path: &str) -> String {
    let group = describe(&Roots::default(), path).and_then(|port| port.group);
    // Root's own group is for nobody else.
    group.filter(|group| group != "root").unwrap_or_else(|| DIALOUT.to_owned())
}

fn holders(path: &str) -> String {
    let holders = describe(&Roots::default(), path).map(|port| port.holders).unwrap_or_default();
    let names: Vec<_> = holders.iter().map(|holder| format!("{} ({})", holder.name, holder.pid)).collect();
    if names.is_empty() { String::new() } else { format!(" {}", names.join(", ")) }
}
