//! Sorting, once for everything that is sorted.
//!
//! The standard library's sorts are generic: each type that is sorted costs a module some 6 KB. Here a list is never
//! moved; its positions are put in order by a comparison that is called through a pointer.

use std::cmp::Ordering;

/// The positions `0..len` in the order that `compare` gives, equal ones as they were. A bottom-up merge sort.
pub fn order(len: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
    let mut from: Vec<usize> = (0..len).collect();
    let mut to = from.clone();
    let mut width = 1;
    while width < len {
        let mut start = 0;
        while start < len {
            let middle = len.min(start + width);
            let end = len.min(middle + width);
            let (mut left, mut right) = (start, middle);
            for slot in &mut to[start..end] {
                let takes_right = right < end && (left == middle || compare(from[right], from[left]) == Ordering::Less);
                let taken = if takes_right { &mut right } else { &mut left };
                *slot = from[*taken];
                *taken += 1;
            }
            start = end;
        }
        std::mem::swap(&mut from, &mut to);
        width *= 2;
    }
    from
}

#[cfg(test)]
mod tests {
    use super::order;

    #[test]
    fn sorts_as_the_standard_library_does() {
        let mut state = 7_u32;
        for len in 0..200 {
            let numbers: Vec<u32> = (0..len)
                .map(|_| {
                    state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    state >> 27
                })
                .collect();
            let mut expected: Vec<usize> = (0..len).collect();
            expected.sort_by_key(|index| numbers[*index]);
            assert_eq!(order(len, &|a, b| numbers[a].cmp(&numbers[b])), expected);
        }
    }
}
