//! The HTTP below the routes.

use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{ACCEPT_LANGUAGE, AUTHORIZATION, HeaderMap, HeaderValue};
use reqwest::redirect::Policy;
use reqwest::{Method, RequestBuilder, Response, StatusCode, Url};
use serde::Serialize;
use serde::de::DeserializeOwned;
use wire::Problem;

use crate::error::{AddressError, Error};
use crate::key::Key;

/// How long a connection may take to stand: a broker on the hall's own network is there at once or not at all.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);
/// How long an answer may take.
pub(crate) const ANSWER_TIMEOUT: Duration = Duration::from_secs(5);
/// Most bytes of one answer; the snapshot of a hall with thousands waiting is well below.
const MAX_ANSWER: usize = 16 << 20;

/// A client of one broker, in one role and language. Cheap to clone; clones share connections.
#[derive(Clone, Debug)]
pub struct Client {
    shared: Arc<Shared>,
    language: HeaderValue,
}

#[derive(Debug)]
struct Shared {
    http: reqwest::Client,
    base: Url,
}

impl Client {
    /// A client of the broker at `base_url`, such as `http://192.0.2.1:8080`, with the bearer token of its role.
    /// It speaks Chinese until [`Client::with_language`]. Nothing is sent yet.
    ///
    /// # Errors
    /// [`AddressError`] when the address or the token cannot be one.
    pub fn new(base_url: impl AsRef<str>, token: impl AsRef<str>) -> Result<Self, AddressError> {
        let base = address(base_url.as_ref())?;
        let mut bearer =
            HeaderValue::try_from(format!("Bearer {}", token.as_ref().trim())).map_err(|_| AddressError::Token)?;
        bearer.set_sensitive(true);
        let http = reqwest::Client::builder()
            .default_headers(HeaderMap::from_iter([(AUTHORIZATION, bearer)]))
            .connect_timeout(CONNECT_TIMEOUT)
            .tcp_nodelay(true)
            .tcp_keepalive(Duration::from_secs(15))
            .redirect(Policy::none())
            // The broker stands in the hall; a proxy of the environment does not lead there.
            .no_proxy()
            .build()
            .map_err(|source| AddressError::Setup { source })?;
        Ok(Self { shared: Arc::new(Shared { http, base }), language: HeaderValue::from_static("zh") })
    }

    /// The same client, answered in this language (a tag: `zh`, `en`). A text that is no tag changes nothing.
    #[must_use]
    pub fn with_language(&self, language: &str) -> Self {
        let language = HeaderValue::from_str(language).unwrap_or_else(|_| self.language.clone());
        Self { shared: Arc::clone(&self.shared), language }
    }

    /// Asks.
    pub(crate) async fn get<T: DeserializeOwned>(
        &self,
        act: &'static str,
        path: &[&str],
        query: &[(&str, &str)],
    ) -> Result<T, Error> {
        let mut url = self.url(path);
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        let answer = send(act, self.request(Method::GET, url).timeout(ANSWER_TIMEOUT)).await?;
        read(act, answer).await
    }

    /// Commands, with a key where the command has one.
    pub(crate) async fn post<T: DeserializeOwned>(
        &self,
        act: &'static str,
        path: &[&str],
        key: Option<&Key>,
        body: &impl Serialize,
    ) -> Result<T, Error> {
        let answer = self.send_post(act, path, key, body).await?;
        read(act, answer).await
    }

    /// Commands where the answer may be that there is none (204).
    pub(crate) async fn post_maybe<T: DeserializeOwned>(
        &self,
        act: &'static str,
        path: &[&str],
        key: Option<&Key>,
        body: &impl Serialize,
    ) -> Result<Option<T>, Error> {
        let answer = self.send_post(act, path, key, body).await?;
        if answer.status() == StatusCode::NO_CONTENT {
            return Ok(None);
        }
        read(act, answer).await.map(Some)
    }

    /// Commands whose answer's body says nothing.
    pub(crate) async fn post_told(
        &self,
        act: &'static str,
        path: &[&str],
        key: Option<&Key>,
        body: &impl Serialize,
    ) -> Result<(), Error> {
        let answer = self.send_post(act, path, key, body).await?;
        // Read to its end, so that the connection is used again.
        body_of(act, answer).await.map(|_| ())
    }

    /// Commands that are all key: no body, and none in the answer.
    pub(crate) async fn post_key(&self, act: &'static str, path: &[&str], key: &Key) -> Result<(), Error> {
        let request = self.request(Method::POST, self.url(path)).timeout(ANSWER_TIMEOUT);
        let answer = send(act, keyed(act, request, Some(key))?).await?;
        body_of(act, answer).await.map(|_| ())
    }

    /// A request without a timeout of its own.
    pub(crate) fn request(&self, method: Method, url: Url) -> RequestBuilder {
        self.shared.http.request(method, url).header(ACCEPT_LANGUAGE, self.language.clone())
    }

    /// The address of a route below `/api/v1`.
    pub(crate) fn url(&self, path: &[&str]) -> Url {
        let mut url = self.shared.base.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(["api", "v1"]).extend(path);
        }
        url
    }

    async fn send_post(
        &self,
        act: &'static str,
        path: &[&str],
        key: Option<&Key>,
        body: &impl Serialize,
    ) -> Result<Response, Error> {
        let request = self.request(Method::POST, self.url(path)).timeout(ANSWER_TIMEOUT).json(body);
        send(act, keyed(act, request, key)?).await
    }
}

/// The request with its key. A key the broker would refuse is not sent: trying again would not help.
fn keyed(act: &'static str, request: RequestBuilder, key: Option<&Key>) -> Result<RequestBuilder, Error> {
    match key {
        None => Ok(request),
        Some(key) if key.is_acceptable() => Ok(request.header(wire::IDEMPOTENCY_KEY, key.as_str())),
        Some(_) => {
            let detail = format!("the key is not 1 to {} visible ASCII characters, nothing was sent", Key::LIMIT);
            Err(Error::Protocol { act, status: 0, detail })
        }
    }
}

/// Sends; an answer that is no success becomes an error.
pub(crate) async fn send(act: &'static str, request: RequestBuilder) -> Result<Response, Error> {
    let answer = request.send().await.map_err(|source| unreachable(act, source))?;
    if answer.status().is_success() {
        return Ok(answer);
    }
    let status = answer.status().as_u16();
    let body = body_of(act, answer).await?;
    Err(match serde_json::from_slice::<Problem>(&body) {
        Ok(problem) => Error::Refused(problem),
        Err(_) => Error::Protocol { act, status, detail: beginning(&body) },
    })
}

fn address(text: &str) -> Result<Url, AddressError> {
    let refuse = |why: String| AddressError::Url { address: text.to_owned(), why };
    let url = Url::parse(text.trim()).map_err(|error| refuse(error.to_string()))?;
    if url.scheme() != "http" {
        return Err(refuse(format!("it begins with {}:", url.scheme())));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(refuse("it has a `?` or a `#`".to_owned()));
    }
    Ok(url)
}

async fn read<T: DeserializeOwned>(act: &'static str, answer: Response) -> Result<T, Error> {
    let status = answer.status().as_u16();
    let body = body_of(act, answer).await?;
    serde_json::from_slice(&body).map_err(|error| Error::Protocol { act, status, detail: error.to_string() })
}

async fn body_of(act: &'static str, mut answer: Response) -> Result<Vec<u8>, Error> {
    let status = answer.status().as_u16();
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(|source| unreachable(act, source))? {
        if body.len() + chunk.len() > MAX_ANSWER {
            return Err(Error::Protocol { act, status, detail: format!("it is longer than {MAX_ANSWER} bytes") });
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// Without the address: a ticket's id is in it, and errors end up in logs.
fn unreachable(act: &'static str, source: reqwest::Error) -> Error {
    let source = source.without_url();
    if source.is_builder() {
        // Never sent, and trying again would not help.
        return Error::Protocol { act, status: 0, detail: format!("the request cannot be written: {source}") };
    }
    Error::Unreachable { act, source }
}

fn beginning(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(&body[..body.len().min(200)]);
    format!("it is no problem object but `{}`", text.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_a_slash_stays_one_segment() {
        let client = Client::new("http://hall:8080", "t").unwrap();
        assert_eq!(client.url(&["kiosks", "东门/1"]).path(), "/api/v1/kiosks/%E4%B8%9C%E9%97%A8%2F1");
    }

    #[test]
    fn a_broker_below_a_path_is_found() {
        let client = Client::new("http://hall:8080/jiaohao/", "t").unwrap();
        assert_eq!(client.url(&["hall"]).as_str(), "http://hall:8080/jiaohao/api/v1/hall");
    }

    #[test]
    fn an_address_that_is_none_is_refused_with_an_example() {
        for address in ["hall", "https://hall", "ftp://hall", "http://hall?x=1", ""] {
            let error = Client::new(address, "t").unwrap_err().to_string();
            assert!(error.contains("http://192.0.2.1:8080"), "{error}");
        }
    }

    #[test]
    fn a_token_with_a_line_break_inside_is_refused() {
        assert!(matches!(Client::new("http://hall", "a\nb"), Err(AddressError::Token)));
    }

    #[test]
    fn a_token_never_shows_in_debug_output() {
        let shown = format!("{:?}", Client::new("http://hall", "geheim").unwrap());
        assert!(!shown.contains("geheim"), "{shown}");
    }
}
