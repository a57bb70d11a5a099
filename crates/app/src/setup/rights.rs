//! The rights of root on the server: root's login, sudo without a password, or sudo with the one that a
//! person types. The password goes to sudo's standard input, never into an argument.

use std::{sync::Arc, time::Duration};

use backend_api::{BoxStream, RemoteExec};
use model::{ErrorCode, Failure, Prompt, QuestionKind, Secret};
use ssh::Link;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::{
    questions::{Answer, ask},
    shared::Shared,
};

/// How often a person may try again.
const ATTEMPTS: usize = 3;
/// What sudo may take to judge a password.
const WITHIN: Duration = Duration::from_secs(30);
/// What the check of a password prints when it ran.
const READY: &str = "ready";

/// How root's rights are had.
pub(super) enum Rights {
    /// The login is root.
    Root,
    /// sudo asks nothing.
    Sudo,
    /// sudo asks for this.
    Password(Secret<String>),
}

impl Rights {
    /// What stands before the program. `-k` makes sudo ask every time: whether it will read a password
    /// is then known beforehand, and nothing else is ever taken for one.
    pub(super) fn argv(&self) -> Vec<&'static str> {
        match self {
            Self::Root => Vec::new(),
            Self::Sudo => vec!["sudo", "-k", "-n"],
            Self::Password(_) => vec!["sudo", "-k", "-S", "-p", ""],
        }
    }

    /// Starts a program with these rights and gives it its input.
    pub(super) async fn start(
        &self,
        exec: &dyn RemoteExec,
        argv: &[&str],
        input: &[u8],
    ) -> Result<BoxStream, Failure> {
        let mut stream = exec.spawn(argv).await?;
        let send = async {
            if let Self::Password(password) = self {
                stream.write_all(password.expose().as_bytes()).await?;
                stream.write_all(b"\n").await?;
            }
            stream.write_all(input).await?;
            stream.shutdown().await
        };
        // A program that ends early says so in its output; what it did not read does not matter.
        if let Err(error) = send.await {
            tracing::debug!(%error, "a program did not read its input");
        }
        Ok(stream)
    }
}

/// Finds out how to become root, asking the person for sudo's password where it is needed.
pub(super) async fn obtain(
    shared: &Arc<Shared>,
    link: &Link,
    server: &str,
    login: &str,
) -> Result<Rights, Failure> {
    if link.run(&["id", "-u"]).await?.stdout.trim_ascii() == b"0" {
        return Ok(Rights::Root);
    }
    let silent = link.run(&["sudo", "-k", "-n", "sh", "-c", ":"]).await?;
    match silent.exit_code {
        Some(0) => return Ok(Rights::Sudo),
        Some(127) => return Err(no_sudo(server, login)),
        _ => {}
    }
    let mut refused = None;
    for _ in 0..ATTEMPTS {
        let password = ask_password(shared, server, login, refused.take()).await?;
        let rights = Rights::Password(password);
        let words = match tokio::time::timeout(WITHIN, check(&rights, link)).await {
            Ok(checked) => match checked? {
                None => return Ok(rights),
                Some(words) => words,
            },
            Err(_) => "sudo did not answer within 30 seconds".to_owned(),
        };
        if words.contains("not in the sudoers") || words.contains("not allowed") {
            return Err(not_allowed(server, login, words));
        }
        refused = Some("sudo did not accept that password.".to_owned());
    }
    Err(Failure::new(ErrorCode::Unauthorized, format!("sudo on {server} accepted no password"))
        .with_hint(format!(
            "Use the password that {login} types for sudo there, or log in as root."
        )))
}

/// None when sudo accepts the password, else its words.
async fn check(rights: &Rights, link: &Link) -> Result<Option<String>, Failure> {
    let mut argv = rights.argv();
    argv.extend(["sh", "-c", "echo ready"]);
    let stream = rights.start(link, &argv, b"").await?;
    let mut text = String::new();
    match stream.take(4096).read_to_string(&mut text).await {
        Ok(_) if text.trim() == READY => Ok(None),
        Ok(_) => Ok(Some(text)),
        Err(error) => Ok(Some(error.to_string())),
    }
}

async fn ask_password(
    shared: &Arc<Shared>,
    server: &str,
    login: &str,
    refused: Option<String>,
) -> Result<Secret<String>, Failure> {
    let question = QuestionKind::Credentials {
        title: format!("Password of {login} for sudo on {server}"),
        instruction: Some("The set-up runs as root. The password is not kept.".into()),
        prompts: vec![Prompt { label: "Password".into(), is_echoed: false }],
        can_remember: false,
        refused,
    };
    let answer = ask(shared, server, question).await;
    let Some(Answer::Credentials { values, .. }) = answer else {
        return Err(Failure::new(ErrorCode::Cancelled, "no password was given for sudo")
            .with_hint("Run the set-up again when you have it, or log in as root."));
    };
    // One line is one password; more would be read as the script.
    let value = values.into_iter().next().filter(|value| !value.expose().contains('\n'));
    value.ok_or_else(|| {
        Failure::new(ErrorCode::Invalid, "a password is one line")
            .with_hint("Run the set-up again and enter the password without a line break.")
    })
}

fn no_sudo(server: &str, login: &str) -> Failure {
    Failure::new(
        ErrorCode::Forbidden,
        format!("{login} is not root on {server}, and there is no sudo"),
    )
    .with_hint("Copy the script and have root run it there, or log in as root.")
}

fn not_allowed(server: &str, login: &str, words: String) -> Failure {
    Failure::new(ErrorCode::Forbidden, format!("{login} may not use sudo on {server}"))
        .with_hint("Copy the script and send it to whoever is root there.")
        .with_detail(words)
}
