//! Images through the core: what a build is sent and what is not stored of it, retries, pruning.

use app::NamedImage;
use model::{
    BuildArgument, BuildFrom, BuildInput, ErrorCode, ImageId, LogLine, PruneScope, RunId, RunStatus,
};
use testkit::fake::image;

use crate::bench::{Bench, code};

fn text(containerfile: &str) -> BuildInput {
    BuildInput {
        name: "dev:1".into(),
        source: BuildFrom::Text { containerfile: containerfile.into() },
        arguments: Vec::new(),
        is_without_cache: false,
        is_base_pulled: false,
    }
}

async fn log(bench: &Bench, id: &RunId) -> Vec<String> {
    use futures::StreamExt as _;
    let batches: Vec<_> = bench.core.run_log_follow(id).await.unwrap().collect().await;
    let lines: Vec<LogLine> = batches.into_iter().flat_map(Result::unwrap).collect();
    lines.into_iter().map(|line| line.text).collect()
}

#[tokio::test]
async fn a_build_is_a_run_with_a_step_for_every_line() {
    let bench = Bench::start().await;
    let id = bench.connected().await;
    let run = bench.core.image_build(&id, text("FROM a\nRUN b")).await.unwrap();
    assert_eq!(log(&bench, &run).await, ["building"]);
    let run = bench.until_over(&run).await;
    assert_eq!((run.verb.as_str(), run.status), ("build_image", RunStatus::Succeeded));
    let names: Vec<&str> = run.steps.iter().map(|step| step.name.as_str()).collect();
    assert_eq!(names, ["Send", "FROM a", "RUN b"]);
    let listed = bench.core.images().await.unwrap();
    assert_eq!(listed[0].images[0].names, ["dev:1"]);
}

#[tokio::test]
async fn values_of_build_arguments_are_not_stored_and_a_retry_has_them_until_the_end() {
    let bench = Bench::start().await;
    let id = bench.connected().await;
    let argument = BuildArgument { name: "TOKEN".into(), value: "canary-7".into() };
    let input = BuildInput { arguments: vec![argument.clone()], ..text("FROM a") };
    let first = bench.core.image_build(&id, input).await.unwrap();
    let run = bench.until_over(&first).await;
    let stored = format!("{run:?}");
    assert!(stored.contains("TOKEN") && !stored.contains("canary-7"), "{stored}");
    let again = bench.core.run_retry(&first).await.unwrap();
    bench.until_over(&again).await;
    let arguments: Vec<_> =
        bench.server.state().builds.iter().map(|(request, _)| request.arguments.clone()).collect();
    assert_eq!(arguments, [vec![argument.clone()], vec![argument]]);
    let bench = bench.restart().await;
    bench.until_connected(&id).await;
    assert_eq!(code(bench.core.run_retry(&first).await), ErrorCode::Invalid);
}

#[tokio::test]
async fn a_folder_is_planned_before_it_is_sent() {
    let bench = Bench::start().await;
    let id = bench.connected().await;
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write("Containerfile", "FROM a");
    write(".dockerignore", "*.log");
    write("big.log", &"x".repeat(100_000));
    write("a.txt", "hello");
    let path = folder.path().to_str().unwrap().to_owned();
    let source = BuildFrom::Folder { path, containerfile: String::new() };
    let input = BuildInput { source, ..text("") };
    let plan = bench.core.image_build_plan(&id, input.clone()).await.unwrap();
    assert_eq!(plan.problems, []);
    let summary = &plan.steps[0].summary;
    assert!(summary.starts_with("Send 3 files, 16 B, to "), "{summary}");
    assert!(summary.ends_with("; 1 left out by .dockerignore"), "{summary}");
    let run = bench.core.image_build(&id, input.clone()).await.unwrap();
    assert_eq!(bench.until_over(&run).await.status, RunStatus::Succeeded);
    let sent = bench.server.state().builds[0].1;
    assert!((1_000..20_000).contains(&sent), "{sent} bytes were sent");
    let capital = BuildInput { name: "Dev".into(), ..input };
    let plan = bench.core.image_build_plan(&id, capital.clone()).await.unwrap();
    assert_eq!(plan.problems[0].suggestion.as_deref(), Some("dev"));
    assert_eq!(code(bench.core.image_build(&id, capital).await), ErrorCode::Invalid);
    let missing = BuildFrom::Folder { path: "/no/such".into(), containerfile: String::new() };
    let plan = bench.core.image_build_plan(&id, BuildInput { source: missing, ..text("") }).await;
    assert_eq!(plan.unwrap().problems[0].field, "path");
}

#[tokio::test]
async fn a_build_is_cancelled_and_a_pull_is_retried() {
    let bench = Bench::start().await;
    let id = bench.connected().await;
    bench.server.hold_back();
    let build = bench.core.image_build(&id, text("FROM a")).await.unwrap();
    bench.core.run_cancel(&build).await.unwrap();
    assert_eq!(bench.until_over(&build).await.status, RunStatus::Cancelled);
    let pull = bench.core.image_pull(&id, "debian:12".into()).await.unwrap();
    bench.core.run_cancel(&pull).await.unwrap();
    assert_eq!(bench.until_over(&pull).await.status, RunStatus::Cancelled);
    bench.server.let_through(1);
    let again = bench.core.run_retry(&pull).await.unwrap();
    assert_eq!(bench.until_over(&again).await.status, RunStatus::Succeeded);
    assert_eq!(bench.server.state().images[0].names, ["debian:12"]);
}

#[tokio::test]
async fn exactly_what_is_named_is_pruned() {
    let bench = Bench::start().await;
    for name in ["a:1", "b:1", "c:1"] {
        bench.server.state().images.push(image(name));
    }
    let id = bench.connected().await;
    let kept = [ImageId::from_raw("id-b:1")];
    let list = bench.core.images_prune_list(&id, PruneScope::Unused, &kept).await.unwrap();
    assert_eq!((list.images.len(), list.freed_bytes), (2, 20));
    let named = list
        .images
        .iter()
        .map(|image| NamedImage { image_id: image.id.clone(), label: image.names[0].clone() });
    let run = bench.core.images_prune(&id, named.collect()).await.unwrap();
    let run = bench.until_over(&run).await;
    let steps: Vec<&str> = run.steps.iter().map(|step| step.summary.as_str()).collect();
    assert_eq!(steps, ["Remove a:1", "Remove c:1"]);
    assert_eq!(run.subject.name, "2 images");
    assert_eq!(bench.server.state().images.len(), 1);
}
