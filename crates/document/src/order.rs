//! What is put in order, which is seldom and short.

use std::collections::BinaryHeap;

/// The items in order. By a heap: that is one thousand bytes of a module for each type of items, where the sort of slices is six
/// thousand and a tree of them three.
pub fn in_order<T: Ord>(items: Vec<T>) -> Vec<T> {
    BinaryHeap::from(items).into_sorted_vec()
}
