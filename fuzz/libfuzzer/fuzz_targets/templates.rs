//! Texts of YAML.
#![no_main]

use isolation_fuzz::targets::templates::TARGET;
use libfuzzer_sys::{fuzz_mutator, fuzz_target, fuzzer_mutate};

fuzz_target!(|data: &[u8]| TARGET.run(data));
fuzz_mutator!(|data: &mut [u8], size: usize, max: usize, seed: u32| {
    TARGET.mutate(data, size, max, seed, fuzzer_mutate)
});
