//! An allocator that gives nothing back, so that all that was ever freed can be looked at as it was left.
#![allow(unsafe_code)] // what `GlobalAlloc` asks for

use std::alloc::{GlobalAlloc, Layout, System};

/// Allocates from the system and frees nothing.
///
/// An allocator writes its own notes over the first bytes of what it is given back, and a key has only sixteen.
pub(crate) struct KeepFreed;

// SAFETY: what `alloc` returns is the system's answer to the same layout. `dealloc` may do nothing: a block that is
// never given out again breaks no promise. `realloc` is the default, which allocates, copies and calls `dealloc`.
unsafe impl GlobalAlloc for KeepFreed {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller keeps the same contract.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, _: *mut u8, _: Layout) {}
}
