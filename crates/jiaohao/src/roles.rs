//! The roles that run alone: broker and windows.

use std::error::Error;
use std::fs;
use std::path::Path;

use anyhow::Context;
use look::{Language, WindowError, WindowSize};
use wire::Role;

use crate::access::{default_file, token_from};
use crate::cli::{BrokerArgs, BrokerAt, KioskArgs, ScreenArgs, TellerArgs, WindowArgs};
use crate::failure::Failure;
use crate::setup::{Setup, data_dir};
use crate::{hall, windows};

/// The kiosk's page in a hall: a 21.5" portrait panel.
const PORTRAIT: (u32, u32) = (1080, 1920);
/// The pages of tellers and hall screens.
const LANDSCAPE: (u32, u32) = (1920, 1080);

/// The broker alone.
pub(crate) fn broker(args: &BrokerArgs) -> Result<(), Failure> {
    let place = &args.place;
    let setup = Setup::prepare(place.data.as_deref(), place.config.as_deref(), place.listen).map_err(Failure::Input)?;
    hall::run_broker(setup)
}

/// A kiosk's window.
pub(crate) fn kiosk(args: &KioskArgs) -> Result<(), Failure> {
    let token = token(&args.broker, Role::Kiosk)?;
    let options = kiosk::Options {
        broker: args.broker.broker.clone(),
        token,
        kiosk: Some(args.name.clone()),
        data: data_dir(args.data.as_deref()).map_err(Failure::Input)?,
        posters: args.posters.clone(),
        audio_device: args.audio_device.clone(),
        clips: args.clips.clone(),
        size: size(&args.window, (540, 960)),
    };
    match &args.window.picture {
        Some(file) => {
            let (width, height) = PORTRAIT;
            let picture = kiosk::live_picture(&options, width, height).map_err(Failure::input)?;
            save(file, &picture.to_png().map_err(Failure::input)?)
        }
        None => run(&args.broker, &args.window, || kiosk::run(&options)),
    }
}

/// A teller's window.
pub(crate) fn teller(args: &TellerArgs) -> Result<(), Failure> {
    let token = token(&args.broker, Role::Teller)?;
    let options = teller::Options {
        broker: args.broker.broker.clone(),
        token,
        counter: args.counter,
        language: language(&args.window)?,
        size: size(&args.window, (1280, 720)),
    };
    match &args.window.picture {
        Some(file) => save(file, &teller::picture(&options, LANDSCAPE).map_err(Failure::input)?),
        None => run(&args.broker, &args.window, || teller::run(options)),
    }
}

/// A hall screen's window.
pub(crate) fn screen(args: &ScreenArgs) -> Result<(), Failure> {
    let token = token(&args.broker, Role::Screen)?;
    let options = screen::Options {
        broker: args.broker.broker.clone(),
        token,
        screen: args.name.clone(),
        language: language(&args.window)?,
        size: size(&args.window, (1280, 720)),
    };
    match &args.window.picture {
        Some(file) => save(file, &screen::picture(&options, LANDSCAPE).map_err(Failure::input)?),
        None => run(&args.broker, &args.window, || screen::run(options)),
    }
}

/// The token of a role that runs alone.
pub(crate) fn token(at: &BrokerAt, role: Role) -> Result<String, Failure> {
    let file = match &at.token_file {
        Some(file) => file.clone(),
        None => default_file(None).map_err(Failure::Input)?,
    };
    token_from(&file, role).map_err(Failure::Input)
}

/// Opens a window. A fault that may be gone at the next start has another exit code than a mistake, so that whoever watches over
/// the window starts it again.
fn run<E: Into<anyhow::Error>>(
    at: &BrokerAt,
    args: &WindowArgs,
    window: impl FnOnce() -> Result<(), E>,
) -> Result<(), Failure> {
    if let Some(rotation) = args.rotate {
        look::rotate(rotation).map_err(Failure::input)?;
    }
    if at.with_parent {
        windows::end_with_parent();
    }
    window().map_err(|error| {
        let error = error.into();
        let passing = |cause: &(dyn Error + 'static)| {
            cause.downcast_ref::<WindowError>().is_some_and(WindowError::is_passing)
                || cause.downcast_ref::<kiosk::pending::PendingError>().is_some()
        };
        if error.chain().any(passing) { Failure::Run(error) } else { Failure::Input(error) }
    })
}

fn language(args: &WindowArgs) -> Result<Language, Failure> {
    [Language::Chinese, Language::English]
        .into_iter()
        .find(|language| language.tag() == args.language)
        .with_context(|| format!("--language {}: the pages speak zh and en", args.language))
        .map_err(Failure::Input)
}

fn size(args: &WindowArgs, (width, height): (u32, u32)) -> WindowSize {
    if args.fullscreen { WindowSize::FullScreen } else { WindowSize::Logical { width, height } }
}

fn save(file: &Path, png: &[u8]) -> Result<(), Failure> {
    fs::write(file, png).with_context(|| format!("writing {}", file.display())).map_err(Failure::Input)
}
