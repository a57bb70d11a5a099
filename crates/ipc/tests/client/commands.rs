//! Commands by name: what they reply, what they refuse, what is told of it.

use model::ErrorCode;
use serde_json::{Value, json};

use crate::bench::{Bench, input};

#[tokio::test]
async fn every_command_has_a_handler_that_names_what_it_misses() {
    let bench = Bench::start().await;
    for name in ipc::COMMAND_NAMES {
        let reply = bench.call(name, json!([1])).await;
        if let Err(error) = reply {
            assert_ne!(error.code, ErrorCode::Unsupported, "{name}: {error:?}");
        }
    }
    let error = bench.call("no_such_thing", json!({})).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::Unsupported);
}

#[tokio::test]
async fn a_change_is_told_to_the_client() {
    let bench = Bench::start().await;
    bench.call("connection_create", input("forge-1")).await.unwrap();
    let connected = |event: &Value| event["connections"][0]["state"]["state"] == "connected";
    let told = async || bench.sink.events.lock().unwrap().iter().any(connected).then_some(());
    bench.until("the event", told).await;
    let events = bench.sink.events.lock().unwrap().clone();
    assert!(events.iter().all(|event| event["type"] == "core"), "{events:?}");
}

#[tokio::test]
async fn a_flood_of_changes_becomes_few_events() {
    let bench = Bench::start().await;
    let settings = bench.call("settings_get", json!({})).await.unwrap();
    let began = std::time::Instant::now();
    for size in 0..300 {
        let mut changed = settings.clone();
        changed["terminal_scrollback"] = json!(1000 + size);
        bench.call("settings_set", changed).await.unwrap();
    }
    let last = async || {
        let events = bench.sink.events.lock().unwrap();
        let newest = events.iter().rev().find(|event| event["event"] == "settings")?;
        (newest["settings"]["terminal_scrollback"] == 1299).then_some(())
    };
    bench.until("the last one", last).await;
    let count = bench.sink.events.lock().unwrap().len();
    let allowed = began.elapsed().as_millis() / 50 + 2;
    assert!(count as u128 <= allowed, "{count} events in {:?}", began.elapsed());
}

#[tokio::test]
async fn only_links_of_the_web_are_opened() {
    let bench = Bench::start().await;
    for url in ["file:///etc/passwd", "javascript:alert(1)", "moorline://x", "https://x y", ""] {
        let error = bench.call("url_open", json!({"url": url})).await.unwrap_err();
        assert_eq!(
            (error.code, error.field.as_deref()),
            (ErrorCode::Invalid, Some("url")),
            "{url}"
        );
    }
    // A browser refuses by itself: the link was let through.
    let error = bench.call("url_open", json!({"url": "https://example.com/"})).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::Unsupported);
}

#[tokio::test]
async fn a_browser_gets_a_link_for_a_page() {
    let bench = Bench::start().await;
    let workspace = bench.workspace().await;
    let args = json!({"workspace": workspace, "port": null, "open_in": "preferred"});
    let opened = bench.call("page_open", args).await.unwrap();
    assert!(opened["url"].as_str().unwrap().starts_with("http://ws-"), "{opened}");
}

#[tokio::test]
async fn settings_out_of_range_are_refused_by_name() {
    let bench = Bench::start().await;
    let mut settings = bench.call("settings_get", json!({})).await.unwrap();
    settings["terminal_font_size"] = json!(30);
    let error = bench.call("settings_set", settings).await.unwrap_err();
    assert_eq!(error.field.as_deref(), Some("terminal_font_size"));
}
