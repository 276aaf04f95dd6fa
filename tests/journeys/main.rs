//! Journeys through the hall, one file a misfortune: what the customer, the teller and the technician see.

use hall_tests::Program;

mod appointments;
mod backup_restored;
mod bad_input;
mod boxes;
mod broker_away;
mod broker_killed;
mod changed_configuration;
mod ctrl_c;
mod day_changes;
mod desk;
mod disk_full;
mod diversion;
mod doctor;
mod events_resume;
mod every_printer;
mod forecast_cli;
mod kiosk_knows;
mod kiosk_leaves;
mod kiosk_retries_after_timeout;
mod kiosk_window;
mod led_reconnects;
mod misfortune;
mod printer_unplugged;
mod real_pointer;
mod replay_cli;
mod rush;
mod scripted_hall;
mod second_hall;
mod staff_corner;
mod strangers;
mod ticket_to_call;
mod trouble_ahead;
mod two_tellers_press_at_once;
mod vip_arrives;
mod virtual_devices;
mod who_is_there;
mod wrong_pins;

/// The program, built by cargo together with these journeys.
fn program() -> Program {
    Program::find(env!("CARGO_BIN_EXE_jiaohao-under-test"))
}
