//! The host's side of `wasi:random`.

use super::types::{Random, fixed_bytes};
use wasmtime::component::Linker;
use wasmtime_wasi::{
    WasiCtxBuilder,
    p2::bindings::random,
    random::{Deterministic, WasiRandom, WasiRandomCtx},
};

/// How many bytes a guest may ask for at once.
const MAX_RANDOM: u64 = 16 << 20;

/// Sets up what the interfaces give.
pub(crate) fn configure(wasi: &mut WasiCtxBuilder, random: Random) {
    wasi.max_random_size(MAX_RANDOM);
    if random == Random::Fixed {
        let bytes = fixed_bytes();
        wasi.secure_random(Deterministic::new(bytes.clone()))
            .insecure_random(Deterministic::new(bytes))
            .insecure_random_seed(0);
    }
}

/// Adds the interfaces of `wasi:random`.
pub(crate) fn add_to_linker<T: Send + 'static>(
    linker: &mut Linker<T>,
    view: fn(&mut T) -> &mut WasiRandomCtx,
) -> wasmtime::Result<()> {
    random::random::add_to_linker::<T, WasiRandom>(linker, view)?;
    random::insecure::add_to_linker::<T, WasiRandom>(linker, view)?;
    random::insecure_seed::add_to_linker::<T, WasiRandom>(linker, view)
}
