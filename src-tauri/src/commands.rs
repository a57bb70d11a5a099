//! Answers what the window asks. Tauri has already checked the permission for the command's name;
//! the names and what they do are in `ipc`.

use std::sync::Arc;

use ipc::COMMAND_NAMES;
use serde_json::Value;
use tauri::{
    Manager, Wry,
    ipc::{Invoke, InvokeBody, InvokeError, JavaScriptChannelId},
};

use crate::attach::Attachment;

/// Takes one call from a window. False: no such command.
pub(crate) fn handle(invoke: Invoke<Wry>) -> bool {
    let Invoke { message, resolver, .. } = invoke;
    let name = message.command().to_owned();
    let webview = message.webview();
    let core = Arc::clone(&webview.state::<Arc<app::Core>>());
    if name == "client_attach" {
        resolver.respond(attach(&core, webview, message.payload()));
        return true;
    }
    if !COMMAND_NAMES.contains(&name.as_str()) {
        return false;
    }
    let Some(client) = webview.state::<Attachment>().client() else {
        resolver.reject("the page has not attached yet");
        return true;
    };
    let arguments =
        argument(message.payload(), "args").unwrap_or_else(|| Value::Object(Default::default()));
    resolver.respond_async(async move {
        ipc::dispatch(&core, &client, &name, arguments).await.map_err(|error| {
            InvokeError(serde_json::to_value(&error).unwrap_or_else(|_| error.to_string().into()))
        })
    });
    true
}

fn attach(
    core: &Arc<app::Core>,
    webview: tauri::Webview<Wry>,
    payload: &InvokeBody,
) -> Result<(), InvokeError> {
    let channel = argument(payload, "channel")
        .and_then(|value| value.as_str().and_then(|text| text.parse::<JavaScriptChannelId>().ok()))
        .ok_or_else(|| InvokeError("client_attach needs a channel".into()))?;
    let attachment = webview.state::<Attachment>();
    let channel = channel.channel_on(webview.clone());
    attachment.attach(core, channel);
    Ok(())
}

fn argument(payload: &InvokeBody, name: &str) -> Option<Value> {
    match payload {
        InvokeBody::Json(value) => value.get(name).cloned(),
        InvokeBody::Raw(_) => None,
    }
}
