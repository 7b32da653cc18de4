//! Values that are known before a module runs.

use wasmparser::{ConstExpr, Operator};

/// The value of a number that is known. Floating-point numbers are kept as their bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Constant {
    /// 32 bits.
    I32(i32),
    /// 64 bits.
    I64(i64),
    /// A 32-bit floating-point number.
    F32(u32),
    /// A 64-bit floating-point number.
    F64(u64),
}

impl Constant {
    /// The value of a constant expression, including the extended ones of WebAssembly 3.0, given the values
    /// of the globals that it reads. None when it is not a number or not known.
    pub fn of(expression: &ConstExpr<'_>, global: impl Fn(u32) -> Option<Self>) -> Option<Self> {
        let mut stack: Vec<Self> = Vec::new();
        for operator in expression.get_operators_reader() {
            let value = match operator.ok()? {
                Operator::I32Const { value } => Self::I32(value),
                Operator::I64Const { value } => Self::I64(value),
                Operator::F32Const { value } => Self::F32(value.bits()),
                Operator::F64Const { value } => Self::F64(value.bits()),
                Operator::GlobalGet { global_index } => global(global_index)?,
                Operator::End => break,
                operator => {
                    let right = stack.pop()?;
                    let left = stack.pop()?;
                    combined(&operator, left, right)?
                }
            };
            stack.push(value);
        }
        let value = stack.pop()?;
        stack.is_empty().then_some(value)
    }

    /// The instruction that gives the value.
    pub(super) fn instruction(self) -> wasm_encoder::Instruction<'static> {
        use wasm_encoder::{Ieee32, Ieee64, Instruction};
        match self {
            Self::I32(value) => Instruction::I32Const(value),
            Self::I64(value) => Instruction::I64Const(value),
            Self::F32(bits) => Instruction::F32Const(Ieee32::new(bits)),
            Self::F64(bits) => Instruction::F64Const(Ieee64::new(bits)),
        }
    }

    /// The constant expression that gives the value.
    pub(super) fn expression(self) -> wasm_encoder::ConstExpr {
        use wasm_encoder::{ConstExpr, Ieee32, Ieee64};
        match self {
            Self::I32(value) => ConstExpr::i32_const(value),
            Self::I64(value) => ConstExpr::i64_const(value),
            Self::F32(bits) => ConstExpr::f32_const(Ieee32::new(bits)),
            Self::F64(bits) => ConstExpr::f64_const(Ieee64::new(bits)),
        }
    }
}

/// The operators that an extended constant expression may have.
fn combined(operator: &Operator<'_>, left: Constant, right: Constant) -> Option<Constant> {
    match (left, right) {
        (Constant::I32(left), Constant::I32(right)) => Some(Constant::I32(match operator {
            Operator::I32Add => left.wrapping_add(right),
            Operator::I32Sub => left.wrapping_sub(right),
            Operator::I32Mul => left.wrapping_mul(right),
            _ => return None,
        })),
        (Constant::I64(left), Constant::I64(right)) => Some(Constant::I64(match operator {
            Operator::I64Add => left.wrapping_add(right),
            Operator::I64Sub => left.wrapping_sub(right),
            Operator::I64Mul => left.wrapping_mul(right),
            _ => return None,
        })),
        _ => None,
    }
}
