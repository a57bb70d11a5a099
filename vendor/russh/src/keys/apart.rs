//! Moorline: work with private keys on a stack of its own, which is wiped afterwards. Values that are moved
//! leave copies behind, which no destructor reaches.

use zeroize::Zeroize;

const STACK_BYTES: usize = 2 * 1024 * 1024;
const WIPED_BYTES: usize = 1024 * 1024;

/// Does `work` on another thread and waits for it. What it returns should not hold a key by value.
///
/// Fails when there is no thread to be had, or `work` panics.
pub fn apart<T: Send>(work: impl FnOnce() -> T + Send) -> std::io::Result<T> {
    std::thread::scope(|scope| {
        let job = move || {
            let done = run(work);
            wipe();
            done
        };
        let thread = std::thread::Builder::new().stack_size(STACK_BYTES).spawn_scoped(scope, job)?;
        thread.join().map_err(|_| std::io::Error::other("the work with a private key broke off"))
    })
}

#[inline(never)]
fn run<T>(work: impl FnOnce() -> T) -> T {
    work()
}

#[inline(never)]
fn wipe() {
    let mut below = [0_u8; WIPED_BYTES];
    below.zeroize();
    std::hint::black_box(&below);
}
