//! The workspace as `cargo metadata` tells it, reduced to what the checks ask.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde::Deserialize;

/// The checks look at one platform, so that they answer the same on every machine.
const PLATFORM: &str = "x86_64-unknown-linux-gnu";

/// What a dependency is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Part of the crate wherever it is used.
    Normal,
    /// Only for its build script.
    Build,
    /// Only for its tests, examples and benches.
    Dev,
}

/// One crate of the graph, ours or another's.
#[derive(Debug, Clone)]
pub struct Package {
    /// Its name in the registry or workspace.
    pub name: String,
    /// Its manifest, absolute.
    pub manifest: PathBuf,
    /// What it depends on directly, by package id; one id may stand once for each kind.
    pub dependencies: BTreeSet<(String, Kind)>,
}

/// The members of the workspace and every crate they reach.
#[derive(Debug, Default)]
pub struct Workspace {
    root: PathBuf,
    members: BTreeSet<String>,
    packages: BTreeMap<String, Package>,
}

impl Workspace {
    /// Asks cargo about the workspace at `root`. Fails when cargo does, for instance because `Cargo.lock` is missing
    /// a dependency that a manifest names.
    pub fn read(root: &Path) -> Result<Self> {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let output = Command::new(cargo)
            .args(["metadata", "--format-version", "1", "--locked", "--filter-platform", PLATFORM, "--manifest-path"])
            .arg(root.join("Cargo.toml"))
            .output()
            .context("starting cargo metadata")?;
        if !output.status.success() {
            bail!("cargo metadata failed ({}): {}", output.status, String::from_utf8_lossy(&output.stderr).trim());
        }
        Self::parse(&String::from_utf8(output.stdout).context("reading the answer of cargo metadata")?)
    }

    /// Reads the JSON of `cargo metadata --format-version 1`.
    pub fn parse(json: &str) -> Result<Self> {
        let metadata: Metadata = serde_json::from_str(json).context("parsing the answer of cargo metadata")?;
        let mut packages: BTreeMap<String, Package> = metadata
            .packages
            .into_iter()
            .map(|package| {
                let (name, manifest) = (package.name, package.manifest_path);
                (package.id, Package { name, manifest, dependencies: BTreeSet::new() })
            })
            .collect();
        for node in metadata.resolve.nodes {
            let package = packages.get_mut(&node.id).with_context(|| format!("{} is resolved but unknown", node.id))?;
            for dependency in node.deps {
                for kind in dependency.dep_kinds {
                    let kind = match kind.kind.as_deref() {
                        None => Kind::Normal,
                        Some("build") => Kind::Build,
                        Some("dev") => Kind::Dev,
                        Some(other) => bail!("cargo metadata names a dependency kind {other:?} that is not known here"),
                    };
                    package.dependencies.insert((dependency.pkg.clone(), kind));
                }
            }
        }
        Ok(Self { root: metadata.workspace_root, members: metadata.workspace_members, packages })
    }

    /// The folder of the workspace's own manifest.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The crates of the house, in order of their id.
    pub fn members(&self) -> impl Iterator<Item = (&str, &Package)> {
        self.packages.iter().filter(|(id, _)| self.members.contains(*id)).map(|(id, package)| (id.as_str(), package))
    }

    /// What a package depends on directly.
    pub fn dependencies_of<'a>(&'a self, package: &'a Package) -> impl Iterator<Item = (&'a str, &'a Package, Kind)> {
        package
            .dependencies
            .iter()
            .filter_map(|(id, kind)| self.packages.get(id).map(|dependency| (id.as_str(), dependency, *kind)))
    }

    /// Whether this id is a crate of the house.
    pub fn is_member(&self, id: &str) -> bool {
        self.members.contains(id)
    }

    /// A path as the reader knows it: from the root of the workspace on.
    pub fn shown(&self, path: &Path) -> String {
        path.strip_prefix(&self.root).unwrap_or(path).display().to_string()
    }

    /// Every crate that this one is built with (its normal dependencies and theirs), each with the shortest way
    /// there, beginning with the crate itself.
    ///
    /// The features are those of the whole workspace, so this is never less than what a build of the crate links.
    pub fn ways_from(&self, start: &str) -> Vec<Vec<&str>> {
        let mut ways = Vec::new();
        let mut seen = BTreeSet::from([start]);
        let mut next = VecDeque::from([(start, Vec::new())]);
        while let Some((id, before)) = next.pop_front() {
            let Some(package) = self.packages.get(id) else { continue };
            let mut way = before;
            way.push(package.name.as_str());
            for (dependency, _, kind) in self.dependencies_of(package) {
                if kind == Kind::Normal && seen.insert(dependency) {
                    next.push_back((dependency, way.clone()));
                }
            }
            ways.push(way);
        }
        ways
    }
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<MetadataPackage>,
    workspace_members: BTreeSet<String>,
    workspace_root: PathBuf,
    resolve: Resolve,
}

#[derive(Deserialize)]
struct MetadataPackage {
    id: String,
    name: String,
    manifest_path: PathBuf,
}

#[derive(Deserialize)]
struct Resolve {
    nodes: Vec<Node>,
}

#[derive(Deserialize)]
struct Node {
    id: String,
    deps: Vec<NodeDependency>,
}

#[derive(Deserialize)]
struct NodeDependency {
    pkg: String,
    dep_kinds: Vec<DependencyKind>,
}

#[derive(Deserialize)]
struct DependencyKind {
    kind: Option<String>,
}

/// Small workspaces for the tests of the checks.
#[cfg(test)]
pub mod fixture {
    use super::*;

    /// A workspace at `/house` of these members and foreign crates, with these dependencies between them by name.
    pub fn workspace(members: &[&str], foreign: &[&str], arrows: &[(&str, &str, Kind)]) -> Workspace {
        let mut packages: BTreeMap<String, Package> = members
            .iter()
            .chain(foreign)
            .map(|name| {
                let manifest = PathBuf::from(format!("/house/crates/{name}/Cargo.toml"));
                (name.to_string(), Package { name: name.to_string(), manifest, dependencies: BTreeSet::new() })
            })
            .collect();
        for (from, to, kind) in arrows {
            assert!(packages.contains_key(*to), "{to} is not in the fixture");
            packages.get_mut(*from).unwrap().dependencies.insert((to.to_string(), *kind));
        }
        let members = members.iter().map(|name| name.to_string()).collect();
        Workspace { root: "/house".into(), members, packages }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const METADATA: &str = r#"{
        "packages": [
            {"id": "path+file:///house/crates/hall#0.1.0", "name": "hall", "manifest_path": "/house/crates/hall/Cargo.toml"},
            {"id": "registry#serde@1.0.0", "name": "serde", "manifest_path": "/registry/serde/Cargo.toml"}
        ],
        "workspace_members": ["path+file:///house/crates/hall#0.1.0"],
        "workspace_root": "/house",
        "resolve": {"nodes": [
            {"id": "path+file:///house/crates/hall#0.1.0", "deps": [
                {"pkg": "registry#serde@1.0.0", "dep_kinds": [{"kind": null}, {"kind": "dev"}]}
            ]},
            {"id": "registry#serde@1.0.0", "deps": []}
        ]}
    }"#;

    #[test]
    fn members_and_dependencies_are_read_from_cargo_metadata() {
        let workspace = Workspace::parse(METADATA).unwrap();
        let members: Vec<_> = workspace.members().collect();
        assert_eq!(members.len(), 1);
        let hall = members[0].1;
        assert_eq!((hall.name.as_str(), workspace.shown(&hall.manifest).as_str()), ("hall", "crates/hall/Cargo.toml"));
        let dependencies: Vec<_> =
            workspace.dependencies_of(hall).map(|(_, package, kind)| (package.name.as_str(), kind)).collect();
        assert_eq!(dependencies, [("serde", Kind::Normal), ("serde", Kind::Dev)]);
        assert!(!workspace.is_member("registry#serde@1.0.0"));
    }

    #[test]
    fn an_unknown_dependency_kind_is_refused() {
        let error = Workspace::parse(&METADATA.replace("\"dev\"", "\"artifact\"")).unwrap_err();
        assert!(error.to_string().contains("artifact"), "{error}");
    }

    #[test]
    fn the_shortest_way_to_a_crate_is_told_and_dev_dependencies_are_no_way() {
        let workspace = fixture::workspace(
            &["hall"],
            &["a", "b", "c", "proptest"],
            &[
                ("hall", "a", Kind::Normal),
                ("a", "b", Kind::Normal),
                ("b", "c", Kind::Normal),
                ("a", "c", Kind::Normal),
                ("hall", "proptest", Kind::Dev),
            ],
        );
        let ways = workspace.ways_from("hall");
        assert_eq!(ways, [vec!["hall"], vec!["hall", "a"], vec!["hall", "a", "b"], vec!["hall", "a", "c"]]);
    }
}
