//! What the host keeps for one sandbox, and the linker of all that a sandbox may import.

use crate::{
    capability::{
        clocks::{self, Clocks, ClocksView},
        process::{self, Interrupt},
        stdio::{GuestInput, GuestOutput, Input, OutputSink},
        terminal::{LineReader, Lines, Row},
    },
    memory::MemoryLimit,
};
use eryx_vfs::{self as vfs, FileSystemView, Namespace, VfsState};
use wasmtime::{
    Engine, ResourceLimiter,
    component::{HasData, Linker, ResourceTable},
};
use wasmtime_wasi::{
    WasiCtx, WasiCtxView, WasiView,
    cli::{WasiCli, WasiCliView},
    p2::bindings::{cli, random, sockets},
    random::{Deterministic, WasiRandom, WasiRandomView},
    sockets::{WasiSockets, WasiSocketsView},
};

/// Is told at bake time which module is imported now.
pub type ImportListener = Box<dyn Fn(&str) + Send>;

/// How many bytes a guest may ask for of random data at once.
const MOST_RANDOM: u64 = 16 << 20;

/// How many handles of all kinds a guest may hold. Files have a lower bound of their own.
const MOST_RESOURCES: usize = 1 << 16;

/// What a sandbox is given.
pub struct StateOptions {
    /// Its file system.
    pub files: Namespace,
    /// Its environment variables, in order.
    pub environment: Vec<(String, String)>,
    /// Its standard input.
    pub input: Input,
    /// Its standard output.
    pub stdout: OutputSink,
    /// Its standard error.
    pub stderr: OutputSink,
    /// What reads its lines from a terminal.
    pub lines: Option<Box<dyn LineReader>>,
    /// Its clocks.
    pub clocks: Clocks,
    /// All that it gets for random data, again and again; the machine's random data when there is none.
    pub deterministic_random: Option<Vec<u8>>,
    /// The bound on its memory.
    pub memory: MemoryLimit,
    /// Who interrupts it.
    pub interrupt: Interrupt,
    /// Who is told what it imports.
    pub importing: Option<ImportListener>,
}

/// What the host keeps for one sandbox.
pub struct State {
    table: ResourceTable,
    wasi: WasiCtx,
    files: VfsState,
    clocks: Clocks,
    memory: MemoryLimit,
    pub(crate) interrupt: Interrupt,
    pub(crate) importing: Option<ImportListener>,
    pub(crate) lines: Option<Lines>,
}

impl State {
    /// The state of a new sandbox.
    pub fn new(options: StateOptions) -> State {
        let mut wasi = WasiCtx::builder();
        let lines = options.lines.map(|reader| Lines {
            reader,
            output: options.stdout.clone(),
            row: Row::default(),
        });
        let row = lines.as_ref().map(|lines| lines.row.clone());
        let interrupt = options.interrupt.clone();
        wasi.stdin(GuestInput::new(options.input, interrupt, row.clone()))
            .stdout(GuestOutput::new(options.stdout, row.clone()))
            .stderr(GuestOutput::new(options.stderr, row))
            .envs(&options.environment)
            .max_random_size(MOST_RANDOM)
            .allow_tcp(false)
            .allow_udp(false)
            .allow_ip_name_lookup(false);
        if let Some(bytes) = options.deterministic_random {
            wasi.secure_random(Deterministic::new(bytes.clone()))
                .insecure_random(Deterministic::new(bytes))
                .insecure_random_seed(0);
        }
        let mut table = ResourceTable::new();
        table.set_max_capacity(MOST_RESOURCES);
        State {
            table,
            wasi: wasi.build(),
            files: VfsState::new(options.files),
            clocks: options.clocks,
            memory: options.memory,
            interrupt: options.interrupt,
            importing: options.importing,
            lines,
        }
    }

    /// What bounds the growth of its memory, for [`wasmtime::Store::limiter`].
    pub fn limiter(&mut self) -> &mut dyn ResourceLimiter {
        &mut self.memory
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

struct HasTable;

impl HasData for HasTable {
    type Data<'a> = &'a mut ResourceTable;
}

/// A linker of everything that a component of ours may import: WASI 0.2 without HTTP, with our own file
/// system and clocks, and the host's side of `eryx:sandbox`.
///
/// # Errors
/// Never for an engine made from [`crate::engine::config`].
pub fn linker(engine: &Engine) -> wasmtime::Result<Linker<State>> {
    let mut linker = Linker::new(engine);
    let l = &mut linker;
    vfs::add_to_linker::<State>(l, |state| FileSystemView {
        table: &mut state.table,
        state: &mut state.files,
    })?;
    clocks::add_to_linker::<State>(l, |state| ClocksView {
        clocks: &state.clocks,
        interrupt: &state.interrupt,
        table: &mut state.table,
    })?;

    use wasmtime_wasi_io::bindings::wasi::io;
    io::error::add_to_linker::<State, HasTable>(l, |state| &mut state.table)?;
    io::poll::add_to_linker::<State, HasTable>(l, |state| &mut state.table)?;
    io::streams::add_to_linker::<State, HasTable>(l, |state| &mut state.table)?;

    random::random::add_to_linker::<State, WasiRandom>(l, State::random)?;
    random::insecure::add_to_linker::<State, WasiRandom>(l, State::random)?;
    random::insecure_seed::add_to_linker::<State, WasiRandom>(l, State::random)?;

    cli::environment::add_to_linker::<State, WasiCli>(l, State::cli)?;
    cli::exit::add_to_linker::<State, WasiCli>(l, State::cli)?;
    cli::stdin::add_to_linker::<State, WasiCli>(l, State::cli)?;
    cli::stdout::add_to_linker::<State, WasiCli>(l, State::cli)?;
    cli::stderr::add_to_linker::<State, WasiCli>(l, State::cli)?;
    cli::terminal_input::add_to_linker::<State, WasiCli>(l, State::cli)?;
    cli::terminal_output::add_to_linker::<State, WasiCli>(l, State::cli)?;
    cli::terminal_stdin::add_to_linker::<State, WasiCli>(l, State::cli)?;
    cli::terminal_stdout::add_to_linker::<State, WasiCli>(l, State::cli)?;
    cli::terminal_stderr::add_to_linker::<State, WasiCli>(l, State::cli)?;

    // A sandbox has no network; libc imports the interfaces all the same.
    sockets::tcp::add_to_linker::<State, WasiSockets>(l, State::sockets)?;
    sockets::udp::add_to_linker::<State, WasiSockets>(l, State::sockets)?;
    sockets::tcp_create_socket::add_to_linker::<State, WasiSockets>(l, State::sockets)?;
    sockets::udp_create_socket::add_to_linker::<State, WasiSockets>(l, State::sockets)?;
    sockets::instance_network::add_to_linker::<State, WasiSockets>(l, State::sockets)?;
    sockets::network::add_to_linker::<State, WasiSockets>(l, &Default::default(), State::sockets)?;
    sockets::ip_name_lookup::add_to_linker::<State, WasiSockets>(l, State::sockets)?;

    process::add_to_linker(l)?;
    Ok(linker)
}
