//! What every member's manifest must say: the workspace's lints, version, edition and licence, and what it is for.

use std::fs;

use anyhow::{Context, Result};
use toml::{Table, Value};

use crate::finding::Finding;
use crate::workspace::Workspace;

/// Keys of `[package]` that every member takes from the workspace.
const INHERITED: &[&str] = &["version", "edition", "rust-version", "license", "publish"];

/// Reads every member's manifest. Fails when one cannot be read.
pub fn check(workspace: &Workspace) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for (_, member) in workspace.members() {
        let text = fs::read_to_string(&member.manifest)
            .with_context(|| format!("reading {}", workspace.shown(&member.manifest)))?;
        findings.extend(check_manifest(&workspace.shown(&member.manifest), &text)?);
    }
    Ok(findings)
}

fn check_manifest(place: &str, text: &str) -> Result<Vec<Finding>> {
    let manifest: Table = text.parse().with_context(|| format!("parsing {place}"))?;
    let mut findings = Vec::new();
    if !inherits(manifest.get("lints")) {
        findings.push(Finding::fault(
            place,
            "the workspace's lints do not apply here",
            "add a table [lints] with workspace = true",
        ));
    }
    let package = manifest.get("package").and_then(Value::as_table);
    for key in INHERITED {
        if !inherits(package.and_then(|package| package.get(*key))) {
            findings.push(Finding::fault(
                place,
                format!("the {key} is not the workspace's"),
                format!("write {key}.workspace = true under [package]"),
            ));
        }
    }
    let description = package.and_then(|package| package.get("description")).and_then(Value::as_str);
    if description.is_none_or(|description| description.trim().is_empty()) {
        findings.push(Finding::fault(
            place,
            "nothing says what this crate is for",
            "add a description of one sentence under [package]",
        ));
    }
    Ok(findings)
}

fn inherits(value: Option<&Value>) -> bool {
    value.and_then(|value| value.get("workspace")).and_then(Value::as_bool) == Some(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r#"
        [package]
        name = "hall"
        description = "The rules of the hall."
        version.workspace = true
        edition.workspace = true
        rust-version.workspace = true
        license.workspace = true
        publish.workspace = true

        [lints]
        workspace = true
    "#;

    fn faults(text: &str) -> Vec<String> {
        check_manifest("crates/hall/Cargo.toml", text).unwrap().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_manifest_that_takes_everything_from_the_workspace_is_good() {
        assert_eq!(faults(GOOD), Vec::<String>::new());
    }

    #[test]
    fn missing_lints_are_a_fault() {
        let faults =
            faults(&GOOD.replace("[lints]\n        workspace = true", "[lints.rust]\nmissing_docs = \"warn\""));
        assert_eq!(faults.len(), 1);
        assert!(faults[0].contains("crates/hall/Cargo.toml: the workspace's lints do not apply here"));
    }

    #[test]
    fn a_version_edition_or_licence_of_its_own_is_a_fault() {
        for (key, own) in [("version", "2.0.0"), ("edition", "2021"), ("license", "MIT")] {
            let faults = faults(&GOOD.replace(&format!(" {key}.workspace = true"), &format!(" {key} = {own:?}")));
            assert_eq!(faults.len(), 1, "{key}: {faults:?}");
            assert!(faults[0].contains(&format!("the {key} is not the workspace's")), "{faults:?}");
        }
    }

    #[test]
    fn a_crate_that_does_not_say_what_it_is_for_is_a_fault() {
        assert_eq!(faults(&GOOD.replace("The rules of the hall.", " ")).len(), 1);
    }

    #[test]
    fn a_manifest_that_is_no_toml_names_its_place() {
        let error = check_manifest("crates/hall/Cargo.toml", "[package").unwrap_err();
        assert!(error.to_string().contains("crates/hall/Cargo.toml"), "{error}");
    }
}
