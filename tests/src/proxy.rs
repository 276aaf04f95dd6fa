//! A way to the broker that loses an answer.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::AbortHandle;

/// How a request for a number begins on the wire.
const TAKES: &[u8] = b"POST /api/v1/tickets ";

/// Hands bytes on in both directions. Told to, it swallows the answer to the next request for a number: the broker has done it,
/// and the one who asked hears nothing.
pub struct Proxy {
    address: SocketAddr,
    plan: Arc<Plan>,
    task: AbortHandle,
}

#[derive(Default)]
struct Plan {
    swallow_next: AtomicBool,
    swallowed: AtomicUsize,
    asked: AtomicUsize,
}

impl Proxy {
    /// Stands before the broker at this address (`http://HOST:PORT`).
    pub async fn before(broker: &str) -> Self {
        let broker = broker.trim_start_matches("http://").to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let plan = Arc::new(Plan::default());
        let shared = Arc::clone(&plan);
        let task = tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                if let Ok(far) = TcpStream::connect(&broker).await {
                    tokio::spawn(hand_on(near, far, Arc::clone(&shared)));
                }
            }
        });
        Self { address, plan, task: task.abort_handle() }
    }

    /// Its address, as a client takes it.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The answer to the next request for a number gets lost.
    pub fn swallows_the_next_number(&self) {
        self.plan.swallow_next.store(true, Ordering::SeqCst);
    }

    /// Answers swallowed so far.
    pub fn swallowed(&self) -> usize {
        self.plan.swallowed.load(Ordering::SeqCst)
    }

    /// Requests for a number so far.
    pub fn asked(&self) -> usize {
        self.plan.asked.load(Ordering::SeqCst)
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn hand_on(near: TcpStream, far: TcpStream, plan: Arc<Plan>) {
    let (mut near_in, mut near_out) = near.into_split();
    let (mut far_in, mut far_out) = far.into_split();
    let deaf = AtomicBool::new(false);
    let up = async {
        let mut buffer = vec![0; 64 * 1024];
        while let Ok(count @ 1..) = near_in.read(&mut buffer).await {
            // A client writes a request's head in one piece; these are small.
            if buffer[..count].starts_with(TAKES) {
                plan.asked.fetch_add(1, Ordering::SeqCst);
                if plan.swallow_next.swap(false, Ordering::SeqCst) {
                    deaf.store(true, Ordering::SeqCst);
                }
            }
            if far_out.write_all(&buffer[..count]).await.is_err() {
                return;
            }
        }
    };
    let down = async {
        let mut buffer = vec![0; 64 * 1024];
        while let Ok(count @ 1..) = far_in.read(&mut buffer).await {
            if deaf.load(Ordering::SeqCst) {
                plan.swallowed.fetch_add(1, Ordering::SeqCst);
                continue;
            }
            if near_out.write_all(&buffer[..count]).await.is_err() {
                return;
            }
        }
    };
    tokio::select! {
        () = up => {}
        () = down => {}
    }
}
