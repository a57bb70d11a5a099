//! Processes that are killed while they write, and processes that open at the same time.
//!
//! The child is this test binary again, running `writes_until_killed` alone.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use model::RunStatus;

use super::{line, open, run};

const FOLDER: &str = "MOORLINE_STORE_TEST_FOLDER";
const ACKNOWLEDGED: &str = "stored ";

fn child(folder: &Path) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "tests::crash::writes_until_killed", "--ignored", "--nocapture"])
        .env(FOLDER, folder)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}

/// The number after the newest complete "stored" line.
fn acknowledged(lines: impl Iterator<Item = String>) -> impl Iterator<Item = u64> {
    lines.filter_map(|line| line.split_once(ACKNOWLEDGED)?.1.parse().ok())
}

#[tokio::test]
#[ignore = "the other half of the tests below"]
async fn writes_until_killed() {
    let folder = std::env::var(FOLDER).unwrap();
    let store = open(Path::new(&folder)).await;
    for number in 1_u64.. {
        let one = run(&format!("run {number}"), RunStatus::Running, number.try_into().unwrap());
        store.put_run(&one).await.unwrap();
        store.append_log(&one.id, &[line(format!("line of {number}"))]).await.unwrap();
        println!("{ACKNOWLEDGED}{number}");
    }
}

#[tokio::test]
async fn what_was_stored_survives_kill_9() {
    let folder = tempfile::tempdir().unwrap();
    let (mut runs_before, mut logs_before) = (0, 0);
    for round in 0..3 {
        let mut child = child(folder.path());
        let lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
        let mut numbers = acknowledged(lines);
        numbers.find(|number| *number >= 20 + round * 7).unwrap();
        child.kill().unwrap();
        let last = numbers.last().unwrap_or(20 + round * 7);
        child.wait().unwrap();

        let store = open(folder.path()).await;
        let runs = store.running_runs().await.unwrap();
        let found = u64::try_from(runs.len()).unwrap();
        assert!(found >= runs_before + last, "{found} of {runs_before} + {last} runs");
        let mut with_log = 0;
        for run in &runs {
            let log = store.read_log(&run.id, 0).await.unwrap();
            assert_eq!(run.log_lines, u64::try_from(log.len()).unwrap());
            with_log += run.log_lines;
        }
        assert!(with_log >= logs_before + last, "{with_log} of {logs_before} + {last} logs");
        // At most the one write in flight was cut off.
        assert!(found - with_log <= round + 1, "{found} runs, {with_log} logs");
        assert_eq!(store.runs("run", None, 1_000).await.unwrap().len(), runs.len());
        (runs_before, logs_before) = (found, with_log);
        store.close().await;
    }
}

#[tokio::test]
async fn a_second_process_reads_and_writes_beside_the_first() {
    let folder = tempfile::tempdir().unwrap();
    let mut child = child(folder.path());
    let lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    let mut numbers = acknowledged(lines);
    numbers.find(|number| *number >= 5).unwrap();
    let store = open(folder.path()).await;
    let mine = run("mine", RunStatus::Succeeded, 1_000_000);
    for number in 0..20 {
        store.put_run(&mine).await.unwrap();
        store.append_log(&mine.id, &[line(format!("{number}"))]).await.unwrap();
    }
    let seen = numbers.next().unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(store.get_run(&mine.id).await.unwrap().unwrap().log_lines, 20);
    assert!(store.running_runs().await.unwrap().len() >= usize::try_from(seen).unwrap());
}

#[tokio::test]
async fn many_openers_of_a_new_folder_all_get_a_working_store() {
    let folder = tempfile::tempdir().unwrap();
    let openers = (0..8).map(|number| {
        let folder = folder.path().to_owned();
        tokio::spawn(async move {
            let store = open(&folder).await;
            store.put_run(&run("one", RunStatus::Succeeded, number)).await.unwrap();
        })
    });
    for opener in openers.collect::<Vec<_>>() {
        opener.await.unwrap();
    }
    let store = open(folder.path()).await;
    assert_eq!(store.runs("", None, 100).await.unwrap().len(), 8);
}
