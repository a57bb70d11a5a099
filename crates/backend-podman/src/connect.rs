//! Finding libpod: the login's socket, root's socket, then `podman system dial-stdio`.

use backend_api::{BackendError, Cx};
use model::Failure;

use crate::descriptor::Settings;
use crate::early::Early;
use crate::http::{Call, Client};
use crate::login::Login;
use crate::session::{self, PodmanSession};
use crate::transport::Transport;
use crate::wire::{Info, Listed};

pub(crate) const ROOT_SOCKET: &str = "/run/podman/podman.sock";

/// Makes a session over the first way that answers.
///
/// The likeliest way is tried while the server says who is logged in: most of the time it is the right
/// one, and connecting takes half as many round trips.
pub(crate) async fn connect(
    server: String,
    settings: Settings,
    cx: &Cx,
) -> Result<PodmanSession, BackendError> {
    let likely = settings.socket.clone().unwrap_or_else(|| ROOT_SOCKET.to_owned());
    let likely = Transport::Socket(likely);
    let (login, tried) = tokio::join!(Login::ask(cx), look(&server, likely.clone(), &settings, cx));
    let login = login?;
    let mut tried = Some(tried);
    let mut failures: Vec<(Transport, Failure)> = Vec::new();
    for transport in candidates(settings.socket.as_deref(), login.uid) {
        if is_hopeless(&transport, &failures) {
            continue;
        }
        let looked = match tried.take_if(|_| transport == likely) {
            Some(looked) => looked,
            None => look(&server, transport.clone(), &settings, cx).await,
        };
        match looked {
            Ok((client, info)) => {
                tracing::debug!(%transport, version = %info.version.version, "found libpod");
                let is_rootless = info.host.security.rootless;
                return Ok(PodmanSession::new(client, settings, is_rootless, login.name));
            }
            Err(BackendError::Cancelled) => return Err(BackendError::Cancelled),
            Err(error) => failures.push((transport, error.into())),
        }
    }
    Err(nothing_answered(&server, &settings, &failures, cx).await)
}

/// What answers on this way; on a socket, where asking costs little, the first list as well.
async fn look(
    server: &str,
    transport: Transport,
    settings: &Settings,
    cx: &Cx,
) -> Result<(Client, Info), BackendError> {
    let may_list = matches!(transport, Transport::Socket(_));
    let client = Client::new(server.to_owned(), transport);
    let path = session::list_path(settings.show_unmanaged);
    let listing =
        async { if may_list { client.send(Call::get(path.clone()), cx).await.ok() } else { None } };
    let (info, reply) = tokio::join!(answer(&client, cx), listing);
    let info = info?;
    let reply = reply.filter(|reply| reply.status.is_success());
    let listed = reply.and_then(|reply| serde_json::from_slice::<Vec<Listed>>(&reply.body).ok());
    if let Some(listed) = listed {
        client.early.put(Early { path, listed });
    }
    Ok((client, info))
}

/// Every way to try, best first.
pub(crate) fn candidates(socket: Option<&str>, uid: Option<u32>) -> Vec<Transport> {
    let sudo = &["sudo", "-n"];
    if let Some(socket) = socket {
        return vec![
            Transport::Socket(socket.to_owned()),
            Transport::dial_stdio(&[], Some(socket)),
            Transport::dial_stdio(sudo, Some(socket)),
        ];
    }
    let mut ways = Vec::new();
    if let Some(uid) = uid.filter(|uid| *uid != 0) {
        ways.push(Transport::Socket(format!("/run/user/{uid}/podman/podman.sock")));
    }
    ways.push(Transport::Socket(ROOT_SOCKET.to_owned()));
    ways.push(Transport::dial_stdio(&[], None));
    if uid != Some(0) {
        ways.push(Transport::dial_stdio(&[], Some(ROOT_SOCKET)));
        ways.push(Transport::dial_stdio(sudo, None));
    }
    ways
}

/// A server that refuses stream-local forwarding once refuses it for every path.
fn is_hopeless(transport: &Transport, failures: &[(Transport, Failure)]) -> bool {
    matches!(transport, Transport::Socket(_))
        && failures.iter().any(|(_, failure)| failure.code == model::ErrorCode::Forbidden)
}

pub(crate) async fn answer(client: &Client, cx: &Cx) -> Result<Info, BackendError> {
    let reply = client.send(Call::get("info"), cx).await?;
    let attempt = crate::error::Attempt { server: &client.server, verb: "ask", subject: "Podman" };
    let reply = attempt.check(reply)?;
    serde_json::from_slice(&reply.body).map_err(|error| {
        BackendError::protocol(format!("what answers on \"{}\" is not Podman", client.server))
            .with_hint("Check the path of the socket.")
            .with_detail(error.to_string())
    })
}

async fn nothing_answered(
    server: &str,
    settings: &Settings,
    failures: &[(Transport, Failure)],
    cx: &Cx,
) -> BackendError {
    let detail: Vec<String> = failures
        .iter()
        .map(|(way, failure)| match &failure.detail {
            Some(detail) => format!("{way}: {} ({detail})", failure.message),
            None => format!("{way}: {}", failure.message),
        })
        .collect();
    let detail = detail.join("\n");
    for (way, _) in failures {
        let Transport::Socket(path) = way else { continue };
        if is_there(path, cx).await {
            return BackendError::forbidden(format!(
                "this login may not use the Podman socket {path} on \"{server}\""
            ))
            .with_hint("Add the login to the group that owns the socket, or enable the login's own with `systemctl --user enable --now podman.socket`.")
            .with_detail(detail);
        }
    }
    let error = match &settings.socket {
        Some(socket) => BackendError::unreachable(format!(
            "nothing answers on the socket {socket} of \"{server}\""
        ))
        .with_field("socket"),
        None => BackendError::unreachable(format!("Podman does not answer on \"{server}\"")),
    };
    error
        .with_hint("Start its socket on the server with `systemctl --user enable --now podman.socket`, or `sudo systemctl enable --now podman.socket` for root's, and connect again.")
        .with_detail(detail)
}

async fn is_there(path: &str, cx: &Cx) -> bool {
    let tested = cx.until_cancelled(cx.exec.run(&["test", "-S", path])).await;
    tested.is_ok_and(|output| output.exit_code == Some(0))
}

#[cfg(test)]
mod tests {
    use super::candidates;

    fn words(socket: Option<&str>, uid: Option<u32>) -> Vec<String> {
        candidates(socket, uid).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn an_ordinary_login_has_its_own_socket_first() {
        assert_eq!(
            words(None, Some(1000)),
            [
                "socket /run/user/1000/podman/podman.sock",
                "socket /run/podman/podman.sock",
                "`podman system dial-stdio`",
                "`podman --url unix:///run/podman/podman.sock system dial-stdio`",
                "`sudo -n podman system dial-stdio`",
            ]
        );
    }

    #[test]
    fn root_has_only_the_servers_socket() {
        assert_eq!(
            words(None, Some(0)),
            ["socket /run/podman/podman.sock", "`podman system dial-stdio`"]
        );
    }

    #[test]
    fn a_named_socket_is_the_only_one_tried() {
        assert_eq!(
            words(Some("/srv/p.sock"), Some(1000)),
            [
                "socket /srv/p.sock",
                "`podman --url unix:///srv/p.sock system dial-stdio`",
                "`sudo -n podman --url unix:///srv/p.sock system dial-stdio`",
            ]
        );
    }
}
