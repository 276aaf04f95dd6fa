//! From the network's words to the codec's.

use codecs::escpos::{Confirm, Cut, DoubleByte, Image, Number, PrinterTraits, Qr, Slip, StatusKind};
use wire::{CutCommand, ImageCommand, NumberStyle, PrintConfirm, PrinterProfile, PrinterStatus, QrCommand};

use crate::charsets::charset;

pub(super) fn of(profile: &PrinterProfile) -> PrinterTraits {
    PrinterTraits {
        dots: profile.dots,
        double_byte: match profile.double_byte {
            wire::DoubleByte::FsAmp => DoubleByte::EnterWithFsAmp,
            wire::DoubleByte::FsAmpNextLine => DoubleByte::FromNextLine,
            wire::DoubleByte::Always => DoubleByte::AlwaysOn,
        },
        charset: charset(profile.charset),
        cut: match profile.cut {
            CutCommand::PartialFeed => Cut::PartialGsV66,
            CutCommand::Partial => Cut::PartialGsV1,
            CutCommand::EscI => Cut::EscI,
            CutCommand::EscM => Cut::EscM,
            CutCommand::None => Cut::None,
        },
        qr: match profile.qr {
            QrCommand::Native => Qr::Native,
            QrCommand::Raster => Qr::Raster,
            QrCommand::None => Qr::None,
        },
        status: status_kind(profile.status),
        confirm: match profile.confirm {
            PrintConfirm::GsR => Confirm::GsR,
            PrintConfirm::None => Confirm::None,
        },
        feed_before_cut_mm: profile.feed_before_cut_mm,
        image: match profile.image {
            ImageCommand::GsV0 => Image::GsV0,
            ImageCommand::None => Image::None,
        },
        number: match profile.number {
            NumberStyle::Text => Number::Text,
            NumberStyle::Raster => Number::Raster,
        },
        logo: (profile.logo > 0).then_some(profile.logo),
        eject: (profile.eject > 0).then_some(profile.eject),
    }
}

pub(super) fn status_kind(status: PrinterStatus) -> StatusKind {
    match status {
        PrinterStatus::RealTime => StatusKind::RealTime,
        PrinterStatus::Automatic => StatusKind::Automatic,
        PrinterStatus::Full => StatusKind::Full,
        PrinterStatus::None => StatusKind::None,
    }
}

pub(super) fn slip(slip: &wire::Slip) -> Slip {
    Slip {
        hall: slip.hall.clone(),
        greeting: slip.greeting.clone(),
        number: slip.number.clone(),
        service: slip.service.clone(),
        ahead_line: slip.ahead.clone(),
        wait_line: slip.wait.clone(),
        area_line: slip.area.clone(),
        time_line: slip.time.clone(),
        documents: slip.documents.clone(),
        qr_url: slip.qr_url.clone(),
        rule_line: slip.rule.clone(),
        copy_mark: slip.copy_mark.clone(),
    }
}
