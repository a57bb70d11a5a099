//! A container before and after its rebuild, line by line.

use model::PlanChange;

use super::old::Old;
use crate::apply::join_words;
use crate::wire::{CreateSpec, ImageInspected, NamedVolume, PortMapping};

/// Characters of an image's id that people compare.
const SHORT_ID: usize = 12;

pub(super) fn changes(
    old: &Old,
    spec: &CreateSpec,
    image: Option<&ImageInspected>,
) -> Vec<PlanChange> {
    let change =
        |what: &str, before: String, after: String| PlanChange { what: what.into(), before, after };
    let new_id = image.map_or("", |image| image.id.as_str());
    let (cpus, memory) = limits(spec);
    let mut changes = vec![
        change("Image", named(&old.image, &old.image_id), named(&spec.image, new_id)),
        change("CPU", cpu_words(old.cpus), cpu_words(cpus)),
        change("Memory", memory_words(old.memory_mib), memory_words(memory)),
        change("Ports", port_words(&old.ports), port_words(&spec.portmappings)),
        change("Volumes", volume_words(&old.volumes), volume_words(&spec.volumes)),
        change("Environment", count(old.env.len()), environment(old, spec)),
    ];
    if !old.command.is_empty() || !spec.command.is_empty() {
        changes.push(change("Command", command(&old.command), command(&spec.command)));
    }
    changes
}

fn named(name: &str, id: &str) -> String {
    let id = id.strip_prefix("sha256:").unwrap_or(id);
    let short: String = id.chars().take(SHORT_ID).collect();
    if short.is_empty() { name.to_owned() } else { format!("{name} ({short})") }
}

fn limits(spec: &CreateSpec) -> (Option<f64>, Option<u64>) {
    let Some(limits) = &spec.resource_limits else { return (None, None) };
    let cpus = limits.cpu.as_ref().map(|cpu| ratio(cpu.quota, cpu.period));
    let memory = limits.memory.as_ref().map(|memory| memory.limit / (1024 * 1024));
    (cpus, memory.and_then(|mib| u64::try_from(mib).ok()))
}

#[allow(clippy::cast_precision_loss)]
fn ratio(quota: i64, period: u64) -> f64 {
    quota as f64 / period.max(1) as f64
}

fn cpu_words(cpus: Option<f64>) -> String {
    cpus.map_or_else(|| "no limit".into(), |cpus| format!("{cpus} cores"))
}

fn memory_words(mib: Option<u64>) -> String {
    match mib {
        None => "no limit".into(),
        Some(mib) if mib % 1024 == 0 => format!("{} GiB", mib / 1024),
        Some(mib) => format!("{mib} MiB"),
    }
}

fn port_words(ports: &[PortMapping]) -> String {
    let mut ports: Vec<&PortMapping> = ports.iter().collect();
    ports.sort_by_key(|port| (port.container_port, port.host_port));
    let words = ports.iter().map(|port| match port.protocol.as_str() {
        "tcp" => format!("{} on {}", port.container_port, port.host_port),
        other => format!("{}/{other} on {}", port.container_port, port.host_port),
    });
    or_none(words.collect())
}

fn volume_words(volumes: &[NamedVolume]) -> String {
    let mut words: Vec<String> =
        volumes.iter().map(|volume| format!("{} at {}", volume.name, volume.dest)).collect();
    words.sort();
    or_none(words)
}

fn or_none(words: Vec<String>) -> String {
    if words.is_empty() { "none".into() } else { words.join(", ") }
}

fn count(variables: usize) -> String {
    match variables {
        0 => "none of its own".into(),
        1 => "1 variable".into(),
        many => format!("{many} variables"),
    }
}

/// Values never stand in a plan.
fn environment(old: &Old, spec: &CreateSpec) -> String {
    let set = spec.env.iter().filter(|(name, value)| old.env.get(*name) != Some(value));
    let set: Vec<&str> = set.map(|(name, _)| name.as_str()).collect();
    let gone = old.env.keys().filter(|name| !spec.env.contains_key(*name));
    let gone: Vec<&str> = gone.map(String::as_str).collect();
    let mut words = vec![count(spec.env.len())];
    if !set.is_empty() {
        words.push(format!("{} set", set.join(", ")));
    }
    if !gone.is_empty() {
        words.push(format!("without {}", gone.join(", ")));
    }
    words.join("; ")
}

fn command(words: &[String]) -> String {
    if words.is_empty() { "the image's own".into() } else { join_words(words) }
}
