//! What a hall needs before it can start: its directory, configuration and secrets.

use std::collections::BTreeMap;
use std::fs;
use std::io::{ErrorKind, Write};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, anyhow, bail};
use broker::{Access, OnlineDirectory, Premises, SignRules};
use config::{HallConfig, ProfileSource};
use wire::DeviceSpec;

use crate::access::Secrets;

/// The configuration's name in the data directory.
pub const CONFIG: &str = "hall.toml";

/// A hall ready to start.
pub struct Setup {
    /// Where its state lives.
    pub data: PathBuf,
    /// Its configuration.
    pub config: HallConfig,
    /// Its tokens and PINs.
    pub secrets: Secrets,
    /// Where to listen.
    pub listen: SocketAddr,
    /// Whom to ask who a customer is.
    pub directory: Option<OnlineDirectory>,
}

impl Setup {
    /// Reads, and at the first start writes, what a hall needs.
    ///
    /// # Errors
    /// Something is missing or wrong; the text names the place and the mend.
    pub fn prepare(data: Option<&Path>, config: Option<&Path>, listen: Option<SocketAddr>) -> anyhow::Result<Self> {
        let data = data_dir(data)?;
        fs::create_dir_all(&data).with_context(|| {
            format!("creating the data directory {}; choose a place you may write to with --data", data.display())
        })?;
        let path = match config {
            Some(path) => path.to_owned(),
            None => {
                let path = data.join(CONFIG);
                write_sample(&path)?;
                path
            }
        };
        let config = read_config(&path, &data)?;
        let kiosks = config.kiosks.iter().map(|kiosk| kiosk.name.as_str());
        let secrets = Secrets::of_hall(&data, &config.rules.tellers, kiosks)?;
        let listen = listen.or(config.listen).unwrap_or(SocketAddr::from(([127, 0, 0, 1], 8080)));
        let directory = online_directory(&config.directory, &data)?;
        Ok(Self { data, config, secrets, listen, directory })
    }

    /// What the broker has to know beside the rules. `devices` have real paths for ports by now.
    pub fn premises(&self, devices: Vec<DeviceSpec>) -> Premises {
        let config = self.config.clone();
        // The sample's address is this machine; the QR then follows wherever the broker listens.
        let elsewhere = !config.public_url.starts_with("http://127.0.0.1");
        Premises {
            time_zone: config.zone.clone(),
            languages: config.languages.iter().map(|language| tag(*language).to_owned()).collect(),
            kiosks: config.kiosks.iter().map(|kiosk| (kiosk.name.clone(), kiosk.rules.clone())).collect(),
            news: config.news.clone(),
            greetings: config.greetings.clone(),
            devices,
            public_url: elsewhere.then(|| config.public_url.clone()),
            signs: SignRules {
                greeting: config.signs.greeting,
                brightness: config.signs.brightness.iter().map(|step| (step.from_minute, step.percent)).collect(),
            },
            opens_day: config.open_day_at_start,
            directory: self.directory.clone(),
            recognise: Arc::new(move |kind, value| config.recognise(kind, value).cloned()),
        }
    }

    /// The broker's view of the secrets.
    pub fn access(&self) -> Access {
        let Secrets { token, pin, kiosk_pin } = self.secrets.clone();
        Access::new(token, pin).with_kiosk_pins(kiosk_pin)
    }
}

/// Whom `[directory]` names, with the token of its file.
fn online_directory(from: &config::Directory, data: &Path) -> anyhow::Result<Option<OnlineDirectory>> {
    let Some(url) = from.url.clone() else { return Ok(None) };
    let token = match &from.token_file {
        Some(file) => {
            let missing = "write the directory's token into it, or take token_file out of [directory]";
            let text = read_text("the directory's token", &data.join(file), missing)?;
            Some(text.trim().to_owned())
        }
        None => None,
    };
    let timeout = Duration::from_millis(u64::from(from.timeout_ms));
    let remembered = Duration::from_secs(60 * u64::from(from.cache_min));
    Ok(Some(OnlineDirectory { url, timeout, remembered, token }))
}

/// The data directory: the one given, or `jiaohao` in the XDG data directory.
///
/// # Errors
/// Neither is there a home to put it in.
pub fn data_dir(given: Option<&Path>) -> anyhow::Result<PathBuf> {
    if let Some(dir) = given {
        return Ok(dir.to_owned());
    }
    let set = |name| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    set("XDG_DATA_HOME")
        .or_else(|| set("HOME").map(|home| home.join(".local/share")))
        .map(|base| base.join("jiaohao"))
        .ok_or_else(|| anyhow!("neither XDG_DATA_HOME nor HOME is set; say where state lives with --data DIR"))
}

/// Reads and checks a configuration. Device profiles of the site lie in `DIR/devices/`.
///
/// # Errors
/// Every mistake in it, each with line, column and mend.
pub fn read_config(path: &Path, data: &Path) -> anyhow::Result<HallConfig> {
    let text = read_text(
        "the configuration",
        path,
        "name a hall's file; a commented sample is written to DIR/hall.toml when a hall starts without --config",
    )?;
    let profiles = ProfileSource::with_site(site_profiles(&data.join("devices"))?);
    config::parse(&path.display().to_string(), &text, &profiles).map_err(|errors| {
        let lines: Vec<_> = errors.iter().map(ToString::to_string).collect();
        anyhow!("the configuration has {} to mend; nothing was started\n{}", count(lines.len()), lines.join("\n"))
    })
}

/// Reads a file that is text. `missing` says what to do when there is none.
///
/// # Errors
/// The system's words with the mend; where text ends and other bytes begin.
pub(crate) fn read_text(what: &str, path: &Path, missing: &str) -> anyhow::Result<String> {
    text_of(what, path, read_bytes(what, path, missing)?)
}

/// Reads a file. `missing` says what to do when there is none.
///
/// # Errors
/// The system's words with the mend.
pub(crate) fn read_bytes(what: &str, path: &Path, missing: &str) -> anyhow::Result<Vec<u8>> {
    fs::read(path).map_err(|error| {
        let kind = error.kind();
        let mend = if kind == ErrorKind::NotFound {
            missing
        } else if kind == ErrorKind::PermissionDenied {
            "let this user read it"
        } else {
            "give the path of a file"
        };
        anyhow!(error).context(format!("reading {what} {}; {mend}", path.display()))
    })
}

/// The text that a file's bytes are.
///
/// # Errors
/// Where text ends and other bytes begin.
pub(crate) fn text_of(what: &str, path: &Path, bytes: Vec<u8>) -> anyhow::Result<String> {
    String::from_utf8(bytes).map_err(|error| {
        let good = String::from_utf8_lossy(&error.as_bytes()[..error.utf8_error().valid_up_to()]);
        let line = good.matches('\n').count() + 1;
        let column = good.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        anyhow!("{}:{line}:{column}: {what} is not UTF-8 from here on; save it as UTF-8", path.display())
    })
}

fn count(mistakes: usize) -> String {
    if mistakes == 1 { "a mistake".to_owned() } else { format!("{mistakes} mistakes") }
}

fn site_profiles(dir: &Path) -> anyhow::Result<BTreeMap<String, String>> {
    let mut profiles = BTreeMap::new();
    let entries = match fs::read_dir(dir) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(profiles),
        Err(error) => return Err(error).with_context(|| format!("reading {}", dir.display())),
    };
    for entry in entries {
        let path = entry.with_context(|| format!("reading {}", dir.display()))?.path();
        if path.extension().is_some_and(|extension| extension == "toml")
            && let Some(name) = path.file_stem().and_then(|name| name.to_str())
        {
            let text = fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
            profiles.insert(name.to_owned(), text);
        }
    }
    Ok(profiles)
}

fn write_sample(path: &Path) -> anyhow::Result<()> {
    let act = || format!("writing the sample configuration {}", path.display());
    let fresh = path.with_extension("toml.new");
    if path.try_exists().with_context(act)? {
        return Ok(());
    }
    if path.is_symlink() {
        bail!("{} is a link to nothing; remove it or mend it", path.display());
    }
    let mut file = fs::File::create(&fresh).with_context(act)?;
    file.write_all(config::SAMPLE.as_bytes()).and_then(|()| file.sync_all()).with_context(act)?;
    fs::rename(&fresh, path).with_context(act)?;
    tracing::info!("wrote a sample hall to {}", path.display());
    Ok(())
}

fn tag(language: hall::Language) -> &'static str {
    match language {
        hall::Language::Zh => "zh",
        hall::Language::En => "en",
    }
}
