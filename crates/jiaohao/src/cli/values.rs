//! Values on the command line: what they may be, and what to write instead.

use hall::routing::Margin;
use hall::{Date, Profile};
use wire::Flow;

pub(super) fn speed(text: &str) -> Result<f64, String> {
    within(text, 0.1, 1000.0, "a speed")
}

pub(super) fn load(text: &str) -> Result<f64, String> {
    within(text, 0.01, 5.0, "a load")
}

pub(super) fn pace(text: &str) -> Result<f64, String> {
    within(text, 0.1, 10.0, "a pace")
}

pub(super) fn share(text: &str) -> Result<f64, String> {
    within(text, 0.0, 1.0, "a share")
}

pub(super) fn profile(text: &str) -> Result<Profile, String> {
    text.parse().map_err(|error| {
        let known: Vec<String> = Profile::names().collect();
        format!("{error}; there are {}", known.join(", "))
    })
}

pub(super) fn rescue(text: &str) -> Result<Margin, String> {
    match text.parse::<f64>() {
        _ if text == "always" => Ok(Margin::Always),
        Ok(minutes) if (0.0..=1440.0).contains(&minutes) => Ok(Margin::Within((minutes * 60_000.0) as i64)),
        Ok(_) | Err(_) => Err("a margin is a number of minutes from 0 to 1440, or `always`".to_owned()),
    }
}

pub(super) fn price(text: &str) -> Result<f64, String> {
    within(text, 0.0, 10.0, "a price")
}

pub(super) fn date(text: &str) -> Result<Date, String> {
    Date::try_from(text.to_owned())
}

pub(super) fn flow(text: &str) -> Result<Flow, String> {
    match text {
        "none" => Ok(Flow::None),
        "hardware" => Ok(Flow::Hardware),
        "software" => Ok(Flow::Software),
        _ => Err("flow control is `none`, `hardware` (RTS/CTS) or `software` (XON/XOFF)".to_owned()),
    }
}

fn within(text: &str, from: f64, to: f64, what: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(number) if (from..=to).contains(&number) => Ok(number),
        Ok(_) | Err(_) => Err(format!("{what} is a number from {from} to {to}")),
    }
}
