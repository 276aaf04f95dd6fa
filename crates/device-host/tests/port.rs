//! The port over pseudo-terminals: hang-up, stall, opening again, exclusive use.

use std::fs::File;
use std::io::{Read, Write};
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use device_host::port::{OpenError, Port, PortSettings};
use rustix::fs::{CWD, Mode, mkfifoat};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use tokio::time::timeout;
use wire::Flow;

const SOON: Duration = Duration::from_secs(5);

/// The device's end of a line, plugged in behind a stable path.
struct Line {
    device: File,
    link: PathBuf,
}

impl Line {
    fn plug(link: &Path) -> Self {
        let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("a pseudo-terminal");
        grantpt(&master).expect("granting it");
        unlockpt(&master).expect("unlocking it");
        let name = ptsname(&master, Vec::new()).expect("its name").into_string().expect("a name in UTF-8");
        std::fs::remove_file(link).ok();
        symlink(name, link).expect("linking it");
        Self { device: File::from(master), link: link.to_owned() }
    }

    fn settings(&self) -> PortSettings {
        PortSettings { path: self.link.to_string_lossy().into_owned(), baud: 19_200, flow: Flow::None }
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        std::fs::remove_file(&self.link).ok();
    }
}

fn a_link(name: &str) -> PathBuf {
    std::env::temp_dir().join(format!("jiaohao-port-{}-{name}", std::process::id()))
}

#[tokio::test]
async fn bytes_go_both_ways_unchanged() {
    let mut line = Line::plug(&a_link("both-ways"));
    let port = Port::open(&line.settings()).await.unwrap();
    // Every byte that a terminal not in raw mode would change.
    let special: Vec<u8> = (0..=255).collect();
    assert_eq!(port.write(&special).await.unwrap(), 256);
    let mut heard = vec![0; 256];
    line.device.read_exact(&mut heard).unwrap();
    assert_eq!(heard, special);
    line.device.write_all(&[0x0A, 0x0D, 0x00, 0x11]).unwrap();
    let mut buffer = [0; 16];
    let count = timeout(SOON, port.read(&mut buffer)).await.unwrap().unwrap();
    assert_eq!(buffer[..count], [0x0A, 0x0D, 0x00, 0x11]);
}

#[tokio::test]
async fn unplugging_ends_reading_and_writing_at_once() {
    let line = Line::plug(&a_link("unplugged"));
    let port = Port::open(&line.settings()).await.unwrap();
    drop(line);
    let mut buffer = [0; 16];
    timeout(SOON, port.read(&mut buffer)).await.expect("reading went on").unwrap_err();
    timeout(SOON, port.write(b"x")).await.expect("writing went on").unwrap_err();
}

#[tokio::test]
async fn a_stalled_device_blocks_neither_the_runtime_nor_the_closing() {
    let line = Line::plug(&a_link("stalled"));
    let port = Port::open(&line.settings()).await.unwrap();
    let piece = [b'x'; 4096];
    let mut taken = 0;
    // This runtime has one thread: a blocking write would never come to the timeout.
    while let Ok(count) = timeout(Duration::from_millis(200), port.write(&piece)).await {
        taken += count.unwrap();
        assert!(taken < 1 << 20, "it never stalled");
    }
    assert!(taken > 0);
    timeout(SOON, port.close()).await.expect("closing waited for the device");
}

#[tokio::test]
async fn a_port_is_found_again_behind_its_stable_path() {
    let link = a_link("again");
    let line = Line::plug(&link);
    let settings = line.settings();
    let port = Port::open(&settings).await.unwrap();
    drop(line);
    port.close().await;
    assert!(matches!(Port::open(&settings).await, Err(OpenError::Missing { .. })));
    let mut line = Line::plug(&link);
    let port = Port::open(&settings).await.unwrap();
    port.write(b"back").await.unwrap();
    let mut heard = [0; 4];
    line.device.read_exact(&mut heard).unwrap();
    assert_eq!(&heard, b"back");
}

#[tokio::test]
async fn a_closed_port_can_be_opened_again_and_an_open_one_cannot() {
    let line = Line::plug(&a_link("exclusive"));
    let port = Port::open(&line.settings()).await.unwrap();
    let second = Port::open(&line.settings()).await;
    assert!(matches!(second, Err(OpenError::Busy { .. })), "{second:?}");
    port.close().await;
    Port::open(&line.settings()).await.unwrap();
}

#[tokio::test]
async fn what_a_stalled_device_did_not_take_is_not_sent_later() {
    let mut line = Line::plug(&a_link("backlog"));
    let port = Port::open(&line.settings()).await.unwrap();
    let piece = [b'x'; 4096];
    while timeout(Duration::from_millis(100), port.write(&piece)).await.is_ok() {}
    port.close().await;
    let port = Port::open(&line.settings()).await.unwrap();
    // What the pseudo-terminal had already handed over is the device's; read it away.
    let began = Instant::now();
    rustix::io::ioctl_fionbio(&line.device, true).unwrap();
    let mut buffer = [0; 4096];
    while line.device.read(&mut buffer).is_ok_and(|count| count > 0) {
        assert!(began.elapsed() < SOON, "the backlog has no end");
    }
    port.write(b"new").await.unwrap();
    rustix::io::ioctl_fionbio(&line.device, false).unwrap();
    let count = line.device.read(&mut buffer).unwrap();
    assert_eq!(&buffer[..count], b"new");
}

#[tokio::test]
async fn something_that_is_no_port_is_refused() {
    let path = a_link("file");
    std::fs::write(&path, "no terminal").unwrap();
    let settings = PortSettings { path: path.to_str().unwrap().to_owned(), baud: 9_600, flow: Flow::None };
    assert!(matches!(Port::open(&settings).await, Err(OpenError::Open { .. })));
    std::fs::remove_file(&path).unwrap();
}

#[tokio::test]
async fn a_usb_printers_raw_file_is_written_without_a_line_to_configure_and_is_ours_alone() {
    let path = a_link("raw");
    std::fs::remove_file(&path).ok();
    mkfifoat(CWD, &path, Mode::RUSR | Mode::WUSR).expect("a pipe");
    let settings = PortSettings { path: path.to_string_lossy().into_owned(), baud: 9_600, flow: Flow::None };
    let port = Port::open(&settings).await.expect("it opens");
    assert!(matches!(Port::open(&settings).await, Err(OpenError::Busy { .. })));
    assert_eq!(port.write(b"A001").await.unwrap(), 4);
    // A pipe opened both ways gives back what was written.
    let mut buffer = [0; 16];
    let count = timeout(SOON, port.read(&mut buffer)).await.unwrap().unwrap();
    assert_eq!(&buffer[..count], b"A001");
    port.close().await;
    Port::open(&settings).await.expect("it is free again").close().await;
    std::fs::remove_file(&path).expect("the pipe");
}
