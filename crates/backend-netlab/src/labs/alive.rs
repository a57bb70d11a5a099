//! Which containers run, asked of Docker: netlab's API tells it only at a price, and its list not at all.

use std::collections::BTreeMap;

use backend_api::Cx;

use crate::session::NetlabSession;
use crate::status::Node;

const PS: [&str; 4] = ["docker", "ps", "--format", "{{.Names}}\t{{.Status}}"];
/// How netlab calls nodes that are containers of Docker.
const DOCKER: &str = "docker";

impl NetlabSession {
    /// Brings what is known of nodes up to date. Where Docker cannot be asked, it stays as netlab told it.
    pub(super) async fn look_at_containers(&self, cx: &Cx) {
        let is_asked = self.known().nodes.values().flat_map(|known| &known.nodes).any(is_container);
        if !is_asked {
            return;
        }
        let asked = cx.until_cancelled(cx.exec.run(&PS)).await;
        let Some(output) = asked.ok().filter(|output| output.exit_code == Some(0)) else { return };
        let shown = String::from_utf8_lossy(&output.stdout);
        let running = running(&shown);
        let now = cx.clock.now();
        for known in self.known().nodes.values_mut() {
            known.nodes.iter_mut().for_each(|node| set(node, &running));
            known.seen_at = now;
        }
    }
}

fn is_container(node: &Node) -> bool {
    node.connection.as_deref() == Some(DOCKER) && node.container.is_some()
}

/// What runs, by name, in Docker's words.
fn running(shown: &str) -> BTreeMap<&str, &str> {
    shown.lines().filter_map(|line| line.split_once('\t')).collect()
}

fn set(node: &mut Node, running: &BTreeMap<&str, &str>) {
    if is_container(node) {
        let status = node.container.as_deref().and_then(|name| running.get(name));
        node.status = status.map(|status| (*status).to_owned());
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn node(connection: &str) -> Node {
        Node {
            name: "r1".into(),
            device: "frr".into(),
            image: None,
            address: None,
            connection: Some(connection.into()),
            container: Some("clab-ml-1-r1".into()),
            status: Some("Up 2 minutes".into()),
        }
    }

    #[test]
    fn a_container_that_is_not_shown_does_not_run() {
        let mut container = node(DOCKER);
        set(&mut container, &running("clab-ml-1-r2\tUp 3 minutes\n"));
        assert_eq!(container.status, None);
        set(&mut container, &running("clab-ml-1-r1\tUp 1 second\n"));
        assert_eq!(container.status.as_deref(), Some("Up 1 second"));
        let mut machine = node("ssh");
        set(&mut machine, &running(""));
        assert_eq!(machine.status.as_deref(), Some("Up 2 minutes"), "Docker knows nothing of it");
    }

    proptest! {
        #[test]
        fn whatever_is_printed_is_read(shown in "\\PC*\n\\PC*\t\\PC*") {
            set(&mut node(DOCKER), &running(&shown));
        }
    }
}
