//! Devices for tests: one of each kind, without a hall.

use std::path::Path;
use std::sync::Arc;

use device_sim::{
    CPowerOptions, CPowerSign, Controlled, DigitBoard, Font, IdCardReader, Keypad, LineOptions, OnbonOptions,
    OnbonSign, PolledKeypad, PolledKeypadOptions, Printer, PrinterOptions, QrScanner, ScannerOptions, TrackOptions,
    TrackReader, WindowOptions, WindowSign,
};

use super::strokes::Act;

/// One of each kind, with its lines in `home`; within a runtime.
pub(super) fn one_of_each(home: &Path) -> Vec<(&'static str, Arc<dyn Controlled>)> {
    let font = Font::from_bytes(look::fonts::REGULAR.to_vec()).unwrap();
    let line = |name: &str| LineOptions::new(home, name);
    let board = DigitBoard::start_bus(&line("digits"), [1]).unwrap().remove(0);
    let all: Vec<Arc<dyn Controlled>> = vec![
        Arc::new(Printer::start(PrinterOptions::new(line("printer"), font.clone())).unwrap()),
        Arc::new(OnbonSign::start(&line("onbon"), OnbonOptions::new(1, font.clone())).unwrap()),
        Arc::new(CPowerSign::start(&line("cpower"), CPowerOptions::new(1, font.clone())).unwrap()),
        Arc::new(WindowSign::start(&line("window"), WindowOptions::new(1, font)).unwrap()),
        Arc::new(board),
        Arc::new(Keypad::start(&line("keypad"), 1).unwrap()),
        Arc::new(PolledKeypad::start(&line("polled"), PolledKeypadOptions::new(1)).unwrap()),
        Arc::new(IdCardReader::start(&line("id-reader")).unwrap()),
        Arc::new(TrackReader::start(&line("card-reader"), TrackOptions::default()).unwrap()),
        Arc::new(QrScanner::start(&line("scanner"), ScannerOptions::default()).unwrap()),
    ];
    all.into_iter().map(|device| (device.kind(), device)).collect()
}

/// What it knows.
pub(super) fn acts(device: &dyn Controlled) -> Vec<Act> {
    let own = |act: device_sim::Act| Act {
        name: act.name.to_owned(),
        argument: act.argument.to_owned(),
        does: act.does.to_owned(),
    };
    device.acts().into_iter().map(own).collect()
}
