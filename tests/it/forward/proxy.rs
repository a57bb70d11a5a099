//! The SOCKS proxy and the HTTP watch, with curl as the client.

use std::process::Command;

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use super::rig::{Forward, Nobody, run, web};

fn curl(arguments: &[&str]) -> Command {
    let mut command = Command::new("curl");
    command.args(["--silent", "--show-error", "--max-time", "10"]).args(arguments);
    command
}

#[tokio::test]
async fn names_are_looked_up_at_the_far_end() {
    let (forward, here) = Forward::socks();
    let (proxy, port) = (forward.address().to_string(), web().await.port());
    for (option, host) in [
        ("--socks5-hostname", "db.inside"),
        ("--socks4a", "db.inside"),
        ("--socks5", "127.0.0.1"),
        ("--socks4", "127.0.0.1"),
    ] {
        let url = format!("http://{host}:{port}/path?secret=1");
        let (said, code) = run(&mut curl(&[option, &proxy, &url])).await;
        assert_eq!((said.as_str(), code), ("hello", Some(0)), "{option} {host}");
        let target = format!("{host}:{port}");
        assert_eq!(here.asked.lock().unwrap().pop(), Some(target.clone()));
        let client = &forward.meter.clients()[0];
        assert_eq!(client.target.as_deref(), Some(target.as_str()));
    }
    let requests = forward.meter.requests();
    assert_eq!(requests.len(), 4);
    assert!(requests.iter().all(|one| one.path == "/path" && one.status == Some(200)));
}

#[tokio::test]
async fn clients_learn_why_they_did_not_get_there() {
    let (forward, _) = Forward::socks();
    let proxy = forward.address().to_string();
    let nobody = Nobody::new();
    let refused = format!("http://{}/", nobody.address());
    for (url, code) in [(refused.as_str(), "(5)"), ("http://forbidden.inside/", "(2)")] {
        let (said, exit) = run(&mut curl(&["--socks5-hostname", &proxy, url])).await;
        assert!(exit == Some(97) && said.contains(code), "{url}: {exit:?} {said}");
    }
    forward.gate.shut();
    let (said, _) = run(&mut curl(&["--socks5-hostname", &proxy, "http://db.inside/"])).await;
    assert!(said.contains("(4)"), "{said}");
    assert_eq!(forward.last_error().await.as_deref(), Some("the way was down"));
}

#[tokio::test]
async fn what_the_proxy_does_not_do_is_refused_with_its_code() {
    let (forward, here) = Forward::socks();
    for (sent, answer) in [
        (&[5, 1, 2][..], &[5, 0xFF][..]),
        (&[5, 1, 0, 5, 2, 0, 1, 127, 0, 0, 1, 0, 80], &[5, 0, 5, 7, 0, 1, 0, 0, 0, 0, 0, 0]),
        (&[5, 1, 0, 5, 3, 0, 1, 127, 0, 0, 1, 0, 80], &[5, 0, 5, 7, 0, 1, 0, 0, 0, 0, 0, 0]),
        (&[5, 1, 0, 5, 1, 0, 9], &[5, 0, 5, 8, 0, 1, 0, 0, 0, 0, 0, 0]),
    ] {
        let mut client = TcpStream::connect(forward.address()).await.expect("connects");
        client.write_all(sent).await.expect("sends");
        let mut got = Vec::new();
        client.read_to_end(&mut got).await.expect("an end in order, so that the code is read");
        assert_eq!(got, answer, "{sent:?}");
    }
    assert!(here.asked.lock().unwrap().is_empty());
}

#[tokio::test]
async fn requests_of_a_kept_connection_are_noted() {
    let forward = Forward::to(web().await);
    let url = |path: &str| format!("http://{}{path}", forward.address());
    let (one, two) = (url("/one?token=x"), url("/two"));
    let (said, _) = run(&mut curl(&[&one, &two])).await;
    assert_eq!(said, "hellohello");
    let noted = forward.meter.requests();
    let noted: Vec<_> =
        noted.iter().map(|r| (r.method.as_str(), r.path.as_str(), r.status)).collect();
    assert_eq!(noted, [("GET", "/two", Some(200)), ("GET", "/one", Some(200))]);
    assert_eq!(forward.meter.traffic().connections, 1);
}
