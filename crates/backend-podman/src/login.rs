//! Who is logged in on the server, as its `id` says.

use backend_api::{BackendError, Cx};

/// Who is logged in on the server; nothing where `id` cannot be run.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Login {
    pub(crate) uid: Option<u32>,
    pub(crate) name: Option<String>,
}

impl Login {
    /// Asks the server: one program, because each takes round trips and one of few sessions.
    ///
    /// # Errors
    /// `Cancelled` only.
    pub(crate) async fn ask(cx: &Cx) -> Result<Self, BackendError> {
        match cx.until_cancelled(cx.exec.run(&["id"])).await {
            Ok(output) if output.exit_code == Some(0) => {
                Ok(read(&String::from_utf8_lossy(&output.stdout)))
            }
            Err(BackendError::Cancelled) => Err(BackendError::Cancelled),
            Ok(_) | Err(_) => Ok(Self::default()),
        }
    }
}

/// Reads `uid=1000(dev) gid=1000(dev) …`; a user without a name has no parentheses.
fn read(line: &str) -> Login {
    let Some(rest) = line.trim_start().strip_prefix("uid=") else { return Login::default() };
    let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let (digits, rest) = rest.split_at(end);
    let named = rest.strip_prefix('(').and_then(|rest| rest.split_once(')'));
    let name = named.map(|(name, _)| name.to_owned()).filter(|name| !name.is_empty());
    Login { uid: digits.parse().ok(), name }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Login, read};

    #[test]
    fn what_id_prints_is_read() {
        let dev = Login { uid: Some(1000), name: Some("dev".into()) };
        assert_eq!(read("uid=1000(dev) gid=1000(dev) groups=1000(dev),27(sudo)\n"), dev);
        assert_eq!(read("uid=7 gid=7\n"), Login { uid: Some(7), name: None });
        assert_eq!(read("'id' is not recognized as a command\n"), Login::default());
    }

    proptest! {
        #[test]
        fn a_user_is_found_and_no_text_panics(uid: u32, name in "[a-z_][a-z0-9_-]{0,30}", text in ".{0,200}") {
            let line = format!("uid={uid}({name}) gid={uid}({name}) {text}");
            prop_assert_eq!(read(&line), Login { uid: Some(uid), name: Some(name) });
            let _ = read(&text);
            let _ = read(&format!("uid={text}"));
        }
    }
}
