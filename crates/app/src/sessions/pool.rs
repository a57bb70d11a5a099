//! Links shared by key: the first caller makes one, others who come meanwhile wait for the same one.
//!
//! The pool keeps nothing alive: a link ends when its last user lets go, an attempt when its last
//! waiter does.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
};

use futures::{
    FutureExt,
    future::{BoxFuture, Shared, WeakShared},
};
use model::Failure;

type Attempt<T> = BoxFuture<'static, Result<Arc<T>, Failure>>;

enum Slot<T> {
    Making(WeakShared<Attempt<T>>),
    Made(Weak<T>),
}

/// Things of type `T` by key, made at most once at a time.
pub(crate) struct Pool<K, T> {
    slots: Mutex<BTreeMap<K, Slot<T>>>,
    is_alive: fn(&T) -> bool,
}

impl<K: Ord + Clone, T: Send + Sync + 'static> Pool<K, T> {
    pub(crate) fn new(is_alive: fn(&T) -> bool) -> Self {
        Self { slots: Mutex::default(), is_alive }
    }

    /// The thing of this key: the living one, the one being made, or the one that `make` makes.
    pub(crate) async fn get(
        &self,
        key: &K,
        make: impl FnOnce() -> Attempt<T>,
    ) -> Result<Arc<T>, Failure> {
        let attempt = match self.find(key, make) {
            Found::Alive(thing) => return Ok(thing),
            Found::Making(attempt) => attempt,
        };
        let result = attempt.clone().await;
        let mut slots = self.lock();
        let is_ours = matches!(slots.get(key), Some(Slot::Making(weak))
            if weak.upgrade().is_some_and(|other| other.ptr_eq(&attempt)));
        if is_ours {
            match &result {
                Ok(thing) => slots.insert(key.clone(), Slot::Made(Arc::downgrade(thing))),
                Err(_) => slots.remove(key),
            };
        }
        result
    }

    fn find(&self, key: &K, make: impl FnOnce() -> Attempt<T>) -> Found<T> {
        let mut slots = self.lock();
        match slots.get(key) {
            Some(Slot::Made(weak)) => {
                if let Some(thing) = weak.upgrade().filter(|thing| (self.is_alive)(thing)) {
                    return Found::Alive(thing);
                }
            }
            Some(Slot::Making(weak)) => {
                if let Some(attempt) = weak.upgrade() {
                    return Found::Making(attempt);
                }
            }
            None => {}
        }
        let attempt = make().shared();
        if let Some(weak) = attempt.downgrade() {
            slots.insert(key.clone(), Slot::Making(weak));
        }
        Found::Making(attempt)
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<K, Slot<T>>> {
        self.slots.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

enum Found<T> {
    Alive(Arc<T>),
    Making(Shared<Attempt<T>>),
}
