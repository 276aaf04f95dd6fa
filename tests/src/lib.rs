//! The rig of the journeys: a whole hall of real parts in one process, and the real program beside it.
//!
//! [`Rig`] is a hall on its sample configuration: broker, device host and simulated devices on pseudo-terminals, joined by
//! nothing but their real interfaces. Its time is stepped: it stands still unless the rig passes it, and while the rig waits for
//! an effect it passes in small steps, so that whatever is retried by a timer comes about soon. [`Program`] starts the program
//! itself, for what only a process can suffer: a kill, a signal, a wrong command line.

mod added;
mod ears;
mod equipment;
mod pace;
mod people;
mod program;
mod proxy;
mod raw;
mod rig;
mod wires;

pub use added::{at_port, block, with_devices};
pub use ears::{Ears, Told};
pub use equipment::{DeviceAt, HallLed, Paper, WindowLed};
pub use pace::RealTime;
pub use people::{AtKiosk, Teller};
pub use program::{Outcome, Program, Running, has_room};
pub use proxy::Proxy;
pub use raw::{Answer, Raw};
pub use rig::{PATIENCE, Rig, eventually};
pub use wires::{Wires, lettering};
