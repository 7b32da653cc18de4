//! Small shared libraries that are made at random, as text.

use std::fmt::Write;

/// Numbers that look random (xorshift64*) and are the same for the same seed.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// A number below `bound`.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let value = self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33;
        usize::try_from(value).expect("31 bits") % bound
    }

    fn one_in(&mut self, chances: usize) -> bool {
        self.below(chances) == 0
    }
}

/// Functions that every library exports.
const FUNCTIONS: usize = 3;

/// Bytes of data that a library has; as many zeros follow.
const DATA: usize = 16;

/// The world of the first library.
pub(crate) const WIT: &str = "
package test:fusing;
world graph {
    import tick: func(number: s32) -> s32;
    import text: func(number: s32) -> string;
    export prepare: func();
    export run: func(number: s32) -> s32;
}";

/// The names and texts of some libraries. The first exports the world; each may call every other.
pub(crate) fn libraries(random: &mut Random) -> Vec<(String, String)> {
    let count = 2 + random.below(4);
    (0..count)
        .map(|own| (name(own), Library::random(own, count, random).text()))
        .collect()
}

fn name(library: usize) -> String {
    format!("lib{library}.so")
}

/// One library while its text is written.
struct Library {
    own: usize,
    imports: String,
    functions: String,
    exports: String,
    weak: bool,
    has_start: bool,
    imported: Vec<String>,
}

impl Library {
    fn random(own: usize, count: usize, random: &mut Random) -> Self {
        let mut library = Self {
            own,
            imports: String::new(),
            functions: String::new(),
            exports: String::new(),
            weak: random.one_in(3),
            has_start: random.one_in(2),
            imported: Vec::new(),
        };
        for function in 0..FUNCTIONS {
            library.function(function, count, random);
        }
        library.constructor(random);
        library
    }

    /// Imports something once.
    fn import(&mut self, line: String) {
        if !self.imported.contains(&line) {
            let _ = writeln!(self.imports, "  {line}");
            self.imported.push(line);
        }
    }

    fn function(&mut self, number: usize, count: usize, random: &mut Random) {
        let own = self.own;
        let mut body = String::new();
        for _ in 0..2 + random.below(4) {
            let step = self.step(count, random);
            let _ = writeln!(
                body,
                "    (local.set $sum (i32.add (i32.mul (local.get $sum) (i32.const 31)) {step}))"
            );
        }
        let _ = writeln!(
            self.functions,
            "  (func $f{own}_{number} (export \"f{own}_{number}\") (type $step) (param $number i32) (param $fuel i32) (result i32) (local $sum i32)
    (if (i32.eqz (local.get $fuel)) (then (return (local.get $number))))
    (local.set $sum (local.get $number))
{body}    (local.get $sum))"
        );
    }

    /// An expression of one thing that libraries do.
    fn step(&mut self, count: usize, random: &mut Random) -> String {
        let own = self.own;
        let other = random.below(count);
        let function = random.below(FUNCTIONS);
        let arguments = "(local.get $sum) (i32.sub (local.get $fuel) (i32.const 1))";
        match random.below(9) {
            0 if other != own => {
                self.import(format!(
                    "(import \"env\" \"f{other}_{function}\" (func $f{other}_{function} (type $step)))"
                ));
                format!("(call $f{other}_{function} {arguments})")
            }
            0 | 1 => format!("(call $f{own}_{function} {arguments})"),
            2 => format!(
                "(call_indirect (type $step) {arguments} (i32.add (global.get $__table_base) (i32.const {function})))"
            ),
            3 if other != own => {
                self.import(format!(
                    "(import \"GOT.func\" \"f{other}_{function}\" (global $got_f{other}_{function} (mut i32)))"
                ));
                format!(
                    "(call_indirect (type $step) {arguments} (global.get $got_f{other}_{function}))"
                )
            }
            4 if other != own => {
                self.import(format!(
                    "(import \"GOT.mem\" \"d{other}\" (global $got_d{other} (mut i32)))"
                ));
                format!("(i32.load (global.get $got_d{other}))")
            }
            5 if self.weak => {
                // The linker cannot make one stub for two libraries.
                self.import(format!(
                    "(import \"env\" \"nowhere{own}\" (func $nowhere (type $step)))"
                ));
                self.import(format!(
                    "(import \"GOT.func\" \"nowhere{own}\" (global $got_nowhere (mut i32)))"
                ));
                format!(
                    "(if (result i32) (global.get $got_nowhere) (then (call $nowhere {arguments})) (else (i32.const 7)))"
                )
            }
            6 => "(call $count (local.get $sum))".to_owned(),
            7 if own == 0 => match random.below(2) {
                0 => "(call $tick (local.get $sum))".to_owned(),
                _ => "(call $length (local.get $sum))".to_owned(),
            },
            _ => format!(
                "(i32.load (i32.add (global.get $__memory_base) (i32.const {})))",
                4 * random.below(2 * DATA / 4)
            ),
        }
    }

    /// What runs at the start: each library adds to a number of the first, so that their order counts.
    fn constructor(&mut self, random: &mut Random) {
        let own = self.own;
        if random.one_in(3) {
            return;
        }
        let address = if own == 0 {
            "(global.get $__memory_base)".to_owned()
        } else {
            self.import("(import \"GOT.mem\" \"d0\" (global $got_d0 (mut i32)))".to_owned());
            "(global.get $got_d0)".to_owned()
        };
        let _ = writeln!(
            self.functions,
            "  (func (export \"__wasm_call_ctors\")
    (i32.store {address} (i32.add (i32.mul (i32.load {address}) (i32.const 31)) (i32.const {own})))
    (drop (call $f{own}_0 (i32.const {own}) (i32.const 2))))"
        );
    }

    fn text(mut self) -> String {
        let own = self.own;
        let mut start = String::new();
        if self.has_start {
            // As linkers do: the zeros are cleared, and an internal address is computed.
            start = format!(
                "  (func $start
    (memory.fill (i32.add (global.get $__memory_base) (i32.const {DATA})) (i32.const 0) (i32.const {DATA}))
    (global.set $internal (i32.add (global.get $__memory_base) (i32.const 4))))
  (start $start)\n"
            );
        }
        if own == 0 {
            self.world();
        }
        let flags = if self.imports.contains("$nowhere") {
            format!(" (import-info \"env\" \"nowhere{own}\" binding-weak undefined)")
        } else {
            String::new()
        };
        let needed = if own == 0 {
            ""
        } else {
            " (needed \"lib0.so\")"
        };
        let data: String = (0..DATA)
            .map(|byte| format!("\\{:02x}", (byte * 37 + own * 11 + 1) % 251))
            .collect();
        let elements: Vec<String> = (0..FUNCTIONS).map(|f| format!("$f{own}_{f}")).collect();
        format!(
            "(module
  (@dylink.0 (mem-info (memory {memory} 4) (table {FUNCTIONS} 0)){needed}{flags})
  (type $step (func (param $number i32) (param $fuel i32) (result i32)))
  (import \"env\" \"memory\" (memory 1))
  (import \"env\" \"__indirect_function_table\" (table 0 funcref))
  (import \"env\" \"__memory_base\" (global $__memory_base i32))
  (import \"env\" \"__table_base\" (global $__table_base i32))
{imports}  (global $counter (mut i32) (i32.const {own}))
  (global $internal (mut i32) (i32.const 0))
  (global (export \"d{own}\") i32 (i32.const 0))
  (func $count (param i32) (result i32)
    (global.set $counter (i32.add (global.get $counter) (i32.const 1)))
    (i32.store (i32.add (global.get $__memory_base) (i32.const 8)) (global.get $counter))
    (i32.xor (global.get $internal) (i32.xor (local.get 0) (global.get $counter))))
{functions}{start}{exports}  (elem (global.get $__table_base) func {elements})
  (data (global.get $__memory_base) \"{data}\"))",
            memory = 2 * DATA,
            imports = self.imports,
            functions = self.functions,
            exports = self.exports,
            elements = elements.join(" "),
        )
    }

    /// What the first library has besides: the world, and memory for what the host passes.
    fn world(&mut self) {
        self.imports += "  (import \"$root\" \"tick\" (func $tick (param i32) (result i32)))
  (import \"$root\" \"text\" (func $text (param i32 i32)))\n";
        self.exports += "  (global $free (mut i32) (i32.const 65000))
  (func (export \"cabi_realloc\") (param i32 i32 i32 i32) (result i32)
    (global.set $free (i32.sub (global.get $free) (local.get 3)))
    (global.get $free))
  (func $length (param i32) (result i32)
    (call $text (local.get 0) (i32.const 64000))
    (i32.add (i32.load8_u (i32.load (i32.const 64000))) (i32.load (i32.const 64004))))
  (func (export \"prepare\") (drop (call $f0_1 (i32.const 5) (i32.const 3))))
  (func (export \"run\") (param i32) (result i32) (call $f0_2 (local.get 0) (i32.const 5)))\n";
    }
}
