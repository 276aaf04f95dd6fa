//! `hall --scripted`: a hall that lives by itself, faster than real time, through its real interfaces. Customers take numbers at
//! the kiosk page's adapter and over the API, tellers work by keypad and API, devices do what devices do.

mod customers;
mod tally;
mod tellers;
mod yields;

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use clock::Clock;
use indicatif::{ProgressBar, ProgressStyle};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use wire::Role;

use crate::cli::HallArgs;
use crate::failure::Failure;
use crate::hall::{End, Hall, runtime};
use crate::setup::Setup;
use customers::Customers;
use tally::Tally;
use tellers::Tellers;

/// What everybody in the script goes by.
#[derive(Clone)]
pub(crate) struct Script {
    pub(crate) clock: Clock,
    pub(crate) stop: CancellationToken,
    pub(crate) seed: u64,
}

impl Script {
    /// Waits in the hall's time; `false` when the script ends first.
    pub(crate) async fn pass(&self, duration: Duration) -> bool {
        tokio::select! {
            () = self.clock.sleep(duration) => true,
            () = self.stop.cancelled() => false,
        }
    }
}

/// Runs a scripted hall and prints what became of its customers.
pub(crate) fn run(args: &HallArgs) -> Result<(), Failure> {
    let place = &args.place;
    let seconds = args.scripted.unwrap_or(1);
    let setup = Setup::prepare(place.data.as_deref(), place.config.as_deref(), place.listen).map_err(Failure::Input)?;
    runtime()?.block_on(async {
        let mut end = End::listen()?;
        let clock = Clock::scaled(Clock::system().now_ms(), args.speed);
        let hall = Hall::start(setup, clock.clone()).await?;
        println!(
            "{} · {} s × {} = {} min · {}",
            hall.setup.config.rules.names.zh,
            seconds,
            args.speed,
            (seconds as f64 * args.speed / 60.0).round(),
            hall.url()
        );
        let outcome = act(&hall, clock, seconds, args.seed, &mut end).await;
        let out = hall.setup.data.join("out");
        let outcome = match outcome {
            Ok(tally) => yields::write(&hall, &out).await.map(|written| (tally, written)),
            Err(error) => Err(error),
        };
        let rules = hall.setup.config.rules.clone();
        hall.stop().await;
        let (tally, written) = outcome?;
        println!("{}", tally.table(&rules));
        println!("{written}");
        println!("{}", out.display());
        Ok(())
    })
}

async fn act(hall: &Hall, clock: Clock, seconds: u64, seed: u64, end: &mut End) -> anyhow::Result<Tally> {
    let script = Script { clock: clock.clone(), stop: CancellationToken::new(), seed };
    let rules = Arc::new(hall.setup.config.rules.clone());
    let tally = Tally::start(&hall.client(Role::Supervisor)?).await?;
    let mut actors = JoinSet::new();
    Tellers::open(hall, &script, &mut actors).await.context("signing the tellers in")?;
    Customers::begin(hall, &script, Arc::clone(&rules), seconds, &mut actors).context("opening the doors")?;

    let bar = ProgressBar::new(seconds * 10);
    let style = ProgressStyle::with_template("{elapsed_precise} {wide_bar} {msg}").context("the progress bar")?;
    bar.set_style(style);
    for tenth in 0..seconds * 10 {
        // Without a terminal there is no bar; a log gets ten lines instead.
        if bar.is_hidden() && tenth > 0 && tenth % seconds == 0 {
            println!("{:3} %  {}", tenth * 10 / seconds, tally.line());
        }
        tokio::select! {
            () = tokio::time::sleep(Duration::from_millis(100)) => {}
            // Ended early: what there is, is told.
            () = end.asked_for() => break,
        }
        bar.inc(1);
        bar.set_message(tally.line());
    }
    bar.finish();
    script.stop.cancel();
    while actors.join_next().await.is_some() {}
    tally.settle(&hall.client(Role::Supervisor)?).await?;
    Ok(tally)
}
