//! Which room may know which: a dependency between two crates of the house is an arrow, and only the arrows of
//! [`ROOMS`] are allowed.

use crate::finding::Finding;
use crate::workspace::{Kind, Package, Workspace};

/// What a room may depend on.
#[derive(Debug, Clone, Copy)]
enum May {
    /// Exactly these rooms.
    Only(&'static [&'static str]),
    /// Every room but those that nobody may depend on.
    Everything,
}

/// The house: every room with the rooms it may depend on. A new crate gets a row here first.
const ROOMS: &[(&str, May)] = &[
    ("hall", May::Only(&[])),
    ("forecast", May::Only(&["hall"])),
    ("wire", May::Only(&["hall"])),
    ("config", May::Only(&["hall", "wire"])),
    ("clock", May::Only(&[])),
    ("store", May::Only(&[])),
    ("broker", May::Only(&["clock", "hall", "forecast", "wire", "store"])),
    ("client", May::Only(&["wire"])),
    ("codecs", May::Only(&[])),
    ("voice", May::Only(&[])),
    ("device-host", May::Only(&["client", "clock", "wire", "codecs", "voice"])),
    ("device-sim", May::Only(&[])),
    ("look", May::Only(&[])),
    ("kiosk", May::Only(&["client", "clock", "wire", "look", "voice"])),
    ("teller", May::Only(&["client", "wire", "look"])),
    ("screen", May::Only(&["client", "wire", "look"])),
    ("jiaohao", May::Everything),
    ("hall-tests", May::Everything),
    ("xtask", May::Only(&[])),
];

/// Arrows that only the tests of a room may have: the drivers are tried against the simulated devices, forecasts in halls
/// whose files are read.
const FOR_TESTS: &[(&str, &str)] = &[("device-host", "device-sim"), ("forecast", "config")];

/// Rooms that nobody depends on: they look at the house from outside.
const ENDS: &[&str] = &["hall-tests", "xtask"];

/// Compares every dependency between members, of every kind, with the table.
pub fn check(workspace: &Workspace) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (_, room) in workspace.members() {
        let place = workspace.shown(&room.manifest);
        let Some((_, may)) = ROOMS.iter().find(|(name, _)| *name == room.name) else {
            findings.push(Finding::fault(
                place,
                format!("{} has no row in the table of rooms", room.name),
                "decide what it may depend on and add the row to ROOMS in crates/xtask/src/arrows.rs",
            ));
            continue;
        };
        for (id, other, kind) in workspace.dependencies_of(room) {
            if workspace.is_member(id) && !allowed(&room.name, *may, &other.name, kind) {
                findings.push(wrong_way(place.clone(), room, *may, other, kind));
            }
        }
    }
    findings
}

fn allowed(room: &str, may: May, other: &str, kind: Kind) -> bool {
    if ENDS.contains(&other) {
        return false;
    }
    let listed = match may {
        May::Only(rooms) => rooms.contains(&other),
        May::Everything => true,
    };
    listed || (kind == Kind::Dev && FOR_TESTS.contains(&(room, other)))
}

fn wrong_way(place: String, room: &Package, may: May, other: &Package, kind: Kind) -> Finding {
    let table = match kind {
        Kind::Normal => "[dependencies]",
        Kind::Build => "[build-dependencies]",
        Kind::Dev => "[dev-dependencies]",
    };
    let rule = match may {
        May::Only([]) => format!("{} may depend on no other room", room.name),
        May::Only(rooms) => format!("{} may depend only on {}", room.name, rooms.join(", ")),
        May::Everything => format!("nothing may depend on {}", other.name),
    };
    Finding::fault(
        place,
        format!("the arrow {} -> {} runs the wrong way, {rule}", room.name, other.name),
        format!(
            "take {} out of {table} and move what is shared to where both may reach it, or change ROOMS in \
             crates/xtask/src/arrows.rs together with the architecture",
            other.name
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::fixture;

    fn faults(members: &[&str], arrows: &[(&str, &str, Kind)]) -> Vec<String> {
        check(&fixture::workspace(members, &["serde"], arrows)).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn arrows_of_the_table_and_foreign_crates_are_allowed() {
        let arrows = [
            ("forecast", "hall", Kind::Normal),
            ("forecast", "serde", Kind::Normal),
            ("device-host", "device-sim", Kind::Dev),
            ("jiaohao", "device-sim", Kind::Normal),
            ("hall-tests", "jiaohao", Kind::Normal),
        ];
        let members = ["hall", "forecast", "device-host", "device-sim", "jiaohao", "hall-tests"];
        assert_eq!(faults(&members, &arrows), Vec::<String>::new());
    }

    #[test]
    fn an_arrow_against_the_table_is_told_with_its_place() {
        let faults = faults(&["hall", "store"], &[("hall", "store", Kind::Normal)]);
        assert_eq!(faults.len(), 1);
        assert!(faults[0].starts_with("error: crates/hall/Cargo.toml: the arrow hall -> store runs the wrong way"));
        assert!(faults[0].contains("hall may depend on no other room; take store out of [dependencies]"));
    }

    #[test]
    fn build_and_dev_dependencies_are_arrows_too() {
        for kind in [Kind::Build, Kind::Dev] {
            assert_eq!(faults(&["kiosk", "store"], &[("kiosk", "store", kind)]).len(), 1, "{kind:?}");
        }
    }

    #[test]
    fn the_simulated_devices_serve_only_the_tests_of_the_device_host() {
        let members = ["device-host", "device-sim", "broker"];
        assert_eq!(faults(&members, &[("device-host", "device-sim", Kind::Normal)]).len(), 1);
        assert_eq!(faults(&members, &[("broker", "device-sim", Kind::Dev)]).len(), 1);
    }

    #[test]
    fn nobody_depends_on_the_tests_or_the_tasks() {
        let members = ["jiaohao", "hall-tests", "xtask"];
        let faults =
            faults(&members, &[("jiaohao", "hall-tests", Kind::Normal), ("hall-tests", "xtask", Kind::Normal)]);
        assert_eq!(faults.len(), 2);
        assert!(faults[0].contains("nothing may depend on xtask"), "{}", faults[0]);
    }

    #[test]
    fn a_crate_without_a_row_is_a_fault() {
        let faults = faults(&["attic"], &[]);
        assert!(faults[0].contains("attic has no row in the table of rooms"), "{faults:?}");
    }

    #[test]
    fn every_room_of_the_table_names_rooms_of_the_table() {
        for (room, may) in ROOMS {
            if let May::Only(others) = may {
                for other in *others {
                    assert!(ROOMS.iter().any(|(name, _)| name == other), "{room} may depend on unknown {other}");
                }
            }
        }
    }
}
