//! What the backend says of itself, and the connection fields parsed into settings.

use backend_api::BackendError;
use https::{BaseUrl, Fingerprint, Trust};
use model::{Choice, Descriptor, Field, FieldKind, FieldProblem, FormValues, Kind};

const DEFAULT_PORT: u16 = 8090;
const DEFAULT_WORK_ROOT: &str = "~/moorline";
const THROUGH_HOST: &str = "host";
const DIRECT: &str = "direct";

/// The fields of a connection, parsed.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    pub(crate) url: BaseUrl,
    /// Through the SSH host instead of straight from this computer.
    pub(crate) through_host: bool,
    pub(crate) user: Option<String>,
    pub(crate) trust: Trust,
    /// Absolute, or beginning with `~/`.
    pub(crate) work_root: String,
}

pub(crate) fn descriptor() -> Descriptor {
    Descriptor {
        kind: Kind::new("netlab"),
        title: "Netlab".into(),
        summary: "Labs on a server that runs netlab's API, with its files over SSH".into(),
        fields: fields(),
        notes: super::notes::NOTES.iter().map(|note| (*note).to_owned()).collect(),
        runs_labs: true,
    }
}

fn field(name: &str, label: &str, kind: FieldKind, help: &str) -> Field {
    Field {
        name: name.into(),
        label: label.into(),
        help: Some(help.into()),
        placeholder: None,
        is_required: false,
        default: None,
        is_advanced: false,
        kind,
    }
}

fn fields() -> Vec<Field> {
    let text = FieldKind::Text { mono: true };
    vec![
        Field {
            is_required: true,
            ..field(
                "host",
                "Server",
                FieldKind::SshHost,
                "The lab server and how to log in to it: netlab's API takes no files, so topologies, progress, collected configurations and consoles go over SSH.",
            )
        },
        Field {
            is_required: true,
            default: Some("https://127.0.0.1:8090".into()),
            placeholder: Some("https://lab.example.org:8090".into()),
            ..field(
                "api_url",
                "API",
                text.clone(),
                "Where `netlab api` answers, as the server or this computer sees it, depending on the next field.",
            )
        },
        Field {
            default: Some(THROUGH_HOST.into()),
            ..field(
                "reach",
                "Reached",
                FieldKind::Choice { choices: reaches(), open: false },
                "Through the SSH host the API may listen on the server's loopback address only, which is the safest.",
            )
        },
        field(
            "user",
            "User",
            text.clone(),
            "Of the API, as `--auth-user` names it. Leave it and the password empty for a server that asks for none.",
        ),
        field(
            "password",
            "Password",
            FieldKind::Secret,
            "Of the API, as `--auth-password` names it. Only ASCII characters: netlab's API breaks off at others.",
        ),
        Field {
            is_advanced: true,
            placeholder: Some("64 hexadecimal digits".into()),
            ..field(
                "tls_fingerprint",
                "Certificate fingerprint",
                text.clone(),
                "SHA-256 of the only certificate that is taken. It is filled in when you accept a certificate that no authority vouches for.",
            )
        },
        Field {
            is_advanced: true,
            default: Some("false".into()),
            ..field(
                "tls_insecure",
                "Take any certificate",
                FieldKind::Switch,
                "Whoever is on the way can then read the password. With a fingerprint, which is safer and as easy, this does nothing.",
            )
        },
        Field {
            is_advanced: true,
            default: Some(DEFAULT_WORK_ROOT.into()),
            placeholder: Some(DEFAULT_WORK_ROOT.into()),
            ..field(
                "work_root",
                "Folder for labs",
                text,
                "Each lab gets a folder of its own in it. The user that runs the API has to be allowed to read and write there.",
            )
        },
    ]
}

fn reaches() -> Vec<Choice> {
    [(THROUGH_HOST, "Through the SSH host"), (DIRECT, "Straight from this computer")]
        .map(|(value, label)| Choice { value: value.into(), label: label.into(), remark: None })
        .into()
}

/// Parses the fields of a connection.
///
/// # Errors
/// One problem per field that will not do.
pub(crate) fn parse(fields: &FormValues) -> Result<Settings, Vec<FieldProblem>> {
    let value =
        |name: &str| fields.get(name).map(|text| text.trim()).filter(|text| !text.is_empty());
    let mut problems = Vec::new();
    let mut problem = |field: &str, message: String, suggestion: Option<&str>| {
        let suggestion = suggestion.map(str::to_owned);
        problems.push(FieldProblem { field: field.into(), message, suggestion });
    };
    let url = value("api_url").unwrap_or_default();
    let url = BaseUrl::parse(url, Some(DEFAULT_PORT))
        .map_err(|message| problem("api_url", message, Some("https://127.0.0.1:8090")))
        .ok();
    let reach = value("reach").unwrap_or(THROUGH_HOST);
    if ![THROUGH_HOST, DIRECT].contains(&reach) {
        let message = format!("\"{reach}\" is no way to a server; it is \"host\" or \"direct\"");
        problem("reach", message, Some(THROUGH_HOST));
    }
    let user = value("user").map(str::to_owned);
    if let Some(message) = user.as_deref().and_then(user_problem) {
        problem("user", message.into(), None);
    }
    let fingerprint = value("tls_fingerprint").map(Fingerprint::parse);
    if fingerprint == Some(None) {
        let message = "a fingerprint has 64 hexadecimal digits, with or without colons";
        problem("tls_fingerprint", message.into(), None);
    }
    let work_root = value("work_root").unwrap_or(DEFAULT_WORK_ROOT).trim_end_matches('/');
    if !is_work_root(work_root) {
        let message = "the folder for labs is an absolute path or begins with ~/, without \"..\"";
        problem("work_root", message.into(), Some(DEFAULT_WORK_ROOT));
    }
    let trust = match (fingerprint.flatten(), value("tls_insecure") == Some("true")) {
        (Some(fingerprint), _) => Trust::Pinned(fingerprint),
        (None, true) => Trust::Insecure,
        (None, false) => Trust::Authorities,
    };
    match url {
        Some(url) if problems.is_empty() => Ok(Settings {
            url,
            through_host: reach == THROUGH_HOST,
            user,
            trust,
            work_root: work_root.to_owned(),
        }),
        _ => Err(problems),
    }
}

fn user_problem(user: &str) -> Option<&'static str> {
    if !user.is_ascii() {
        Some(
            "the user may have ASCII characters only: netlab's API breaks off without an answer at others",
        )
    } else if user.contains(':') {
        Some("the user has no colon: the protocol could not tell it from the password")
    } else if user.chars().any(char::is_control) {
        Some("the user has no control characters")
    } else {
        None
    }
}

/// Why a password cannot be sent, if it cannot.
pub(crate) fn password_problem(password: &str) -> Option<&'static str> {
    if password.is_ascii() && !password.chars().any(char::is_control) {
        return None;
    }
    Some(
        "the password may have ASCII characters only: netlab's API breaks off without an answer at others",
    )
}

fn is_work_root(path: &str) -> bool {
    let below = path.strip_prefix("~/").or_else(|| path.strip_prefix('/'));
    below.is_some_and(|below| {
        !below.is_empty()
            && below.split('/').all(|part| !["", ".", ".."].contains(&part))
            && !below.chars().any(char::is_control)
    })
}

/// Problems of the fields as the error of a connect.
pub(crate) fn refused(problems: &[FieldProblem]) -> BackendError {
    match problems.first() {
        Some(problem) => BackendError::invalid(problem.message.clone()).with_field(&problem.field),
        None => BackendError::invalid("the connection's fields will not do"),
    }
}

#[cfg(test)]
mod tests {
    use https::Trust;
    use model::FormValues;
    use proptest::prelude::*;

    use super::{parse, password_problem};

    fn values(pairs: &[(&str, &str)]) -> FormValues {
        let url = [("api_url", "https://lab")];
        let pairs = url.iter().chain(pairs);
        pairs.map(|(name, value)| ((*name).into(), (*value).into())).collect()
    }

    fn problem(pairs: &[(&str, &str)]) -> (String, String) {
        let problems = parse(&values(pairs)).unwrap_err();
        assert_eq!(problems.len(), 1, "{problems:?}");
        (problems[0].field.clone(), problems[0].message.clone())
    }

    #[test]
    fn a_url_is_enough() {
        let settings = parse(&values(&[])).unwrap();
        assert_eq!(settings.url.to_string(), "https://lab:8090");
        assert!(settings.through_host && settings.user.is_none());
        assert_eq!(
            (settings.trust, settings.work_root.as_str()),
            (Trust::Authorities, "~/moorline")
        );
    }

    #[test]
    fn credentials_that_netlab_breaks_off_at_are_refused_with_the_reason() {
        let (field, message) = problem(&[("user", "jörg")]);
        assert_eq!(field, "user");
        assert!(message.contains("without an answer"), "{message}");
        assert!(password_problem("pässword").is_some_and(|why| why.contains("ASCII")));
        assert!(password_problem("correct-horse").is_none());
        assert_eq!(problem(&[("user", "a:b")]).0, "user");
    }

    #[test]
    fn every_field_is_looked_at() {
        assert_eq!(problem(&[("api_url", "lab")]).0, "api_url");
        assert_eq!(problem(&[("reach", "pigeon")]).0, "reach");
        assert_eq!(problem(&[("tls_fingerprint", "12")]).0, "tls_fingerprint");
        for root in ["labs", "~", "/", "/srv/../etc", "~/a//b"] {
            assert_eq!(problem(&[("work_root", root)]).0, "work_root", "{root}");
        }
    }

    #[test]
    fn insecure_is_only_what_was_said_so() {
        let pin = "ab".repeat(32);
        let pinned = parse(&values(&[("tls_fingerprint", &pin)])).unwrap();
        assert!(matches!(pinned.trust, Trust::Pinned(_)));
        let both = parse(&values(&[("tls_fingerprint", &pin), ("tls_insecure", "true")])).unwrap();
        assert_eq!(both.trust, pinned.trust, "the stricter of the two");
        let insecure = parse(&values(&[("tls_insecure", "true")])).unwrap();
        assert_eq!(insecure.trust, Trust::Insecure);
    }

    proptest! {
        #[test]
        fn anything_is_parsed_or_refused(url in "\\PC{0,30}", root in "\\PC{0,30}") {
            let fields = values(&[("api_url", &url), ("work_root", &root)]);
            if let Ok(settings) = parse(&fields) {
                prop_assert!(!settings.work_root.contains(".."));
            }
        }
    }
}
