//! Why a listener could not be had.

use std::io;

use model::{ErrorCode, Failure, PortHolder, TunnelPoint};

/// What is in the way of listening somewhere.
#[derive(Debug, thiserror::Error)]
pub enum BindProblem {
    /// Another program listens there.
    #[error("another program listens there")]
    Taken {
        /// None when the system does not say who it is.
        holder: Option<PortHolder>,
        /// A port near by that was free a moment ago.
        free_port: Option<u16>,
    },
    /// The system keeps this port for administrators.
    #[error("this port needs administrator rights")]
    NeedsRights {
        /// A port near by that was free a moment ago.
        free_port: Option<u16>,
    },
    /// This computer has no such address.
    #[error("this computer has no such address")]
    NoSuchAddress {
        /// What a person types once so that it has.
        command: Option<String>,
    },
    /// Other machines could connect, and that was not allowed.
    #[error("other machines could connect")]
    Exposed,
    /// There are no unix sockets on this system, or this path will not do.
    #[error("{0}")]
    Unusable(&'static str),
    #[error(transparent)]
    Other(io::Error),
}

impl BindProblem {
    /// The problem in words; `point` is where somebody wanted to listen.
    #[must_use]
    pub fn failure(&self, point: &TunnelPoint) -> Failure {
        match self {
            Self::Taken { holder, free_port } => taken(point, holder.as_ref(), *free_port),
            Self::NeedsRights { free_port } => {
                let failure = Failure::new(
                    ErrorCode::Forbidden,
                    format!("this system does not let ordinary programs listen on {point}"),
                );
                failure.with_hint(other_port(*free_port)).with_field("listen.port")
            }
            Self::NoSuchAddress { command } => no_such_address(point, command.as_deref()),
            Self::Exposed => {
                Failure::new(ErrorCode::Invalid, format!("other machines could connect to {point}"))
                    .with_hint("Listen on 127.0.0.1, or allow connections from other machines.")
                    .with_field("listen.host")
            }
            Self::Unusable(why) => {
                Failure::new(ErrorCode::Unsupported, format!("cannot listen on {point}: {why}"))
                    .with_hint("Choose another place to listen.")
                    .with_field(field_of(point))
            }
            Self::Other(error) => {
                Failure::new(ErrorCode::Rejected, format!("cannot listen on {point}"))
                    .with_hint("Choose another place to listen.")
                    .with_field(field_of(point))
                    .with_detail(error.to_string())
            }
        }
    }
}

fn taken(point: &TunnelPoint, holder: Option<&PortHolder>, free_port: Option<u16>) -> Failure {
    let by = match holder {
        Some(holder) => format!("{} (pid {})", holder.command, holder.pid),
        None => "another program".to_owned(),
    };
    let hint = match point {
        TunnelPoint::Tcp { .. } => other_port(free_port),
        TunnelPoint::Unix { .. } => "Choose another path, or end that program.".to_owned(),
    };
    Failure::new(ErrorCode::Conflict, format!("{point} is taken by {by}"))
        .with_hint(hint)
        .with_field(field_of(point))
}

fn other_port(free_port: Option<u16>) -> String {
    match free_port {
        Some(port) => format!("Use another port: {port} is free."),
        None => "Use another port.".to_owned(),
    }
}

fn no_such_address(point: &TunnelPoint, command: Option<&str>) -> Failure {
    let host = match point {
        TunnelPoint::Tcp { host, .. } => host,
        TunnelPoint::Unix { path } => path,
    };
    let hint = match command {
        Some(command) => format!("Run once in a terminal: {command}"),
        None => "Listen on an address of this computer, such as 127.0.0.1.".to_owned(),
    };
    Failure::new(ErrorCode::NotFound, format!("this computer has no address {host}"))
        .with_hint(hint)
        .with_field("listen.host")
}

fn field_of(point: &TunnelPoint) -> &'static str {
    match point {
        TunnelPoint::Tcp { .. } => "listen.port",
        TunnelPoint::Unix { .. } => "listen.path",
    }
}
