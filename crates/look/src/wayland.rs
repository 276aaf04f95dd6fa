//! Turning the screen of a compositor that lets its clients arrange its outputs: cage since 0.1.5, sway and others that speak
//! wlr-output-management. Whatever is plugged in later is turned as well, for as long as this process lives: compositors forget the
//! rotation of a screen that went dark.

use std::collections::HashMap;
use std::thread;

use wayland_client::backend::ObjectId;
use wayland_client::globals::{BindError, GlobalError, GlobalListContents, registry_queue_init};
use wayland_client::protocol::wl_output::Transform;
use wayland_client::protocol::wl_registry::{self, WlRegistry};
use wayland_client::{
    ConnectError, Connection, Dispatch, DispatchError, Proxy, QueueHandle, WEnum, event_created_child,
};
use wayland_protocols_wlr::output_management::v1::client::zwlr_output_configuration_head_v1::ZwlrOutputConfigurationHeadV1;
use wayland_protocols_wlr::output_management::v1::client::zwlr_output_configuration_v1::{
    self, ZwlrOutputConfigurationV1,
};
use wayland_protocols_wlr::output_management::v1::client::zwlr_output_head_v1::{
    self, EVT_MODE_OPCODE, ZwlrOutputHeadV1,
};
use wayland_protocols_wlr::output_management::v1::client::zwlr_output_manager_v1::{
    self, EVT_HEAD_OPCODE, ZwlrOutputManagerV1,
};
use wayland_protocols_wlr::output_management::v1::client::zwlr_output_mode_v1::{self, ZwlrOutputModeV1};

use crate::rotation::Rotation;

/// Why a Wayland screen was not turned.
#[derive(Debug, thiserror::Error)]
pub enum TurnError {
    /// There is no compositor.
    #[error("connecting to the Wayland compositor")]
    Connect(#[from] ConnectError),
    /// It does not say what it can do.
    #[error("asking the Wayland compositor what it can do")]
    Globals(#[from] GlobalError),
    /// It lets nobody arrange its outputs.
    #[error("this Wayland compositor lets no window turn its screen (cage before 0.1.5 turns it by -r)")]
    NoManager(#[source] BindError),
    /// It went away.
    #[error("talking to the Wayland compositor")]
    Dispatch(#[from] DispatchError),
    /// It cannot turn this screen.
    #[error("the Wayland compositor refused to turn the screen")]
    Refused,
}

/// Turns every screen, and later those that are plugged in.
pub(crate) fn rotate(rotation: Rotation) -> Result<(), TurnError> {
    let connection = Connection::connect_to_env()?;
    let (globals, mut queue) = registry_queue_init::<Outputs>(&connection)?;
    let manager = match globals.bind(&queue.handle(), 1..=1, ()) {
        Ok(manager) => manager,
        // Who asks for no rotation gets the compositor's.
        Err(_) if rotation == Rotation::None => return Ok(()),
        Err(error) => return Err(TurnError::NoManager(error)),
    };
    let mut outputs =
        Outputs { manager, wanted: of_wayland(rotation), heads: HashMap::new(), told: 0, asked: false, answer: None };
    let answer = loop {
        queue.blocking_dispatch(&mut outputs)?;
        if let Some(answer) = outputs.answer.take() {
            break answer;
        }
    };
    answer?;
    let keep = thread::Builder::new().name("outputs".to_owned()).spawn(move || {
        while queue.blocking_dispatch(&mut outputs).is_ok() {
            if let Some(Err(error)) = outputs.answer.take() {
                tracing::warn!(error = &error as &dyn std::error::Error, "a screen is not turned");
            }
        }
    });
    if let Err(error) = keep {
        tracing::warn!(
            error = &error as &dyn std::error::Error,
            "screens that are plugged in later will not be turned"
        );
    }
    Ok(())
}

/// Wayland counts the other way round: its 90 turns what is seen counter-clockwise.
fn of_wayland(rotation: Rotation) -> Transform {
    match rotation {
        Rotation::None => Transform::Normal,
        Rotation::Quarter => Transform::_270,
        Rotation::Half => Transform::_180,
        Rotation::ThreeQuarters => Transform::_90,
    }
}

/// The outputs of a compositor as it has told them.
struct Outputs {
    manager: ZwlrOutputManagerV1,
    wanted: Transform,
    heads: HashMap<ObjectId, Output>,
    /// As of when everything was told last.
    told: u32,
    /// A change has been asked for and not answered.
    asked: bool,
    /// What came of looking at them last.
    answer: Option<Result<(), TurnError>>,
}

struct Output {
    head: ZwlrOutputHeadV1,
    enabled: bool,
    transform: Option<Transform>,
}

impl Outputs {
    /// Everything has been told, as of `serial`.
    fn look(&mut self, serial: u32, queue: &QueueHandle<Self>) {
        self.told = serial;
        if self.asked {
            return;
        }
        // Where nothing is lit everything is: sway says so of outputs without modes, such as a window on another display server.
        let dark = self.heads.values().all(|output| !output.enabled);
        let mut shown = self.heads.values().filter(|output| output.enabled || dark);
        if shown.all(|output| output.transform == Some(self.wanted)) {
            self.answer = Some(Ok(()));
            return;
        }
        // What is not said of an output stays as it is; one that is not named at all is an error.
        let change = self.manager.create_configuration(serial, queue, ());
        for output in self.heads.values() {
            if output.enabled || dark {
                change.enable_head(&output.head, queue, ()).set_transform(self.wanted);
            } else {
                change.disable_head(&output.head);
            }
        }
        change.apply();
        self.asked = true;
    }
}

impl Dispatch<WlRegistry, GlobalListContents> for Outputs {
    fn event(
        _: &mut Self,
        _: &WlRegistry,
        _: wl_registry::Event,
        _: &GlobalListContents,
        _: &Connection,
        _: &QueueHandle<Self>,
    ) {
    }
}

impl Dispatch<ZwlrOutputManagerV1, ()> for Outputs {
    fn event(
        outputs: &mut Self,
        _: &ZwlrOutputManagerV1,
        event: zwlr_output_manager_v1::Event,
        (): &(),
        _: &Connection,
        queue: &QueueHandle<Self>,
    ) {
        match event {
            zwlr_output_manager_v1::Event::Head { head } => {
                outputs.heads.insert(head.id(), Output { head, enabled: false, transform: None });
            }
            zwlr_output_manager_v1::Event::Done { serial } => outputs.look(serial, queue),
            zwlr_output_manager_v1::Event::Finished | _ => {}
        }
    }

    event_created_child!(Outputs, ZwlrOutputManagerV1, [EVT_HEAD_OPCODE => (ZwlrOutputHeadV1, ())]);
}

impl Dispatch<ZwlrOutputHeadV1, ()> for Outputs {
    fn event(
        outputs: &mut Self,
        head: &ZwlrOutputHeadV1,
        event: zwlr_output_head_v1::Event,
        (): &(),
        _: &Connection,
        _: &QueueHandle<Self>,
    ) {
        let Some(output) = outputs.heads.get_mut(&head.id()) else { return };
        #[expect(clippy::wildcard_enum_match_arm, reason = "what else an output tells does not matter for turning it")]
        match event {
            zwlr_output_head_v1::Event::Enabled { enabled } => output.enabled = enabled != 0,
            zwlr_output_head_v1::Event::Transform { transform: WEnum::Value(transform) } => {
                output.transform = Some(transform);
            }
            zwlr_output_head_v1::Event::Finished => {
                outputs.heads.remove(&head.id());
            }
            _ => {}
        }
    }

    event_created_child!(Outputs, ZwlrOutputHeadV1, [EVT_MODE_OPCODE => (ZwlrOutputModeV1, ())]);
}

impl Dispatch<ZwlrOutputModeV1, ()> for Outputs {
    fn event(
        _: &mut Self,
        _: &ZwlrOutputModeV1,
        _: zwlr_output_mode_v1::Event,
        (): &(),
        _: &Connection,
        _: &QueueHandle<Self>,
    ) {
    }
}

impl Dispatch<ZwlrOutputConfigurationHeadV1, ()> for Outputs {
    fn event(
        _: &mut Self,
        _: &ZwlrOutputConfigurationHeadV1,
        _: <ZwlrOutputConfigurationHeadV1 as Proxy>::Event,
        (): &(),
        _: &Connection,
        _: &QueueHandle<Self>,
    ) {
    }
}

impl Dispatch<ZwlrOutputConfigurationV1, ()> for Outputs {
    fn event(
        outputs: &mut Self,
        change: &ZwlrOutputConfigurationV1,
        event: zwlr_output_configuration_v1::Event,
        (): &(),
        _: &Connection,
        queue: &QueueHandle<Self>,
    ) {
        outputs.asked = false;
        match event {
            // Even where the compositor does not tell so: asking again and again would make it flicker.
            zwlr_output_configuration_v1::Event::Succeeded => {
                let wanted = outputs.wanted;
                outputs.heads.values_mut().for_each(|output| output.transform = Some(wanted));
                outputs.answer = Some(Ok(()));
            }
            zwlr_output_configuration_v1::Event::Failed => outputs.answer = Some(Err(TurnError::Refused)),
            // Something had changed in between, and was told before this.
            zwlr_output_configuration_v1::Event::Cancelled | _ => outputs.look(outputs.told, queue),
        }
        change.destroy();
    }
}
