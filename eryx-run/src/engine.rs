//! The one place that makes an engine configuration: bake and run must agree bit for bit.
//!
//! Machine code holds assumptions about the engine that runs it: how memory is reserved and guarded,
//! how stacks are bounded, which proposals are on. The toolchain starts from [`config`] and adds only
//! what concerns the compiler; the loader takes it as it is. This room knows nothing of images.
//!
//! ```
//! let engine = eryx_run::engine::engine(Default::default())?;
//! assert!(!engine.is_pulley());
//! # Ok::<(), wasmtime::Error>(())
//! ```

use std::{collections::BTreeMap, num::NonZeroUsize};
use wasmtime::{Config, Engine, Result};

/// The version of wasmtime that bakes and runs images.
pub const WASMTIME_VERSION: &str = "48.0.8";

/// The digest of the world that host and guest speak with each other: the first 16 hexadecimal digits
/// of the sha256 of `runtime/wit/sandbox.wit` without its comments and spaces. The toolchain's tests
/// hold it to that file, and its bakes hold runtimes to it.
pub const WORLD: &str = "d06040231e57d814";

/// The name in [`settings`] under which [`WORLD`] is.
pub const WORLD_SETTING: &str = "world";

/// How deep machine code may go, in bytes. CPython's own guard watches the guest's stack in linear
/// memory; frames of machine code are larger, and this keeps its guard the one that is hit first.
/// Deallocation of deeply nested objects is not guarded at all: a level takes up to some 150 bytes.
const MAX_WASM_STACK: usize = 120 << 20;

/// The whole stack of a sandbox: what machine code may use, and room for the host functions it calls.
/// Its memory is reserved, and takes up room only as far as a program has used it.
const ASYNC_STACK: usize = 128 << 20;

/// Linear memory is reserved as a whole, so that it never moves and needs no bounds checks.
const MEMORY_RESERVATION: u64 = 4 << 30;

/// Unmapped bytes after linear memory, for accesses with a constant offset.
const MEMORY_GUARD: u64 = 32 << 20;

/// The largest heap image that is mapped copy-on-write even when it is not dense. Baked heaps are far
/// smaller; past this they would be copied at every start.
const DENSE_IMAGE: u64 = 2 << 30;

/// The configuration that bake and run share.
pub fn config() -> Config {
    let mut config = Config::new();
    config
        .max_wasm_stack(MAX_WASM_STACK)
        .async_stack_size(ASYNC_STACK)
        .memory_reservation(MEMORY_RESERVATION)
        .memory_guard_size(MEMORY_GUARD)
        .memory_may_move(false)
        .memory_init_cow(true)
        .memory_guaranteed_dense_image_size(DENSE_IMAGE)
        .table_lazy_init(true)
        // Which function of the guest a frame is of is known without it, and it is large.
        .generate_address_map(false)
        // Nothing unwinds through a guest's frames, and registering the tables for it takes time.
        .native_unwind_info(false)
        .wasm_backtrace_max_frames(None)
        // Interruption from inside costs a Python loop a third of its speed.
        .epoch_interruption(false)
        .consume_fuel(false)
        .wasm_relaxed_simd(false)
        .wasm_multi_memory(false)
        .wasm_memory64(false);
    config
}

/// The most frames of the guest that a trap tells.
const MOST_FRAMES: NonZeroUsize = NonZeroUsize::new(64).expect("64 is not zero");

/// What is told about the guest's native code, for those who look for a fault in it. Nothing by default:
/// it costs time, and what a guest's functions are called is the guest's own choice.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Diagnostics {
    /// A trap tells the functions that were running ([`crate::sandbox::Trapped::frames`]).
    pub backtrace: bool,
    /// `/tmp/perf-PID.map` tells Linux's `perf` what machine code belongs to which function.
    pub perf_map: bool,
}

/// The engine of the loader.
///
/// # Errors
/// When the machine lacks what the configuration needs.
pub fn engine(diagnostics: Diagnostics) -> Result<Engine> {
    let mut config = config();
    if diagnostics.backtrace {
        config.wasm_backtrace_max_frames(Some(MOST_FRAMES));
    }
    Engine::new(&config)
}

/// What bake and run must agree on, by name, as an image records it.
pub fn settings() -> BTreeMap<String, String> {
    [
        ("max-wasm-stack", MAX_WASM_STACK.to_string()),
        ("memory-reservation", MEMORY_RESERVATION.to_string()),
        ("memory-guard", MEMORY_GUARD.to_string()),
        ("dense-image", DENSE_IMAGE.to_string()),
        ("address-map", "false".to_owned()),
        ("epoch-interruption", "false".to_owned()),
        ("fuel", "false".to_owned()),
        (WORLD_SETTING, WORLD.to_owned()),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value))
    .collect()
}
