//! Native libraries that throw WebAssembly exceptions, written as text.

use crate::wheels::Wheel;

/// What every library begins with.
const IMPORTS: &str = r#"
    (@dylink.0 (mem-info (memory 192 4)) (needed "libc.so" "libpython3.14.so"))
    (import "env" "memory" (memory 1))
    (import "env" "__memory_base" (global $base i32))
    (import "env" "PyModule_Create2" (func $create (param i32 i32) (result i32)))
    (import "env" "PyModule_AddIntConstant" (func $constant (param i32 i32 i32) (result i32)))"#;

/// By which libraries share their exceptions.
pub const SHARED: &str = r#"(import "env" "__cpp_exception" (tag $exception (param i32)))"#;

/// An exception that is a library's own.
pub const OWN: &str = "(tag $exception (param i32))";

/// A wheel with a module of Python, whose constant `value` is what the function `$value` gives.
pub fn wheel(name: &str, tag: &str, functions: &str) -> Wheel {
    // Its `PyModuleDef` is behind two names: one reference, the name at 20, the size of its state at 28.
    let library = wat::parse_str(format!(
        r#"(module {IMPORTS} {tag}
            (data (global.get $base) "{name}\00")
            (data (i32.add (global.get $base) (i32.const 32)) "value\00")
            (data (i32.add (global.get $base) (i32.const 64)) "\01")
            (data (i32.add (global.get $base) (i32.const 92)) "\ff\ff\ff\ff")
            {functions}
            (func (export "PyInit_{name}") (result i32) (local $made i32)
                (i32.store offset=84 (global.get $base) (global.get $base))
                (local.set $made (call $create
                    (i32.add (global.get $base) (i32.const 64)) (i32.const 1013)))
                (drop (call $constant (local.get $made)
                    (i32.add (global.get $base) (i32.const 32)) (call $value)))
                (local.get $made)))"#
    ))
    .expect("the text is WebAssembly");
    Wheel::new(name)
        .tag("cp314-cp314-wasi_wasm32")
        .file(&format!("{name}.cpython-314-wasm32-wasi.so"), library)
}

/// Throws 2 so many times, and adds up what it catches.
pub fn throws(times: u32) -> String {
    format!(
        "(func $throw (param i32) (throw $exception (local.get 0)))
        (func $value (result i32) (local $sum i32) (local $left i32)
            (local.set $left (i32.const {times}))
            (loop $again
                (block $caught (result i32)
                    (try_table (catch $exception $caught) (call $throw (i32.const 2)))
                    (unreachable))
                (local.set $sum (i32.add (local.get $sum)))
                (br_if $again (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))
            (local.get $sum))"
    )
}
