//! Speed of Python code: small programs that measure themselves.

use crate::{
    measure::{Times, alternate, own_time, process},
    report,
    setup::Setup,
};
use anyhow::Result;

const ROUNDS: usize = 5;

/// The programs, by the names of their files.
pub(crate) const PROGRAMS: [&str; 6] = [
    "nbody",
    "fannkuch",
    "objects",
    "documents",
    "regex",
    "print",
];

/// Measures each program, without the start of its process.
pub(crate) fn run(setup: &Setup) -> Result<()> {
    report::heading("speed", "of Python code, without the start of the process");
    let mut logarithms = 0.0;
    for name in PROGRAMS {
        let program = setup.program(&format!("{name}.py"));
        let (eryx, native) = alternate(
            ROUNDS,
            || own_time(&process(setup.sandbox(&setup.example).arg(&program))?.output),
            || own_time(&process(setup.native().arg(&program))?.output),
        )?;
        report::comparison(name, &eryx, ("CPython", &native), "");
        logarithms += ratio(&eryx, &native).ln();
    }
    let count = f64::from(u32::try_from(PROGRAMS.len())?);
    report::line(
        "geometric mean",
        &format!("ratio {:5.2}", (logarithms / count).exp()),
    );
    Ok(())
}

/// The ratio of two medians.
pub(crate) fn ratio(eryx: &Times, native: &Times) -> f64 {
    eryx.median().as_secs_f64() / native.median().as_secs_f64().max(f64::MIN_POSITIVE)
}
