//! Importing modules of the standard library that were not imported at bake time.

use crate::{
    measure::{alternate, own_time, process},
    report,
    setup::Setup,
};
use anyhow::Result;

const ROUNDS: usize = 40;

const MODULES: [&str; 3] = ["csv", "unittest", "email.message"];

/// Measures imports from inside the program.
pub(crate) fn run(setup: &Setup) -> Result<()> {
    report::heading(
        "imports",
        "of modules that are not in the snapshot, measured in the program; CPython has its own .pyc files. \
         \"same modules\" is CPython with all modules loaded that the snapshot of an empty image has",
    );
    // A module that both have already costs neither anything.
    let question =
        "import sys; print(*sorted(name for name in sys.modules if name[0] != '_'), sep=',')";
    let baked = process(setup.sandbox(&setup.bare).args(["-c", question]))?.output;
    for module in MODULES {
        let measured = |first: &str| {
            format!(
                "import importlib, time\n\
                 for name in {first:?}.split(','):\n    \
                     try: importlib.import_module(name)\n    \
                     except ImportError: pass\n\
                 start = time.perf_counter()\n\
                 import {module}\n\
                 print(time.perf_counter() - start)\n"
            )
        };
        let plain = measured("sys");
        for (name, in_native, target) in [
            ("CPython", plain.clone(), "   target 2.0"),
            ("same modules", measured(baked.trim()), ""),
        ] {
            let (eryx, native) = alternate(
                ROUNDS,
                || own_time(&process(setup.sandbox(&setup.bare).args(["-c", &plain]))?.output),
                || own_time(&process(setup.native().args(["-c", &in_native]))?.output),
            )?;
            report::comparison(&format!("import {module}"), &eryx, (name, &native), target);
        }
    }
    Ok(())
}
