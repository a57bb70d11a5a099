//! A tunnel as a command line of OpenSSH, for a POSIX shell.

use super::{
    Tunnel, TunnelRoute,
    line::{LOCAL_HOST, REMOTE_HOST, both, listener, quoted},
};
use crate::HostAddress;

/// A machine of a command line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportHop {
    pub user: String,
    pub address: HostAddress,
}

const SSH_PORT: u16 = 22;

impl Tunnel {
    /// The same tunnel as a command line. `hops` are the machines on the way, nearest to this computer
    /// first; the last one carries the tunnel. Empty when there are none.
    #[must_use]
    pub fn ssh_command(&self, hops: &[ExportHop]) -> String {
        let Some((last, jumps)) = hops.split_last() else { return String::new() };
        let mut words: Vec<String> =
            ["ssh", "-N", "-o", "ExitOnForwardFailure=yes"].map(String::from).into();
        words.extend(forward(&self.route));
        if !jumps.is_empty() {
            let jumps: Vec<String> = jumps.iter().map(jump).collect();
            words.extend(["-J".to_owned(), jumps.join(",")]);
        }
        if last.address.port != SSH_PORT {
            words.extend(["-p".to_owned(), last.address.port.to_string()]);
        }
        words.push(format!("{}@{}", last.user, last.address.host));
        words.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(" ")
    }
}

fn forward(route: &TunnelRoute) -> [String; 2] {
    let (option, value) = match route {
        TunnelRoute::Local { listen, target } => ("-L", both(listen, target, LOCAL_HOST)),
        TunnelRoute::Remote { listen, target } => ("-R", both(listen, target, REMOTE_HOST)),
        TunnelRoute::Dynamic { listen } => ("-D", listener(listen, LOCAL_HOST)),
    };
    [option.to_owned(), value]
}

fn jump(hop: &ExportHop) -> String {
    let HostAddress { host, port } = &hop.address;
    if *port == SSH_PORT && !host.contains(':') {
        return format!("{}@{host}", hop.user);
    }
    format!("{}@{}", hop.user, hop.address)
}
