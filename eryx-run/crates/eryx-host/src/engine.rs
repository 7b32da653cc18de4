//! The one place that makes an engine configuration: bake and run must agree bit for bit.
//!
//! Machine code holds assumptions about the engine that runs it: how memory is reserved and guarded,
//! how stacks are bounded, which proposals are on. The toolchain starts from [`config`] and adds only
//! what concerns the compiler; the loader takes it as it is. This module knows nothing of images.
//!
//! ```
//! let engine = eryx_host::engine::engine(Default::default())?;
//! assert!(!engine.is_pulley());
//! # Ok::<(), wasmtime::Error>(())
//! ```

use std::{
    collections::BTreeMap,
    num::{NonZeroU32, NonZeroUsize},
};
use wasmtime::{
    Collector, Config, Enabled, Engine, InstanceAllocationStrategy, PoolingAllocationConfig, Result,
};

/// How deep machine code may go, in bytes. CPython's own guard watches the guest's stack in linear
/// memory; frames of machine code are larger, and this keeps its guard the one that is hit first.
/// Deallocation of deeply nested objects is not guarded at all: a level takes up to some 150 bytes.
const MAX_WASM_STACK: usize = 248 << 20;

/// The whole stack of a sandbox: what machine code may use, and room for the host functions it calls.
/// Its memory is reserved, and takes up room only as far as a program has used it.
const ASYNC_STACK: usize = 256 << 20;

/// Linear memory is reserved as a whole, so that it never moves and needs no bounds checks.
const MEMORY_RESERVATION: u64 = 4 << 30;

/// The most memory a 32-bit guest can have, all of which is reserved.
pub(crate) const MAX_MEMORY: usize = 4 << 30;

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
        // Each exception is an object in a heap of the engine's own. It must be freed again, since a
        // program may throw for ever. A sandbox whose code has no exceptions never gets such a heap.
        .wasm_exceptions(true)
        .collector(Collector::Copying)
        .wasm_gc(false)
        .wasm_relaxed_simd(false)
        .wasm_multi_memory(false)
        .wasm_memory64(false);
    config
}

/// The most function references a sandbox may hold; an interpreter with many packages has some 10,000.
pub const MAX_TABLE_ELEMENTS: usize = 4 << 20;

/// The most instances that a component may have; the engine has no components with more.
const MAX_INSTANCES: u32 = 1000;

/// The most bytes that the engine's own record of an instance may take, some 32 for each function.
const MAX_INSTANCE_SIZE: usize = 64 << 20;

/// The most tables that a component of ours has, and some to spare.
const MAX_TABLES: u32 = 4;

/// The most frames of the guest that a trap tells.
const MAX_FRAMES: NonZeroUsize = NonZeroUsize::new(64).expect("64 is not zero");

/// What is told about the guest's native code, for those who look for a fault in it. Nothing by default:
/// it costs time, and what a guest's functions are called is the guest's own choice.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Diagnostics {
    /// A trap tells the functions that were running ([`crate::Trap::frames`]).
    pub backtrace: bool,
    /// `/tmp/perf-PID.map` tells Linux's `perf` what machine code belongs to which function.
    pub perf_map: bool,
}

/// Memory that is kept for sandboxes, and used for one after the other.
///
/// Without it, each sandbox gets memory of its own from the system and gives it back: right for a process
/// that runs one program. Where a process runs many, this spares the system calls and most page faults.
/// Between two sandboxes, whatever the first one wrote is put back to what the image holds, before any
/// other code of a guest runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pool {
    /// The most sandboxes that may exist at the same time: one more is refused. Each takes up some 8.4
    /// GiB of the process's addresses, not of its memory; how many there are is the system's affair, usually
    /// some 15,000.
    pub sandboxes: NonZeroU32,
    /// How many bytes of a sandbox's memory stay with the pool when it has ended. What it wrote beyond that
    /// goes back to the system.
    pub resident: usize,
}

impl Pool {
    /// Room for this many sandboxes at the same time, of which up to 8 MiB each stay.
    pub fn of(sandboxes: NonZeroU32) -> Self {
        Self {
            sandboxes,
            resident: 8 << 20,
        }
    }

    fn strategy(self) -> InstanceAllocationStrategy {
        let sandboxes = self.sandboxes.get();
        let mut pool = PoolingAllocationConfig::new();
        pool.total_component_instances(sandboxes)
            .total_core_instances(sandboxes.saturating_mul(MAX_INSTANCES))
            .max_core_instances_per_component(MAX_INSTANCES)
            .max_component_instance_size(MAX_INSTANCE_SIZE)
            .max_core_instance_size(MAX_INSTANCE_SIZE)
            // The other one is for exceptions, in images whose code has them.
            .total_memories(sandboxes.saturating_mul(2))
            .total_gc_heaps(sandboxes)
            .max_memories_per_component(1)
            .max_memory_size(MAX_MEMORY)
            .total_tables(sandboxes.saturating_mul(MAX_TABLES))
            .max_tables_per_component(MAX_TABLES)
            .max_tables_per_module(MAX_TABLES)
            .table_elements(MAX_TABLE_ELEMENTS)
            .total_stacks(sandboxes)
            .linear_memory_keep_resident(self.resident)
            .table_keep_resident(self.resident)
            .max_unused_warm_slots(sandboxes)
            // The system tells which pages were written to, so that only these are put back.
            .pagemap_scan(Enabled::Auto);
        InstanceAllocationStrategy::Pooling(pool)
    }
}

/// What an engine does beyond running machine code.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct EngineOptions {
    /// What it tells about the guest's native code.
    pub diagnostics: Diagnostics,
    /// The memory that it keeps for sandboxes; none when each gets its own.
    pub pool: Option<Pool>,
}

/// The engine of the loader.
///
/// # Errors
/// When the machine lacks what the configuration needs, or the addresses that a pool takes up.
pub fn engine(options: EngineOptions) -> Result<Engine> {
    let mut config = config();
    if options.diagnostics.backtrace {
        config.wasm_backtrace_max_frames(Some(MAX_FRAMES));
    }
    if let Some(pool) = options.pool {
        config.allocation_strategy(pool.strategy());
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
        ("exceptions", "true".to_owned()),
        ("fuel", "false".to_owned()),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value))
    .collect()
}
