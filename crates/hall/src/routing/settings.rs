//! What a hall sets about routing, and how profiles are named.

use std::fmt;
use std::str::FromStr;

/// How the next ticket is chosen. Lists are in order of precedence, one value a tier.
#[derive(Clone, Debug, PartialEq)]
pub struct Routing {
    /// Which rule, with or without rescue.
    pub profile: Profile,
    /// `guard`: a tier's first customer goes before higher tiers with this much time left or less, in ms.
    pub margins_ms: Vec<i64>,
    /// `ratio`: calls of each tier in a cycle.
    pub ratio: Vec<u32>,
    /// `accumulating`: how fast a tier's claim grows with its wait.
    pub weights: Vec<u32>,
    /// Whom a free dedicated desk takes although it is not for them.
    pub rescue: Margin,
    /// `foresight`: how many misses the first diversion of a day must be expected to save; each further one costs more.
    pub price: f64,
    /// When somebody goes before everybody, whatever the rule says; `None` = as the profile's rule usually has it.
    pub cap: Option<Cap>,
    /// How much earlier than they came those with priority care count as having come, in seconds.
    pub care_head_start_s: u32,
    /// How early somebody with an appointment may take their number, in seconds.
    pub appointment_early_s: u32,
    /// How late an appointment may be and still count from its booked time, in seconds.
    pub appointment_late_s: u32,
    /// From the call until somebody who came straight away sits at the counter, in seconds; service that nobody marked as
    /// started is taken to have started this long after the call.
    pub walk_s: u32,
    /// After this long from the call the teller may mark a no-show, in seconds.
    pub no_show_after_s: u32,
}

impl Routing {
    /// A profile with the values every hall starts from, for tiers of these waiting limits (in seconds).
    pub fn standard(profile: Profile, limits_s: &[u32]) -> Self {
        Self {
            profile,
            margins_ms: limits_s.iter().map(|limit_s| standard_margin_ms(*limit_s)).collect(),
            ratio: (0..limits_s.len()).map(|tier| if tier == 0 { 2 } else { 1 }).collect(),
            weights: (1..=limits_s.len()).map(|tier| if tier == limits_s.len() { 1 } else { 6 }).collect(),
            rescue: Margin::STANDARD,
            price: STANDARD_PRICE,
            cap: None,
            care_head_start_s: 600,
            appointment_early_s: 1800,
            appointment_late_s: 900,
            walk_s: 20,
            no_show_after_s: 20,
        }
    }

    /// The cap in force: the hall's own, else the one that comes with the profile's rule.
    pub fn cap(&self) -> Cap {
        self.cap.unwrap_or(self.profile.base.standard_cap())
    }
}

/// Diverts about as often as `guard+rescue` does, for about a quarter fewer misses.
const STANDARD_PRICE: f64 = 0.09;

/// 3, 7 and 12 minutes for the norm's limits of 10, 15 and 30 (measured, see `crates/ARCHITECTURE.md`); two fifths of any other.
fn standard_margin_ms(limit_s: u32) -> i64 {
    match limit_s {
        600 => 180_000,
        900 => 420_000,
        other => i64::from(other) * 400,
    }
}

/// Time left at which somebody is diverted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Margin {
    /// This many ms to the limit, or fewer.
    Within(i64),
    /// At any time.
    Always,
}

impl Margin {
    /// What `+rescue` means unless set: ten minutes.
    pub const STANDARD: Self = Self::Within(600_000);
}

/// The hard cap against starvation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Cap {
    /// None.
    Off,
    /// Who has waited this many times their limit goes first.
    Times(f64),
}

/// The name of a profile: a rule, with or without rescue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Profile {
    /// The rule.
    pub base: Base,
    /// Whether free dedicated desks divert (分流).
    pub rescue: bool,
}

/// The rules a hall can choose from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Base {
    /// First come, first served, whatever the tier.
    Fcfs,
    /// Tier precedence, then arrival: the literal reading of "served before other brands".
    Strict,
    /// So many calls of each tier in a cycle.
    Ratio,
    /// Claims that grow with the wait, at a pace by tier (Kleinrock 1964).
    Accumulating,
    /// The earliest deadline.
    Edf,
    /// Precedence, but for those whose time is running out.
    Guard,
    /// As `guard`; dedicated desks divert whom it saves most misses to divert. With rescue a diversion costs nothing.
    Foresight,
}

impl Base {
    const NAMES: [(&'static str, Self); 7] = [
        ("fcfs", Self::Fcfs),
        ("strict", Self::Strict),
        ("ratio", Self::Ratio),
        ("accumulating", Self::Accumulating),
        ("edf", Self::Edf),
        ("guard", Self::Guard),
        ("foresight", Self::Foresight),
    ];

    /// Twice the limit; none under the literal reading, which knows no exception.
    pub fn standard_cap(self) -> Cap {
        match self {
            Self::Strict => Cap::Off,
            Self::Fcfs | Self::Ratio | Self::Accumulating | Self::Edf | Self::Guard | Self::Foresight => {
                Cap::Times(2.0)
            }
        }
    }

    fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(_, base)| *base == self).map_or("", |(name, _)| name)
    }
}

impl Profile {
    /// Whether dedicated desks take over customers they are not for.
    pub fn diverts(self) -> bool {
        self.rescue || self.base == Base::Foresight
    }

    /// The default of every hall.
    pub const STANDARD: Self = Self { base: Base::Guard, rescue: true };

    /// Tier precedence, then arrival, without diversion.
    pub const STRICT: Self = Self { base: Base::Strict, rescue: false };

    /// The names of all profiles, each rule without and with rescue.
    pub fn names() -> impl Iterator<Item = String> {
        Base::NAMES.iter().flat_map(|(_, base)| [false, true].map(|rescue| Self { base: *base, rescue }.to_string()))
    }
}

impl fmt::Display for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.base.name())?;
        if self.rescue { f.write_str("+rescue") } else { Ok(()) }
    }
}

impl FromStr for Profile {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, rescue) = match text.strip_suffix("+rescue") {
            Some(name) => (name, true),
            None => (text, false),
        };
        let known = Base::NAMES.iter().find(|(known, _)| *known == name);
        known.map(|(_, base)| Self { base: *base, rescue }).ok_or_else(|| format!("unknown profile {text:?}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_reads_back_as_its_profile() {
        for name in Profile::names() {
            assert_eq!(name.parse::<Profile>().map(|profile| profile.to_string()), Ok(name));
        }
        assert_eq!("guard+rescue".parse(), Ok(Profile::STANDARD));
        assert!("guard+".parse::<Profile>().is_err());
    }

    #[test]
    fn the_norms_limits_have_the_measured_margins() {
        let routing = Routing::standard(Profile::STANDARD, &[600, 900, 1800]);
        assert_eq!(routing.margins_ms, [180_000, 420_000, 720_000]);
        assert_eq!((routing.ratio, routing.weights), (vec![2, 1, 1], vec![6, 6, 1]));
    }

    #[test]
    fn a_cap_that_a_hall_has_not_set_follows_the_profile() {
        let mut routing = Routing::standard(Profile::STANDARD, &[600, 900, 1800]);
        assert_eq!(routing.cap(), Cap::Times(2.0));
        routing.profile = Profile::STRICT;
        assert_eq!(routing.cap(), Cap::Off);
        routing.cap = Some(Cap::Times(3.0));
        assert_eq!(routing.cap(), Cap::Times(3.0));
    }
}
