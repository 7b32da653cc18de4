//! What a function's code uses.

use super::{Constant, CoreModule, ModuleError};
use wasmparser::{FunctionBody, Operator};

/// What the code of one function names, by the indices of its module, each once and in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Uses {
    /// Functions that it calls or takes a reference to.
    pub functions: Vec<u32>,
    /// Globals that it sets.
    pub globals_set: Vec<u32>,
    /// Tables that it uses in any way.
    pub tables: Vec<u32>,
    /// Tables whose entries it may change.
    pub tables_written: Vec<u32>,
    /// Tables whose size it may change.
    pub tables_grown: Vec<u32>,
}

impl Uses {
    /// Reads a function's code.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn of(body: &FunctionBody<'_>) -> Result<Self, ModuleError> {
        let mut uses = Self::default();
        let mut operators = body.get_operators_reader()?;
        while !operators.eof() {
            uses.take(&operators.read()?);
        }
        for list in [
            &mut uses.functions,
            &mut uses.globals_set,
            &mut uses.tables,
            &mut uses.tables_written,
            &mut uses.tables_grown,
        ] {
            list.sort_unstable();
            list.dedup();
        }
        Ok(uses)
    }

    fn take(&mut self, operator: &Operator<'_>) {
        match *operator {
            Operator::Call { function_index }
            | Operator::ReturnCall { function_index }
            | Operator::RefFunc { function_index } => self.functions.push(function_index),
            Operator::GlobalSet { global_index } => self.globals_set.push(global_index),
            Operator::CallIndirect { table_index, .. }
            | Operator::ReturnCallIndirect { table_index, .. } => self.tables.push(table_index),
            Operator::TableGet { table } | Operator::TableSize { table } => self.tables.push(table),
            Operator::TableSet { table }
            | Operator::TableFill { table }
            | Operator::TableInit { table, .. } => self.writes(table),
            Operator::TableGrow { table } => {
                self.writes(table);
                self.tables_grown.push(table);
            }
            Operator::TableCopy {
                dst_table,
                src_table,
            } => {
                self.writes(dst_table);
                self.tables.push(src_table);
            }
            _ => {}
        }
    }

    fn writes(&mut self, table: u32) {
        self.tables.push(table);
        self.tables_written.push(table);
    }
}

/// The table and the entry that a function calls when all it does is to pass its own parameters on to one
/// fixed entry of a table, with the very type that it has itself.
///
/// # Errors
/// When its code cannot be read.
pub fn indirect_call_of(
    module: &CoreModule<'_>,
    function: u32,
) -> Result<Option<(u32, u32)>, ModuleError> {
    let Some(body) = module.body(function) else {
        return Ok(None);
    };
    let own = module.function_type(function)?;
    if body.get_locals_reader()?.get_count() != 0 {
        return Ok(None);
    }
    let mut operators = body.get_operators_reader()?;
    for parameter in 0..own.params().len() {
        let Operator::LocalGet { local_index } = operators.read()? else {
            return Ok(None);
        };
        if usize::try_from(local_index) != Ok(parameter) {
            return Ok(None);
        }
    }
    let Operator::I32Const { value } = operators.read()? else {
        return Ok(None);
    };
    let Operator::CallIndirect {
        type_index,
        table_index,
    } = operators.read()?
    else {
        return Ok(None);
    };
    let is_end = matches!(operators.read()?, Operator::End) && operators.eof();
    let same = super::at(&module.types, type_index, "type")? == own;
    Ok((is_end && same).then_some((table_index, value.cast_unsigned())))
}

/// The stretches of memory that a function fills, as the first byte and the byte behind the last, when that
/// is all that it does besides storing sums of constants and globals in globals. None when it does more:
/// then it may see memory or tables, or call something.
///
/// That is what linkers write to clear `.bss` and to compute the addresses that globals hold; when there is
/// both to do, the function calls one for each.
///
/// # Errors
/// When its code cannot be read.
pub fn only_fills(
    module: &CoreModule<'_>,
    function: u32,
    global: impl Fn(u32) -> Option<Constant>,
) -> Result<Option<Vec<(u64, u64)>>, ModuleError> {
    let mut filled = Vec::new();
    let is_all = note_fills(module, function, &global, MAX_CALLS, &mut filled)?;
    Ok(is_all.then_some(filled))
}

/// How many calls of a start function are followed: more than linkers write, and few enough that a hostile
/// library costs little.
const MAX_CALLS: u32 = 4;

/// Adds what a function fills, and what those fill that it calls, of which there may be `calls`. Whether that
/// is all that it does.
fn note_fills(
    module: &CoreModule<'_>,
    function: u32,
    global: &dyn Fn(u32) -> Option<Constant>,
    mut calls: u32,
    filled: &mut Vec<(u64, u64)>,
) -> Result<bool, ModuleError> {
    let Some(body) = module.body(function) else {
        return Ok(false);
    };
    // A value is none when it is not known here.
    let mut stack: Vec<Option<Constant>> = Vec::new();
    let mut operators = body.get_operators_reader()?;
    while !operators.eof() {
        match operators.read()? {
            Operator::GlobalGet { global_index } => stack.push(global(global_index)),
            Operator::GlobalSet { .. } => {
                stack.pop();
            }
            Operator::I32Const { value } => stack.push(Some(Constant::I32(value))),
            Operator::I32Add => {
                let (right, left) = (stack.pop().flatten(), stack.pop().flatten());
                stack.push(match (left, right) {
                    (Some(Constant::I32(left)), Some(Constant::I32(right))) => {
                        Some(Constant::I32(left.wrapping_add(right)))
                    }
                    _ => None,
                });
            }
            Operator::MemoryFill { .. } => {
                let (length, _, start) = (stack.pop(), stack.pop(), stack.pop());
                let (Some(Some(Constant::I32(length))), Some(Some(Constant::I32(start)))) =
                    (length, start)
                else {
                    return Ok(false);
                };
                let start = u64::from(start.cast_unsigned());
                filled.push((start, start + u64::from(length.cast_unsigned())));
            }
            Operator::Call { function_index } if calls > 0 => {
                calls -= 1;
                let called = module.function_type(function_index)?;
                let is_plain = called.params().is_empty() && called.results().is_empty();
                if !is_plain || !note_fills(module, function_index, global, 0, filled)? {
                    return Ok(false);
                }
            }
            Operator::End => {}
            _ => return Ok(false),
        }
    }
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the function `start` fills; the functions `clear` and `set` are as a linker writes them.
    fn filled(start: &str, others: &str) -> Option<Vec<(u64, u64)>> {
        let text = format!(
            "(module (memory 1) (global $address (mut i32) (i32.const 0))
               (func $start {start})
               (func $clear (memory.fill (i32.const 16) (i32.const 0) (i32.const 4)))
               (func $set (global.set $address (i32.add (i32.const 8) (i32.const 8))))
               {others} (start $start))"
        );
        let bytes = wat::parse_str(text).unwrap();
        let module = CoreModule::read(&bytes).unwrap();
        only_fills(&module, module.start.unwrap(), |_| None).unwrap()
    }

    #[test]
    fn calls_of_a_start_function_are_followed() {
        assert_eq!(filled("", ""), Some(vec![]));
        let both = filled("(call $set) (call $clear)", "");
        assert_eq!(both, Some(vec![(16, 20)]));
    }

    #[test]
    fn what_does_more_or_calls_too_much_is_not_taken() {
        let store = "(func $store (i32.store (i32.const 0) (i32.const 1)))";
        assert_eq!(filled("(call $store)", store), None);
        let deeper = "(func $deeper (call $clear))";
        assert_eq!(filled("(call $deeper)", deeper), None);
        assert_eq!(filled("(call $start)", ""), None);
        assert_eq!(filled(&"(call $set)".repeat(5), ""), None);
        let parameter = "(func $with (param i32))";
        assert_eq!(filled("(call $with (i32.const 1))", parameter), None);
    }
}
