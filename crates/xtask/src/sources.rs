//! What no source file of the house may hold: bare allowances, unfinished code, too many lines.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::finding::Finding;
use crate::workspace::Workspace;

/// A file longer than this has more than one subject.
const TOO_LONG: usize = 600;
/// A file longer than this is on its way there.
const LONG: usize = 400;

/// Words that must not stand in Rust code, with what is wrong about them and what to write instead. They are put
/// together from halves, so that this file does not hold what it forbids.
const FORBIDDEN: &[(&str, &str, &str)] = &[
    (
        concat!("#[", "allow("),
        "a bare allowance outlives its cause",
        "mend the cause, or write #[expect(lint, reason = \"…\")]",
    ),
    (
        concat!("#![", "allow("),
        "a bare allowance outlives its cause",
        "mend the cause, or write #![expect(lint, reason = \"…\")]",
    ),
    (concat!("todo", "!("), "the code is not finished", "finish it, or take the way to it away"),
    (concat!("unimplemented", "!("), "the code is not finished", "finish it, or take the way to it away"),
];

/// Reads every Rust and Slint file below the members' folders. Fails when one cannot be read.
pub fn check(workspace: &Workspace) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for (_, member) in workspace.members() {
        let Some(folder) = member.manifest.parent() else { continue };
        for file in sources_below(folder)? {
            let place = workspace.shown(&file);
            let text = fs::read_to_string(&file).with_context(|| format!("reading {place}"))?;
            findings.extend(check_source(&place, &text));
        }
    }
    Ok(findings)
}

fn check_source(place: &str, text: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    if place.ends_with(".rs") {
        for (index, line) in text.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//")) {
            for (word, wrong, mend) in FORBIDDEN {
                if line.contains(word) {
                    findings.push(Finding::fault(format!("{place}:{}", index + 1), *wrong, *mend));
                }
            }
        }
    }
    let lines = text.lines().count();
    let mend = "give each of its subjects a file of its own";
    if lines > TOO_LONG {
        findings.push(Finding::fault(place, format!("{lines} lines are more than {TOO_LONG}"), mend));
    } else if lines > LONG {
        findings.push(Finding::warning(place, format!("{lines} lines are more than {LONG}"), mend));
    }
    findings
}

/// Every `.rs` and `.slint` file below a folder, in order; hidden folders and build output are left out.
fn sources_below(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).with_context(|| format!("listing {}", folder.display()))? {
            let entry = entry.with_context(|| format!("listing {}", folder.display()))?;
            let path = entry.path();
            let name = entry.file_name();
            let kind = entry.file_type().with_context(|| format!("looking at {}", path.display()))?;
            if kind.is_dir() {
                if name != "target" && !name.to_string_lossy().starts_with('.') {
                    folders.push(path);
                }
            } else if path.extension().is_some_and(|extension| extension == "rs" || extension == "slint") {
                files.push(path);
            }
        }
    }
    files.sort();
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Weight;

    #[test]
    fn ordinary_code_is_good() {
        let code = "#[expect(dead_code, reason = \"read by the debugger\")]\nfn main() {}\n";
        assert_eq!(check_source("crates/hall/src/lib.rs", code), []);
    }

    #[test]
    fn each_forbidden_word_is_found_on_its_line() {
        for (word, wrong, _) in FORBIDDEN {
            let findings = check_source("crates/hall/src/lib.rs", &format!("fn f() {{}}\n    {word}x)\n"));
            assert_eq!(findings.len(), 1, "{word}");
            assert_eq!(findings[0].place, "crates/hall/src/lib.rs:2");
            assert_eq!(findings[0].wrong, *wrong);
        }
    }

    #[test]
    fn a_comment_may_speak_of_what_code_must_not_hold() {
        assert_eq!(check_source("crates/hall/src/lib.rs", &format!("/// Never {}).\n", FORBIDDEN[2].0)), []);
    }

    #[test]
    fn a_long_file_is_told_and_a_too_long_one_is_a_fault() {
        let weight = |lines: usize| {
            let findings = check_source("crates/look/ui/theme.slint", &"\n".repeat(lines));
            findings.first().map(|finding| finding.weight)
        };
        assert_eq!(weight(400), None);
        assert_eq!(weight(401), Some(Weight::Warning));
        assert_eq!(weight(600), Some(Weight::Warning));
        assert_eq!(weight(601), Some(Weight::Fault));
    }

    #[test]
    fn sources_are_found_in_folders_but_not_in_build_output() {
        let folder = tempfile::tempdir().unwrap();
        for path in ["src/lib.rs", "ui/page.slint", "target/debug/made.rs", ".hidden/made.rs", "tests/case.snap"] {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "").unwrap();
        }
        let found = sources_below(folder.path()).unwrap();
        assert_eq!(found, [folder.path().join("src/lib.rs"), folder.path().join("ui/page.slint")]);
    }
}
