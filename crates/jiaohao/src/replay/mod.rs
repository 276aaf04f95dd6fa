//! `jiaohao replay`: days over again through the real routing, alone or against another profile, hall or staffing.

mod figures;
mod journal;
mod output;
mod paired;
mod plot;
mod routing;
mod side;
mod source;
mod table;

use anyhow::Context;
use indicatif::{ProgressBar, ProgressStyle};

use crate::cli::ReplayArgs;
use crate::failure::Failure;
pub(crate) use output::say;
use output::{Drafts, Kind};
pub(crate) use routing::routed;
use side::{CALLS_HEADING, Side};
use source::Question;
pub(crate) use source::{Scene, read_hall};

const CALLS: Kind = Kind { name: "list of calls", begins: CALLS_HEADING };
const DRAWING: Kind = Kind { name: "drawing", begins: "<svg" };

/// Replays and tells. Nothing is written or printed unless all of it went well.
pub(crate) fn run(args: &ReplayArgs) -> Result<(), Failure> {
    let question = Question::read(args)?;
    let sides = replay(question)?;
    let mut drafts = Drafts::default();
    if let Some(path) = &args.calls {
        drafts.add(path, CALLS, sides.replayed.calls_csv().into_bytes()).map_err(Failure::Input)?;
    }
    if let Some(path) = &args.plot {
        drafts.add(path, DRAWING, plot::svg(&sides, args.plot_day)?.into_bytes()).map_err(Failure::Input)?;
    }
    drafts.publish().map_err(Failure::Input)?;
    let text = if args.json {
        serde_json::to_string_pretty(&figures::report(&sides)).context("writing the figures")? + "\n"
    } else {
        table::table(&sides)
    };
    say(&text).map_err(Failure::Run)
}

/// What is compared.
struct Sides {
    /// What really happened, of a day from the journal.
    recorded: Option<Side>,
    /// The days as the hall is configured.
    replayed: Side,
    /// The days as they would have been otherwise.
    against: Option<Side>,
}

impl Sides {
    fn all(&self) -> impl Iterator<Item = &Side> {
        self.recorded.iter().chain([&self.replayed]).chain(&self.against)
    }

    /// The two that a difference is of, when there are two: from, to.
    fn pair(&self) -> Option<(&Side, &Side)> {
        match (&self.recorded, &self.against) {
            (_, Some(against)) => Some((&self.replayed, against)),
            (Some(recorded), None) => Some((recorded, &self.replayed)),
            (None, None) => None,
        }
    }
}

fn replay(question: Question) -> anyhow::Result<Sides> {
    let days = question.base.days.len() + question.against.as_ref().map_or(0, |against| against.days.len());
    let bar = progress_bar(days)?;
    let recorded = question.base.recorded_side();
    let replayed = Side::replay("replayed", question.base, &bar);
    let against = question.against.map(|against| Side::replay("against", against, &bar));
    bar.finish_and_clear();
    Ok(Sides { recorded, replayed, against })
}

/// A bar on standard error, hidden where that is no terminal.
///
/// # Errors
/// None that a user could mend.
pub(crate) fn progress_bar(length: usize) -> anyhow::Result<ProgressBar> {
    let style =
        ProgressStyle::with_template("{elapsed_precise} [{wide_bar}] {pos}/{len}").context("the progress bar")?;
    Ok(ProgressBar::new(length as u64).with_style(style))
}
