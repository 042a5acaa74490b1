//! The module's memory: one arena a call.
//!
//! An engine makes a new instance for every request and throws it away, so nothing is worth giving back one by one.
//! Allocating is adding to an address; a list that grows at the end of the arena grows in place. Where an engine calls the
//! same instance again (`kwctl bench` does), [`reset`] starts the arena anew, so that memory does not grow from call to call.
//! Against the standard allocator this saves 9 KB of each module and about a tenth of a call's own work.

use std::alloc::{GlobalAlloc, Layout};
use std::cell::Cell;

const PAGE: usize = 64 * 1024;

/// The least that memory grows by, in pages: growing costs a system call, an untouched page nothing.
const GROWTH: usize = 16;

// The linker gives the address behind what it laid out, stack and data, and nothing is read there.
#[allow(unsafe_code)]
unsafe extern "C" {
    static __heap_base: u8;
}

struct Arena {
    /// The address of the first byte; 0 before the first allocation.
    start: Cell<usize>,
    /// The address of the first free byte.
    next: Cell<usize>,
}

// A module has one thread.
#[allow(unsafe_code)]
unsafe impl Sync for Arena {}

#[global_allocator]
static ARENA: Arena = Arena { start: Cell::new(0), next: Cell::new(0) };

/// Forgets everything that was allocated. Only for the beginning of a call, when nothing is held.
pub fn reset() {
    ARENA.next.set(ARENA.start.get());
}

impl Arena {
    /// Makes the memory reach to `end`; whether it could.
    fn reach(&self, end: usize) -> bool {
        let have = core::arch::wasm32::memory_size::<0>() * PAGE;
        if end <= have {
            return true;
        }
        let needed = (end - have).div_ceil(PAGE);
        core::arch::wasm32::memory_grow::<0>(needed.max(GROWTH)) != usize::MAX
            || core::arch::wasm32::memory_grow::<0>(needed) != usize::MAX
    }
}

// Every block lies between `start` and `next`, which only grow within a call, and the memory reaches to `next`.
#[allow(unsafe_code)]
unsafe impl GlobalAlloc for Arena {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if self.start.get() == 0 {
            let base = &raw const __heap_base as usize;
            self.start.set(base);
            self.next.set(base);
        }
        let begin = self.next.get().next_multiple_of(layout.align());
        match begin.checked_add(layout.size()) {
            Some(end) if self.reach(end) => {
                self.next.set(end);
                begin as *mut u8
            }
            _ => core::ptr::null_mut(),
        }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        if block as usize + layout.size() == self.next.get() {
            self.next.set(block as usize);
        }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
        let begin = block as usize;
        if begin + layout.size() == self.next.get() {
            return match begin.checked_add(new_size) {
                Some(end) if self.reach(end) => {
                    self.next.set(end);
                    block
                }
                _ => core::ptr::null_mut(),
            };
        }
        if new_size <= layout.size() {
            return block;
        }
        unsafe {
            let moved = self.alloc(Layout::from_size_align_unchecked(new_size, layout.align()));
            if !moved.is_null() {
                core::ptr::copy_nonoverlapping(block, moved, layout.size());
            }
            moved
        }
    }
}
