//! A machine with fontconfig and without a single font.
//!
//! fontique 0.11.1, which Slint uses, panics there while it looks for system fonts (`font_sort(…).unwrap()` in its fontconfig
//! backend), before the bundled font can be registered. Without libfontconfig it copes. The way around: show fontconfig the
//! bundled font, by a configuration of our own in `FONTCONFIG_FILE`, which a process can only give to its successor.

use crate::fonts::{BOLD, REGULAR};
use crate::window::is_installed;
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs, io};

/// What fontconfig reads.
const FONTCONFIG: &str = "libfontconfig.so.1";
/// How deep folders of fonts are searched: Debian's are three deep.
const DEPTH: usize = 6;

/// To be called first thing in `main`, while the process has one thread. On a machine with fontconfig and without fonts, starts the
/// same command again with a fontconfig that knows the bundled font; everywhere else does nothing.
///
/// # Errors
/// When the configuration cannot be written or the command cannot be started again; windows and pictures will then fail.
pub fn mend_fontless_machine() -> io::Result<()> {
    if env::var_os("FONTCONFIG_FILE").is_some() || !is_fontless() {
        return Ok(());
    }
    let folder = private_folder()?;
    fs::write(folder.join("Regular.ttf"), REGULAR)?;
    fs::write(folder.join("Bold.ttf"), BOLD)?;
    let configuration = folder.join("fonts.conf");
    fs::write(&configuration, configuration_for(&folder))?;
    let mut arguments = env::args_os();
    let name = arguments.next().unwrap_or_default();
    let error =
        Command::new(env::current_exe()?).arg0(name).args(arguments).env("FONTCONFIG_FILE", configuration).exec();
    Err(error)
}

/// Whether fontconfig is installed and the folders it searches by default hold no font.
#[must_use]
pub fn is_fontless() -> bool {
    is_installed(FONTCONFIG) && !font_folders().iter().any(|folder| holds_font(folder, DEPTH))
}

fn font_folders() -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> =
        ["/usr/share/fonts", "/usr/local/share/fonts", "/usr/share/X11/fonts"].map(PathBuf::from).into();
    if let Some(home) = env::home_dir() {
        folders.push(home.join(".fonts"));
        folders
            .push(env::var_os("XDG_DATA_HOME").map_or_else(|| home.join(".local/share"), PathBuf::from).join("fonts"));
    }
    folders
}

fn holds_font(folder: &Path, depth: usize) -> bool {
    let Ok(entries) = fs::read_dir(folder) else { return false };
    entries.flatten().any(|entry| {
        let path = entry.path();
        if path.is_dir() {
            return depth > 0 && holds_font(&path, depth - 1);
        }
        path.extension()
            .is_some_and(|kind| ["ttf", "otf", "ttc", "pfb", "pcf", "gz"].iter().any(|known| kind == *known))
    })
}

/// A folder that nobody else may write to.
fn private_folder() -> io::Result<PathBuf> {
    let user = fs::metadata("/proc/self")?.uid();
    let parent = env::var_os("XDG_RUNTIME_DIR").map_or_else(env::temp_dir, PathBuf::from);
    let folder = parent.join(format!("jiaohao-fonts-{user}"));
    match fs::DirBuilder::new().mode(0o700).create(&folder) {
        Ok(()) => Ok(folder),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            let found = fs::symlink_metadata(&folder)?;
            if found.is_dir() && found.uid() == user && found.mode() & 0o022 == 0 { Ok(folder) } else { Err(error) }
        }
        Err(error) => Err(error),
    }
}

fn configuration_for(folder: &Path) -> String {
    let escaped = folder.display().to_string().replace('&', "&amp;").replace('<', "&lt;");
    format!(
        "<?xml version=\"1.0\"?>\n<!DOCTYPE fontconfig SYSTEM \"fonts.dtd\">\n\
         <fontconfig><dir>{escaped}</dir><cachedir>{escaped}/cache</cachedir></fontconfig>\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_font_is_found_deep_in_its_folders() {
        let folder = tempfile::tempdir().expect("a folder");
        assert!(!holds_font(folder.path(), DEPTH));
        let deep = folder.path().join("truetype/dejavu");
        fs::create_dir_all(&deep).expect("folders");
        fs::write(deep.join("README"), "").expect("a file");
        assert!(!holds_font(folder.path(), DEPTH));
        fs::write(deep.join("DejaVuSans.ttf"), "").expect("a file");
        assert!(holds_font(folder.path(), DEPTH));
    }

    #[test]
    fn a_folder_name_cannot_break_the_configuration() {
        let text = configuration_for(Path::new("/tmp/a<b&c"));
        assert!(text.contains("<dir>/tmp/a&lt;b&amp;c</dir>"));
    }
}
