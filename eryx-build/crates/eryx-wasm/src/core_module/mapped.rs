//! The code of a part, with the indices that its items have in the written module.

use super::{
    Constant, ModuleError, at,
    part::{GlobalPlace, Part, Types},
};
use std::convert::Infallible;
use wasm_encoder::{
    ConstExpr, Instruction,
    reencode::{self, Reencode},
};
use wasmparser::Operator;

/// A part's code, with the indices of the written module.
pub(super) struct Mapped<'p, 'm, 'a> {
    pub(super) part: &'p Part<'m, 'a>,
    pub(super) types: &'p mut Types,
    pub(super) elements: Vec<Option<u32>>,
    pub(super) data_before: u32,
    pub(super) missing: Option<ModuleError>,
}

type Reencoded<T> = Result<T, reencode::Error<Infallible>>;

impl Mapped<'_, '_, '_> {
    /// What was reencoded, unless something of it had no place.
    pub(super) fn checked<T>(&mut self, reencoded: Reencoded<T>) -> Result<T, ModuleError> {
        if let Some(missing) = self.missing.take() {
            return Err(missing);
        }
        reencoded.map_err(|error| match error {
            reencode::Error::ParseError(error) => ModuleError::Read(error),
            other => ModuleError::unsupported(other.to_string()),
        })
    }

    /// A constant expression: a number when its value is known.
    pub(super) fn constant(
        &mut self,
        expression: wasmparser::ConstExpr<'_>,
    ) -> Result<ConstExpr, ModuleError> {
        let globals = &self.part.globals;
        let known = Constant::of(&expression, |global| {
            match at(globals, global, "global").ok()? {
                GlobalPlace::Value(value) => Some(*value),
                GlobalPlace::Index(_) => None,
            }
        });
        if let Some(value) = known {
            Ok(value.expression())
        } else {
            let expression = self.const_expr(expression);
            self.checked(expression)
        }
    }

    /// The new index, or a note that there is none: the module that is written is then thrown away.
    fn place(&mut self, place: Result<u32, ModuleError>) -> u32 {
        place.unwrap_or_else(|error| {
            self.missing.get_or_insert(error);
            0
        })
    }
}

fn kept(place: Result<&Option<u32>, ModuleError>, what: &str) -> Result<u32, ModuleError> {
    place?.ok_or_else(|| ModuleError::unsupported(format!("a {what} that was left out is used")))
}

impl Reencode for Mapped<'_, '_, '_> {
    type Error = Infallible;

    fn function_index(&mut self, function: u32) -> Reencoded<u32> {
        let place = kept(at(&self.part.functions, function, "function"), "function");
        Ok(self.place(place))
    }

    fn global_index(&mut self, global: u32) -> Reencoded<u32> {
        let place = match at(&self.part.globals, global, "global") {
            Ok(GlobalPlace::Index(index)) => Ok(*index),
            Ok(GlobalPlace::Value(_)) => Err(ModuleError::unsupported(
                "a global that always has one value is set",
            )),
            Err(error) => Err(error),
        };
        Ok(self.place(place))
    }

    fn table_index(&mut self, table: u32) -> Reencoded<u32> {
        let place = kept(at(&self.part.tables, table, "table"), "table");
        Ok(self.place(place))
    }

    fn tag_index(&mut self, tag: u32) -> Reencoded<u32> {
        let place = at(&self.part.tags, tag, "tag").copied();
        Ok(self.place(place))
    }

    fn type_index(&mut self, ty: u32) -> Reencoded<u32> {
        let place = at(&self.part.module.types, ty, "type")
            .cloned()
            .and_then(|ty| self.types.of(&ty));
        Ok(self.place(place))
    }

    /// There is one memory.
    fn memory_index(&mut self, _: u32) -> Reencoded<u32> {
        Ok(0)
    }

    fn data_index(&mut self, data: u32) -> Reencoded<u32> {
        Ok(self.data_before + data)
    }

    fn element_index(&mut self, element: u32) -> Reencoded<u32> {
        let place = kept(at(&self.elements, element, "element"), "element segment");
        Ok(self.place(place))
    }

    fn instruction<'i>(&mut self, operator: Operator<'i>) -> Reencoded<Instruction<'i>> {
        if let Operator::GlobalGet { global_index } = operator
            && let Ok(GlobalPlace::Value(value)) = at(&self.part.globals, global_index, "global")
        {
            return Ok(value.instruction());
        }
        reencode::utils::instruction(self, operator)
    }
}
