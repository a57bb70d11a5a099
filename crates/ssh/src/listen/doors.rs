//! Which listeners on the server are ours, so that a stream the server brings finds who asked for it and
//! every other one is refused. One register for all connections of a link.

use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::{Notify, mpsc};

use super::{Incoming, RemoteListen};

/// Streams that may wait for whoever takes them; as long as a generous listen backlog.
const MAX_WAITING: usize = 4096;

/// A listener and who takes its streams.
#[derive(Debug)]
struct Door {
    id: u64,
    /// The connection that asked for it.
    line: u64,
    at: RemoteListen,
    visitors: mpsc::Sender<Incoming>,
}

#[derive(Debug, Default)]
struct State {
    last_id: u64,
    open: Vec<Door>,
}

/// The listeners of one link.
#[derive(Debug, Default)]
pub(crate) struct Doors {
    state: Mutex<State>,
    closed: Notify,
}

impl Doors {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A number that no other connection or door of this link has.
    pub(crate) fn number(&self) -> u64 {
        let mut state = self.state();
        state.last_id += 1;
        state.last_id
    }

    /// Opens a door before the server is asked, because a stream may come right behind its answer. None
    /// while there is one at the same place.
    pub(super) fn open(
        &self,
        line: u64,
        at: &RemoteListen,
    ) -> Option<(u64, mpsc::Receiver<Incoming>)> {
        let id = self.number();
        let mut state = self.state();
        if state.open.iter().any(|door| door.at == *at) {
            return None;
        }
        let (visitors, receiver) = mpsc::channel(MAX_WAITING);
        state.open.push(Door { id, line, at: at.clone(), visitors });
        Some((id, receiver))
    }

    /// True when a door at this place only waits for the server to forget it.
    pub(super) fn is_closing(&self, at: &RemoteListen) -> bool {
        let state = self.state();
        state.open.iter().any(|door| door.at == *at && door.visitors.is_closed())
    }

    /// Resolves when some door is closed after this call.
    pub(super) fn closed(&self) -> tokio::sync::futures::Notified<'_> {
        self.closed.notified()
    }

    /// Notes the port that the server chose.
    pub(super) fn set_port(&self, id: u64, chosen: u16) {
        if let Some(door) = self.state().open.iter_mut().find(|door| door.id == id) {
            door.at.set_port(chosen);
        }
    }

    pub(super) fn close(&self, id: u64) {
        self.state().open.retain(|door| door.id != id);
        self.closed.notify_waiters();
    }

    /// Room for a stream that the server brings on this connection, if it is for one of our listeners and
    /// not too many wait there.
    pub(crate) fn room_at(
        &self,
        line: u64,
        place: &RemoteListen,
    ) -> Option<mpsc::OwnedPermit<Incoming>> {
        let mut state = self.state();
        let ours = || state.open.iter().filter(|door| door.line == line);
        // The server may name the place in its own words, but never another port.
        let exact = ours().find(|door| door.at == *place);
        let same_port = || {
            let mut fitting = ours().filter(|door| door.at.port().is_some_and(|port| port > 0));
            fitting.find(|door| door.at.port() == place.port())
        };
        let chosen_now = || ours().find(|door| door.at.port() == Some(0) && place.port().is_some());
        let id = exact.or_else(same_port).or_else(chosen_now)?.id;
        let door = state.open.iter_mut().find(|door| door.id == id)?;
        if let (Some(0), Some(port)) = (door.at.port(), place.port()) {
            door.at.set_port(port);
        }
        door.visitors.clone().try_reserve_owned().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::{Doors, RemoteListen};

    fn tcp(host: &str, port: u16) -> RemoteListen {
        RemoteListen::Tcp { host: host.into(), port }
    }

    #[test]
    fn only_what_was_asked_for_on_this_connection_comes_in() {
        let doors = Doors::default();
        let (_, _visitors) = doors.open(1, &tcp("127.0.0.1", 8080)).unwrap();
        let unix = RemoteListen::Unix { path: "/run/a".into() };
        let (_, _more) = doors.open(1, &unix).unwrap();
        assert!(doors.room_at(1, &tcp("127.0.0.1", 8080)).is_some());
        assert!(doors.room_at(1, &tcp("localhost", 8080)).is_some());
        assert!(doors.room_at(1, &unix).is_some());
        assert!(doors.room_at(1, &tcp("127.0.0.1", 8081)).is_none());
        assert!(doors.room_at(2, &tcp("127.0.0.1", 8080)).is_none());
        assert!(doors.room_at(1, &RemoteListen::Unix { path: "/run/b".into() }).is_none());
        assert!(doors.open(2, &unix).is_none(), "the place is taken");
    }

    #[test]
    fn a_stream_that_comes_before_the_chosen_port_is_known_is_not_lost() {
        let doors = Doors::default();
        let (id, _visitors) = doors.open(1, &tcp("127.0.0.1", 0)).unwrap();
        assert!(doors.room_at(1, &tcp("127.0.0.1", 40_001)).is_some());
        assert!(doors.room_at(1, &tcp("127.0.0.1", 40_002)).is_none(), "one door, one port");
        doors.set_port(id, 40_001);
        assert!(doors.room_at(1, &tcp("127.0.0.1", 40_001)).is_some());
    }

    #[test]
    fn a_door_nobody_stands_at_is_closing_until_it_is_closed() {
        let doors = Doors::default();
        let (id, visitors) = doors.open(1, &tcp("::1", 9)).unwrap();
        assert!(!doors.is_closing(&tcp("::1", 9)));
        drop(visitors);
        assert!(doors.is_closing(&tcp("::1", 9)));
        assert!(doors.room_at(1, &tcp("::1", 9)).is_none());
        doors.close(id);
        assert!(!doors.is_closing(&tcp("::1", 9)));
    }
}
