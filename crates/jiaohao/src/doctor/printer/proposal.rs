//! From what was learnt to a profile with a name: one of the built-in ones, or a file of the site's own.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow, bail};
use wire::{DeviceProfile, PrinterProfile};

/// The profile a conversation begins with, and the file whose comments a new one gets.
pub(in crate::doctor) const BASE: &str = "generic-80";

/// The printer profile of a name: the site's own before a built-in one.
///
/// # Errors
/// There is none, it has mistakes, or it is no printer's.
pub(in crate::doctor) fn profile(data: &Path, name: &str) -> anyhow::Result<PrinterProfile> {
    let own = file_of(data, name);
    let text = match fs::read_to_string(&own) {
        Ok(text) => text,
        Err(_) => built_in(name).map(str::to_owned).with_context(|| unknown(data, name))?,
    };
    match config::parse_profile(&format!("devices/{name}.toml"), &text) {
        Ok(DeviceProfile::EscposPrinter(profile)) => Ok(profile),
        Ok(_) => bail!("the profile {name} is no printer's; {}", unknown(data, name)),
        Err(errors) => {
            let lines: Vec<_> = errors.iter().map(ToString::to_string).collect();
            Err(anyhow!("the profile {name} has mistakes\n{}", lines.join("\n")))
        }
    }
}

/// The built-in profile that says exactly this; of twins the one the conversation began with.
pub(super) fn exact_fit(profile: &PrinterProfile, began_with: &str) -> Option<&'static str> {
    let is_it = |(name, text): &&(&'static str, &'static str)| matches!(config::parse_profile(name, text), Ok(DeviceProfile::EscposPrinter(known)) if known == *profile);
    let mut fitting = config::BUILT_IN.iter().filter(is_it).map(|(name, _)| *name);
    let first = fitting.next()?;
    Some(fitting.find(|name| *name == began_with).unwrap_or(first))
}

/// Whether a new profile may have this name.
///
/// # Errors
/// Why not.
pub(super) fn check_name(data: &Path, name: &str) -> anyhow::Result<()> {
    let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if name.is_empty() || name.starts_with('-') || !name.chars().all(is_plain) {
        bail!("--name {name:?}: write small letters, figures and -, such as site-printer");
    }
    if built_in(name).is_some() {
        bail!("--name {name}: a built-in profile has this name; choose another");
    }
    let file = file_of(data, name);
    if file.exists() {
        bail!("--name {name}: {} is there already; choose another name, or remove it", file.display());
    }
    Ok(())
}

/// A name that nothing has yet.
pub(super) fn free_name(data: &Path) -> String {
    let names = std::iter::once("site-printer".to_owned()).chain((2..).map(|n: u32| format!("site-printer-{n}")));
    names.into_iter().find(|name| !file_of(data, name).exists()).unwrap_or_default()
}

/// Writes the site's own profile and gives its path.
///
/// # Errors
/// The file cannot be written, or what was learnt is no profile.
pub(super) fn write(data: &Path, name: &str, port: &str, profile: &PrinterProfile) -> anyhow::Result<PathBuf> {
    let text = text_of(port, profile)?;
    match config::parse_profile(name, &text) {
        Ok(DeviceProfile::EscposPrinter(read)) if read == *profile => {}
        Ok(_) => bail!("the profile {name} would not say what was learnt"),
        Err(errors) => {
            let lines: Vec<_> = errors.iter().map(ToString::to_string).collect();
            bail!("what was learnt is no profile: {}", lines.join("; "));
        }
    }
    let file = file_of(data, name);
    let act = || format!("writing {}", file.display());
    fs::create_dir_all(data.join("devices")).with_context(act)?;
    fs::write(&file, text).with_context(act)?;
    Ok(file)
}

/// The profile as a file, with the comments of the built-in ones.
fn text_of(port: &str, profile: &PrinterProfile) -> anyhow::Result<String> {
    let values = toml::Table::try_from(profile).context("writing the profile")?;
    let mut text =
        format!("# 由 jiaohao doctor printer 在 {port} 上试出\n# Found by jiaohao doctor printer at {port}.\n");
    let template = built_in(BASE).context("the template of profiles")?;
    let mut rest = values.clone();
    for line in template.lines().skip_while(|line| line.starts_with('#')) {
        let key = line.split_once(" = ").map(|(key, _)| key).filter(|key| !key.starts_with('#'));
        match key.and_then(|key| values.get(key).map(|value| (key, value))) {
            Some((key, value)) => {
                rest.remove(key);
                text.push_str(&format!("{key} = {value}\n"));
            }
            // What was tried is no question any more.
            None => text.push_str(&format!("{}\n", line.trim_end_matches(" ?"))),
        }
    }
    // What the template leaves to its default.
    rest.iter().for_each(|(key, value)| text.push_str(&format!("{key} = {value}\n")));
    Ok(text)
}

fn built_in(name: &str) -> Option<&'static str> {
    config::BUILT_IN.iter().find(|(known, _)| *known == name).map(|(_, text)| *text)
}

fn file_of(data: &Path, name: &str) -> PathBuf {
    data.join("devices").join(format!("{name}.toml"))
}

fn unknown(data: &Path, name: &str) -> String {
    let printers = config::BUILT_IN
        .iter()
        .filter(|(name, text)| matches!(config::parse_profile(name, text), Ok(DeviceProfile::EscposPrinter(_))));
    let names: Vec<_> = printers.map(|(name, _)| *name).collect();
    let own = file_of(data, name);
    format!(
        "there is no printer profile {name}: built in are {}; your own would be {}",
        names.join(", "),
        own.display()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printers() -> Vec<(&'static str, PrinterProfile)> {
        let nowhere = Path::new("/nonexistent");
        config::BUILT_IN.iter().filter_map(|(name, _)| Some((*name, profile(nowhere, name).ok()?))).collect()
    }

    #[test]
    fn a_built_in_profile_is_found_again_by_what_it_says() {
        for (name, profile) in printers() {
            assert_eq!(exact_fit(&profile, name), Some(name));
        }
        let (_, mut other) = printers().remove(0);
        other.feed_before_cut_mm = 59;
        assert_eq!(exact_fit(&other, BASE), None);
    }

    #[test]
    fn what_is_written_is_a_profile_that_says_the_same_with_comments() {
        for (name, told) in printers() {
            let text = text_of("/dev/ttyUSB0", &told).unwrap();
            assert_eq!(config::parse_profile(name, &text).unwrap(), DeviceProfile::EscposPrinter(told));
            assert!(text.contains("# 切纸命令") && text.contains("/dev/ttyUSB0") && !text.contains(" ?\n"), "{text}");
        }
    }

    #[test]
    fn a_name_is_plain_and_new() {
        let data = std::env::temp_dir().join(format!("jiaohao-proposal-{}", std::process::id()));
        let (_, told) = printers().remove(0);
        assert_eq!(free_name(&data), "site-printer");
        write(&data, "site-printer", "p", &told).unwrap();
        assert_eq!(profile(&data, "site-printer").unwrap(), told);
        assert_eq!(free_name(&data), "site-printer-2");
        let wrong = [("site-printer", "there already"), ("sprt-sp", "built-in"), ("../x", "letters"), ("", "letters")];
        for (name, why) in wrong {
            let error = check_name(&data, name).unwrap_err().to_string();
            assert!(error.contains(why), "{error}");
        }
        fs::remove_dir_all(data).unwrap();
    }

    #[test]
    fn what_is_no_printer_is_refused_with_the_printers_there_are() {
        for name in ["keypad-huajiaoqi", "no-such"] {
            let error = format!("{:#}", profile(Path::new("/nonexistent"), name).unwrap_err());
            assert!(error.contains("xprinter-80") && !error.contains("scanner"), "{error}");
        }
    }
}
