//! Runs: their order, the search over them, and how many are kept.

use model::{ErrorCode, Failure, RunStatus, RunStep, StepStatus};
use proptest::prelude::*;

use super::{line, open, run};
use crate::Store;
use crate::retention::{Limits, prune};

async fn names(store: &Store, search: &str, status: Option<RunStatus>) -> Vec<String> {
    let runs = store.runs(search, status, 100).await.unwrap();
    runs.into_iter().map(|run| run.subject.name).collect()
}

#[tokio::test]
async fn runs_come_newest_first_and_are_found_by_their_words() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).await;
    let mut failed = run("atlas-api", RunStatus::Failed, 1);
    failed.error = Some(Failure::new(ErrorCode::Conflict, "port 8080 is taken on forge-1"));
    let mut running = run("Größe", RunStatus::Running, 3);
    running.steps.push(RunStep {
        name: "pull".into(),
        summary: "pulls the image".into(),
        status: StepStatus::Running,
        started_at: Some(3),
        ended_at: None,
        progress: None,
    });
    let done = run("beacon", RunStatus::Succeeded, 2);
    for run in [&failed, &running, &done] {
        store.put_run(run).await.unwrap();
    }
    assert_eq!(names(&store, "", None).await, ["Größe", "beacon", "atlas-api"]);
    assert_eq!(names(&store, "", Some(RunStatus::Failed)).await, ["atlas-api"]);
    assert_eq!(store.runs("", None, 1).await.unwrap(), [running.clone()]);
    assert_eq!(store.running_runs().await.unwrap(), [running.clone()]);

    assert_eq!(names(&store, "api", None).await, ["atlas-api"]);
    assert_eq!(names(&store, "atlas-a", None).await, ["atlas-api"]);
    assert_eq!(names(&store, "8080 tak", None).await, ["atlas-api"]);
    assert_eq!(names(&store, "grosse", None).await, Vec::<String>::new());
    assert_eq!(names(&store, "große", None).await, ["Größe"]);
    assert_eq!(names(&store, "pulls create", None).await, ["Größe"]);
    assert_eq!(names(&store, "forge", Some(RunStatus::Succeeded)).await, ["beacon"]);
    assert_eq!(names(&store, "localhost", None).await, Vec::<String>::new(), "not the input");
}

#[tokio::test]
async fn a_changed_run_is_found_by_its_new_words_only() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).await;
    let mut one = run("before", RunStatus::Running, 1);
    store.put_run(&one).await.unwrap();
    one.subject.name = "after".into();
    one.status = RunStatus::Interrupted;
    store.put_run(&one).await.unwrap();
    assert_eq!(names(&store, "before", None).await, Vec::<String>::new());
    assert_eq!(names(&store, "after interr", None).await, ["after"]);
    assert_eq!(store.get_run(&one.id).await.unwrap(), Some(one));
    assert_eq!(store.running_runs().await.unwrap(), []);
}

#[tokio::test]
async fn the_oldest_ended_runs_and_logs_go_first() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).await;
    let left_over = run("left-over", RunStatus::Running, 0);
    store.put_run(&left_over).await.unwrap();
    for number in 1..=9 {
        let one = run(&format!("run-{number}"), RunStatus::Succeeded, number);
        store.put_run(&one).await.unwrap();
        store.append_log(&one.id, &[line(format!("log {number}"))]).await.unwrap();
    }
    let chunk: i64 = sqlx::query_scalar("SELECT MAX(log_bytes) FROM runs")
        .fetch_one(&store.readers)
        .await
        .unwrap();
    prune(&store, &Limits { runs: 5, log_bytes: 2 * chunk }).await.unwrap();
    let kept = ["run-9", "run-8", "run-7", "run-6", "run-5", "left-over"];
    assert_eq!(names(&store, "", None).await, kept);
    assert_eq!(names(&store, "succeeded", None).await, kept[..5]);
    let runs = store.runs("", None, 100).await.unwrap();
    assert_eq!(runs.iter().map(|run| run.log_lines).collect::<Vec<_>>(), [1, 1, 0, 0, 0, 0]);
    assert_eq!(store.read_log(&runs[1].id, 0).await.unwrap().len(), 1);
    assert_eq!(store.read_log(&runs[2].id, 0).await.unwrap(), []);
    let chunks: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM log_chunks")
        .fetch_one(&store.readers)
        .await
        .unwrap();
    assert_eq!(chunks, 2);
}

#[test]
fn no_search_is_taken_for_search_syntax() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let store = runtime.block_on(open(folder.path()));
    runtime.block_on(store.put_run(&run("atlas", RunStatus::Running, 1))).unwrap();
    let check = |search: String| runtime.block_on(store.runs(&search, None, 10)).map(|_| ());
    for search in ["\"", "a\" OR \"b", "NOT", "words:x", "(", "*", "a*", "^a", "\0", "-", "{a b}"] {
        check(search.into()).unwrap();
    }
    proptest!(|(search in "\\PC{0,30}|[\"*:^()\\-+ a-zA-Z\0]{0,20}")| check(search).unwrap());
}

#[tokio::test]
async fn what_cannot_be_read_hides_itself_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).await;
    let (good, bad) = (run("good", RunStatus::Running, 1), run("bad", RunStatus::Running, 2));
    for run in [&good, &bad] {
        store.put_run(run).await.unwrap();
    }
    sqlx::query("UPDATE runs SET body = '{\"verb\": 7}' WHERE id = ?")
        .bind(bad.id.as_str())
        .execute(&store.writer)
        .await
        .unwrap();
    assert_eq!(store.running_runs().await.unwrap(), std::slice::from_ref(&good));
    assert_eq!(store.runs("", None, 10).await.unwrap(), [good]);
    let failure = Failure::from(store.get_run(&bad.id).await.unwrap_err());
    assert!(failure.message.contains("an entry of the database"), "{failure:?}");
    let connection = "INSERT INTO connections (id, kind, name, fields, secrets, connect_at_start, \
                      created_at) VALUES ('c', 'k', 'n', 'no json', '{}', 1, 0)";
    let host = "INSERT INTO ssh_hosts (id, user, addresses, auth) VALUES ('h', 'u', '[7]', '[]')";
    for broken in [connection, host] {
        sqlx::query(broken).execute(&store.writer).await.unwrap();
    }
    assert!(store.connections().await.unwrap().is_empty());
    assert!(store.ssh_hosts().await.unwrap().is_empty());
}
