//! The Debian packages the project needs, what each is for, and installing those that are missing.

use std::{
    io::{self, BufRead, Write},
    process::{Command, Stdio},
};

use anyhow::{Context, Result, bail, ensure};

use crate::place::Place;

/// What a command is about to do; each needs what the ones before it need.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Need {
    /// Compiling the desktop app and the core.
    Build,
    /// The practice server: sshd, Podman, and a dev image made from Debian packages.
    Server,
    /// The practice lab server: Docker, netlab and containerlab in a sealed place of their own.
    Labs,
    /// Driving the app and a browser, and the servers that tests compare with.
    Tests,
    /// The peers that benchmarks measure against.
    Bench,
}

/// Package, when it is needed, and what it provides.
const PACKAGES: &[(&str, Need, &str)] = &[
    ("build-essential", Need::Build, "C compiler and linker for ring, SQLite and zstd"),
    ("pkg-config", Need::Build, "finds the system libraries"),
    ("libwebkit2gtk-4.1-dev", Need::Build, "the web view of the desktop app"),
    ("librsvg2-dev", Need::Build, "icons of the desktop app"),
    ("libxdo-dev", Need::Build, "menus of the desktop app"),
    ("git", Need::Build, "reads the checkout"),
    ("openssh-server", Need::Server, "sshd of the practice server"),
    ("openssh-client", Need::Server, "ssh-keygen and ssh-agent"),
    ("podman", Need::Server, "the container service of the practice server"),
    ("runc", Need::Server, "runs containers where cgroups are old"),
    ("uidmap", Need::Server, "Podman and mmdebstrap without root"),
    ("slirp4netns", Need::Server, "container networks without root"),
    ("fuse-overlayfs", Need::Server, "container storage without root"),
    ("netavark", Need::Server, "container networks"),
    ("aardvark-dns", Need::Server, "names in container networks"),
    ("iptables", Need::Server, "published ports of containers"),
    ("mmdebstrap", Need::Server, "makes the dev image"),
    ("busybox-static", Need::Server, "the small image"),
    ("python3", Need::Server, "node-gyp needs it to build code-server's terminal"),
    ("libsecret-1-dev", Need::Server, "code-server"),
    ("libkrb5-dev", Need::Server, "code-server"),
    ("libx11-dev", Need::Server, "code-server"),
    ("libxkbfile-dev", Need::Server, "code-server"),
    ("ripgrep", Need::Server, "search in code-server"),
    ("util-linux", Need::Server, "flock, so that two checkouts share one cache"),
    ("docker.io", Need::Labs, "runs the nodes of labs"),
    ("iproute2", Need::Labs, "networks of labs and of tests, and slow links"),
    ("openssl", Need::Labs, "the certificate of the practice lab server"),
    ("curl", Need::Labs, "asks servers past Moorline"),
    ("strace", Need::Labs, "containerlab on kernels without modules"),
    ("golang-go", Need::Labs, "builds containerlab, or fetches the Go that can"),
    ("python3-venv", Need::Labs, "an environment of its own for netlab"),
    ("sudo", Need::Tests, "becomes root in the tests of server set-up"),
    ("conntrack", Need::Tests, "a router that forgets its connections"),
    ("shellcheck", Need::Tests, "reads the scripts that run on servers"),
    ("webkit2gtk-driver", Need::Tests, "WebDriver for the real app"),
    ("xvfb", Need::Tests, "a display without a screen"),
    ("dbus-daemon", Need::Tests, "a session bus of the tests' own"),
    ("dbus-x11", Need::Tests, "a session bus for the keychain and the tray"),
    ("gnome-keyring", Need::Tests, "a real keychain"),
    ("libsecret-tools", Need::Tests, "looks into the keychain from outside"),
    ("xdotool", Need::Tests, "keys and clicks for the real window"),
    ("xclip", Need::Tests, "images on the clipboard of the real window"),
    ("imagemagick", Need::Tests, "pictures of the real window"),
    ("tmux", Need::Tests, "shared sessions in containers"),
    ("dtach", Need::Tests, "shared sessions in containers without tmux"),
    ("chromium", Need::Tests, "the UI in a plain browser"),
    ("chromium-driver", Need::Tests, "WebDriver for Chromium"),
    ("nginx-light", Need::Bench, "the web proxy to compare with"),
    ("wrk", Need::Bench, "load for the web proxies"),
];

/// Packages and the program in each that may as well come from elsewhere.
const FROM_ANYWHERE: [(&str, &str); 2] = [("golang-go", "go"), ("docker.io", "dockerd")];

/// Packages whose servers Debian starts.
const STARTED: [&str; 3] = ["openssh-server", "nginx-light", "docker.io"];

/// Installs what is missing of everything `need` covers. Does nothing where there is no apt.
///
/// # Errors
/// When the person says no, or apt fails.
pub(crate) fn install(place: &Place, need: Need) -> Result<()> {
    let wanted = || PACKAGES.iter().filter(|(_, when, _)| *when <= need);
    let Some(installed) = installed() else {
        println!("no dpkg here: packages are not looked at ({} would be)", wanted().count());
        return Ok(());
    };
    let is_there =
        |name: &str| installed.iter().any(|found| found == name) || is_from_elsewhere(name);
    let missing: Vec<_> = wanted().filter(|(name, ..)| !is_there(name)).collect();
    if missing.is_empty() {
        println!("every package is there");
        return Ok(());
    }
    println!("packages to install:");
    for (name, _, what_for) in &missing {
        println!("  {name:24} {what_for}");
    }
    if missing.iter().any(|(name, ..)| STARTED.contains(name)) {
        println!(
            "Where systemd runs, Debian also starts sshd, nginx and Docker for the whole machine"
        );
        println!("when it installs them. Moorline uses copies of its own; you may disable those.");
    }
    let is_root = output("id", &["-u"])?.trim() == "0";
    ensure!(place.is_yes || is_agreed(is_root)?, "nothing was installed, so this cannot go on");
    apt(is_root, &["update", "-q"])?;
    let (there, unknown): (Vec<&str>, Vec<&str>) =
        missing.iter().map(|(name, ..)| *name).partition(|name| is_known(name));
    for name in unknown {
        println!("this distribution has no package {name}; what needs it will say so");
    }
    let mut words = vec!["install", "-q", "-y", "--no-install-recommends"];
    words.extend(there);
    apt(is_root, &words)
}

fn is_from_elsewhere(package: &str) -> bool {
    let program =
        FROM_ANYWHERE.iter().find(|(name, _)| *name == package).map(|(_, program)| program);
    program.is_some_and(|program| {
        std::env::var_os("PATH").is_some_and(|path| {
            std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
        })
    })
}

fn is_known(package: &str) -> bool {
    output("apt-cache", &["policy", package])
        .is_ok_and(|policy| policy.contains("Candidate:") && !policy.contains("Candidate: (none)"))
}

/// Names of all installed packages; `None` where dpkg does not exist.
fn installed() -> Option<Vec<String>> {
    let listed =
        output("dpkg-query", &["-W", "-f=${db:Status-Status} ${Package} ${Provides}\n"]).ok()?;
    let mut names = Vec::new();
    for line in listed.lines().filter_map(|line| line.strip_prefix("installed ")) {
        // "chromium-browser, libfoo (= 1)": what a package provides counts as installed.
        names.extend(line.split([' ', ',']).filter(|word| !word.is_empty()).map(str::to_owned));
    }
    Some(names)
}

fn is_agreed(is_root: bool) -> Result<bool> {
    let how = if is_root { "apt-get" } else { "sudo apt-get" };
    print!("Install them with {how}? [y/N] ");
    io::stdout().flush()?;
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer)?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
}

fn apt(is_root: bool, words: &[&str]) -> Result<()> {
    let mut command = if is_root {
        Command::new("env")
    } else {
        let mut command = Command::new("sudo");
        command.arg("env");
        command
    };
    command.args(["DEBIAN_FRONTEND=noninteractive", "apt-get"]).args(words);
    let status = command.status().context("cannot start apt-get")?;
    if !status.success() {
        bail!("apt-get {} failed: {status}", words.join(" "));
    }
    Ok(())
}

fn output(program: &str, arguments: &[&str]) -> Result<String> {
    let output = Command::new(program).args(arguments).stderr(Stdio::null()).output()?;
    ensure!(output.status.success(), "{program} failed: {}", output.status);
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_package_is_listed_once() {
        let mut names: Vec<_> = PACKAGES.iter().map(|(name, ..)| *name).collect();
        names.sort_unstable();
        let all = names.len();
        names.dedup();
        assert_eq!(names.len(), all);
    }
}
