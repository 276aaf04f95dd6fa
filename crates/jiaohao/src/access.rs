//! `access.toml`: the hall's tokens, tellers' PINs and those of kiosks' staff corners, made at the first start, readable by its owner only.

use std::collections::BTreeMap;
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
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Secrets {
    /// Tokens by role.
    #[serde(default)]
    pub token: BTreeMap<Role, String>,
    /// PINs by work number.
    #[serde(default)]
    pub pin: BTreeMap<String, String>,
    /// PINs of staff corners by kiosk.
    #[serde(default)]
    pub kiosk_pin: BTreeMap<String, String>,
}

impl Secrets {
    /// Reads `DIR/access.toml`; what it lacks (a new teller, a new kiosk, a new role, the whole file) is made and written back.
    ///
    /// # Errors
    /// The file cannot be read, understood or written; the text says what to do.
    pub fn of_hall<'a>(
        dir: &Path,
        tellers: &[Teller],
        kiosks: impl IntoIterator<Item = &'a str>,
    ) -> anyhow::Result<Self> {
        let path = dir.join(FILE);
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => HEAD.to_owned(),
            Err(error) => return Err(error).with_context(|| format!("reading {}", path.display())),
        };
        let mut secrets = parse(&path, &text)?;
        let missing = secrets.missing(tellers, kiosks)?;
        if !missing.is_empty() {
            secrets.token.extend(missing.token.clone());
            secrets.pin.extend(missing.pin.clone());
            secrets.kiosk_pin.extend(missing.kiosk_pin.clone());
            secrets.write(&path, &missing.added_to(&text))?;
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

    /// Makes what is missing.
    fn missing<'a>(&self, tellers: &[Teller], kiosks: impl IntoIterator<Item = &'a str>) -> anyhow::Result<Self> {
        let mut missing = Self::default();
        for role in Role::ALL.into_iter().filter(|role| !self.token.contains_key(role)) {
            missing.token.insert(role, random_token()?);
        }
        for teller in tellers.iter().map(|teller| teller.id.to_string()).filter(|id| !self.pin.contains_key(id)) {
            missing.pin.insert(teller, random_pin()?);
        }
        for kiosk in kiosks.into_iter().filter(|kiosk| !self.kiosk_pin.contains_key(*kiosk)) {
            missing.kiosk_pin.insert(kiosk.to_owned(), random_pin()?);
        }
        Ok(missing)
    }

    fn is_empty(&self) -> bool {
        self.token.is_empty() && self.pin.is_empty() && self.kiosk_pin.is_empty()
    }

    /// A file's text with these secrets as well: each below the head of its section, so that what somebody wrote there stays as it is.
    fn added_to(&self, text: &str) -> String {
        let line = |key: &str, secret: &String| format!("{} = \"{secret}\"\n", toml_key(key));
        let sections = [
            ("token", "", self.token.iter().map(|(role, token)| line(role.name(), token)).collect::<String>()),
            (
                "pin",
                "# 工号 = 密码 / work number = PIN\n",
                self.pin.iter().map(|(teller, pin)| line(teller, pin)).collect(),
            ),
            (
                "kiosk_pin",
                "# 取号机员工界面：取号机 = 密码 / staff corner: kiosk = PIN\n",
                self.kiosk_pin.iter().map(|(kiosk, pin)| line(kiosk, pin)).collect(),
            ),
        ];
        let mut text = text.to_owned();
        for (name, remark, lines) in sections.iter().filter(|(_, _, lines)| !lines.is_empty()) {
            match end_of_head(&text, name) {
                Some(at) => text.insert_str(at, lines),
                None => {
                    if !text.is_empty() && !text.ends_with('\n') {
                        text.push('\n');
                    }
                    text += &format!("\n{remark}[{name}]\n{lines}");
                }
            }
        }
        text
    }

    /// Replaces the file as a whole: a power cut leaves the old or the new one. Where `text` does not say these secrets, because
    /// somebody wrote the old one in an unusual way, it is written anew.
    fn write(&self, path: &Path, text: &str) -> anyhow::Result<()> {
        let good = toml::from_str::<Self>(text).is_ok_and(|said| said == *self);
        let anew = if good { None } else { Some(self.added_to(HEAD)) };
        let text = anew.as_deref().unwrap_or(text);
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
        fs::rename(&fresh, path).with_context(act)?;
        // The name is in the directory, which is synced by itself.
        match path.parent() {
            Some(dir) => fs::File::open(dir).and_then(|dir| dir.sync_all()).with_context(act),
            None => Ok(()),
        }
    }
}

/// What the file begins with.
const HEAD: &str = "# 访问令牌与密码；仅限本机管理员读取，改动后重启生效。\n\
    # Access tokens by role, PINs of tellers and kiosks. Keep it secret; restart after a change.\n\
    # A deleted line is made anew at the next start.\n";

/// Where the line ends that begins a section.
fn end_of_head(text: &str, section: &str) -> Option<usize> {
    let mut end = 0;
    for line in text.split_inclusive('\n') {
        end += line.len();
        let head = line.split('#').next().unwrap_or_default().trim();
        let name = head.strip_prefix('[').and_then(|head| head.strip_suffix(']'));
        if name.is_some_and(|name| name.trim() == section) && line.ends_with('\n') {
            return Some(end);
        }
    }
    None
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
    for (owner, pin) in secrets.pin.iter().chain(&secrets.kiosk_pin) {
        if pin.len() < PIN_LENGTH || !pin.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(format!(
                "the PIN of {owner} is not {PIN_LENGTH} digits or more; delete its line to get a new one"
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
            kiosk_pin: BTreeMap::new(),
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

    fn teller(id: &str) -> Teller {
        Teller { id: id.into(), name: "甲".into() }
    }

    fn text_in(dir: &Path) -> String {
        fs::read_to_string(dir.join(FILE)).unwrap()
    }

    #[test]
    fn what_was_made_is_read_back_and_only_its_owner_may_read_it() {
        let dir = tempfile::tempdir().unwrap();
        let made = Secrets::of_hall(dir.path(), &[teller("1001")], ["kiosk-1"]).unwrap();
        let text = text_in(dir.path());
        assert!(text.starts_with(HEAD) && text.contains("[kiosk_pin]\nkiosk-1 = \""), "{text}");
        let read = Secrets::of_hall(dir.path(), &[teller("1001")], ["kiosk-1"]).unwrap();
        assert!(made == read);
        assert_eq!(text_in(dir.path()), text, "nothing is written where nothing is missing");
        assert_eq!(fs::metadata(dir.path().join(FILE)).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn a_file_without_pins_of_kiosks_gets_them_and_keeps_everything_else() {
        let dir = tempfile::tempdir().unwrap();
        let before = Secrets::of_hall(dir.path(), &[teller("1001")], []).unwrap();
        // Somebody's own remarks, and no line break at the end.
        let edited = text_in(dir.path()).replace("[pin]\n", "[pin] # window tellers\n") + "# changed by Wang";
        fs::write(dir.path().join(FILE), &edited).unwrap();
        let after = Secrets::of_hall(dir.path(), &[teller("1001")], ["kiosk-1"]).unwrap();
        assert!(before.token == after.token && before.pin == after.pin);
        assert_eq!(after.kiosk_pin["kiosk-1"].len(), 6);
        assert!(text_in(dir.path()).starts_with(&edited));

        // A kiosk and a teller that came later have their lines among their like.
        let later = Secrets::of_hall(dir.path(), &[teller("1001"), teller("1002")], ["kiosk-1", "kiosk-2"]).unwrap();
        assert_eq!(later.kiosk_pin["kiosk-1"], after.kiosk_pin["kiosk-1"]);
        let text = text_in(dir.path());
        assert!(text.contains("[pin] # window tellers\n1002 = \"") && text.contains("# changed by Wang\n"), "{text}");
        assert!(parse(&dir.path().join(FILE), &text).unwrap() == later);
    }

    #[test]
    fn a_file_that_was_written_in_an_unusual_way_loses_no_secret() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join(FILE), "pin = { 1001 = \"471147\" }\n").unwrap();
        let made = Secrets::of_hall(dir.path(), &[teller("1001"), teller("1002")], ["kiosk-1"]).unwrap();
        assert_eq!(made.pin["1001"], "471147");
        let read = Secrets::of_hall(dir.path(), &[teller("1001"), teller("1002")], ["kiosk-1"]).unwrap();
        assert!(made == read && read.pin.len() == 2 && read.kiosk_pin.len() == 1);
    }
}
