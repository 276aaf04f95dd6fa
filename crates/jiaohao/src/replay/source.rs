//! What a replay needs: halls, days and staffing.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use config::HallConfig;
use forecast::day::Day;
use forecast::recorded::Recorded;
use hall::Event;
use hall::routing::Floor;

use super::journal::events_of;
use super::routing::{priced, routed};
use super::side::Side;
use crate::cli::ReplayArgs;
use crate::failure::Failure;
use crate::setup::{CONFIG, data_dir, read_config, read_text};

/// Everything read and checked.
pub(super) struct Question {
    /// The days as the hall is configured.
    pub(super) base: Scene,
    /// The days as they would be otherwise.
    pub(super) against: Option<Scene>,
}

/// A hall and days to live in it.
pub(crate) struct Scene {
    pub(crate) hall: HallConfig,
    pub(crate) days: Vec<Day>,
    /// The one day, where it is from the journal.
    pub(super) recorded: Option<Recorded>,
}

impl Question {
    /// Reads it.
    ///
    /// # Errors
    /// The first thing that is wrong, with file, line, column and mend.
    pub(super) fn read(args: &ReplayArgs) -> Result<Self, Failure> {
        Self::of(args).map_err(Failure::Input)
    }

    fn of(args: &ReplayArgs) -> anyhow::Result<Self> {
        refuse_unread(args)?;
        let days = args.date.map_or(args.day.len(), |_| 1);
        if args.plot_day >= days {
            bail!(
                "--plot-day {}: the days are counted from 0, and the last is {}",
                args.plot_day,
                days.saturating_sub(1)
            );
        }
        let (file, data) = (hall_file(args)?, args.data.as_deref());
        let mut base = routed(read_hall(&file, data)?, args.profile, args.rescue_min, "--rescue-min")?;
        let otherwise = args.against_profile.is_some()
            || args.against_rescue_min.is_some()
            || args.against_hall.is_some()
            || !args.against_staffing.is_empty();
        let against = match &args.against_hall {
            _ if !otherwise => None,
            Some(file) => Some(read_hall(file, data)?),
            None => Some(base.clone()),
        };
        let option = "--against-rescue-min";
        let against = against.map(|hall| routed(hall, args.against_profile, args.against_rescue_min, option));
        let mut against = against.transpose()?;
        if let Some(price) = args.price {
            let mut halls: Vec<&mut HallConfig> = [&mut base].into_iter().chain(&mut against).collect();
            priced(price, &mut halls)?;
        }
        let against_staffing = if args.against_staffing.is_empty() { &args.staffing } else { &args.against_staffing };
        let Some(date) = args.date else {
            let against = against.map(|hall| Scene::of_files(hall, &args.day, against_staffing)).transpose()?;
            return Ok(Self { base: Scene::of_files(base, &args.day, &args.staffing)?, against });
        };
        let events = events_of(&data_dir(args.data.as_deref())?, date)?;
        let against = against.map(|hall| Scene::of_journal(hall, &events, against_staffing)).transpose()?;
        Ok(Self { base: Scene::of_journal(base, &events, &[])?, against })
    }
}

impl Scene {
    /// Days of files, with staffing for the first of them or all.
    ///
    /// # Errors
    /// The first thing that is wrong, with file, line, column and mend.
    pub(crate) fn of_files(hall: HallConfig, days: &[PathBuf], staffing: &[PathBuf]) -> anyhow::Result<Self> {
        let read = |path: &PathBuf| {
            let text = read_text("the day", path, "give the path of a day file")?;
            let day = Day::parse(&path.display().to_string(), &text, &hall.rules)?;
            if day.customers.is_empty() {
                tracing::warn!("{}: nobody comes on this day", path.display());
            }
            Ok(day)
        };
        let mut days = days.iter().map(read).collect::<anyhow::Result<Vec<Day>>>()?;
        staff(&hall, &mut days, staffing)?;
        Ok(Self { hall, days, recorded: None })
    }

    fn of_journal(hall: HallConfig, events: &[(i64, Event)], staffing: &[PathBuf]) -> anyhow::Result<Self> {
        let recorded = Recorded::of(&hall.rules, events).context("the day has no events")?;
        let (left_out, name) = (recorded.left_out, &hall.rules.names.zh);
        if left_out > 0 && recorded.day.customers.is_empty() {
            bail!("{name} has none of the services of this day; give the file of the hall that lived it with --hall");
        }
        if left_out > 0 {
            tracing::warn!("{left_out} visits are left out: {name} does not have the services they were for");
        }
        let mut days = vec![recorded.day.clone()];
        staff(&hall, &mut days, staffing)?;
        Ok(Self { hall, days, recorded: Some(recorded) })
    }

    /// What really happened, where that is known.
    pub(super) fn recorded_side(&self) -> Option<Side> {
        self.recorded.as_ref().map(|recorded| Side::happened(&self.hall, recorded))
    }

    /// The hall as routing sees it.
    pub(crate) fn floor(&self) -> Floor {
        Floor::of(&self.hall.rules)
    }
}

fn staff(hall: &HallConfig, days: &mut [Day], files: &[PathBuf]) -> anyhow::Result<()> {
    if let Some(more) = files.get(days.len()) {
        let (files, days) = (files.len(), days.len());
        bail!("{}: {files} staffing files for {days} days; give no more than one a day", more.display());
    }
    if !files.is_empty() && files.len() < days.len() {
        let (files, days) = (files.len(), days.len());
        bail!(
            "{files} staffing files for {days} days: the others would have every counter open; give one a day, or none"
        );
    }
    for (day, path) in days.iter_mut().zip(files) {
        let text = read_text("the staffing", path, "give the path of a staffing file")?;
        day.staff(&path.display().to_string(), &text, &hall.rules)?;
        if !day.is_staffed(hall.rules.counters.len()) {
            tracing::warn!("{}: no counter ever opens, so that nobody is called", path.display());
        }
    }
    Ok(())
}

/// Options that nothing would be read from. The command line lets them through: what an option requires is waived where something
/// else that was given excludes it.
fn refuse_unread(args: &ReplayArgs) -> anyhow::Result<()> {
    if args.date.is_some()
        && let Some(file) = args.staffing.first()
    {
        let file = file.display();
        bail!("--staffing {file}: the journal tells who worked on --date; compare others with --against-staffing");
    }
    if args.date.is_none()
        && let Some(data) = &args.data
    {
        bail!("--data {}: the days are files; give --date instead of --day, or leave --data out", data.display());
    }
    Ok(())
}

fn hall_file(args: &ReplayArgs) -> anyhow::Result<PathBuf> {
    if let Some(file) = &args.hall {
        return Ok(file.clone());
    }
    let data = data_dir(args.data.as_deref())?;
    if data.is_file() {
        bail!("{} is a copy of a journal; say with --hall FILE which hall it is of", data.display());
    }
    Ok(data.join(CONFIG))
}

/// Device profiles of the site lie in the data directory, or beside the hall's file.
///
/// # Errors
/// Every mistake in it, each with line, column and mend.
pub(crate) fn read_hall(file: &Path, data: Option<&Path>) -> anyhow::Result<HallConfig> {
    let beside = || file.parent().unwrap_or(Path::new("")).to_owned();
    let site = data_dir(data).ok().filter(|data| !data.is_file()).unwrap_or_else(beside);
    read_config(file, &site)
}
