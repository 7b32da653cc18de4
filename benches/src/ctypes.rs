//! `ctypes`: its import, and calls of functions of libc.

use crate::{
    measure::{alternate, own_time, process},
    report,
    setup::Setup,
};
use anyhow::Result;

const ROUNDS: usize = 20;

/// What is measured, a thousand times: its name, and the expression.
const CALLS: [(&str, &str); 6] = [
    ("abs(-3)", "absolute(-3)"),
    ("abs(-3), no argtypes", "undeclared(-3)"),
    ("memset(byref(n), 0, 4)", "memset(byref(number), 0, 4)"),
    ("a callback", "callback(1)"),
    ("string_at", "string_at(text, 4)"),
    ("field of a structure", "point.y"),
];

const PREPARED: &str = "\
import time
from ctypes import *
libc = CDLL(None)
absolute, undeclared, memset = libc['abs'], libc['abs'], libc['memset']
absolute.argtypes = [c_int]
memset.argtypes, memset.restype = [c_void_p, c_int, c_size_t], None
number, text = c_int(5), create_string_buffer(b'text')
callback = CFUNCTYPE(c_int, c_int)(lambda value: value)
class Point(Structure): _fields_ = [('x', c_int), ('y', c_int)]
point = Point(1, 2)
";

/// Measures both inside the program.
pub(crate) fn run(setup: &Setup) -> Result<()> {
    report::heading(
        "ctypes",
        "measured in the program: the import, and what is written there, a thousand times in a loop",
    );
    let import = "import time\n\
                  start = time.perf_counter()\n\
                  import ctypes\n\
                  print(time.perf_counter() - start)\n";
    compare(setup, "import ctypes", import)?;
    for (name, expression) in CALLS {
        let program = format!(
            "{PREPARED}def repeat():\n    \
                 for _ in range(1000): {expression}\n\
             repeat()\n\
             start = time.perf_counter()\n\
             repeat()\n\
             print(time.perf_counter() - start)\n"
        );
        compare(setup, name, &program)?;
    }
    Ok(())
}

fn compare(setup: &Setup, name: &str, program: &str) -> Result<()> {
    let (eryx, native) = alternate(
        ROUNDS,
        || own_time(&process(setup.sandbox(&setup.bare).args(["-c", program]))?.output),
        || own_time(&process(setup.native().args(["-c", program]))?.output),
    )?;
    report::comparison(name, &eryx, ("CPython", &native), "");
    Ok(())
}
