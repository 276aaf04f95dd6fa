//! The directory in the network: asked by `POST`, so that no number stands in an address that somebody logs.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use hall::{Identity, IdentityKind, Rules, TierId};
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue};
use reqwest::redirect::Policy;
use reqwest::{Client, StatusCode, Url};
use serde::Deserialize;
use serde_json::json;

use super::keyed::Hasher;
use super::memory::Memory;
use super::patience::Patience;
use super::{Known, LEVEL, is_level};
use crate::options::OnlineDirectory;

/// Most bytes of an answer.
const MOST_BYTES: usize = 4096;

/// A directory in the network.
pub(super) struct Online {
    http: Client,
    url: Url,
    timeout: Duration,
    rules: Arc<Rules>,
    /// `None` when the system had no chance to give: then nothing is remembered.
    hasher: Option<Hasher>,
    memory: Mutex<Memory>,
    patience: Mutex<Patience>,
}

/// Why a directory in the network cannot be asked at all.
#[derive(Debug, thiserror::Error)]
pub enum OnlineError {
    /// Its address is none.
    #[error("{url} is no address of a directory: {why}; write it like http://192.168.1.20:8090/tier")]
    Url {
        /// As it was given.
        url: String,
        /// What is wrong.
        why: String,
    },
    /// Its token has characters that no HTTP header can carry.
    #[error("the directory's token has characters that no token has")]
    Token,
    /// The HTTP client cannot be set up.
    #[error("setting up the HTTP client")]
    Setup(#[source] reqwest::Error),
}

/// Why a question got no answer that can be used.
#[derive(Debug, thiserror::Error)]
enum NoAnswer {
    #[error("it cannot be reached, or not in time")]
    Unreached(#[source] reqwest::Error),
    #[error("it did not answer within {} ms", .0.as_millis())]
    Late(Duration),
    #[error("it answered HTTP {0}")]
    Status(StatusCode),
    #[error("its answer is not understood: {0}")]
    Garbled(String),
    #[error("it names the tier {0:?}, which the hall does not have")]
    UnknownTier(String),
}

impl Online {
    pub(super) fn new(options: &OnlineDirectory, rules: Arc<Rules>) -> Result<Self, OnlineError> {
        let refuse = |why: String| OnlineError::Url { url: options.url.clone(), why };
        let url = Url::parse(&options.url).map_err(|error| refuse(error.to_string()))?;
        if url.scheme() != "http" {
            return Err(refuse(format!("it begins with {}:", url.scheme())));
        }
        let mut headers = HeaderMap::new();
        if let Some(token) = &options.token {
            let bearer = HeaderValue::try_from(format!("Bearer {token}"));
            let mut bearer = bearer.map_err(|_| OnlineError::Token)?;
            bearer.set_sensitive(true);
            headers.insert(AUTHORIZATION, bearer);
        }
        let http = Client::builder()
            .default_headers(headers)
            .tcp_nodelay(true)
            // What is asked is for nobody else: no proxy of the environment, no other address.
            .no_proxy()
            .redirect(Policy::none())
            .build()
            .map_err(OnlineError::Setup)?;
        Ok(Self {
            http,
            url,
            timeout: options.timeout,
            rules,
            hasher: Hasher::of_chance(),
            memory: Mutex::new(Memory::new(i64::try_from(options.remembered.as_millis()).unwrap_or(i64::MAX))),
            patience: Mutex::default(),
        })
    }

    /// Who has this number, in the form of [`IdentityKind::plain`]; `None` also when it cannot say.
    pub(super) async fn ask(&self, kind: IdentityKind, plain: &str, now_ms: i64) -> Option<Known> {
        let who = self.hasher.as_ref().map(|hasher| hasher.hash(kind, plain));
        if let Some(remembered) = who.and_then(|who| lock(&self.memory).recall(&who, now_ms)) {
            return remembered;
        }
        if !lock(&self.patience).lasts(now_ms) {
            return None;
        }
        let asked = tokio::time::timeout(self.timeout, self.send(kind, plain)).await;
        let answer = asked.unwrap_or(Err(NoAnswer::Late(self.timeout)));
        // A directory that names a tier the hall lacks answers; it is the hall's file or the directory that is to be mended.
        let is_there = answer.is_ok() || matches!(answer, Err(NoAnswer::UnknownTier(_)));
        lock(&self.patience).note(is_there, now_ms);
        match answer {
            Ok(known) => {
                if let Some(who) = who {
                    lock(&self.memory).note(who, known.clone(), now_ms);
                }
                known
            }
            Err(error) => {
                tracing::warn!(
                    error = &error as &dyn std::error::Error,
                    "the directory of customers was asked in vain"
                );
                None
            }
        }
    }

    /// Whether it is left alone because it failed again and again.
    pub(super) fn is_silent(&self) -> bool {
        lock(&self.patience).is_over()
    }

    async fn send(&self, kind: IdentityKind, plain: &str) -> Result<Option<Known>, NoAnswer> {
        let unreached = |error: reqwest::Error| NoAnswer::Unreached(error.without_url());
        let question = json!({ "kind": kind, "value": plain });
        let mut answer = self.http.post(self.url.clone()).json(&question).send().await.map_err(unreached)?;
        match answer.status() {
            StatusCode::OK => {}
            // Many a directory says so of somebody it does not know.
            StatusCode::NOT_FOUND => return Ok(None),
            other => return Err(NoAnswer::Status(other)),
        }
        let mut body = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(unreached)? {
            if body.len() + chunk.len() > MOST_BYTES {
                return Err(NoAnswer::Garbled(format!("it is longer than {MOST_BYTES} bytes")));
            }
            body.extend_from_slice(&chunk);
        }
        let told = told(&body)?;
        let Some(tier) = told.tier else { return Ok(None) };
        let id = TierId::from(tier.as_str());
        match self.rules.tier(&id) {
            Some(_) => Ok(Some(Known { tier: id, level: told.level })),
            None => Err(NoAnswer::UnknownTier(shown(&tier))),
        }
    }
}

/// An answer. `tier` has to be there, if only to say `null`.
#[derive(Deserialize)]
struct Told {
    #[serde(deserialize_with = "Option::deserialize")]
    tier: Option<String>,
    #[serde(default)]
    level: Option<String>,
}

fn told(body: &[u8]) -> Result<Told, NoAnswer> {
    // The words of the JSON reader may quote what it read; the place is enough.
    let garbled = |error: serde_json::Error| {
        NoAnswer::Garbled(format!("it is not {{\"tier\": …}} (line {}, column {})", error.line(), error.column()))
    };
    let told: Told = serde_json::from_slice(body).map_err(garbled)?;
    match &told.level {
        Some(level) if !is_level(level) => {
            Err(NoAnswer::Garbled(format!("its level is not a few words of at most {LEVEL} characters")))
        }
        Some(_) | None => Ok(Told { level: told.level.filter(|level| !level.is_empty()), ..told }),
    }
}

/// A tier that is none, for the log; what may be somebody's number only masked.
fn shown(tier: &str) -> String {
    let short: String = tier.chars().take(40).collect();
    let digits = short.chars().filter(|letter| letter.is_numeric()).count();
    if digits >= 4 { Identity::mask(IdentityKind::Card, &short).masked } else { short }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_says_a_tier_or_that_there_is_none() {
        let read = |text: &str| told(text.as_bytes()).ok().map(|told| (told.tier, told.level));
        let tier = |tier: &str, level: Option<&str>| Some((Some(tier.to_owned()), level.map(str::to_owned)));
        assert_eq!(read(r#"{"tier":"vip"}"#), tier("vip", None));
        assert_eq!(read(r#"{"tier":"vip","level":"钻石卡","since":2019}"#), tier("vip", Some("钻石卡")));
        assert_eq!(read(r#"{"tier":"vip","level":""}"#), tier("vip", None));
        assert_eq!(read(r#"{"tier":null,"level":null}"#), Some((None, None)));
        let garbage = ["", "{}", "null", "[]", r#"{"tier":7}"#, r#"{"level":"x"}"#, "<html>", r#"{"tier":"vip""#];
        for text in garbage {
            assert_eq!(read(text), None, "{text}");
        }
        let long = "级".repeat(LEVEL + 1);
        assert_eq!(read(&format!(r#"{{"tier":"vip","level":"{long}"}}"#)), None);
    }

    fn read_level(level: &str) -> Option<String> {
        told(format!(r#"{{"tier":"vip","level":"{level}"}}"#).as_bytes()).ok()?.level
    }

    #[test]
    fn an_answer_that_repeats_the_question_is_not_repeated_in_the_log() {
        let error = told(br#"{"tier":"vip","level":{"value":"13812341234"}}"#).err().unwrap().to_string();
        assert!(error.contains("line 1") && !error.contains("1234"), "{error}");
        assert_eq!(read_level("13812341234"), None, "levels are kept and told as they are");
        assert_eq!((shown("platin"), shown("13812341234")), ("platin".to_owned(), "138****1234".to_owned()));
    }
}
