//! Reads what the listing script printed. What makes no sense is skipped: it comes from inside a workspace.

use model::{Attachment, SessionProgram, SharedSession, SharedSessions, TimestampMs};

/// More would be no list for a person.
const MOST: usize = 200;
const LONGEST: usize = 80;

pub(super) fn parse(printed: &str, person: &str) -> SharedSessions {
    let mut all = SharedSessions { program: None, sessions: Vec::new(), install_command: None };
    let mut clients: Vec<(SessionProgram, String, Attachment)> = Vec::new();
    for line in printed.lines() {
        let Some((kind, rest)) = line.split_once(':') else { continue };
        match kind {
            "program" => all.program = all.program.or_else(|| program(rest)),
            "session" if all.sessions.len() < MOST => all.sessions.extend(session(rest)),
            "client" if clients.len() < MOST => clients.extend(client(rest, person)),
            "install" => all.install_command = install(rest),
            _ => {}
        }
    }
    for (program, name, attachment) in clients {
        let wanted = |one: &&mut SharedSession| one.program == program && one.name == name;
        if let Some(session) = all.sessions.iter_mut().find(wanted) {
            session.attached.push(attachment);
        }
    }
    all.sessions.sort_by(|a, b| a.name.cmp(&b.name));
    if all.program.is_some() {
        all.install_command = None;
    }
    all
}

/// `program:created:name:shows`.
fn session(rest: &str) -> Option<SharedSession> {
    let mut fields = rest.splitn(4, ':');
    let program = program(fields.next()?)?;
    let created_at = moment(fields.next()?);
    let name = plain(fields.next()?)?;
    let shows = fields.next().and_then(plain);
    Some(SharedSession { name, program, created_at, shows, attached: Vec::new() })
}

/// `program:since:name:who`.
fn client(rest: &str, person: &str) -> Option<(SessionProgram, String, Attachment)> {
    let mut fields = rest.splitn(4, ':');
    let program = program(fields.next()?)?;
    let since = moment(fields.next()?);
    let name = plain(fields.next()?)?;
    let who = fields.next().and_then(plain);
    let is_own = who.as_deref() == Some(person);
    Some((program, name, Attachment { who, is_own, since }))
}

fn program(name: &str) -> Option<SessionProgram> {
    match name {
        "tmux" => Some(SessionProgram::Tmux),
        "dtach" => Some(SessionProgram::Dtach),
        _ => None,
    }
}

/// Seconds since 1970.
fn moment(text: &str) -> Option<TimestampMs> {
    text.parse::<TimestampMs>().ok().filter(|seconds| *seconds > 0)?.checked_mul(1000)
}

/// A short text without control characters; none when nothing is left.
fn plain(text: &str) -> Option<String> {
    let text: String = text.chars().filter(|c| !c.is_control()).take(LONGEST).collect();
    (!text.is_empty()).then_some(text)
}

fn install(manager: &str) -> Option<String> {
    match manager {
        "apt-get" => Some("sudo apt-get install -y tmux".into()),
        "dnf" => Some("sudo dnf install -y tmux".into()),
        "apk" => Some("sudo apk add tmux".into()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn sessions_come_with_those_who_look_on() {
        let printed = "program:tmux\nsession:tmux:1795268321:pair:vim\nsession:tmux:x:build:\n\
            client:tmux:1795268400:pair:bob\nclient:tmux:1795268401:pair:\nprogram:dtach\n\
            session:dtach:1795268300:pair:\nclient:dtach::pair:alice\ninstall:apt-get\nnoise\n";
        let all = parse(printed, "alice");
        assert_eq!(all.program, Some(SessionProgram::Tmux));
        assert_eq!(all.install_command, None);
        let names: Vec<(&str, usize)> =
            all.sessions.iter().map(|one| (one.name.as_str(), one.attached.len())).collect();
        assert_eq!(names, [("build", 0), ("pair", 2), ("pair", 1)]);
        let pair = &all.sessions[1];
        assert_eq!(
            (pair.shows.as_deref(), pair.created_at),
            (Some("vim"), Some(1_795_268_321_000))
        );
        assert_eq!(pair.attached[0].who.as_deref(), Some("bob"));
        assert_eq!(pair.attached[1].who, None);
        assert!(all.sessions[2].attached[0].is_own);
    }

    #[test]
    fn without_a_program_it_says_what_installs_one() {
        let all = parse("install:dnf\n", "alice");
        assert_eq!(all.program, None);
        assert_eq!(all.install_command.as_deref(), Some("sudo dnf install -y tmux"));
    }

    proptest! {
        #[test]
        fn no_output_upsets_the_reader(printed in "(session|client|program|install|x)?[:a-z0-9\\n\\PC]{0,200}") {
            for one in parse(&printed, "alice").sessions {
                prop_assert!(!one.name.is_empty() && !one.name.chars().any(char::is_control));
            }
        }
    }
}
