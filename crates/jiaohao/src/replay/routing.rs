//! What the command line changes about routing. An option that would change nothing is refused: whoever gave it expected
//! something of it.

use anyhow::bail;
use config::HallConfig;
use hall::Profile;
use hall::routing::{Base, Margin};

/// The hall under another profile or rescue margin, where one is given; `option` is how the margin was named.
///
/// # Errors
/// The profile has no use for a margin.
pub(crate) fn routed(
    mut hall: HallConfig,
    profile: Option<Profile>,
    rescue: Option<Margin>,
    option: &str,
) -> anyhow::Result<HallConfig> {
    let routing = &mut hall.rules.routing;
    routing.profile = profile.unwrap_or(routing.profile);
    routing.rescue = rescue.unwrap_or(routing.rescue);
    let profile = routing.profile;
    if rescue.is_some() && (!profile.rescue || profile.base == Base::Foresight) {
        bail!("{option} says nothing to {profile}; give a profile with +rescue, such as guard+rescue");
    }
    Ok(hall)
}

/// Sets the price of a diversion in these halls: of two that are compared one may have no use for it.
///
/// # Errors
/// None of them has.
pub(super) fn priced(price: f64, halls: &mut [&mut HallConfig]) -> anyhow::Result<()> {
    let profiles: Vec<Profile> = halls.iter().map(|hall| hall.rules.routing.profile).collect();
    if profiles.iter().all(|profile| profile.base != Base::Foresight) {
        let profiles: Vec<String> = profiles.iter().map(Profile::to_string).collect();
        bail!("--price says nothing to {}; only foresight has one", profiles.join(" and "));
    }
    for hall in halls {
        hall.rules.routing.price = price;
    }
    Ok(())
}
