//! Which room may reach which foreign crate: the pure rooms reach no clock, network, disk or chance, and the crates
//! that touch the outside world belong to one room each.

use crate::finding::Finding;
use crate::workspace::{Kind, Workspace};

/// The rooms whose answers follow from their arguments alone.
pub const PURE: &[&str] = &["hall", "forecast", "codecs", "config", "wire", "voice"];

/// What a pure room must not reach, directly or through others. A name ending in `-` stands for a family.
const IMPURE: &[&str] = &[
    "tokio",
    "mio",
    "async-std",
    "smol",
    "hyper",
    "axum",
    "reqwest",
    "ureq",
    "socket2",
    "rustix",
    "nix",
    "rusqlite",
    "libsqlite3-sys",
    "slint",
    "i-slint-",
    "serialport",
    "rand",
    "rand_core",
    "fastrand",
    "getrandom",
];

/// Chance whose seed is an argument: clippy's settings for pure rooms ban the constructors without one.
const SEEDED: &[(&str, &str)] = &[("forecast", "fastrand")];

/// Foreign crates and the only rooms that may name them in a manifest.
const OWNERS: &[(&str, &[&str])] = &[
    ("rusqlite", &["store"]),
    ("libsqlite3-sys", &["store"]),
    ("serialport", &["device-host"]),
    ("slint", &["look", "kiosk", "teller", "screen"]),
    ("slint-build", &["look", "kiosk", "teller", "screen"]),
    ("i-slint-", &["look", "kiosk", "teller", "screen"]),
    ("axum", &["broker"]),
    ("reqwest", &["client", "broker", "hall-tests"]),
];

/// Checks every member: the pure ones for what they reach, all for what they name.
pub fn check(workspace: &Workspace) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (id, room) in workspace.members() {
        let place = workspace.shown(&room.manifest);
        if PURE.contains(&room.name.as_str()) {
            for way in workspace.ways_from(id) {
                let impure = |name: &&str| IMPURE.iter().any(|pattern| is(name, pattern));
                let seeded = |name: &&str| SEEDED.contains(&(room.name.as_str(), *name));
                if way.last().is_some_and(|name| impure(name) && !seeded(name)) {
                    findings.push(Finding::fault(
                        &place,
                        format!("the pure room {} reaches {}", room.name, way.join(" -> ")),
                        "do that part outside and hand its result in as an argument, or switch off the feature that \
                         brings it",
                    ));
                }
            }
        }
        for (_, other, kind) in workspace.dependencies_of(room) {
            for (pattern, owners) in OWNERS {
                if is(&other.name, pattern) && !owners.contains(&room.name.as_str()) {
                    findings.push(not_yours(&place, &room.name, &other.name, owners, kind));
                }
            }
        }
    }
    findings
}

fn is(name: &str, pattern: &str) -> bool {
    if pattern.ends_with('-') { name.starts_with(pattern) } else { name == pattern }
}

fn not_yours(place: &str, room: &str, other: &str, owners: &[&str], kind: Kind) -> Finding {
    let how = match kind {
        Kind::Normal => "depends",
        Kind::Build => "depends for its build",
        Kind::Dev => "depends for its tests",
    };
    Finding::fault(
        place,
        format!("{room} {how} on {other}, which only {} may", owners.join(", ")),
        format!("ask {} for what is needed instead", owners.first().unwrap_or(&"its owner")),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::fixture;

    fn faults(members: &[&str], foreign: &[&str], arrows: &[(&str, &str, Kind)]) -> Vec<String> {
        check(&fixture::workspace(members, foreign, arrows)).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_pure_room_that_reaches_chance_is_told_the_way_there() {
        let arrows = [("wire", "uuid", Kind::Normal), ("uuid", "getrandom", Kind::Normal)];
        let faults = faults(&["wire"], &["uuid", "getrandom"], &arrows);
        assert_eq!(faults.len(), 1);
        assert!(faults[0].contains("crates/wire/Cargo.toml: the pure room wire reaches wire -> uuid -> getrandom;"));
    }

    #[test]
    fn a_pure_room_reaches_through_the_house_too() {
        let arrows = [("forecast", "hall", Kind::Normal), ("hall", "tokio", Kind::Normal)];
        assert_eq!(faults(&["hall", "forecast"], &["tokio"], &arrows).len(), 2);
    }

    #[test]
    fn the_tests_of_a_pure_room_may_use_chance() {
        let arrows = [("hall", "proptest", Kind::Dev), ("proptest", "rand", Kind::Normal)];
        assert_eq!(faults(&["hall"], &["proptest", "rand"], &arrows), Vec::<String>::new());
    }

    #[test]
    fn a_room_that_is_not_pure_may_use_a_clock_and_chance() {
        let arrows = [("client", "tokio", Kind::Normal), ("client", "getrandom", Kind::Normal)];
        assert_eq!(faults(&["client"], &["tokio", "getrandom"], &arrows), Vec::<String>::new());
    }

    #[test]
    fn sqlite_serial_ports_and_windows_have_their_rooms() {
        let foreign = ["rusqlite", "serialport", "slint", "i-slint-core"];
        let arrows = [
            ("store", "rusqlite", Kind::Normal),
            ("device-host", "serialport", Kind::Normal),
            ("look", "slint", Kind::Normal),
            ("look", "i-slint-core", Kind::Normal),
        ];
        let members = ["store", "device-host", "look", "broker"];
        assert_eq!(faults(&members, &foreign, &arrows), Vec::<String>::new());
        for other in foreign {
            let faults = faults(&members, &foreign, &[("broker", other, Kind::Dev)]);
            assert_eq!(faults.len(), 1, "{other}");
            assert!(faults[0].contains(&format!("broker depends for its tests on {other}, which only ")), "{faults:?}");
        }
    }
}
