//! The C library's allocator, on the same arena.
//!
//! The standard library reaches `malloc` only on its way to say that it panicked. Left to itself the C library brings an
//! allocator of 9 KB for that, which grows the memory behind the arena's back.

use std::alloc::Layout;

/// What stands in front of each block: its size, in as many bytes as the strictest alignment has.
const HEAD: usize = 16;

fn layout(size: usize) -> Option<Layout> {
    Layout::from_size_align(size.checked_add(HEAD)?, HEAD).ok()
}

// Every block was made by `malloc`, so its size stands in front of it; the C library keeps to that as C programs do.
#[allow(unsafe_code)]
#[unsafe(no_mangle)]
unsafe extern "C" fn malloc(size: usize) -> *mut u8 {
    let Some(layout) = layout(size) else { return std::ptr::null_mut() };
    unsafe {
        let block = std::alloc::alloc(layout);
        if block.is_null() {
            return block;
        }
        block.cast::<usize>().write(size);
        block.add(HEAD)
    }
}

#[allow(unsafe_code)]
#[unsafe(no_mangle)]
unsafe extern "C" fn calloc(count: usize, size: usize) -> *mut u8 {
    let Some(size) = count.checked_mul(size) else { return std::ptr::null_mut() };
    unsafe {
        let block = malloc(size);
        if !block.is_null() {
            block.write_bytes(0, size);
        }
        block
    }
}

#[allow(unsafe_code)]
#[unsafe(no_mangle)]
unsafe extern "C" fn realloc(block: *mut u8, size: usize) -> *mut u8 {
    unsafe {
        let moved = malloc(size);
        if !block.is_null() && !moved.is_null() {
            let old = block.sub(HEAD).cast::<usize>().read();
            moved.copy_from_nonoverlapping(block, old.min(size));
        }
        moved
    }
}

#[allow(unsafe_code)]
#[unsafe(no_mangle)]
unsafe extern "C" fn free(_: *mut u8) {}

// Nothing calls these two, but the standard library names them, and whoever finds them in the C library finds `malloc` too.

#[allow(unsafe_code)]
#[unsafe(no_mangle)]
unsafe extern "C" fn aligned_alloc(_: usize, _: usize) -> *mut u8 {
    std::ptr::null_mut()
}

#[allow(unsafe_code)]
#[unsafe(no_mangle)]
unsafe extern "C" fn posix_memalign(_: *mut *mut u8, _: usize, _: usize) -> i32 {
    const ENOMEM: i32 = 48;
    ENOMEM
}
