//! The program that listens where we wanted to, as far as the system tells.

#[cfg(target_os = "linux")]
mod linux;
#[cfg(not(target_os = "linux"))]
mod other;

#[cfg(target_os = "linux")]
pub(crate) use linux::{name_of, of_path, of_port};
#[cfg(not(target_os = "linux"))]
pub(crate) use other::of_port;

const LONGEST: usize = 200;

/// A command line without folders and without what may be a secret: programs get passwords as arguments.
#[cfg_attr(not(target_os = "linux"), allow(dead_code, reason = "others tell names only"))]
fn shown<'a>(arguments: impl IntoIterator<Item = &'a str>) -> String {
    let mut arguments = arguments.into_iter();
    let first = arguments.next().unwrap_or_default();
    // Servers write what they do over their name: `nginx: master process /usr/sbin/nginx`.
    let (program, title) = match first.split_once(": ") {
        Some((program, title)) => (program, title),
        None => (first, ""),
    };
    let arguments = title.split_whitespace().chain(arguments);
    let mut shown = program.rsplit('/').next().unwrap_or_default().to_owned();
    for argument in arguments {
        let lower = argument.to_lowercase();
        let may_be_secret = ["pass", "secret", "token", "key", "auth", "cred", "="];
        if may_be_secret.iter().any(|word| lower.contains(word)) || lower.starts_with("-p") {
            shown.push_str(" …");
            break;
        }
        shown.push(' ');
        shown.push_str(argument);
    }
    shortened(&shown)
}

fn shortened(text: &str) -> String {
    let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.chars().count() <= LONGEST {
        return text;
    }
    text.chars().take(LONGEST - 1).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::{LONGEST, shown};

    #[test]
    fn a_command_is_shown_without_folders_and_secrets() {
        assert_eq!(shown(["/usr/bin/python3", "-m", "http.server"]), "python3 -m http.server");
        let title = "sshd: /usr/sbin/sshd -D [listener] 0 of 10-100 startups";
        assert_eq!(shown([title]), "sshd /usr/sbin/sshd -D [listener] 0 of 10-100 startups");
        assert_eq!(shown(["redis-server", "--requirepass", "hunter2"]), "redis-server …");
        assert_eq!(shown(["mysqld", "-phunter2", "x"]), "mysqld …");
        assert_eq!(shown(["x", "a\n\u{1b}[31mb"]), "x a  [31mb");
        assert_eq!(shown(["x", "y".repeat(500).as_str()]).chars().count(), LONGEST);
        assert_eq!(shown([]), "");
    }
}
