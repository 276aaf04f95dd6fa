//! An allocator that remembers the largest thing it was asked for, thread by thread.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

/// The result of `work`, and the largest single allocation it made, in bytes.
pub fn largest<T>(work: impl FnOnce() -> T) -> (T, usize) {
    LARGEST.set(0);
    let result = work();
    (result, LARGEST.get())
}

thread_local! {
    static LARGEST: Cell<usize> = const { Cell::new(0) };
}

struct Remembering;

impl Remembering {
    fn note(size: usize) {
        // A thread that is ending has nothing to remember with.
        let _ = LARGEST.try_with(|largest| largest.set(largest.get().max(size)));
    }
}

#[expect(unsafe_code, reason = "an allocator is unsafe by its trait; this one only hands on to the system's")]
// SAFETY: every call goes to `System` unchanged, which keeps the trait's promises; `note` allocates nothing.
unsafe impl GlobalAlloc for Remembering {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        Self::note(layout.size());
        // SAFETY: the caller's promises are those of `System`.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        // SAFETY: the caller's promises are those of `System`, which made every allocation.
        unsafe { System.dealloc(at, layout) }
    }

    unsafe fn realloc(&self, at: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        Self::note(size);
        // SAFETY: the caller's promises are those of `System`, which made every allocation.
        unsafe { System.realloc(at, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Remembering = Remembering;

#[test]
fn the_largest_allocation_is_remembered() {
    let (bytes, most) = largest(|| {
        let mut bytes = vec![1u8; 100];
        bytes.reserve_exact(70_000);
        drop(vec![1u8; 300]);
        bytes
    });
    assert!(bytes.capacity() >= 70_100);
    assert!((70_100..80_000).contains(&most), "{most}");
    assert!(largest(|| vec![1u8; 40]).1 < 100);
}
