//! WebSockets over the same streams as everything else.

use backend_api::{BackendError, BoxStream, Cx};
use http::header::{CONNECTION, HOST, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_VERSION, UPGRADE};
use http::{HeaderValue, Request};
use tokio_tungstenite::tungstenite::{self, handshake::client::generate_key};
use tokio_tungstenite::{WebSocketStream, client_async};

pub use tungstenite::Message;

use crate::call::Call;
use crate::client::{Client, Reply};
use crate::problems;

/// Messages both ways, as a `Stream` and a `Sink`; dropping it closes its connection.
pub type WebSocket = WebSocketStream<BoxStream>;

impl Client {
    /// Opens a WebSocket; an answer of another kind comes back as it is. The call's deadline is for the opening.
    ///
    /// # Errors
    /// As `send`.
    pub async fn web_socket(
        &self,
        call: Call,
        cx: &Cx,
    ) -> Result<Result<WebSocket, Reply>, BackendError> {
        let stream = self.open(call.is_bulk, cx).await?;
        let deadline = call.deadline;
        self.within(deadline, self.shake_hands(stream, call), cx).await
    }

    async fn shake_hands(
        &self,
        stream: BoxStream,
        call: Call,
    ) -> Result<Result<WebSocket, Reply>, BackendError> {
        let url = self.url();
        let scheme = if url.is_tls() { "wss" } else { "ws" };
        let mut request = Request::builder()
            .method(call.method)
            .uri(format!("{scheme}://{}{}", url.authority(), url.path(&call.path)))
            .body(())
            .map_err(|error| BackendError::protocol(format!("cannot write a request: {error}")))?;
        let headers = request.headers_mut();
        headers.extend(call.headers);
        let text = |text: &str| {
            HeaderValue::from_str(text)
                .map_err(|_| BackendError::protocol("cannot write a header of a request"))
        };
        headers.insert(HOST, text(&url.authority())?);
        headers.insert(CONNECTION, HeaderValue::from_static("Upgrade"));
        headers.insert(UPGRADE, HeaderValue::from_static("websocket"));
        headers.insert(SEC_WEBSOCKET_VERSION, HeaderValue::from_static("13"));
        headers.insert(SEC_WEBSOCKET_KEY, text(&generate_key())?);
        match client_async(request, stream).await {
            Ok((socket, _)) => Ok(Ok(socket)),
            Err(tungstenite::Error::Http(response)) => {
                let (parts, body) = response.into_parts();
                let body = body.unwrap_or_default().into();
                Ok(Err(Reply { status: parts.status, headers: parts.headers, body }))
            }
            Err(error) => Err(problems::broken(url, &error)),
        }
    }
}
