//! Streams: credit holds them back, closing ends them, and their end is told.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use model::ErrorCode;
use serde_json::{Value, json};

use crate::bench::Bench;

async fn terminal(bench: &Bench, stream: u32) -> Value {
    let workspace = bench.workspace().await;
    let args = json!({"workspace": workspace, "size": {"columns": 80, "rows": 24}});
    let id = bench.call("terminal_open", args).await.unwrap()["id"].clone();
    let args = json!({"terminal_id": id, "stream": stream});
    bench.call("terminal_attach", args).await.unwrap();
    id
}

#[tokio::test]
async fn what_is_typed_comes_back_byte_for_byte_and_the_end_is_told() {
    let bench = Bench::start().await;
    let id = terminal(&bench, 7).await;
    let data = STANDARD.encode([0, 255, 27]);
    bench.call("terminal_write", json!({"terminal_id": id, "data": data})).await.unwrap();
    let echoed = async || bench.sink.received(7).ends_with(&[0, 255, 27]).then_some(());
    bench.until("the bytes", echoed).await;
    let data = STANDARD.encode("exit");
    bench.call("terminal_write", json!({"terminal_id": id, "data": data})).await.unwrap();
    let end = bench.until("the end", async || bench.sink.end_of(7)).await;
    assert!(end["error"].is_null());
}

#[tokio::test]
async fn a_stream_waits_for_its_reader() {
    let bench = Bench::start().await;
    bench.server.state().greeting = vec![b'x'; 1_500_000];
    terminal(&bench, 1).await;
    let full = async || (bench.sink.received(1).len() >= 512 * 1024).then_some(());
    bench.until("a full window", full).await;
    // Another command goes through meanwhile, and nothing more comes without credit.
    bench.call("settings_get", json!({})).await.unwrap();
    assert!(bench.sink.received(1).len() < 512 * 1024 + 64 * 1024);
    let mut acknowledged = 0;
    while acknowledged < 1_500_000 {
        let received = bench.sink.received(1).len();
        let bytes = received - acknowledged;
        acknowledged = received;
        bench.call("stream_ack", json!({"stream": 1, "bytes": bytes})).await.unwrap();
        tokio::task::yield_now().await;
    }
    assert_eq!(acknowledged, 1_500_000);
}

#[tokio::test]
async fn a_log_is_one_json_line_each_and_can_be_closed() {
    let bench = Bench::start().await;
    bench.server.state().log = vec!["one".into(), "two".into(), "three".into()];
    let workspace = bench.workspace().await;
    let open = json!({"workspace": workspace, "tail": 2, "stream": 3});
    bench.call("log_open", open.clone()).await.unwrap();
    let lines = async || {
        let text = String::from_utf8(bench.sink.received(3)).unwrap();
        (text.lines().count() == 2).then_some(text)
    };
    let text = bench.until("two lines", lines).await;
    let first: Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
    assert_eq!(first["text"], "two");
    let error = bench.call("log_open", open.clone()).await.unwrap_err();
    assert_eq!((error.code, error.field.as_deref()), (ErrorCode::Conflict, Some("stream")));
    bench.call("stream_close", json!({"stream": 3})).await.unwrap();
    bench.call("log_open", open).await.unwrap();
    assert!(bench.sink.end_of(3).is_none(), "one who closes is not told");
}

#[tokio::test]
async fn measurements_come_on_a_stream() {
    let bench = Bench::start().await;
    bench.workspace().await;
    bench.call("metrics_open", json!({"stream": 4})).await.unwrap();
    let line = async || {
        let text = String::from_utf8(bench.sink.received(4)).unwrap();
        text.lines().next().map(str::to_owned)
    };
    let line = bench.until("a line", line).await;
    let sample: Value = serde_json::from_str(&line).unwrap();
    assert_eq!(sample["samples"][0]["memory_bytes"], 1024);
}

#[tokio::test]
async fn a_lost_connection_ends_a_log_with_the_reason() {
    let bench = Bench::start().await;
    let workspace = bench.workspace().await;
    let open = json!({"workspace": workspace, "tail": null, "stream": 5});
    bench.call("log_open", open).await.unwrap();
    let id = workspace["connection_id"].clone();
    bench.call("connection_disconnect", json!({"connection_id": id})).await.unwrap();
    let end = bench.until("the end", async || bench.sink.end_of(5)).await;
    assert_eq!(end["error"]["code"], "unreachable");
}
