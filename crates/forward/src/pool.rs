//! Buffers that are lent while bytes are on their way, so that idle connections hold none.

use std::{
    mem,
    ops::{Deref, DerefMut},
    sync::{Mutex, MutexGuard, PoisonError},
};

const LARGE: usize = 64 * 1024;
/// What is kept for the next ones: 1 MiB.
const KEPT: usize = 16;
/// With more lent than this, readers are stalled by the hundred, and each gets less.
const MANY: usize = 256;
const SMALL: usize = 8 * 1024;

/// Buffers that are free, and how many are lent.
#[derive(Debug, Default)]
pub(crate) struct Pool(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    free: Vec<Box<[u8]>>,
    lent: usize,
}

/// A buffer that goes back when it is dropped.
#[derive(Debug)]
pub(crate) struct Lent<'a> {
    pool: &'a Pool,
    buffer: Box<[u8]>,
}

impl Pool {
    /// A buffer; what stands in it is from earlier.
    pub(crate) fn take(&self) -> Lent<'_> {
        let mut state = self.state();
        state.lent += 1;
        let size = if state.lent > MANY { SMALL } else { LARGE };
        let free = if size == LARGE { state.free.pop() } else { None };
        drop(state);
        let buffer = free.unwrap_or_else(|| vec![0; size].into_boxed_slice());
        Lent { pool: self, buffer }
    }

    fn put(&self, buffer: Box<[u8]>) {
        let mut state = self.state();
        state.lent = state.lent.saturating_sub(1);
        if state.free.len() < KEPT && buffer.len() == LARGE {
            state.free.push(buffer);
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        self.pool.put(mem::take(&mut self.buffer));
    }
}

impl Deref for Lent<'_> {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.buffer
    }
}

impl DerefMut for Lent<'_> {
    fn deref_mut(&mut self) -> &mut [u8] {
        &mut self.buffer
    }
}
