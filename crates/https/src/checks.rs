//! The checks of a connection test that all servers reached like this share: name, port, certificate.
//!
//! Deliberately not here: what answers, and whether it takes the login.

use backend_api::{BackendError, Check, CheckSink, Cx, Outcome};
use model::{ErrorCode, Failure, Fix};

use crate::client::Client;
use crate::verify::Rule;

const NAME: &str = "api_name";
const PORT: &str = "api_port";
const CERTIFICATE: &str = "certificate";
/// The field that a fingerprint is kept in.
const PIN: &str = "tls_fingerprint";

/// The checks of the way, in their order.
pub const WAY: [Check; 3] = [
    Check { id: NAME, title: "Name of the API" },
    Check { id: PORT, title: "Port of the API" },
    Check { id: CERTIFICATE, title: "Certificate" },
];

/// Makes the checks of `WAY`; false when one failed. `field` holds the URL.
///
/// # Errors
/// `Cancelled` only.
pub async fn check_way(
    client: &Client,
    field: &str,
    sink: &dyn CheckSink,
    cx: &Cx,
) -> Result<bool, BackendError> {
    let way = Way { client, field, cx };
    for (id, step) in [(NAME, Step::Name), (PORT, Step::Port), (CERTIFICATE, Step::Certificate)] {
        sink.begin(id);
        let outcome = match way.check(step).await {
            Err(BackendError::Cancelled) => return Err(BackendError::Cancelled),
            Err(error) => way.failed(error.into()),
            Ok(outcome) => outcome,
        };
        let is_over = matches!(outcome, Outcome::Failed { .. });
        sink.end(id, outcome);
        if is_over {
            return Ok(false);
        }
    }
    Ok(true)
}

#[derive(Clone, Copy)]
enum Step {
    Name,
    Port,
    Certificate,
}

struct Way<'a> {
    client: &'a Client,
    field: &'a str,
    cx: &'a Cx,
}

impl Way<'_> {
    async fn check(&self, step: Step) -> Result<Outcome, BackendError> {
        match step {
            Step::Name => self.name().await,
            Step::Port => self.port().await,
            Step::Certificate => self.certificate().await,
        }
    }

    async fn name(&self) -> Result<Outcome, BackendError> {
        let host = self.client.url().host();
        if host.parse::<std::net::IpAddr>().is_ok() {
            return Ok(Outcome::Skipped(format!("{host} is an address already")));
        }
        let found = self.cx.until_cancelled(self.client.server.dial.look_up(host)).await?;
        Ok(match found {
            None => Outcome::Skipped("looked up by the SSH host".into()),
            Some(addresses) => {
                let addresses: Vec<_> = addresses.iter().map(ToString::to_string).collect();
                Outcome::Passed(addresses.join(", "))
            }
        })
    }

    /// Nothing is held open: there are servers that answer nobody else meanwhile.
    async fn port(&self) -> Result<Outcome, BackendError> {
        drop(self.client.dial_once(self.cx).await?);
        let url = self.client.url();
        Ok(Outcome::Passed(format!("{} answers", url.authority())))
    }

    async fn certificate(&self) -> Result<Outcome, BackendError> {
        let url = self.client.url();
        if !url.is_tls() {
            // As far as an SSH host, SSH encrypts what the API does not.
            if url.is_loopback() {
                return Ok(Outcome::Skipped("no TLS, and nobody on the way to read along".into()));
            }
            let failure = Failure::new(ErrorCode::Forbidden, format!("{url} is asked without TLS"))
                .with_hint("Whoever is on the way reads the password: use https://, or go through the SSH host.");
            let fixes = vec![self.edit(self.field)];
            return Ok(Outcome::Warned { summary: "no TLS".into(), failure, fixes });
        }
        drop(self.client.open(false, self.cx).await?);
        Ok(match self.client.rule() {
            Rule::Authorities => {
                Outcome::Passed("an authority that this computer knows vouches for it".into())
            }
            Rule::Only(known) => Outcome::Passed(format!("trusted by its fingerprint {known}")),
            Rule::Anything => {
                let failure = Failure::new(
                    ErrorCode::CertificateUnknown,
                    format!("any certificate of {url} is taken"),
                )
                .with_hint(
                    "Switch \"Take any certificate\" off, and compare its fingerprint once.",
                );
                let fixes = vec![self.edit("tls_insecure")];
                Outcome::Warned { summary: "not looked at".into(), failure, fixes }
            }
        })
    }

    fn failed(&self, failure: Failure) -> Outcome {
        let fixes = match failure.code {
            ErrorCode::CertificateUnknown | ErrorCode::CertificateChanged => {
                vec![Fix::CompareCertificate, self.edit(PIN)]
            }
            _ => vec![self.edit(self.field)],
        };
        Outcome::Failed { failure, fixes }
    }

    fn edit(&self, field: &str) -> Fix {
        Fix::EditField { field: field.to_owned() }
    }
}
