//! Programs in a node's container, for as long as somebody looks: Docker leaves a program running whose
//! terminal or reader is gone, so a script on the SSH host sees to its end, also when the connection breaks.

use uuid::Uuid;

/// Hangs up on the programs that have a console's mark in their environment, as a terminal does that is closed.
const HANG_UP: &str = r#"for one in /proc/[0-9]*; do
  if grep -qs "MOORLINE_CONSOLE=$1" "$one/environ"; then kill -s HUP "${one#/proc/}"; fi
done"#;

/// Runs a program of a node on this terminal. The shell waits beside it, because a trap waits for what runs in front.
const ENTER: &str = r#"mark=$1 node=$2 hang_up=$3; shift 3
exec 3<&0
docker exec -it -e TERM=xterm-256color -e "MOORLINE_CONSOLE=$mark" "$node" "$@" <&3 &
trap 'trap "" HUP; docker exec "$node" sh -c "$hang_up" sh "$mark" >/dev/null 2>&1 </dev/null; exit 129' HUP TERM
wait "$!""#;

/// The same without a terminal: the end of its input says that nobody waits any more.
const RUN: &str = r#"mark=$1 node=$2 hang_up=$3; shift 3
exec 3<&0
docker exec -e "MOORLINE_CONSOLE=$mark" "$node" "$@" </dev/null &
run=$!
{ cat <&3; docker exec "$node" sh -c "$hang_up" sh "$mark" </dev/null; kill "$run"; } >/dev/null 2>&1 &
watch=$!
wait "$run"; code=$?
kill "$watch"
exit "$code""#;

/// Prints a node's log, what it said on both streams as one, until nobody reads it any more.
const LOGS: &str = r#"exec 3<&0
docker logs "$@" 2>&1 </dev/null &
logs=$!
{ cat <&3; kill "$logs"; } >/dev/null 2>&1 &
wait "$logs""#;

/// The command on the SSH host that runs a program of a container on a terminal, and ends it with the terminal.
pub(crate) fn console(container: &str, program: &[String]) -> Vec<String> {
    marked(ENTER, container, program)
}

/// The command on the SSH host that runs a program of a container, and ends it when nobody waits any more.
pub(crate) fn program(container: &str, program: &[String]) -> Vec<String> {
    marked(RUN, container, program)
}

fn marked(script: &str, container: &str, program: &[String]) -> Vec<String> {
    let mark = Uuid::now_v7().simple().to_string();
    let words = ["sh", "-c", script, "sh", &mark, container, HANG_UP];
    words.into_iter().map(str::to_owned).chain(program.iter().cloned()).collect()
}

/// The command on the SSH host that prints a container's log with these options, and ends with its reader.
pub(crate) fn logs(options: impl IntoIterator<Item = String>, container: &str) -> Vec<String> {
    let words = ["sh", "-c", LOGS, "sh"].map(str::to_owned);
    words.into_iter().chain(options).chain([container.to_owned()]).collect()
}
