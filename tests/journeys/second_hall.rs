//! A second hall by mistake: it ends with the mend, and the first one's devices do not notice.

use std::fs;
use std::path::{Path, PathBuf};

use client::{Client, Key};
use hall_tests::{Outcome, Running, eventually};
use jiaohao::access::token_from;
use wire::{PrintState, Role, TakeTicket};

use crate::program;

/// A hall that runs.
struct First {
    running: Running,
    data: PathBuf,
    home: tempfile::TempDir,
}

impl First {
    async fn runs() -> Self {
        let home = tempfile::tempdir().expect("a temporary directory");
        let data = home.path().join("hall");
        let running = program().start(&data, ["hall", "--headless", "--listen", "127.0.0.1:0"]).await;
        let first = Self { running, data, home };
        first.prints().await;
        first
    }

    fn client(&self, role: Role) -> Client {
        let token = token_from(&self.data.join("access.toml"), role).expect("the hall's secrets");
        Client::new(self.running.url(), &token).expect("an address")
    }

    /// A customer takes a number, and the printer says that it has printed it.
    async fn prints(&self) {
        let wish =
            TakeTicket { service: "payment".to_owned(), kiosk: Some("kiosk-1".to_owned()), ..TakeTicket::default() };
        let ticket = self.client(Role::Kiosk).take_ticket(&Key::new(), &wish).await.expect("a number").ticket.id;
        let supervisor = self.client(Role::Supervisor);
        eventually(format!("ticket {ticket} is printed"), async || {
            let print = supervisor.ticket(ticket).await.map_err(|error| error.to_string())?.ticket.print;
            if print == Some(PrintState::Printed) { Ok(()) } else { Err(format!("{print:?}")) }
        })
        .await;
    }

    /// Where the links of the devices lead: to terminals that are there.
    fn ports(&self) -> Vec<(PathBuf, PathBuf)> {
        let entries = fs::read_dir(self.data.join("ports")).expect("the ports");
        let mut links: Vec<_> = entries
            .map(|entry| entry.expect("a port").path())
            // Beside them is the socket that tells the devices what to suffer.
            .filter(|path| path.is_symlink())
            .map(|link| {
                let end = fs::read_link(&link).expect("a link");
                assert!(end.starts_with("/dev/pts") && end.exists(), "{} leads to {}", link.display(), end.display());
                (link, end)
            })
            .collect();
        links.sort();
        assert_eq!(links.len(), 11, "{links:?}");
        links
    }

    /// Somebody starts another one, which is to end with these words; the first one goes on as if nothing had been.
    async fn is_not_disturbed_by(&self, listen: &str, data: &Path, words: &[&str]) -> Outcome {
        let before = self.ports();
        let data = data.display().to_string();
        let second = program().run(["hall", "--headless", "--listen", listen, "--data", &data]).await;
        assert_eq!(second.code, Some(2), "{second:?}");
        assert!(second.stdout.is_empty() && !second.stderr.contains("panicked"), "{second:?}");
        for words in words {
            assert!(second.stderr.contains(words), "`{words}` is not in {second:?}");
        }
        assert_eq!(self.ports(), before);
        self.prints().await;
        second
    }
}

#[tokio::test]
async fn a_second_hall_on_the_same_directory_is_refused_and_the_first_still_prints() {
    let first = First::runs().await;
    let data = first.data.display().to_string();
    first.is_not_disturbed_by("127.0.0.1:0", &first.data, &["held by another process", &data]).await;
}

#[tokio::test]
async fn a_second_hall_on_the_same_port_is_refused_and_the_first_still_prints() {
    let first = First::runs().await;
    let other = first.home.path().join("other");
    let address = first.running.address();
    first.is_not_disturbed_by(address, &other, &[address, "--listen"]).await;
    assert!(!other.join("hall.db").exists() && !other.join("ports").exists(), "a refused hall left something");
}
