//! `netlab api` as it was seen to behave, with a list of what a client did that it must not do.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};

use async_trait::async_trait;
use backend_api::{BackendError, BoxStream, Dial, DialTarget};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

pub(crate) use crate::state::End;
use crate::state::{Job, State, stamped};

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Kind {
    #[default]
    Upstream,
    Text,
    Wrapper,
    Stranger,
    Open,
}

#[derive(Clone, Default)]
pub(crate) struct Fake {
    state: Arc<Mutex<State>>,
    open: Arc<AtomicUsize>,
    kind: Kind,
}

impl Fake {
    pub(crate) fn text_only() -> Self {
        Self { kind: Kind::Text, ..Self::default() }
    }

    pub(crate) fn wrapper() -> Self {
        Self { kind: Kind::Wrapper, ..Self::default() }
    }

    /// Something else that wants a login.
    pub(crate) fn stranger() -> Self {
        Self { kind: Kind::Stranger, ..Self::default() }
    }

    pub(crate) fn open_to_all() -> Self {
        Self { kind: Kind::Open, ..Self::default() }
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    /// How many connections are open now.
    pub(crate) fn open(&self) -> usize {
        self.open.load(Ordering::Relaxed)
    }

    pub(crate) fn next(&self, end: End) {
        self.state().next.push(end);
    }

    /// A job of somebody else that ends after it was asked about this often.
    pub(crate) fn foreign_job(&self, asked: u32) {
        self.state().next.push(End::After(asked));
        let id = self.post("up", "/srv/other");
        let mut state = self.state();
        let job = state.jobs.iter_mut().find(|job| job.id == id).unwrap();
        job.is_foreign = true;
    }

    /// A lab's files say which number it has.
    pub(crate) fn number(&self, folder: &str, defaults: &str) {
        let after = defaults.split_once("multilab.id").map_or("", |(_, after)| after);
        let digits: String = after
            .chars()
            .skip_while(|c| !c.is_ascii_digit())
            .take_while(char::is_ascii_digit)
            .collect();
        self.state().numbers.insert(folder.to_owned(), digits);
    }

    pub(crate) fn started(&self, id: &str, folder: &str) {
        let instance = (folder.to_owned(), Some("started"), vec![stamped("started")]);
        self.state().instances.insert(id.to_owned(), instance);
    }

    pub(crate) fn starting(&self, id: &str, folder: &str) {
        let instance = (folder.to_owned(), Some("starting provider clab"), Vec::new());
        self.state().instances.insert(id.to_owned(), instance);
    }

    /// Takes a job past the client.
    pub(crate) fn post(&self, action: &str, folder: &str) -> String {
        let mut state = self.state();
        state.count += 1;
        let id = format!("job-{}-{action}", state.count);
        let end = if state.next.is_empty() { End::After(3) } else { state.next.remove(0) };
        let (action, folder) = (action.to_owned(), folder.to_owned());
        let job = Job {
            id: id.clone(),
            action,
            folder,
            is_foreign: false,
            end,
            asked: 0,
            finished: None,
        };
        state.jobs.push(job);
        id
    }

    /// What netlab's own status file says.
    pub(crate) fn status_file(&self) -> String {
        self.state().status().to_string()
    }

    fn answer(&self, head: &str, body: &str) -> Option<(u16, Value)> {
        let mut words = head.split_whitespace();
        let (method, path) = (words.next()?, words.next()?.to_owned());
        let authorized = head.to_lowercase().contains("authorization: basic ");
        self.state().logins += u32::from(authorized);
        if self.kind == Kind::Stranger {
            return Some((if path == "/healthz" { 401 } else { 404 }, json!("who are you")));
        }
        if self.kind == Kind::Wrapper {
            return Some(match path.as_str() {
                "/openapi.json" => (200, json!({"openapi": "3.1.0", "paths": {}})),
                "/healthz" => (200, json!({"status": "ok"})),
                _ => (404, json!({"detail": "Not Found"})),
            });
        }
        if !authorized && self.kind != Kind::Open {
            return Some((401, json!({"error": "unauthorized"})));
        }
        if method == "POST" && path == "/jobs" {
            return self.take(body);
        }
        let mut state = self.state();
        if state.away > 0 {
            state.away -= 1;
            return None;
        }
        state.last_path.clone_from(&path);
        let answer = match path.as_str() {
            "/healthz" => (200, json!({"status": "ok"})),
            "/jobs" => (200, state.list()),
            "/status" if self.kind == Kind::Text => (200, json!({"status": "no table"})),
            path if path.starts_with("/status") => state.asked_for_status(path),
            "/jobs/zz" if self.kind == Kind::Text => (404, json!({"error": "not found"})),
            path => state.about_job(path),
        };
        if answer.0 == 0 { None } else { Some(answer) }
    }

    fn take(&self, body: &str) -> Option<(u16, Value)> {
        let request: Value = serde_json::from_str(body).expect("a job is JSON");
        {
            let mut state = self.state();
            if state.jobs.iter().any(|job| job.finished.is_none()) {
                state.violations.push("a job was posted while another ran".into());
            }
            if state.last_path != "/healthz" {
                let told = format!("a job was posted after {}", state.last_path);
                state.violations.push(told);
            }
            state.posted.push(request.clone());
        }
        let text = |key: &str| request[key].as_str().expect("everything is said").to_owned();
        let id = self.post(&text("action"), &text("workdir"));
        let mut state = self.state();
        let folder = text("workdir");
        if text("action") == "up" {
            let number = state.numbers.get(&folder).cloned();
            let id = state.id_of(&folder).or(number).expect("the lab's files have its number");
            let log = vec![stamped("OK: docker version"), stamped("starting provider clab")];
            state.instances.insert(id, (folder, Some("starting provider clab"), log));
        }
        if let Some(token) = state.fires.take() {
            token.cancel();
        }
        if std::mem::take(&mut state.loses_answer) {
            state.away = state.away_after_loss;
            return None;
        }
        Some((202, json!({"id": id, "state": "running", "finishedAt": null, "workdir": null})))
    }
}

#[async_trait]
impl Dial for Fake {
    async fn dial(&self, _target: &DialTarget) -> Result<BoxStream, BackendError> {
        let (ours, mut theirs) = tokio::io::duplex(64 * 1024);
        let fake = self.clone();
        tokio::spawn(async move {
            fake.open.fetch_add(1, Ordering::Relaxed);
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") {
                let Ok(byte) = theirs.read_u8().await else { break };
                head.push(byte);
            }
            let head = String::from_utf8(head).unwrap();
            let length = head
                .to_lowercase()
                .split("content-length: ")
                .nth(1)
                .map_or(0, |rest| rest.split("\r\n").next().unwrap().parse::<usize>().unwrap());
            let mut body = vec![0; length];
            theirs.read_exact(&mut body).await.unwrap();
            if let Some((status, body)) = fake.answer(&head, &String::from_utf8(body).unwrap()) {
                let server = match fake.kind {
                    Kind::Wrapper | Kind::Stranger => "uvicorn",
                    _ => "BaseHTTP/0.6 Python/3.11.7",
                };
                let body = body.to_string();
                let length = body.len();
                let reply = format!(
                    "HTTP/1.0 {status} X\r\nServer: {server}\r\nContent-Length: {length}\r\n\r\n{body}"
                );
                let _ = theirs.write_all(reply.as_bytes()).await;
                // Until the client closes, which it should at once.
                let _ = theirs.shutdown().await;
                let _ = theirs.read_u8().await;
            }
            fake.open.fetch_sub(1, Ordering::Relaxed);
        });
        Ok(Box::new(ours))
    }
}
