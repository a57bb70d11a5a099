//! What is run in a workspace for its shared sessions. The scripts are fixed; names come as arguments.

use model::SessionProgram;

/// Marks who is attached, in the environment of the attached program.
const PERSON: &str = "MOORLINE_PERSON";

/// Prints one line a fact; `listing` reads them. Fields are set apart by colons, which no name of a session
/// holds; what may hold one comes last.
const LIST: &str = r#"
folder="$HOME/.local/state/moorline/sessions"
who() { tr '\0' '\n' <"/proc/$1/environ" 2>/dev/null | sed -n 's/^MOORLINE_PERSON=//p' | head -n 1; }
if command -v tmux >/dev/null 2>&1; then
  echo program:tmux
  tmux -u list-sessions -F 'session:tmux:#{session_created}:#{session_name}:#{pane_current_command}' 2>/dev/null
  tmux -u list-clients -F '#{client_pid}:#{client_created}:#{session_name}' 2>/dev/null |
    while IFS=: read -r pid since name; do echo "client:tmux:$since:$name:$(who "$pid")"; done
fi
if command -v dtach >/dev/null 2>&1; then
  echo program:dtach
  for socket in "$folder"/*; do
    [ -S "$socket" ] || continue
    name=${socket##*/}
    alive=
    for process in /proc/[0-9]*; do
      tr '\0' '\n' <"$process/cmdline" 2>/dev/null | grep -qxF -- "$socket" || continue
      read -r tty <<END
$(sed 's/.*) //' "$process/stat" 2>/dev/null | cut -d ' ' -f 5)
END
      if [ "$tty" = 0 ]; then alive=1; else echo "client:dtach::$name:$(who "${process##*/}")"; fi
    done
    if [ -n "$alive" ]; then echo "session:dtach:$(stat -c %Y "$socket" 2>/dev/null):$name:"; else rm -f "$socket"; fi
  done
fi
for manager in apt-get dnf apk; do
  command -v "$manager" >/dev/null 2>&1 && { echo "install:$manager"; break; }
done
exit 0
"#;
/// Makes the folder of sockets, and a session whose socket is `$1` in it.
const DTACH_BEGIN: &str = r#"folder="$HOME/.local/state/moorline/sessions"; umask 077; mkdir -p "$folder" || exit 1
exec dtach -A "$folder/$1" -r winch "${SHELL:-/bin/sh}" -l"#;
const DTACH_ATTACH: &str = r#"exec dtach -a "$HOME/.local/state/moorline/sessions/$1" -r winch"#;
/// Hangs up every process of session `$1`, its keeper included.
const DTACH_END: &str = r#"socket="$HOME/.local/state/moorline/sessions/$1"; [ -S "$socket" ] || exit 1
for process in /proc/[0-9]*; do
  tr '\0' '\n' <"$process/cmdline" 2>/dev/null | grep -qxF -- "$socket" || continue
  [ "${process##*/}" = $$ ] || kill -TERM "${process##*/}" 2>/dev/null
done
rm -f "$socket""#;

pub(super) fn list() -> Vec<String> {
    words(&["sh", "-c", LIST])
}

pub(super) fn attach(program: SessionProgram, name: &str, person: &str) -> Vec<String> {
    let mark = format!("{PERSON}={person}");
    match program {
        SessionProgram::Tmux => {
            words(&["env", &mark, "tmux", "-u", "attach-session", "-t", &exactly(name)])
        }
        SessionProgram::Dtach => words(&["env", &mark, "sh", "-c", DTACH_ATTACH, "sh", name]),
    }
}

pub(super) fn begin(program: SessionProgram, name: &str, person: &str) -> Vec<String> {
    let mark = format!("{PERSON}={person}");
    match program {
        SessionProgram::Tmux => words(&["env", &mark, "tmux", "-u", "new-session", "-s", name]),
        SessionProgram::Dtach => words(&["env", &mark, "sh", "-c", DTACH_BEGIN, "sh", name]),
    }
}

pub(super) fn end(program: SessionProgram, name: &str) -> Vec<String> {
    match program {
        SessionProgram::Tmux => words(&["tmux", "-u", "kill-session", "-t", &exactly(name)]),
        SessionProgram::Dtach => words(&["sh", "-c", DTACH_END, "sh", name]),
    }
}

/// tmux takes a target as a pattern, unless told not to.
fn exactly(name: &str) -> String {
    format!("={name}")
}

fn words(argv: &[&str]) -> Vec<String> {
    argv.iter().map(ToString::to_string).collect()
}
