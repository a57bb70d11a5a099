//! A database that is no database: the app starts all the same, says so, and keeps the old file.

use serde_json::json;
use tempfile::TempDir;
use tests::headless::Headless;

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_database_is_kept_aside_and_said() {
    let folder = TempDir::new().unwrap();
    let data = folder.path().join("data");
    let core = Headless::start(&data, folder.path()).await.unwrap();
    let notice = core.call("app_info", json!({})).await.unwrap()["storage_notice"].clone();
    assert!(notice.is_null(), "{notice}");
    core.shutdown().await;
    let database = std::fs::read_dir(&data)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find(|path| std::fs::read(path).is_ok_and(|bytes| bytes.starts_with(b"SQLite format 3")))
        .unwrap();
    let garbage = b"not a database ".repeat(4096);
    std::fs::write(&database, &garbage).unwrap();

    let core = Headless::start(&data, folder.path()).await.unwrap();
    let info = core.call("app_info", json!({})).await.unwrap();
    let notice = info["storage_notice"].as_str().unwrap();
    let kept = std::fs::read_dir(&data)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find(|path| std::fs::read(path).is_ok_and(|bytes| bytes == garbage))
        .unwrap();
    assert!(notice.contains(&kept.display().to_string()), "{notice}");
    assert!(notice.contains("add your connections again"), "{notice}");
    assert_eq!(core.call("connections_list", json!({})).await.unwrap(), json!([]));
    // The fresh one is in use: what is stored now is there after the next start, without a notice.
    let mut settings = core.call("settings_get", json!({})).await.unwrap();
    settings["open_ide_in_browser"] = json!(true);
    core.call("settings_set", settings.clone()).await.unwrap();
    core.shutdown().await;
    let core = Headless::start(&data, folder.path()).await.unwrap();
    let info = core.call("app_info", json!({})).await.unwrap();
    assert!(info["storage_notice"].is_null(), "{info}");
    assert_eq!(core.call("settings_get", json!({})).await.unwrap(), settings);
    core.shutdown().await;
}
