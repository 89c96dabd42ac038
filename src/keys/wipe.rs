//! Wiping what a computation leaves behind on the stack.

use zeroize::Zeroize;

/// Bytes of stack that are wiped: more than any of the computations uses on x86-64, optimised or not
/// (`crates/secrets/tests/traces.rs`).
const STACK: usize = 8192;

/// Runs a computation and wipes the stack that it used. It is to write secrets where they stay, and return none.
///
/// Keys, schedules and hash states are wiped on drop, but compilers copy as they like: a value that is returned, an
/// array that is passed on, registers that are put aside. `hkdf` leaves the pseudorandom key and HMAC's pads on the
/// stack by itself. None of this is in reach of a `Drop`; all of it is in reach of one sweep.
pub(crate) fn wiping_the_stack<T>(compute: impl FnOnce() -> T) -> T {
    // Not inlined, so that its stack lies where that of the sweep does.
    #[inline(never)]
    fn run<T>(compute: impl FnOnce() -> T) -> T {
        compute()
    }

    let result = run(compute);
    sweep();
    result
}

/// In long words: `zeroize_stack` writes byte by byte, sixteen times as often.
#[inline(never)]
fn sweep() {
    [0_u128; STACK / size_of::<u128>()].zeroize();
}
