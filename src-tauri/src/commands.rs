//! Answers what the window asks. Tauri has already checked the permission for the command's name;
//! the names and what they do are in `ipc`.

use ipc::COMMAND_NAMES;
use serde_json::Value;
use tauri::{
    Manager, Wry,
    ipc::{Channel, Invoke, InvokeBody, InvokeError, InvokeResponseBody, JavaScriptChannelId},
};

use crate::{attach::Attachment, core_slot::CoreSlot};

/// The one command that is the host's own.
const ATTACH: &str = "client_attach";

/// Takes one call from a window. False: no such command.
pub(crate) fn handle(invoke: Invoke<Wry>) -> bool {
    let Invoke { message, resolver, .. } = invoke;
    let name = message.command().to_owned();
    let webview = message.webview();
    let core = webview.state::<CoreSlot>().wait();
    if name == ATTACH {
        let channel = channel_of(message.payload(), &webview);
        resolver.respond_async(async move {
            let channel =
                channel.ok_or_else(|| InvokeError("client_attach needs a channel".into()))?;
            let core = core.await.ok_or_else(ending)?;
            webview.state::<Attachment>().attach(&core, channel);
            Ok(())
        });
        return true;
    }
    if !COMMAND_NAMES.contains(&name.as_str()) {
        return false;
    }
    let arguments =
        argument(message.payload(), "args").unwrap_or_else(|| Value::Object(Default::default()));
    resolver.respond_async(async move {
        let core = core.await.ok_or_else(ending)?;
        let client = webview.state::<Attachment>().client();
        let client = client.ok_or_else(|| InvokeError("the page has not attached yet".into()))?;
        ipc::dispatch(&core, &client, &name, arguments).await.map_err(|error| {
            InvokeError(serde_json::to_value(&error).unwrap_or_else(|_| error.to_string().into()))
        })
    });
    true
}

fn ending() -> InvokeError {
    InvokeError("the app is ending".into())
}

fn channel_of(
    payload: &InvokeBody,
    webview: &tauri::Webview<Wry>,
) -> Option<Channel<InvokeResponseBody>> {
    let id = argument(payload, "channel")?;
    let id = id.as_str()?.parse::<JavaScriptChannelId>().ok()?;
    Some(id.channel_on(webview.clone()))
}

fn argument(payload: &InvokeBody, name: &str) -> Option<Value> {
    match payload {
        InvokeBody::Json(value) => value.get(name).cloned(),
        InvokeBody::Raw(_) => None,
    }
}
