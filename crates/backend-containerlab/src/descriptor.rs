//! What the backend says of itself, and the connection fields parsed into settings.

use backend_api::BackendError;
use https::{BaseUrl, Fingerprint, Trust};
use model::{Choice, Descriptor, Field, FieldKind, FieldProblem, FormValues, Kind};

const DEFAULT_PORT: u16 = 8090;
const DIRECT: &str = "direct";
const THROUGH_HOST: &str = "host";

/// The fields of a connection, parsed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Settings {
    pub(crate) url: BaseUrl,
    pub(crate) user: String,
    pub(crate) trust: Trust,
    /// The URL is meant as the SSH host sees it.
    pub(crate) is_through_host: bool,
}

pub(crate) fn descriptor() -> Descriptor {
    Descriptor {
        kind: Kind::new("containerlab"),
        title: "Containerlab".into(),
        summary: "Labs on a server that runs containerlab's API server".into(),
        fields: fields(),
        notes: notes().iter().map(|note| (*note).to_owned()).collect(),
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
        is_advanced: true,
        kind,
    }
}

fn fields() -> Vec<Field> {
    let choice = |value: &str, label: &str| Choice {
        value: value.into(),
        label: label.into(),
        remark: None,
    };
    let ways = vec![
        choice(DIRECT, "Straight from this computer"),
        choice(THROUGH_HOST, "Through the SSH host"),
    ];
    vec![
        Field {
            is_required: true,
            is_advanced: false,
            placeholder: Some("https://lab.example.org:8090".into()),
            ..field(
                "url",
                "URL of the API server",
                FieldKind::Text { mono: true },
                "Without a port it is 8090.",
            )
        },
        Field {
            is_required: true,
            is_advanced: false,
            ..field(
                "user",
                "User",
                FieldKind::Text { mono: true },
                "An account of the server that is in its group for the API, by default clab_api.",
            )
        },
        Field {
            is_required: true,
            is_advanced: false,
            ..field(
                "password",
                "Password",
                FieldKind::Secret,
                "Used to log in to the API, and for nothing else.",
            )
        },
        Field {
            default: Some(DIRECT.into()),
            is_advanced: false,
            ..field(
                "reach",
                "Reached",
                FieldKind::Choice { choices: ways, open: false },
                "Through the SSH host the URL is meant as that host sees it.",
            )
        },
        Field {
            is_advanced: false,
            ..field(
                "host",
                "SSH host",
                FieldKind::SshHost,
                "Needed only to reach an API server that listens inside.",
            )
        },
        field(
            "tls_fingerprint",
            "Certificate",
            FieldKind::Text { mono: true },
            "SHA-256 of the server's certificate, which it prints when it starts. Leave empty to be asked.",
        ),
        Field {
            default: Some("false".into()),
            ..field(
                "tls_insecure",
                "Take any certificate",
                FieldKind::Switch,
                "Anybody on the way can read the password then. With a fingerprint this does nothing.",
            )
        },
    ]
}

fn notes() -> &'static [&'static str] {
    &[
        "Servers since April 2026 and the older 0.1.x are told apart by what they answer; what the older one lacks is hidden, with the reason.",
        "The login is an account of the server in its group for the API. A login that the server forgot, for example because it was restarted, is made again once by itself.",
        "A certificate that signs itself, which is the server's default, is shown once with its fingerprint and kept.",
        "Files of a lab go into the account's own folder on the server, and only those that changed. A server 0.1.x gets them as one archive with each start.",
        "Deploying runs as long as its connection: cancelling, sleeping or losing the network ends it on the server. Moorline then looks what is there. Server 0.1.x carries on instead.",
        "The server ends an operation after ten minutes. Start a lab of many large nodes in parts.",
        "Labs of other accounts are not shown by the server, unless the account is one of its administrators.",
        "Server 0.1.x forgets the owner of a lab that is redeployed: afterwards only an administrator sees it.",
        "Server 0.1.x and a command line program that is too new for it do not work together: every question about a lab fails then, and Moorline shows the server's words.",
    ]
}

/// Parses the fields of a connection.
///
/// # Errors
/// One problem per field that will not do.
pub(crate) fn parse(fields: &FormValues) -> Result<Settings, Vec<FieldProblem>> {
    let value =
        |name: &str| fields.get(name).map(|text| text.trim()).filter(|text| !text.is_empty());
    let mut problems = Vec::new();
    let mut problem = |field: &str, message: String| {
        problems.push(FieldProblem { field: field.into(), message, suggestion: None });
    };
    let url = match value("url") {
        Some(text) => {
            BaseUrl::parse(text, Some(DEFAULT_PORT)).map_err(|message| problem("url", message)).ok()
        }
        None => {
            problem(
                "url",
                "the URL of the API server is missing, such as https://lab.example.org:8090".into(),
            );
            None
        }
    };
    let user = value("user").map(str::to_owned);
    if user.is_none() {
        problem("user", "the user who logs in to the API server is missing".into());
    }
    let is_insecure = value("tls_insecure") == Some("true");
    let trust = match value("tls_fingerprint") {
        None if is_insecure => Trust::Insecure,
        None => Trust::Authorities,
        Some(text) => match Fingerprint::parse(text) {
            Some(fingerprint) => Trust::Pinned(fingerprint),
            None => {
                problem(
                    "tls_fingerprint",
                    "the certificate's fingerprint must be SHA-256: 64 hexadecimal digits".into(),
                );
                Trust::Authorities
            }
        },
    };
    let is_through_host = match value("reach") {
        None | Some(DIRECT) => false,
        Some(THROUGH_HOST) => true,
        Some(_) => {
            problem("reach", "the server is reached \"direct\" or through the SSH \"host\"".into());
            false
        }
    };
    match (url, user) {
        (Some(url), Some(user)) if problems.is_empty() => {
            Ok(Settings { url, user, trust, is_through_host })
        }
        _ => Err(problems),
    }
}

/// Fields that will not do, as the error of a connect.
pub(crate) fn refused(problems: &[FieldProblem]) -> BackendError {
    match problems.first() {
        Some(problem) => BackendError::invalid(problem.message.clone()).with_field(&problem.field),
        None => BackendError::invalid("the connection's fields will not do"),
    }
}

#[cfg(test)]
mod tests {
    use model::FormValues;
    use proptest::prelude::*;

    use super::{Trust, parse};

    fn fields(pairs: &[(&str, &str)]) -> FormValues {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn the_least_is_a_url_and_a_user() {
        let settings = parse(&fields(&[("url", "https://lab"), ("user", "ada")])).unwrap();
        assert_eq!(settings.url.port(), 8090);
        assert_eq!(settings.trust, Trust::Authorities);
        assert!(!settings.is_through_host);
    }

    #[test]
    fn every_field_that_will_not_do_is_named() {
        let wrong = [("url", "lab"), ("tls_fingerprint", "12"), ("reach", "up")];
        let problems = parse(&fields(&wrong)).unwrap_err();
        let named: Vec<&str> = problems.iter().map(|problem| problem.field.as_str()).collect();
        assert_eq!(named, ["url", "user", "tls_fingerprint", "reach"]);
    }

    #[test]
    fn any_certificate_is_taken_only_where_none_is_named() {
        let all = [
            ("url", "https://lab"),
            ("user", "ada"),
            ("tls_insecure", "true"),
            ("tls_fingerprint", ""),
        ];
        assert_eq!(parse(&fields(&all)).unwrap().trust, Trust::Insecure);
        let pin = "ab".repeat(32);
        let both = all.map(
            |(name, value)| if name == "tls_fingerprint" { (name, &*pin) } else { (name, value) },
        );
        assert!(matches!(parse(&fields(&both)).unwrap().trust, Trust::Pinned(_)));
    }

    proptest! {
        #[test]
        fn anything_is_parsed_or_refused(url in "\\PC{0,40}", user in "\\PC{0,20}", mark in "\\PC{0,70}") {
            let _ = parse(&fields(&[("url", &url), ("user", &user), ("tls_fingerprint", &mark)]));
        }
    }
}
