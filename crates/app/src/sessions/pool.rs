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

    /// Nothing that was made or is being made for this key is handed out any more; what lives of it.
    pub(crate) fn part(&self, key: &K) -> Option<Arc<T>> {
        match self.lock().remove(key) {
            Some(Slot::Made(weak)) => weak.upgrade(),
            Some(Slot::Making(_)) | None => None,
        }
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

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use model::ErrorCode;
    use tokio::sync::Semaphore;

    use super::*;

    struct Thing(u32);

    #[derive(Clone)]
    struct Maker {
        made: Arc<AtomicU32>,
        gate: Arc<Semaphore>,
    }

    impl Maker {
        fn new(permits: usize) -> Self {
            Self { made: Arc::default(), gate: Arc::new(Semaphore::new(permits)) }
        }

        fn make(&self) -> Attempt<Thing> {
            let maker = self.clone();
            async move {
                let number = maker.made.fetch_add(1, Ordering::SeqCst);
                maker.gate.acquire().await.unwrap().forget();
                if number == 100 {
                    return Err(Failure::new(ErrorCode::Unreachable, "x"));
                }
                Ok(Arc::new(Thing(number)))
            }
            .boxed()
        }
    }

    #[tokio::test]
    async fn concurrent_callers_share_one_attempt_and_its_result() {
        let pool = Pool::<u8, Thing>::new(|_| true);
        let maker = Maker::new(0);
        let first = pool.get(&1, || maker.make());
        let second = pool.get(&1, || maker.make());
        let release = async { maker.gate.add_permits(9) };
        let (first, second, ()) = tokio::join!(first, second, release);
        assert!(Arc::ptr_eq(&first.unwrap(), &second.unwrap()));
        assert_eq!(maker.made.load(Ordering::SeqCst), 1);
    }

    #[tokio::test]
    async fn one_who_gives_up_does_not_end_the_attempt_for_another() {
        let pool = Pool::<u8, Thing>::new(|_| true);
        let maker = Maker::new(0);
        let mut first = pool.get(&1, || maker.make()).boxed();
        assert!(futures::poll!(&mut first).is_pending());
        let mut second = pool.get(&1, || maker.make()).boxed();
        assert!(futures::poll!(&mut second).is_pending());
        drop(first);
        maker.gate.add_permits(1);
        assert_eq!(second.await.unwrap().0, 0);
    }

    #[tokio::test]
    async fn an_attempt_that_everybody_gave_up_is_made_anew() {
        let pool = Pool::<u8, Thing>::new(|_| true);
        let maker = Maker::new(0);
        let mut first = pool.get(&1, || maker.make()).boxed();
        assert!(futures::poll!(&mut first).is_pending());
        drop(first);
        maker.gate.add_permits(9);
        assert_eq!(pool.get(&1, || maker.make()).await.unwrap().0, 1);
    }

    #[tokio::test]
    async fn a_thing_is_shared_while_it_lives_and_made_anew_afterwards() {
        let pool = Pool::<u8, Thing>::new(|_| true);
        let maker = Maker::new(9);
        let first = pool.get(&1, || maker.make()).await.unwrap();
        assert!(Arc::ptr_eq(&first, &pool.get(&1, || maker.make()).await.unwrap()));
        assert_eq!(pool.get(&2, || maker.make()).await.unwrap().0, 1);
        drop(first);
        assert_eq!(pool.get(&1, || maker.make()).await.unwrap().0, 2);
    }

    #[tokio::test]
    async fn a_dead_thing_is_not_handed_out() {
        let pool = Pool::<u8, Thing>::new(|thing| thing.0 > 0);
        let maker = Maker::new(9);
        let _dead = pool.get(&1, || maker.make()).await.unwrap();
        assert_eq!(pool.get(&1, || maker.make()).await.unwrap().0, 1);
    }

    #[tokio::test]
    async fn a_thing_that_was_parted_with_is_not_handed_out_made_or_in_the_making() {
        let pool = Pool::<u8, Thing>::new(|_| true);
        let maker = Maker::new(1);
        let old = pool.get(&1, || maker.make()).await.unwrap();
        assert!(Arc::ptr_eq(&old, &pool.part(&1).unwrap()));
        let mut second = pool.get(&1, || maker.make()).boxed();
        assert!(futures::poll!(&mut second).is_pending());
        assert!(pool.part(&1).is_none());
        maker.gate.add_permits(9);
        let third = pool.get(&1, || maker.make()).await.unwrap();
        assert_eq!((second.await.unwrap().0, third.0), (1, 2));
        assert!(Arc::ptr_eq(&third, &pool.get(&1, || maker.make()).await.unwrap()));
    }
}
