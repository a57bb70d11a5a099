//! Buffers that are lent while bytes are on their way, so that idle connections hold none.

use std::sync::{Mutex, PoisonError};

const SIZE: usize = 64 * 1024;
/// What is kept for the next ones: 4 MiB.
const KEPT: usize = 64;

/// Buffers that are free.
#[derive(Debug, Default)]
pub(crate) struct Pool(Mutex<Vec<Box<[u8]>>>);

impl Pool {
    pub(crate) const fn new() -> Self {
        Self(Mutex::new(Vec::new()))
    }

    /// A buffer; what stands in it is from earlier.
    pub(crate) fn take(&self) -> Box<[u8]> {
        let free = self.0.lock().unwrap_or_else(PoisonError::into_inner).pop();
        free.unwrap_or_else(|| vec![0; SIZE].into_boxed_slice())
    }

    pub(crate) fn put(&self, buffer: Box<[u8]>) {
        let mut free = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if free.len() < KEPT {
            free.push(buffer);
        }
    }
}
