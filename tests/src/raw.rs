//! Requests as anybody may send them, right or wrong.

use reqwest::{Client, Method, RequestBuilder};
use serde_json::Value;

/// Sends what no honest client would.
#[derive(Clone, Debug)]
pub struct Raw {
    client: Client,
    url: String,
}

/// What came back.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The content type; empty when there is none.
    pub kind: String,
    /// The seconds after which to try again, where it names them.
    pub retry_after: Option<u64>,
    /// The body as text.
    pub text: String,
}

impl Raw {
    /// Sends to the broker at this address.
    pub fn to(url: &str) -> Self {
        let client = Client::builder().no_proxy().build().expect("an HTTP client");
        Self { client, url: url.trim_end_matches('/').to_owned() }
    }

    /// A request; the path begins with `/`. The token is left out where it is empty.
    pub fn request(&self, method: &str, path: &str, token: &str) -> RequestBuilder {
        let method = Method::from_bytes(method.as_bytes()).expect("a method");
        let request = self.client.request(method, format!("{}{path}", self.url)).header("Accept-Language", "en");
        if token.is_empty() { request } else { request.bearer_auth(token) }
    }

    /// A `GET`.
    pub async fn get(&self, path: &str, token: &str) -> Answer {
        answer(self.request("GET", path, token)).await
    }

    /// A `POST` of this text, said to be JSON.
    pub async fn post(&self, path: &str, token: &str, body: impl Into<String>) -> Answer {
        answer(self.request("POST", path, token).header("Content-Type", "application/json").body(body.into())).await
    }

    /// The same, with an idempotency key.
    pub async fn post_with_key(&self, path: &str, token: &str, key: &str, body: impl Into<String>) -> Answer {
        let request = self.request("POST", path, token).header("Content-Type", "application/json");
        answer(request.header(wire::IDEMPOTENCY_KEY, key).body(body.into())).await
    }
}

impl Answer {
    /// Sends a request and reads the whole answer.
    pub async fn to(request: RequestBuilder) -> Self {
        answer(request).await
    }

    /// The body as JSON.
    ///
    /// # Panics
    /// When it is none.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error} in the answer {self:?}"))
    }

    /// Asserts that this is a problem object of this status and kind, and returns it.
    ///
    /// # Panics
    /// When it is not.
    pub fn is_problem(&self, status: u16, kind: &str) -> Value {
        assert_eq!(self.status, status, "{self:?}");
        assert_eq!(self.kind, "application/problem+json", "{self:?}");
        let problem = self.json();
        assert_eq!(problem["status"], status, "{self:?}");
        assert_eq!(problem["type"], kind, "{self:?}");
        assert!(problem["title"].as_str().is_some_and(|title| !title.is_empty()), "{self:?}");
        problem
    }
}

async fn answer(request: RequestBuilder) -> Answer {
    let answer = request.send().await.expect("an answer");
    let status = answer.status().as_u16();
    let kind = answer.headers().get("content-type").and_then(|kind| kind.to_str().ok()).unwrap_or_default().to_owned();
    let retry_after = answer.headers().get("retry-after").and_then(|after| after.to_str().ok()?.parse().ok());
    Answer { status, kind, retry_after, text: answer.text().await.expect("a whole answer") }
}
