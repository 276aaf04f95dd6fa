//! The pictures of the README, made anew by a scripted hall.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

/// Runs `jiaohao hall --scripted` and puts its windows and one ticket into `assets/pictures/`.
pub(crate) fn make(root: &Path) -> Result<()> {
    let data = root.join("target/pictures");
    if data.exists() {
        fs::remove_dir_all(&data).with_context(|| format!("emptying {}", data.display()))?;
    }
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(cargo)
        .current_dir(root)
        .args(["run", "--quiet", "--package", "jiaohao", "--", "hall", "--headless"])
        .args(["--scripted", "60", "--speed", "20", "--seed", "7", "--listen", "127.0.0.1:0", "--data"])
        .arg(&data)
        .status()
        .context("running a scripted hall")?;
    if !status.success() {
        bail!("the scripted hall ended with {status}");
    }
    let pictures = root.join("assets/pictures");
    fs::create_dir_all(&pictures).with_context(|| format!("creating {}", pictures.display()))?;
    for (from, to) in [
        ("windows/kiosk.png", "kiosk.png"),
        ("windows/teller.png", "teller.png"),
        ("windows/screen.png", "screen.png"),
        ("tickets/A012.png", "ticket.png"),
    ] {
        let (from, to) = (data.join("out").join(from), pictures.join(to));
        fs::copy(&from, &to).with_context(|| format!("copying {} to {}", from.display(), to.display()))?;
        println!("{}", to.display());
    }
    Ok(())
}
