//! The printer on the control channel.

use serde_json::{Value, json};

use super::{ActError, Doing, controlled, doing, line_acts};
use crate::printer::{Printer, Ticket};

const ACTS: &[Doing<Printer>] = &[
    doing("out_of_paper", "", "the paper ends here and now", |printer, _| {
        printer.run_out_of_paper();
        Ok(())
    }),
    doing("out_of_paper_after", "millimetres", "the paper ends after so much more", |printer, argument| {
        printer.run_out_after_mm(argument.real()?);
        Ok(())
    }),
    doing("load_roll", "millimetres", "a new roll of that length; the backlog prints", |printer, argument| {
        printer.load_roll(argument.real()?);
        Ok(())
    }),
    doing("load_paper", "", "a new roll without end; the backlog prints", |printer, _| {
        printer.load_paper();
        Ok(())
    }),
    doing("near_end", "true or false", "the sensor before the end of the roll", |printer, argument| {
        printer.near_end(argument.flag()?);
        Ok(())
    }),
    doing("open_cover", "true or false", "opens the cover, or closes it", |printer, argument| {
        printer.open_cover(argument.flag()?);
        Ok(())
    }),
    doing("jam_cutter", "true or false", "blocks the cutter, or frees it", |printer, argument| {
        printer.jam_cutter(argument.flag()?);
        Ok(())
    }),
    doing("jam_next_cut", "", "the next cut jams once", |printer, _| {
        printer.jam_next_cut();
        Ok(())
    }),
    doing("jam_in_next_image", "", "the paper jams in the next image", |printer, _| {
        printer.jam_in_next_image();
        Ok(())
    }),
    doing("free_paper", "", "takes jammed paper out; garbage until power_cycle", |printer, _| {
        printer.free_paper();
        Ok(())
    }),
    doing("tear", "", "the customer tears off what is past the bar", |printer, _| {
        if printer.tear() { Ok(()) } else { Err(nothing("no paper is past the bar")) }
    }),
    doing("take_ticket", "", "the customer takes what the presenter holds out", |printer, _| {
        if printer.take_ticket() { Ok(()) } else { Err(nothing("the presenter holds nothing out")) }
    }),
    doing("power_cycle", "", "off and on again", |printer, _| {
        printer.power_cycle();
        Ok(())
    }),
    doing("picture", "a file's path", "writes the last ticket there as PNG", |printer, argument| {
        let ticket = printer.last_ticket().ok_or_else(|| nothing("no ticket has been printed"))?;
        Ok(std::fs::write(argument.path()?, ticket.png())?)
    }),
];

controlled!(Printer, "printer", [line_acts!(Printer), ACTS], |printer| {
    json!({
        "tickets": printer.finished_tickets(),
        "last_ticket": printer.last_ticket().as_ref().map(ticket),
        "hanging_lines": printer.hanging_lines(),
        "waiting_bytes": printer.waiting_bytes(),
        "lost_bytes": printer.lost_bytes(),
        "paper_left_mm": printer.paper_left_mm(),
        "media": format!("{:?}", printer.media()),
    })
});

fn ticket(ticket: &Ticket) -> Value {
    json!({
        "number": ticket.number,
        "lines": ticket.text_lines,
        "qr": ticket.qr,
        "cut": format!("{:?}", ticket.cut),
        "anomalies": ticket.anomalies,
        "length_mm": ticket.length_mm,
    })
}

fn nothing(why: &str) -> ActError {
    ActError::Io(std::io::Error::other(why))
}
