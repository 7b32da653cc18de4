//! The interfaces of host and guest by their names and versions.
//!
//! Generated from `runtime/wit/sandbox.wit`:
//! `ERYX_UPDATE=1 cargo test --release -p eryx-wasm --test interface`

/// The package of the guest's exports, `prepare` and `run`.
pub const GUEST: &str = "eryx:sandbox@0.1.0";

/// The host's `create-with`.
pub const FILES_MODES: &str = "eryx:files/modes@0.1.0";

/// The host's `of-device`.
pub const FILES_SPACE: &str = "eryx:files/space@0.1.0";

/// The host's `exit`.
pub const PROCESS_EXIT: &str = "eryx:process/exit@0.1.0";

/// The host's `importing`.
pub const PROGRESS_IMPORTS: &str = "eryx:progress/imports@0.1.0";

/// The host's `offer`.
pub const SIGNALS_INTERRUPT: &str = "eryx:signals/interrupt@0.1.0";

/// The host's `read-line`.
pub const TERMINAL_LINES: &str = "eryx:terminal/lines@0.1.0";

/// What the host has besides WASI.
pub const HOST: &[&str] = &[
    FILES_MODES,
    FILES_SPACE,
    PROCESS_EXIT,
    PROGRESS_IMPORTS,
    SIGNALS_INTERRUPT,
    TERMINAL_LINES,
];
