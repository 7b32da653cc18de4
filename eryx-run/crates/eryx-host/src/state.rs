//! What the host keeps for one sandbox.

use crate::{
    capability::{
        clocks::{host::ClocksView, types::Clocks},
        polling::host::PollView,
        process::{host::ProcessView, importing::ImportListener, interrupt::Interrupt},
        random,
        stdio::{
            host::{GuestInput, GuestOutput},
            row::Row,
        },
        terminal::{host::TerminalView, lines::Lines},
    },
    config::HostConfig,
    memory::MemoryLimit,
};
use eryx_vfs::{FileSystemView, VfsState};
use wasmtime::{Engine, ResourceLimiter, Store, component::ResourceTable};
use wasmtime_wasi::{WasiCtx, WasiCtxView, WasiView};

/// How many handles of all kinds a guest may hold. Files have a lower bound of their own.
const MAX_RESOURCES: usize = 1 << 16;

/// What the host keeps for one sandbox.
pub struct State {
    pub(crate) table: ResourceTable,
    wasi: WasiCtx,
    files: VfsState,
    clocks: Clocks,
    memory: MemoryLimit,
    interrupt: Interrupt,
    importing: Option<ImportListener>,
    lines: Option<Lines>,
}

impl State {
    /// The state of a new sandbox.
    pub fn new(config: HostConfig) -> Self {
        let mut wasi = WasiCtx::builder();
        let lines = config.lines.map(|reader| Lines {
            reader,
            output: config.stdout.clone(),
            row: Row::default(),
        });
        let row = lines.as_ref().map(|lines| lines.row.clone());
        let interrupt = config.interrupt.clone();
        wasi.stdin(GuestInput::new(config.input, interrupt, row.clone()))
            .stdout(GuestOutput::new(config.stdout, row.clone()))
            .stderr(GuestOutput::new(config.stderr, row))
            .envs(&config.environment)
            .allow_tcp(false)
            .allow_udp(false)
            .allow_ip_name_lookup(false);
        random::host::configure(&mut wasi, config.random);
        let mut table = ResourceTable::new();
        table.set_max_capacity(MAX_RESOURCES);
        Self {
            table,
            wasi: wasi.build(),
            files: VfsState::new(config.files),
            clocks: config.clocks,
            memory: config.memory,
            interrupt: config.interrupt,
            importing: config.importing,
            lines,
        }
    }

    /// A store with the state of a new sandbox, whose memory is bounded.
    pub fn store(engine: &Engine, config: HostConfig) -> Store<Self> {
        let mut store = Store::new(engine, Self::new(config));
        store.limiter(Self::limiter);
        store
    }

    /// What bounds the growth of its memory, for [`wasmtime::Store::limiter`].
    pub fn limiter(&mut self) -> &mut dyn ResourceLimiter {
        &mut self.memory
    }

    pub(crate) fn files(&mut self) -> FileSystemView<'_> {
        FileSystemView {
            table: &mut self.table,
            state: &mut self.files,
        }
    }

    pub(crate) fn clocks(&mut self) -> ClocksView<'_> {
        ClocksView {
            clocks: &self.clocks,
            interrupt: &self.interrupt,
            table: &mut self.table,
        }
    }

    pub(crate) fn polls(&mut self) -> PollView<'_> {
        PollView {
            table: &mut self.table,
            interrupt: &self.interrupt,
            clocks: &self.clocks,
        }
    }

    pub(crate) fn process(&self) -> ProcessView<'_> {
        ProcessView {
            interrupt: &self.interrupt,
            importing: self.importing.as_ref(),
        }
    }

    pub(crate) fn terminal(&mut self) -> TerminalView<'_> {
        TerminalView {
            lines: self.lines.as_mut(),
            interrupt: &self.interrupt,
        }
    }
}

impl WasiView for State {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView {
            ctx: &mut self.wasi,
            table: &mut self.table,
        }
    }
}
