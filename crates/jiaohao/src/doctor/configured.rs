//! The devices of a configuration that stand at real ports.

use std::path::PathBuf;

use anyhow::anyhow;
use wire::{DeviceProfile, DeviceSpec};

use crate::cli::DoctorDevicesArgs;
use crate::failure::Failure;
use crate::setup::{CONFIG, data_dir, read_config};
use crate::virtual_devices::VIRTUAL;

/// The devices that are asked for, of those that `is_wanted`; `what` they are is told where there are none.
///
/// # Errors
/// The configuration has mistakes, a name is nobody's, or there is no such device.
pub(super) fn devices(
    args: &DoctorDevicesArgs,
    what: &str,
    is_wanted: impl Fn(&DeviceProfile) -> bool,
) -> Result<Vec<DeviceSpec>, Failure> {
    let data = data_dir(args.data.as_deref()).map_err(Failure::Input)?;
    let path: PathBuf = args.config.clone().unwrap_or_else(|| data.join(CONFIG));
    let config = read_config(&path, &data).map_err(Failure::Input)?;
    let of_kind: Vec<DeviceSpec> = config.devices.into_iter().filter(|device| is_wanted(&device.profile)).collect();
    let real: Vec<DeviceSpec> = of_kind.iter().filter(|device| device.port != VIRTUAL).cloned().collect();
    let known: Vec<&str> = real.iter().map(|device| device.name.as_str()).collect();
    if let Some(name) = args.names.iter().find(|name| !known.contains(&name.as_str())) {
        let known = known.join(", ");
        return Err(Failure::Input(anyhow!("{name} is no {what} with a real port; {} has: {known}", path.display())));
    }
    if real.is_empty() {
        let virtually = of_kind.len();
        let path = path.display();
        return Err(Failure::Input(anyhow!(
            "{path} has no {what} with a real port ({virtually} virtual): write its port into [[device]]; jiaohao doctor \
             ports lists what there is"
        )));
    }
    Ok(real.into_iter().filter(|device| args.names.is_empty() || args.names.contains(&device.name)).collect())
}
