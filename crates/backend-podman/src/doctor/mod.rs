//! The staged test of a Podman server: the socket, the way to it, what answers there, images, ports.
//!
//! Reads only. Reaching the machine and logging in is tested before, by the app.

mod find;
mod words;

use async_trait::async_trait;
use backend_api::{BackendError, Check, CheckSink, ConnectInput, Cx, Diagnose, Outcome};
use model::Failure;

use crate::Podman;
use crate::apply::ports::{choose, free_pairs};
use crate::apply::survey::{names_of, used_ports};
use crate::descriptor::{self, Settings};
use crate::http::Client;
use crate::login::Login;
use crate::session::PodmanSession;
use find::Find;

const CHECKS: [Check; 5] = [
    Check { id: "socket", title: "Socket" },
    Check { id: "forwarding", title: "Forwarding" },
    Check { id: "version", title: "Version" },
    Check { id: "image", title: "Image" },
    Check { id: "ports", title: "Free ports" },
];

#[async_trait]
impl Diagnose for Podman {
    fn checks(&self) -> Vec<Check> {
        CHECKS.to_vec()
    }

    async fn diagnose(
        &self,
        input: ConnectInput,
        sink: &dyn CheckSink,
        cx: &Cx,
    ) -> Result<(), BackendError> {
        sink.begin("socket");
        let settings = match descriptor::parse(&input.fields) {
            Ok(settings) => settings,
            Err(problems) => {
                let failure = descriptor::refused(&problems).into();
                sink.end("socket", words::bad_field(failure));
                return Ok(());
            }
        };
        let login = Login::ask(cx).await?;
        let find = Find { server: &input.name, settings: &settings, login: &login, cx };
        let found = find.look().await?;
        let is_there = !matches!(found.socket, Outcome::Failed { .. });
        sink.end("socket", found.socket);
        if !is_there {
            return Ok(());
        }
        sink.begin("forwarding");
        sink.end("forwarding", found.forwarding);
        let Some(client) = found.client else { return Ok(()) };
        Answering { client, settings, login, cx }.test(sink).await
    }
}

/// The checks of something that answers.
struct Answering<'a> {
    client: Client,
    settings: Settings,
    login: Login,
    cx: &'a Cx,
}

impl Answering<'_> {
    async fn test(self, sink: &dyn CheckSink) -> Result<(), BackendError> {
        sink.begin("version");
        let version = match find::version(&self.client, self.cx).await {
            Err(BackendError::Cancelled) => return Err(BackendError::Cancelled),
            Err(error) => {
                sink.end("version", words::no_answer(error.into()));
                return Ok(());
            }
            Ok(version) => version,
        };
        sink.end("version", Outcome::Passed(version.words));
        let Self { client, settings, login, cx } = self;
        let session = PodmanSession::new(client, settings, version.is_rootless, login.name);
        sink.begin("image");
        let image = told(images(&session, cx).await)?;
        sink.end("image", image);
        sink.begin("ports");
        let ports = told(ports(&session, cx).await)?;
        sink.end("ports", ports);
        Ok(())
    }
}

/// An error of a check is its outcome, apart from being cancelled.
fn told(outcome: Result<Outcome, BackendError>) -> Result<Outcome, BackendError> {
    match outcome {
        Err(BackendError::Cancelled) => Err(BackendError::Cancelled),
        Err(error) => Ok(Outcome::Failed { failure: Failure::from(error), fixes: Vec::new() }),
        Ok(outcome) => Ok(outcome),
    }
}

async fn images(session: &PodmanSession, cx: &Cx) -> Result<Outcome, BackendError> {
    let images = session.listed_images(cx).await?;
    let mut names: Vec<String> = images.iter().flat_map(names_of).collect();
    names.sort();
    let Some(first) = names.first() else { return Ok(words::no_image(session.server_name())) };
    let short = first.strip_prefix("localhost/").unwrap_or(first);
    Ok(Outcome::Passed(match names.len() {
        1 => short.to_owned(),
        count => format!("{count} images, for example {short}"),
    }))
}

async fn ports(session: &PodmanSession, cx: &Cx) -> Result<Outcome, BackendError> {
    let (containers, listening) =
        tokio::try_join!(session.containers(true, cx), session.listening(cx))?;
    let used = used_ports(&containers, listening);
    let Settings { ssh_ports, first_web_port, .. } = &session.settings;
    let (free, all) = free_pairs(ssh_ports, *first_web_port, &used);
    Ok(match choose(ssh_ports, *first_web_port, &[], &used) {
        Err(_) => words::no_port(session.server_name(), ssh_ports, *first_web_port),
        Ok(next) => {
            let ports: Vec<String> = next.iter().map(|port| port.server.to_string()).collect();
            let next = ports.join(" and ");
            Outcome::Passed(format!("{free} of {all} pairs are free, {next} are next"))
        }
    })
}
