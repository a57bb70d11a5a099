//! Builds on a real server: steps, arguments, errors that point at a line, and a cancel that really stops.

use std::fs;
use std::time::{Duration, Instant};

use model::{BuildArgument, ErrorCode};
use tests::dev_image::{DEV_IMAGE, dev_image};
use tests::podman::{PodmanOptions, PodmanService};
use tokio_util::sync::CancellationToken;

use super::images::{Heard, archive, build, build_request, request};
use super::making::make;
use super::rig::{PodmanRig, values};

const STEPS: &str = "FROM localhost/box:1 AS first
RUN echo one > /one
FROM localhost/box:1
ARG WHO=nobody
COPY --from=first /one /one
COPY greeting /greeting
RUN echo \"hello $WHO\"; cat /one /greeting
";

#[tokio::test]
async fn a_build_tells_its_steps_and_takes_arguments_and_files() {
    let rig = PodmanRig::direct();
    let (session, cx) = (rig.session().await, rig.cx());
    let mut wanted = request("dev:1", STEPS);
    wanted.arguments = vec![BuildArgument { name: "WHO".into(), value: "it's me".into() }];
    wanted.labels = vec![("team".into(), "atlas".into())];
    let steps = session.images().unwrap().build_steps(&wanted).unwrap();
    let names: Vec<&str> = steps.iter().map(|step| step.name.as_str()).collect();
    assert_eq!(names, ["Send", "FROM", "RUN", "FROM", "ARG", "COPY", "COPY", "RUN", "Store"]);
    let files = [("greeting", "good day\n")];
    let (id, heard) = build_request(session.as_ref(), &wanted, &files, &cx).await.unwrap();
    let mut begun = heard.steps();
    begun.dedup();
    assert_eq!(begun.last(), Some(&8), "{begun:?}");
    for step in 0..=8 {
        assert!(begun.contains(&step), "step {step} did not begin: {begun:?}");
    }
    for line in ["hello it's me", "one", "good day"] {
        assert!(heard.lines().iter().any(|heard| heard == line), "{line}: {:?}", heard.lines());
    }
    let list = session.images().unwrap().images(&cx).await.unwrap();
    let built = list.images.iter().find(|image| image.id == id).unwrap();
    assert_eq!(built.names, ["localhost/dev:1"]);
    let label = rig.service.podman(&["image", "inspect", "--format", "{{.Labels.team}}", "dev:1"]);
    assert_eq!(label.unwrap(), "atlas");
    let again = build_request(session.as_ref(), &wanted, &files, &cx).await.unwrap().1;
    assert!(!again.says("good day"), "finished steps are kept: {:?}", again.lines());
    wanted.is_without_cache = true;
    let anew = build_request(session.as_ref(), &wanted, &files, &cx).await.unwrap().1;
    assert!(anew.says("good day"), "every step is run again: {:?}", anew.lines());
}

#[tokio::test]
async fn an_error_points_at_its_line_and_leaves_no_container() {
    let rig = PodmanRig::direct();
    let (session, cx) = (rig.session().await, rig.cx());
    let failure = |text: &'static str| {
        let (session, cx) = (&session, &cx);
        async move { build(session.as_ref(), "dev:1", text, cx).await.unwrap_err().0 }
    };
    let failed = failure("FROM localhost/box:1\n\nRUN echo no; exit 7\n").await;
    assert_eq!(
        failed.message,
        "line 3 of Containerfile failed: RUN echo no; exit 7: its program ended with exit code 7"
    );
    assert_eq!((failed.code, failed.field.as_deref()), (ErrorCode::Invalid, Some("containerfile")));
    let failed = failure("FROM localhost/box:1\nCOPY nothing /x\n").await;
    assert_eq!(
        failed.message,
        "line 2 of Containerfile failed: COPY nothing /x: there is no nothing among the files that were sent"
    );
    let failed = failure("FROM localhost/box:1\nRUNN x\n").await;
    assert_eq!(failed.message, "line 2 of Containerfile: \"RUNN\" is no instruction");
    assert_eq!(failed.hint.as_deref(), Some("Did you mean RUN?"));
    let failed = failure("FROM 127.0.0.1:9/no/where:1\n").await;
    assert_eq!(failed.message, "\"forge-1\" cannot reach the registry 127.0.0.1:9");
    assert_eq!(failed.code, ErrorCode::Unreachable);
    let left = rig.service.podman(&["ps", "--all", "--external", "--quiet"]).unwrap();
    assert_eq!(left, "");
}

/// Whether a process of this machine was started with exactly these arguments.
fn runs(arguments: &[&str]) -> bool {
    let wanted = format!("{}\0", arguments.join("\0"));
    fs::read_dir("/proc").unwrap().flatten().any(|entry| {
        fs::read(entry.path().join("cmdline")).is_ok_and(|found| found == wanted.as_bytes())
    })
}

async fn until(what: &str, condition: impl Fn() -> bool) {
    let begun = Instant::now();
    while !condition() {
        assert!(begun.elapsed() < Duration::from_secs(30), "not yet: {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn a_cancel_ends_the_running_step_on_the_server_and_says_what_remains() {
    let rig = PodmanRig::direct();
    let (session, cx) = (rig.session().await, rig.cx());
    let number = format!("{}", 40_000 + std::process::id());
    let text = format!(
        "FROM localhost/box:1\nRUN echo done > /done\nRUN sleep {number}\nRUN echo never\n"
    );
    let cancel = CancellationToken::new();
    let heard = std::sync::Arc::new(Heard::default());
    let cx = cx.for_call(cancel.clone(), heard.clone());
    let wanted = request("dev:1", &text);
    let bytes = archive(&[("Containerfile", &text)]);
    let context = Box::pin(futures::stream::iter([Ok(bytes)]));
    let building = session.images().unwrap().build(&wanted, context, heard.as_ref(), &cx);
    let cancelling = async {
        until("the step runs", || runs(&["sleep", &number])).await;
        cancel.cancel();
    };
    let (built, ()) = tokio::join!(building, cancelling);
    assert!(matches!(built, Err(backend_api::BackendError::Cancelled)), "{built:?}");
    assert!(!runs(&["sleep", &number]), "it goes on");
    for words in [
        "the program of the running step was ended on the server",
        "the build is over on the server",
        "1 finished step stays as a cache",
    ] {
        assert!(heard.says(words), "{words}: {:?}", heard.lines());
    }
    assert!(!heard.says("never"), "{:?}", heard.lines());
    let left = rig.service.podman(&["ps", "--all", "--external", "--quiet"]).unwrap();
    assert_eq!(left, "", "no container of the build stays");
}

#[tokio::test]
async fn moorlines_dev_image_builds_without_a_network_on_a_base_that_has_everything() {
    let made = dev_image().unwrap();
    let options = PodmanOptions { image_stores: vec![made.store], ..PodmanOptions::default() };
    let rig = PodmanRig::on(PodmanService::start_with(options).unwrap());
    let (session, cx) = (rig.session().await, rig.cx());
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../crates/app/src/images/dev-image");
    let read = |name: &str| fs::read_to_string(format!("{folder}/{name}")).unwrap();
    let names = ["packages.sh", "code-server.sh", "user.sh", "start.sh"];
    let texts: Vec<String> = names.iter().map(|name| read(name)).collect();
    let files: Vec<(&str, &str)> =
        names.iter().copied().zip(texts.iter().map(String::as_str)).collect();
    let mut wanted = request("own-dev:1", &read("Containerfile"));
    wanted.arguments = vec![BuildArgument { name: "BASE".into(), value: DEV_IMAGE.into() }];
    let (id, heard) = build_request(session.as_ref(), &wanted, &files, &cx).await.unwrap();
    assert!(heard.says("the base has everything"), "{:?}", heard.lines());
    let list = session.images().unwrap().images(&cx).await.unwrap();
    assert!(list.images.iter().any(|image| image.id == id && image.is_dev_image), "{list:?}");
    let input = values(&[("name", "atlas-api"), ("image", "localhost/own-dev:1")]);
    make(session.as_ref(), &input, &cx).await.unwrap();
    let answers = |address: &str| {
        let script = format!("exec 3<>/dev/tcp/127.0.0.1/{address}; head -c 3 <&3");
        rig.service.podman(&["exec", "atlas-api", "bash", "-c", &script])
    };
    until("sshd answers", || answers("22").is_ok_and(|text| text == "SSH")).await;
    let get = "exec 3<>/dev/tcp/127.0.0.1/8080; printf 'GET /healthz HTTP/1.0\\r\\n\\r\\n' >&3; head -n 1 <&3";
    let ide = || rig.service.podman(&["exec", "atlas-api", "bash", "-c", get]);
    until("the web IDE answers", || ide().is_ok_and(|text| text.contains("200"))).await;
    let who = rig.service.podman(&["exec", "--user", "dev", "atlas-api", "sudo", "-n", "id", "-u"]);
    assert_eq!(who.unwrap(), "0");
}
