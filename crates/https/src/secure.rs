//! Streams to a server: dialled, with TLS where its URL says so, and with a person asked about a certificate that
//! nothing vouches for.

use std::sync::{Arc, PoisonError};
use std::time::Duration;

use backend_api::{BackendError, BoxStream, Cx, DialTarget};
use model::{CertificateQuestion, CertificateVerdict};
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use rustls_platform_verifier::Verifier;
use tokio_rustls::TlsConnector;

use crate::certificate::Fingerprint;
use crate::client::Client;
use crate::facts::Facts;
use crate::problems;
use crate::verify::{Judge, Refused, Rule};

/// How long a connection and its TLS may take.
const OPEN_LIMIT: Duration = Duration::from_secs(20);

impl Client {
    /// Opens a stream to the server, with TLS where its URL says so. A person who is asked takes as long as
    /// people take.
    pub(crate) async fn open(&self, is_bulk: bool, cx: &Cx) -> Result<BoxStream, BackendError> {
        loop {
            let rule = self.rule();
            let opened = self.within(OPEN_LIMIT, self.try_open(is_bulk, rule), cx).await?;
            match opened {
                Ok(stream) => return Ok(stream),
                Err(refused) => cx.until_cancelled(self.ask(rule, refused, cx)).await?,
            }
        }
    }

    /// A stream without TLS, to see whether anything listens.
    pub(crate) async fn dial_once(&self, cx: &Cx) -> Result<BoxStream, BackendError> {
        self.within(OPEN_LIMIT, self.dial(false), cx).await
    }

    async fn try_open(
        &self,
        is_bulk: bool,
        rule: Rule,
    ) -> Result<Result<BoxStream, Refused>, BackendError> {
        let stream = self.dial(is_bulk).await?;
        if self.url().is_tls() { self.handshake(stream, rule).await } else { Ok(Ok(stream)) }
    }

    async fn dial(&self, is_bulk: bool) -> Result<BoxStream, BackendError> {
        let url = self.url();
        let target = DialTarget::Tcp { host: url.host().to_owned(), port: url.port() };
        if is_bulk {
            self.server.dial.dial_bulk(&target).await
        } else {
            self.server.dial.dial(&target).await
        }
    }

    /// The stream, or the certificate that was refused.
    async fn handshake(
        &self,
        stream: BoxStream,
        rule: Rule,
    ) -> Result<Result<BoxStream, Refused>, BackendError> {
        let url = self.url();
        let judge = Arc::new(self.judge(rule).await?);
        let config = ClientConfig::builder_with_provider(Arc::clone(&self.shared.provider))
            .with_safe_default_protocol_versions()
            .map_err(|error| problems::no_tls(url, &error))?
            .dangerous()
            .with_custom_certificate_verifier(Arc::<Judge>::clone(&judge))
            .with_no_client_auth();
        let name = ServerName::try_from(url.host().to_owned())
            .map_err(|error| problems::no_tls(url, &error))?;
        match TlsConnector::from(Arc::new(config)).connect(name, stream).await {
            Ok(stream) => Ok(Ok(Box::new(stream))),
            Err(error) => match judge.take_refused() {
                Some(refused) => Ok(Err(refused)),
                None => Err(problems::no_tls(url, &error)),
            },
        }
    }

    async fn judge(&self, rule: Rule) -> Result<Judge, BackendError> {
        let provider = Arc::clone(&self.shared.provider);
        let authorities = match rule {
            Rule::Authorities => Some(self.authorities().await?),
            Rule::Only(_) | Rule::Anything => None,
        };
        Ok(Judge::new(rule, provider, authorities))
    }

    /// The authorities of this computer, read once for all requests.
    async fn authorities(&self) -> Result<Arc<Verifier>, BackendError> {
        let read = || async {
            let provider = Arc::clone(&self.shared.provider);
            let read = tokio::task::spawn_blocking(move || Verifier::new(provider)).await;
            let reason = match read {
                Ok(Ok(verifier)) => return Ok(Arc::new(verifier)),
                Ok(Err(error)) => error.to_string(),
                Err(error) => error.to_string(),
            };
            let what = "the authorities of this computer cannot be read";
            Err(problems::untrusted(self.url(), false, &format!("{what}: {reason}")))
        };
        self.shared.authorities.get_or_try_init(read).await.cloned()
    }

    pub(crate) fn rule(&self) -> Rule {
        *self.shared.rule.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Asks whether the certificate may be used; from then on it is the only one.
    async fn ask(&self, rule: Rule, refused: Refused, cx: &Cx) -> Result<(), BackendError> {
        let Ok(_turn) = self.shared.asking.acquire().await else {
            return Err(BackendError::Cancelled);
        };
        if self.rule() != rule {
            // Somebody was asked meanwhile.
            return Ok(());
        }
        let shown = Fingerprint::of(&refused.certificate);
        let known = match rule {
            Rule::Only(known) => Some(known.to_string()),
            Rule::Authorities | Rule::Anything => None,
        };
        let facts = Facts::of(&refused.certificate);
        let question = CertificateQuestion {
            server: self.url().to_string(),
            verdict: match known {
                Some(_) => CertificateVerdict::Changed,
                None => CertificateVerdict::Unknown,
            },
            fingerprint: shown.to_string(),
            known,
            subject: facts.subject,
            issuer: facts.issuer,
            valid_until: facts.valid_until,
            reason: refused.reason,
        };
        cx.certificates.judge(question).await?;
        *self.shared.rule.lock().unwrap_or_else(PoisonError::into_inner) = Rule::Only(shown);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use backend_api::Absent;

    use crate::base_url::BaseUrl;
    use crate::client::{Client, Server, Trust};

    #[tokio::test]
    async fn the_authorities_are_read_once_for_all_clones() {
        let url = BaseUrl::parse("https://lab-server", None).unwrap();
        let server = Server { url, trust: Trust::Authorities, dial: Arc::new(Absent) };
        let client = Client::new(server);
        let (first, second) = (client.authorities().await, client.clone().authorities().await);
        assert!(Arc::ptr_eq(&first.unwrap(), &second.unwrap()));
    }
}
