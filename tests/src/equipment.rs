//! The hall's devices, and what can be seen on them.

use device_sim::{Keypad, OnbonSign, Printer, WindowSign};
use wire::{Alarm, AlarmKind, Condition, DeviceHealth, DeviceState, Place, PrintState, TicketId};

use crate::rig::Rig;

/// A piece of paper from the printer.
pub type Paper = device_sim::Ticket;

impl Rig {
    /// The kiosk's printer.
    pub fn printer(&self) -> &Printer {
        self.devices.printers.get("printer-1").expect("the sample's printer")
    }

    /// The keypad of a counter.
    pub fn keypad(&self, counter: u16) -> &Keypad {
        self.devices.keypads.get(&format!("keypad-{counter}")).expect("a counter with a keypad")
    }

    /// The sign above a counter.
    pub fn window_sign(&self, counter: u16) -> WindowLed<'_> {
        let name = format!("window-led-{counter}");
        let led = self.devices.window_signs.get(&name).expect("a counter with a sign");
        WindowLed { rig: self, led, counter }
    }

    /// The hall's sign.
    pub fn hall_sign(&self) -> HallLed<'_> {
        HallLed { rig: self, led: self.devices.hall_signs.get("hall-led").expect("the sample's hall sign") }
    }

    /// A device as the hall's snapshot tells it.
    pub fn device<'r>(&'r self, name: &'r str) -> DeviceAt<'r> {
        DeviceAt { rig: self, name }
    }

    /// Waits until so many pieces of paper have come out, and takes them all.
    pub async fn papers(&self, count: usize) -> Vec<Paper> {
        let papers = self
            .until(format!("{count} pieces of paper"), async || {
                let papers = self.printer().tickets();
                let lines: Vec<_> = papers.iter().map(|paper| &paper.text_lines).collect();
                if papers.len() >= count { Ok(papers) } else { Err(format!("{lines:?}")) }
            })
            .await;
        assert_eq!(papers.len(), count, "more paper than expected");
        papers
    }

    /// Waits until a ticket's latest print job stands like this.
    pub async fn print_becomes(&self, ticket: TicketId, wanted: PrintState) {
        self.until(format!("the print of ticket {ticket} is {wanted:?}"), async || {
            let print = self.ticket(ticket).await.print;
            if print == Some(wanted) { Ok(()) } else { Err(format!("{print:?}")) }
        })
        .await;
    }

    /// Waits until every device has said that it is well; keypads speak only when a key is pressed, so theirs is to be open.
    pub async fn all_devices_are_well(&self) {
        self.until("all devices are well", async || {
            let keypads_open = self.devices.keypads.values().all(|keypad| keypad.is_open());
            let silent = |device: &&DeviceHealth| !self.devices.keypads.contains_key(&device.name);
            let hall = self.hall().await;
            let ill: Vec<_> =
                hall.devices.iter().filter(silent).filter(|device| device.report.state != DeviceState::Ok).collect();
            if ill.is_empty() && keypads_open { Ok(()) } else { Err(format!("{ill:?}")) }
        })
        .await;
    }

    /// Waits until there is an alarm of this kind about this device or ticket number, with a sentence in both languages.
    pub async fn alarm_is_raised(&self, kind: AlarmKind, about: &str) {
        let alarm = self
            .until(format!("the alarm {kind:?} about {about}"), async || {
                let alarms = self.alarms().await;
                let found = alarms.iter().find(|alarm| alarm.kind == kind && alarm.about == about);
                found.cloned().ok_or_else(|| format!("{alarms:?}"))
            })
            .await;
        assert!(!alarm.text.zh.is_empty() && !alarm.text.en.is_empty(), "{alarm:?}");
    }

    /// Waits until there is no alarm about this device or ticket number.
    pub async fn alarm_is_over(&self, about: &str) {
        self.until(format!("no alarm about {about}"), async || {
            let alarms = self.alarms().await;
            if alarms.iter().all(|alarm| alarm.about != about) { Ok(()) } else { Err(format!("{alarms:?}")) }
        })
        .await;
    }
}

/// The sign above a counter.
pub struct WindowLed<'r> {
    rig: &'r Rig,
    led: &'r WindowSign,
    counter: u16,
}

impl WindowLed<'_> {
    /// The device itself, with its faults.
    pub fn led(&self) -> &WindowSign {
        self.led
    }

    /// Waits until its digits show this.
    pub async fn shows(&self, text: &str) {
        self.rig
            .until(format!("the sign of counter {} shows `{text}`", self.counter), async || {
                let shown = self.led.shown();
                if shown == text { Ok(()) } else { Err(format!("`{shown}`")) }
            })
            .await;
    }

    /// Waits until it calls nobody: what it shows has no digits of a number.
    pub async fn is_idle(&self) {
        self.rig
            .until(format!("the sign of counter {} is idle", self.counter), async || {
                let wanted = self.rig.wanted(&Place::Counter(self.counter)).await;
                let shown = self.led.shown();
                let number = shown.chars().any(|character| character.is_ascii_digit());
                if wanted.is_empty() && !number { Ok(()) } else { Err(format!("`{shown}`, wanted {wanted:?}")) }
            })
            .await;
    }
}

/// The hall's sign.
pub struct HallLed<'r> {
    rig: &'r Rig,
    led: &'r OnbonSign,
}

impl HallLed<'_> {
    /// The device itself, with its faults.
    pub fn led(&self) -> &OnbonSign {
        self.led
    }

    /// Waits until its first line sends this number to this counter.
    pub async fn shows_call(&self, number: &str, counter: u16) {
        self.rig
            .until(format!("the hall's sign sends {number} to counter {counter}"), async || {
                let shown = self.led.shown();
                let first = shown.lines().next().unwrap_or_default().to_owned();
                let wanted = [format!("{number} → {counter}号窗口"), format!("{number}→{counter}号窗口")];
                if wanted.contains(&first) { Ok(()) } else { Err(format!("`{shown}`")) }
            })
            .await;
    }
}

/// A device by its name.
pub struct DeviceAt<'r> {
    rig: &'r Rig,
    name: &'r str,
}

impl DeviceAt<'_> {
    /// How it is.
    pub async fn health(&self) -> DeviceHealth {
        let hall = self.rig.hall().await;
        hall.devices.into_iter().find(|device| device.name == self.name).expect("a device of this name")
    }

    /// Waits until it is like this, with this condition among its conditions.
    pub async fn becomes(&self, state: DeviceState, condition: Condition) {
        self.rig
            .until(format!("{} is {state:?} with {condition:?}", self.name), async || {
                let report = self.health().await.report;
                let like_that = report.state == state && report.conditions.contains(&condition);
                if like_that { Ok(()) } else { Err(format!("{report:?}")) }
            })
            .await;
    }

    /// Waits until the technician reads this of it: its state and this condition, and, in an alarm that names the device and
    /// its port, what it is and what to do, in Chinese and in English.
    pub async fn is_told(&self, state: DeviceState, condition: Condition, words: (&str, &str)) {
        self.becomes(state, condition).await;
        let kind = match state {
            DeviceState::Unknown => AlarmKind::DeviceUnknown,
            DeviceState::Ok | DeviceState::Warning | DeviceState::Fault => AlarmKind::DeviceFault,
        };
        let port = self.rig.port(self.name);
        self.rig
            .until(format!("the alarm {kind:?} about {} says {words:?}", self.name), async || {
                let alarms = self.rig.alarms().await;
                let says = |alarm: &&Alarm| {
                    let text = &alarm.text;
                    alarm.kind == kind
                        && alarm.about == self.name
                        && text.zh.contains(words.0)
                        && text.en.contains(words.1)
                        && [&text.zh, &text.en].iter().all(|text| text.contains(self.name) && text.contains(&port))
                };
                if alarms.iter().any(|alarm| says(&alarm)) { Ok(()) } else { Err(format!("{alarms:?}")) }
            })
            .await;
    }

    /// Waits until it is well, and nobody is told of it any more.
    pub async fn is_mended(&self) {
        self.becomes_well().await;
        self.rig.alarm_is_over(self.name).await;
    }

    /// Waits until it is well.
    pub async fn becomes_well(&self) {
        self.rig
            .until(format!("{} is well", self.name), async || {
                let report = self.health().await.report;
                if report.state == DeviceState::Ok { Ok(()) } else { Err(format!("{report:?}")) }
            })
            .await;
    }
}

impl Rig {
    /// The numbers that the sign of a place is to show.
    async fn wanted(&self, place: &Place) -> Vec<String> {
        let signs = self.client(wire::Role::Devices).signs().await.expect("the signs");
        let sign = signs.into_iter().find(|sign| sign.place == *place).expect("a sign for the place");
        sign.calls.into_iter().map(|call| call.number).collect()
    }
}
