//! `access.toml`: the hall's tokens and PINs, made at the first start, readable by its owner only.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fs;
use std::io::Write;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow};
use hall::rules::Teller;
use serde::Deserialize;
use wire::Role;

/// The file's name in the data directory.
pub const FILE: &str = "access.toml";

/// A hall's secrets as its file has them.
#[derive(Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Secrets {
    /// Tokens by role.
    #[serde(default)]
    pub token: BTreeMap<Role, String>,
    /// PINs by work number.
    #[serde(default)]
    pub pin: BTreeMap<String, String>,
}

impl Secrets {
    /// Reads `DIR/access.toml`; what it lacks (a new teller, a new role, the whole file) is made and written back.
    ///
    /// # Errors
    /// The file cannot be read, understood or written; the text says what to do.
    pub fn of_hall(dir: &Path, tellers: &[Teller]) -> anyhow::Result<Self> {
        let path = dir.join(FILE);
        let mut secrets = match fs::read_to_string(&path) {
            Ok(text) => parse(&path, &text)?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Self::default(),
            Err(error) => return Err(error).with_context(|| format!("reading {}", path.display())),
        };
        if secrets.complete(tellers)? {
            secrets.write(&path)?;
        }
        warn_if_open(&path);
        Ok(secrets)
    }

    /// The token of a role.
    ///
    /// # Errors
    /// There is none: the file was edited.
    pub fn role(&self, role: Role) -> anyhow::Result<&str> {
        self.token.get(&role).map(String::as_str).ok_or_else(|| anyhow!("there is no token for role {}", role.name()))
    }

    /// Makes what is missing; whether anything was.
    fn complete(&mut self, tellers: &[Teller]) -> anyhow::Result<bool> {
        let mut changed = false;
        for role in Role::ALL {
            if let Entry::Vacant(missing) = self.token.entry(role) {
                missing.insert(random_token()?);
                changed = true;
            }
        }
        for teller in tellers {
            if let Entry::Vacant(missing) = self.pin.entry(teller.id.to_string()) {
                missing.insert(random_pin()?);
                changed = true;
            }
        }
        Ok(changed)
    }

    /// Replaces the file as a whole: a power cut leaves the old or the new one.
    fn write(&self, path: &Path) -> anyhow::Result<()> {
        let mut text = String::from(
            "# 访问令牌与柜员密码；仅限本机管理员读取，改动后重启生效。\n\
             # Access tokens by role and tellers' PINs. Keep it secret; restart after a change.\n\
             # A deleted line is made anew at the next start.\n\n[token]\n",
        );
        for (role, token) in &self.token {
            text += &format!("{} = \"{token}\"\n", role.name());
        }
        text += "\n# 工号 = 密码 / work number = PIN\n[pin]\n";
        for (teller, pin) in &self.pin {
            text += &format!("{} = \"{pin}\"\n", toml_key(teller));
        }
        let fresh = path.with_extension("toml.new");
        let act = || format!("writing {}", path.display());
        // A leftover of an interrupted start must not keep its mode.
        match fs::remove_file(&fresh) {
            Ok(()) => {}
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(error).with_context(act),
        }
        let mut file =
            fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&fresh).with_context(act)?;
        file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).with_context(act)?;
        fs::rename(&fresh, path).with_context(act)
    }
}

/// The token of a role from a file: the hall's access.toml, or a file with nothing but the token.
pub fn token_from(path: &Path, role: Role) -> anyhow::Result<String> {
    let text = fs::read_to_string(path).with_context(|| format!("reading the token file {}", path.display()))?;
    let line = text.trim();
    if !line.is_empty() && !line.contains(['\n', '=', '[']) {
        return Ok(line.to_owned());
    }
    let secrets = parse(path, &text)?;
    secrets.role(role).map(str::to_owned).with_context(|| format!("reading {}", path.display()))
}

/// Where a role looks for its token when no file is named.
pub fn default_file(data: Option<&Path>) -> anyhow::Result<PathBuf> {
    Ok(crate::setup::data_dir(data)?.join(FILE))
}

fn parse(path: &Path, text: &str) -> anyhow::Result<Secrets> {
    let secrets: Secrets = toml::from_str(text).map_err(|error| {
        let at = error.span().map_or(String::new(), |span| {
            let before = &text[..span.start.min(text.len())];
            let line = before.matches('\n').count() + 1;
            let column = before.rsplit('\n').next().map_or(0, |last| last.chars().count()) + 1;
            format!(":{line}:{column}")
        });
        anyhow!("{}{at}: {}; mend the line, or delete it to get a new secret", path.display(), error.message())
    })?;
    check(&secrets).map_err(|mistake| anyhow!("{}: {mistake}", path.display()))?;
    Ok(secrets)
}

/// Fewest characters of a token.
const TOKEN_LENGTH: usize = 16;
/// Fewest digits of a PIN (one that is short is found by trying).
const PIN_LENGTH: usize = 6;

/// What is wrong with secrets that somebody edited.
fn check(secrets: &Secrets) -> Result<(), String> {
    let mut owners: BTreeMap<&str, Role> = BTreeMap::new();
    for (role, token) in &secrets.token {
        let name = role.name();
        if token.len() < TOKEN_LENGTH {
            return Err(format!(
                "the token of {name} is shorter than {TOKEN_LENGTH} characters; delete its line to get a new one"
            ));
        }
        if let Some(other) = owners.insert(token, *role) {
            let other = other.name();
            return Err(format!("{other} and {name} have the same token; delete one of the lines to get a new one"));
        }
    }
    for (teller, pin) in &secrets.pin {
        if pin.len() < PIN_LENGTH || !pin.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(format!(
                "the PIN of {teller} is not {PIN_LENGTH} digits or more; delete its line to get a new one"
            ));
        }
    }
    Ok(())
}

fn warn_if_open(path: &Path) {
    if let Ok(meta) = fs::metadata(path)
        && meta.permissions().mode() & 0o077 != 0
    {
        tracing::warn!("{} can be read by others; run: chmod 600 {}", path.display(), path.display());
    }
}

fn toml_key(key: &str) -> String {
    let bare = !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
    if bare { key.to_owned() } else { format!("{key:?}") }
}

fn random_token() -> anyhow::Result<String> {
    let mut bytes = [0_u8; 24];
    getrandom::fill(&mut bytes).map_err(|error| anyhow!("the system has no randomness to give: {error}"))?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Six digits, each equally likely.
fn random_pin() -> anyhow::Result<String> {
    let mut pin = String::new();
    while pin.len() < 6 {
        let mut byte = [0_u8];
        getrandom::fill(&mut byte).map_err(|error| anyhow!("the system has no randomness to give: {error}"))?;
        // 250 and above would make small digits likelier.
        if byte[0] < 250 {
            pin.push(char::from(b'0' + byte[0] % 10));
        }
    }
    Ok(pin)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secrets(token: &[(Role, &str)], pin: &[(&str, &str)]) -> Secrets {
        Secrets {
            token: token.iter().map(|(role, token)| (*role, (*token).to_owned())).collect(),
            pin: pin.iter().map(|(teller, pin)| ((*teller).to_owned(), (*pin).to_owned())).collect(),
        }
    }

    #[test]
    fn two_roles_with_one_token_are_refused() {
        let same = secrets(&[(Role::Kiosk, "0123456789abcdef"), (Role::Admin, "0123456789abcdef")], &[]);
        assert_eq!(
            check(&same),
            Err("kiosk and admin have the same token; delete one of the lines to get a new one".to_owned())
        );
    }

    #[test]
    fn a_short_pin_or_token_is_refused() {
        assert!(check(&secrets(&[], &[("1001", "1")])).is_err());
        assert!(check(&secrets(&[], &[("1001", "12345a")])).is_err());
        assert!(check(&secrets(&[(Role::Kiosk, "short")], &[])).is_err());
        assert!(check(&secrets(&[(Role::Kiosk, "0123456789abcdef")], &[("1001", "123456")])).is_ok());
    }

    #[test]
    fn what_was_made_is_read_back_and_only_its_owner_may_read_it() {
        let dir = std::env::temp_dir().join(format!("jiaohao-access-{}", std::process::id()));
        fs::create_dir_all(&dir).unwrap();
        let tellers = [Teller { id: "1001".into(), name: "甲".into() }];
        let made = Secrets::of_hall(&dir, &tellers).unwrap();
        let read = Secrets::of_hall(&dir, &tellers).unwrap();
        assert_eq!((made.token, made.pin), (read.token, read.pin));
        assert_eq!(fs::metadata(dir.join(FILE)).unwrap().permissions().mode() & 0o777, 0o600);
        fs::remove_dir_all(&dir).unwrap();
    }
}
