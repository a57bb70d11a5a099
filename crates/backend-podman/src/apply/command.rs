//! The command line that makes the same container by hand.

use crate::wire::CreateSpec;

/// `podman run -d ...`, or `podman create ...` for a container that is not started.
pub(crate) fn command_line(spec: &CreateSpec, is_started: bool) -> String {
    let mut words: Vec<String> = vec!["podman".into()];
    words.extend(if is_started { vec!["run".into(), "-d".into()] } else { vec!["create".into()] });
    let mut option = |name: &str, value: String| words.extend([name.to_owned(), quoted(&value)]);
    option("--name", spec.name.clone());
    option("--hostname", spec.hostname.clone());
    for (name, value) in &spec.labels {
        option("--label", format!("{name}={value}"));
    }
    for (name, value) in &spec.env {
        option("--env", format!("{name}={value}"));
    }
    for port in &spec.portmappings {
        option("-p", format!("{}:{}:{}", port.host_ip, port.host_port, port.container_port));
    }
    for volume in &spec.volumes {
        option("-v", format!("{}:{}", volume.name, volume.dest));
    }
    if let Some(limits) = &spec.resource_limits {
        if let Some(cpu) = &limits.cpu {
            let period = i64::try_from(cpu.period).unwrap_or(i64::MAX).max(1);
            option("--cpus", (cpu.quota / period).to_string());
        }
        if let Some(memory) = &limits.memory {
            option("--memory", format!("{}m", memory.limit / (1024 * 1024)));
        }
    }
    words.push(quoted(&spec.image));
    words.extend(spec.command.iter().map(|word| quoted(word)));
    words.join(" ")
}

/// A word that a shell takes as it is.
fn quoted(word: &str) -> String {
    let is_plain =
        |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/' | ':' | '=' | '@');
    if !word.is_empty() && word.chars().all(is_plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

#[cfg(all(test, unix))]
mod tests {
    use super::quoted;

    #[test]
    fn words_survive_a_shell() {
        for word in ["plain-1.0:/x", "", "a b", "it's", "$(x)", "a\nb", "*"] {
            let line = format!("printf %s {}", quoted(word));
            let output = std::process::Command::new("sh").args(["-c", &line]).output().unwrap();
            assert_eq!(String::from_utf8(output.stdout).unwrap(), word);
        }
    }
}
