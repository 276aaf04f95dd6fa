//! Readers on the control channel.

use serde_json::json;

use super::{Doing, controlled, doing, line_acts, unit_acts, unit_state};
use crate::readers::id_card::IdCardData;
use crate::readers::id_reader::IdCardReader;
use crate::readers::scanner::QrScanner;
use crate::readers::track::{TrackCard, TrackReader};

const ID_READER: &[Doing<IdCardReader>] = &[
    doing("lay_on", "{\"name\":…, \"number\":…}", "lays that card on", |reader, argument| {
        reader.lay_on(IdCardData::new(argument.field("name")?, argument.field("number")?));
        Ok(())
    }),
    doing("take_off", "", "takes the card off", |reader, _| {
        reader.take_off();
        Ok(())
    }),
    doing("garbage", "true or false", "answers what is no frame", |reader, argument| {
        reader.garbage(argument.flag()?);
        Ok(())
    }),
    doing("garble_next", "", "its next answer arrives damaged", |reader, _| {
        reader.garble_next();
        Ok(())
    }),
    doing("slip_next", "", "selecting or reading fails once", |reader, _| {
        reader.slip_next();
        Ok(())
    }),
    doing("reads_again", "true or false", "finds a card that was read and not taken off", |reader, argument| {
        reader.reads_again(argument.flag()?);
        Ok(())
    }),
];

controlled!(IdCardReader, "id-reader", [line_acts!(IdCardReader), unit_acts!(IdCardReader), ID_READER], |reader| {
    unit_state!(reader, { "has_card": reader.has_card(), "cards_read": reader.cards_read() })
});

const TRACK_CARD: &str = "{\"pan\":…, \"expiry\":\"YYMM\"}, perhaps \"service\" and \"discretionary\"";

fn card(argument: super::Argument<'_>) -> Result<TrackCard, super::ActError> {
    let mut card = TrackCard::new(argument.field("pan")?, argument.field("expiry")?);
    if let Some(service) = argument.optional_field("service") {
        card.service = service.to_owned();
    }
    if let Some(discretionary) = argument.optional_field("discretionary") {
        card.discretionary = discretionary.to_owned();
    }
    Ok(card)
}

const TRACK: &[Doing<TrackReader>] = &[
    doing("swipe", TRACK_CARD, "draws that card through", |reader, argument| {
        reader.swipe(&card(argument)?);
        Ok(())
    }),
    doing("swipe_misread", TRACK_CARD, "draws it through and reads a character wrongly", |reader, argument| {
        reader.swipe_misread(&card(argument)?);
        Ok(())
    }),
    doing("swipe_unreadable", "", "draws a card through the wrong way round", |reader, _| {
        reader.swipe_unreadable();
        Ok(())
    }),
    doing("mute", "true or false", "sends nothing", |reader, argument| {
        reader.mute(argument.flag()?);
        Ok(())
    }),
];

controlled!(TrackReader, "card-reader", [line_acts!(TrackReader), TRACK], |reader| {
    json!({ "swipes": reader.swipes() })
});

const SCANNER: &[Doing<QrScanner>] = &[
    doing("scan", "a text", "sees a code that says it", |scanner, argument| {
        scanner.scan(argument.text()?);
        Ok(())
    }),
    doing("scan_bytes", "bytes in hexadecimal", "sees a code that holds them", |scanner, argument| {
        scanner.scan_bytes(&argument.bytes()?);
        Ok(())
    }),
    doing("scan_half", "bytes in hexadecimal", "sends half of them and no end", |scanner, argument| {
        scanner.scan_half(&argument.bytes()?);
        Ok(())
    }),
    doing("mute", "true or false", "sends nothing", |scanner, argument| {
        scanner.mute(argument.flag()?);
        Ok(())
    }),
];

controlled!(QrScanner, "scanner", [line_acts!(QrScanner), SCANNER], |scanner| { json!({ "scans": scanner.scans() }) });
