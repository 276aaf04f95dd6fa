//! Which ports this computer has, what leads to them, and who has them.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{FileTypeExt, MetadataExt};
use std::path::{Path, PathBuf};

use rustix::fs::{Access, access};
use serialport::SerialPortType;

/// Folders whose links name a port by where it is plugged in, or by what it is; the best name first.
const NAMES: [&str; 3] = ["jiaohao/by-path", "serial/by-path", "serial/by-id"];

/// Where the system tells of devices and processes: `/`, but in tests.
#[derive(Clone, Debug)]
pub struct Roots {
    /// `/dev`
    pub dev: PathBuf,
    /// `/sys`
    pub sys: PathBuf,
    /// `/proc`
    pub proc: PathBuf,
    /// `/etc/group`
    pub groups: PathBuf,
}

impl Default for Roots {
    fn default() -> Self {
        Self { dev: "/dev".into(), sys: "/sys".into(), proc: "/proc".into(), groups: "/etc/group".into() }
    }
}

/// A port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PortFound {
    /// What it is called today; the number may change when it is plugged in again.
    pub path: String,
    /// The names that lead to it and stay, the best first.
    pub names: Vec<String>,
    /// What it is plugged in by, if by USB.
    pub usb: Option<Usb>,
    /// The kernel's driver.
    pub driver: Option<String>,
    /// A printer port `/dev/usb/lp*`, which is no serial port.
    pub is_printer_file: bool,
    /// Whether this user may read and write it.
    pub is_allowed: bool,
    /// The group that may.
    pub group: Option<String>,
    /// Who has it open, as far as this user may see.
    pub holders: Vec<Holder>,
}

/// What a USB adapter says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Usb {
    /// Vendor.
    pub vendor: u16,
    /// Product.
    pub product: u16,
    /// Its own words.
    pub words: String,
    /// The chip, where it is one of the common ones.
    pub chip: Option<&'static str>,
}

/// A process that has a port open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// Its number.
    pub pid: u32,
    /// Its name.
    pub name: String,
}

/// Every serial port and every USB printer port.
pub fn list(roots: &Roots) -> Vec<PortFound> {
    let mut found = BTreeMap::new();
    // The enumeration takes this folder for granted.
    if roots.sys.join("class/tty").is_dir() {
        for port in serialport::available_ports().unwrap_or_default() {
            let is_usb = matches!(port.port_type, SerialPortType::UsbPort(_));
            if is_usb || is_real(roots, &port.port_name) {
                found.insert(port.port_name, port.port_type);
            }
        }
    }
    let mut ports: Vec<PortFound> = found.into_iter().map(|(path, kind)| look_at(roots, &path, Some(kind))).collect();
    ports.extend(printer_files(roots).iter().map(|path| look_at(roots, path, None)));
    ports
}

/// What there is to say of one port, by whichever name; nothing when it is not there.
pub fn describe(roots: &Roots, path: &str) -> Option<PortFound> {
    let real = fs::canonicalize(path).ok()?;
    let is_device = fs::metadata(&real).is_ok_and(|meta| meta.file_type().is_char_device());
    if !is_device {
        return None;
    }
    let real = real.display().to_string();
    let known = list(roots).into_iter().find(|port| port.path == real);
    Some(known.unwrap_or_else(|| look_at(roots, &real, None)))
}

fn look_at(roots: &Roots, path: &str, kind: Option<SerialPortType>) -> PortFound {
    let usb = match kind {
        Some(SerialPortType::UsbPort(usb)) => Some(Usb {
            vendor: usb.vid,
            product: usb.pid,
            words: [usb.manufacturer, usb.product].into_iter().flatten().collect::<Vec<_>>().join(" "),
            chip: chip(usb.vid, usb.pid),
        }),
        Some(SerialPortType::PciPort | SerialPortType::BluetoothPort | SerialPortType::Unknown) | None => None,
    };
    PortFound {
        path: path.to_owned(),
        names: names_of(roots, path),
        usb,
        driver: driver_of(roots, path),
        is_printer_file: Path::new(path).starts_with(roots.dev.join("usb")),
        is_allowed: access(path, Access::READ_OK | Access::WRITE_OK).is_ok(),
        group: group_of(roots, path),
        holders: holders_of(roots, path),
    }
}

/// The kernel lists four to 32 `ttyS`, and says of those without a chip that their kind is 0.
fn is_real(roots: &Roots, path: &str) -> bool {
    let Some(name) = Path::new(path).file_name() else { return false };
    let kind = fs::read_to_string(roots.sys.join("class/tty").join(name).join("type"));
    !kind.is_ok_and(|kind| kind.trim() == "0")
}

fn printer_files(roots: &Roots) -> Vec<String> {
    let mut files: Vec<String> = entries(&roots.dev.join("usb"))
        .into_iter()
        .filter(|path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("lp")))
        .map(|path| path.display().to_string())
        .collect();
    files.sort();
    files
}

fn names_of(roots: &Roots, path: &str) -> Vec<String> {
    let leads_here = |link: &PathBuf| fs::canonicalize(link).is_ok_and(|to| to == Path::new(path));
    let in_folder = |folder: &str| {
        let mut links = entries(&roots.dev.join(folder));
        links.retain(leads_here);
        links.sort();
        links
    };
    NAMES.into_iter().flat_map(in_folder).map(|link| link.display().to_string()).collect()
}

fn driver_of(roots: &Roots, path: &str) -> Option<String> {
    let name = Path::new(path).file_name()?;
    let class = |class: &str| fs::canonicalize(roots.sys.join("class").join(class).join(name).join("device"));
    let device = class("tty").or_else(|_| class("usbmisc")).ok()?;
    // Of a built-in port the kernel puts two of its own between the device and the hardware.
    let above = device.ancestors().take(3);
    let mut drivers = above.filter_map(|device| fs::canonicalize(device.join("driver")).ok());
    let driver = drivers.find(|driver| !driver.ends_with("port") && !driver.ends_with("ctrl"))?;
    Some(driver.file_name()?.to_string_lossy().into_owned())
}

fn group_of(roots: &Roots, path: &str) -> Option<String> {
    let id = fs::metadata(path).ok()?.gid().to_string();
    let groups = fs::read_to_string(&roots.groups).ok()?;
    let mut lines = groups.lines().map(|line| line.split(':').collect::<Vec<_>>());
    lines.find(|fields| fields.get(2) == Some(&id.as_str()))?.first().map(|name| (*name).to_owned())
}

fn holders_of(roots: &Roots, path: &str) -> Vec<Holder> {
    let mut holders = Vec::new();
    for process in entries(&roots.proc) {
        let pid = process.file_name().and_then(|name| name.to_str()).and_then(|name| name.parse().ok());
        let Some(pid) = pid.filter(|pid| *pid != std::process::id()) else { continue };
        // Of other users' processes only root sees what they have open.
        let has_it = entries(&process.join("fd"))
            .into_iter()
            .any(|descriptor| fs::read_link(descriptor).is_ok_and(|file| file == Path::new(path)));
        if has_it {
            let name = fs::read_to_string(process.join("comm")).unwrap_or_default().trim().to_owned();
            holders.push(Holder { pid, name });
        }
    }
    holders.sort_by_key(|holder| holder.pid);
    holders
}

/// What a folder holds; nothing when there is none or it may not be read.
fn entries(folder: &Path) -> Vec<PathBuf> {
    fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect()
}

/// The chips of common adapters (the Linux USB id list). CH340 and PL2303 have no serial number, so two of them cannot be
/// told apart by `by-id`.
fn chip(vendor: u16, product: u16) -> Option<&'static str> {
    match (vendor, product) {
        (0x1A86, 0x7523 | 0x5523) => Some("CH340"),
        (0x1A86, 0x7522) => Some("CH340K"),
        (0x1A86, 0x55D3 | 0x55D4) => Some("CH343 / CH9102"),
        (0x067B, 0x2303 | 0x23A3..=0x23D3) => Some("PL2303"),
        (0x0403, 0x6001) => Some("FTDI FT232R"),
        (0x0403, 0x6010) => Some("FTDI FT2232"),
        (0x0403, 0x6011) => Some("FTDI FT4232"),
        (0x0403, 0x6015) => Some("FTDI FT230X"),
        (0x10C4, 0xEA60) => Some("CP2102"),
        (0x10C4, 0xEA71) => Some("CP2108"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::fs::{create_dir_all, write};
    use std::os::unix::fs::symlink;

    use super::*;

    fn roots(folder: &Path) -> Roots {
        Roots {
            dev: folder.join("dev"),
            sys: folder.join("sys"),
            proc: folder.join("proc"),
            groups: folder.join("group"),
        }
    }

    #[test]
    fn a_port_is_told_with_its_lasting_names_driver_group_and_holder() {
        let folder = tempfile::tempdir().unwrap();
        let roots = roots(folder.path());
        let port = roots.dev.join("ttyUSB0");
        for dir in ["dev/serial/by-path", "dev/serial/by-id", "dev/jiaohao/by-path", "proc/77/fd", "proc/self"] {
            create_dir_all(folder.path().join(dir)).unwrap();
        }
        create_dir_all(roots.sys.join("class/tty/ttyUSB0/device")).unwrap();
        create_dir_all(roots.sys.join("drivers/ch341-uart")).unwrap();
        symlink(roots.sys.join("drivers/ch341-uart"), roots.sys.join("class/tty/ttyUSB0/device/driver")).unwrap();
        write(&port, "").unwrap();
        symlink("../../ttyUSB0", roots.dev.join("serial/by-path/pci-usb-0:3")).unwrap();
        symlink("../../ttyUSB1", roots.dev.join("serial/by-path/pci-usb-0:4")).unwrap();
        symlink("../../ttyUSB0", roots.dev.join("jiaohao/by-path/usb-3")).unwrap();
        symlink(&port, roots.proc.join("77/fd/5")).unwrap();
        write(roots.proc.join("77/comm"), "minicom\n").unwrap();
        let gid = fs::metadata(&port).unwrap().gid();
        write(&roots.groups, format!("nobody:x:99999:\ndialout:x:{gid}:\n")).unwrap();

        let found = look_at(&roots, &port.display().to_string(), None);
        let names: Vec<_> = found.names.iter().map(|name| name.rsplit('/').next().unwrap()).collect();
        assert_eq!(names, ["usb-3", "pci-usb-0:3"]);
        assert_eq!(found.driver.as_deref(), Some("ch341-uart"));
        assert_eq!(found.group.as_deref(), Some("dialout"));
        assert_eq!(found.holders, [Holder { pid: 77, name: "minicom".to_owned() }]);
        assert!(found.is_allowed && !found.is_printer_file);
    }

    #[test]
    fn a_socket_without_a_chip_is_no_port_and_a_usb_printer_is_one_of_another_kind() {
        let folder = tempfile::tempdir().unwrap();
        let roots = roots(folder.path());
        for (name, kind) in [("ttyS0", "4\n"), ("ttyS1", "0\n")] {
            create_dir_all(roots.sys.join("class/tty").join(name)).unwrap();
            write(roots.sys.join("class/tty").join(name).join("type"), kind).unwrap();
        }
        assert!(is_real(&roots, "/dev/ttyS0") && is_real(&roots, "/dev/ttyAMA0") && !is_real(&roots, "/dev/ttyS1"));
        create_dir_all(roots.dev.join("usb")).unwrap();
        for name in ["lp1", "lp0", "hiddev0"] {
            write(roots.dev.join("usb").join(name), "").unwrap();
        }
        let files = printer_files(&roots);
        assert_eq!(files.len(), 2);
        assert!(files[0].ends_with("usb/lp0") && look_at(&roots, &files[0], None).is_printer_file);
    }

    #[test]
    fn what_is_no_device_is_no_port() {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path().join("file"), "").unwrap();
        let at = |name: &str| describe(&roots(folder.path()), &folder.path().join(name).display().to_string());
        assert_eq!((at("file"), at("nothing")), (None, None));
    }

    #[test]
    fn common_chips_have_their_names() {
        assert_eq!(chip(0x1A86, 0x7523), Some("CH340"));
        assert_eq!(chip(0x067B, 0x23C3), Some("PL2303"));
        assert_eq!(chip(0x04B8, 0x0202), None);
    }
}
