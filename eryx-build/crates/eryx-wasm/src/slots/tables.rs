//! Python's tables in a library's static data, and the functions in them.

use super::{
    call::{Call, Use},
    data::{StaticData, Word},
    layout::{
        ASYNC, BUFFER, GETSET, GETSET_WORDS, MAPPING, METHOD_WORDS, MODULE, MODULE_SLOTS, NUMBER,
        SEQUENCE, Slot, TYPE, TYPE_SLOTS, WORD, method, module, type_object, type_slot,
    },
};
use std::collections::BTreeMap;

/// The longest table that is followed.
const MAX_ENTRIES: u32 = 2000;

/// The most bytes that an object or an item of one has by its type's definition.
const MAX_SIZE: u32 = 1 << 16;

/// Every word of the data from which Python takes a function, each once, by address.
pub(super) fn uses(data: &StaticData<'_>) -> Vec<Use> {
    let mut found = Tables {
        data,
        uses: BTreeMap::new(),
    };
    for (address, to) in data.references() {
        if let Some(name) = data.name(to) {
            // What follows the name of a module looks like the definition of a type that has its slots.
            if !found.module(address, name) {
                found.type_object(address, name);
                found.type_specification(address, name);
                found.method(address, name);
            }
        }
    }
    found.uses.into_values().collect()
}

struct Tables<'d, 'a> {
    data: &'d StaticData<'a>,
    uses: BTreeMap<u32, Use>,
}

impl Tables<'_, '_> {
    /// The word so many words behind an address.
    fn word(&self, address: u32, word: u32) -> Option<Word> {
        self.data.word(at(address, word)?)
    }

    fn number(&self, address: u32, word: u32) -> Option<u32> {
        match self.word(address, word)? {
            Word::Number(number) => Some(number),
            _ => None,
        }
    }

    fn table(&self, address: u32, word: u32) -> Option<u32> {
        match self.word(address, word)? {
            Word::Memory(table) => Some(table),
            _ => None,
        }
    }

    /// Notes the functions that a structure has in these words.
    fn functions(&mut self, structure: u32, slots: &[Slot], owner: &str) {
        for (word, slot, call) in slots {
            self.function(structure, *word, (slot, *call), owner);
        }
    }

    fn function(
        &mut self,
        structure: u32,
        word: u32,
        (slot, call): (&'static str, Call),
        owner: &str,
    ) {
        if let Some(address) = at(structure, word)
            && let Some(Word::Function(function)) = self.data.word(address)
        {
            self.uses.entry(address).or_insert_with(|| Use {
                owner: owner.to_owned(),
                slot,
                address,
                function,
                call,
            });
        }
    }

    /// A `PyTypeObject` whose name is referred to from here.
    fn type_object(&mut self, name_address: u32, owner: &str) {
        let Some(start) = name_address.checked_sub(type_object::NAME * WORD) else {
            return;
        };
        let small = |word| self.number(start, word).is_some_and(|size| size < MAX_SIZE);
        let is_type = self
            .number(start, 0)
            .is_some_and(|references| references != 0)
            && self.number(start, type_object::SIZE) == Some(0)
            && small(type_object::BASIC_SIZE)
            && small(type_object::ITEM_SIZE)
            && self.number(start, type_object::FLAGS).is_some()
            && TYPE.iter().all(|(word, _, _)| {
                matches!(
                    self.word(start, *word),
                    Some(Word::Number(0) | Word::Function(_) | Word::Foreign)
                )
            });
        if !is_type {
            return;
        }
        self.functions(start, &TYPE, owner);
        for (word, slots) in [
            (type_object::AS_ASYNC, ASYNC.as_slice()),
            (type_object::AS_NUMBER, NUMBER.as_slice()),
            (type_object::AS_SEQUENCE, SEQUENCE.as_slice()),
            (type_object::AS_MAPPING, MAPPING.as_slice()),
            (type_object::AS_BUFFER, BUFFER.as_slice()),
        ] {
            if let Some(table) = self.table(start, word) {
                self.functions(table, slots, owner);
            }
        }
        self.methods(start, type_object::METHODS, owner);
        self.getset(start, type_object::GETSET, owner);
    }

    /// A `PyType_Spec` whose name is referred to from here: name, two sizes, flags and slots.
    fn type_specification(&mut self, start: u32, owner: &str) {
        const SLOTS: u32 = 4;
        // The size may be negative: that is what it adds to the one of its base.
        let is_size = |number: u32| number.cast_signed().unsigned_abs() < MAX_SIZE;
        let is_specification = self.number(start, 1).is_some_and(is_size)
            && self.number(start, 2).is_some_and(is_size)
            && self.number(start, 3).is_some();
        let Some(slots) = self.table(start, SLOTS).filter(|_| is_specification) else {
            return;
        };
        let mut entries = Vec::new();
        for entry in 0..=type_slot::LAST {
            let Some(entry) = at(slots, entry * 2) else {
                return;
            };
            match self.number(entry, 0) {
                Some(0) => break,
                Some(number) if number <= type_slot::LAST => entries.push((entry, number)),
                // Then it is no list of slots.
                _ => return,
            }
        }
        for (entry, number) in entries {
            if let Some((_, slot, call)) = TYPE_SLOTS.iter().find(|(other, ..)| *other == number) {
                self.function(entry, 1, (slot, *call), owner);
            } else if number == type_slot::METHODS {
                self.methods(entry, 1, owner);
            } else if number == type_slot::GETSET {
                self.getset(entry, 1, owner);
            }
        }
    }

    /// A `PyModuleDef` whose name is referred to from here. False when there is none.
    fn module(&mut self, name_address: u32, owner: &str) -> bool {
        let Some(start) = name_address.checked_sub(module::NAME * WORD) else {
            return false;
        };
        let is_table = |word| {
            matches!(
                self.word(start, word),
                Some(Word::Number(0) | Word::Memory(_))
            )
        };
        let is_module = self
            .number(start, 0)
            .is_some_and(|references| references != 0)
            && (1..=module::COPY).all(|word| self.number(start, word) == Some(0))
            && self.number(start, module::SIZE).is_some()
            && is_table(module::METHODS)
            && is_table(module::SLOTS);
        if is_module {
            self.functions(start, &MODULE, owner);
            self.methods(start, module::METHODS, owner);
            if let Some(slots) = self.table(start, module::SLOTS) {
                self.module_slots(slots, owner);
            }
        }
        is_module
    }

    fn module_slots(&mut self, slots: u32, owner: &str) {
        for entry in 0..MAX_ENTRIES {
            let Some(entry) = at(slots, entry * 2) else {
                return;
            };
            let Some(number) = self.number(entry, 0).filter(|number| *number != 0) else {
                return;
            };
            if let Some((_, slot, call)) = MODULE_SLOTS.iter().find(|(other, ..)| *other == number)
            {
                self.function(entry, 1, (slot, *call), owner);
            }
        }
    }

    /// The table of methods that a word refers to.
    fn methods(&mut self, structure: u32, word: u32, owner: &str) {
        let Some(table) = self.table(structure, word) else {
            return;
        };
        for entry in 0..MAX_ENTRIES {
            let Some(entry) = at(table, entry * METHOD_WORDS) else {
                return;
            };
            let Some(name) = self.table(entry, 0).and_then(|name| self.data.name(name)) else {
                return;
            };
            self.method(entry, &format!("{owner}.{name}"));
        }
    }

    /// One `PyMethodDef`: name, function, flags and documentation. Its flags make it certain enough.
    fn method(&mut self, start: u32, owner: &str) {
        let is_documentation =
            matches!(self.word(start, 3), Some(Word::Number(0) | Word::Memory(_)));
        if let Some(call) = self.number(start, 2).and_then(method)
            && is_documentation
        {
            self.function(start, 1, ("a method", call), owner);
        }
    }

    /// The table of getters and setters that a word refers to.
    fn getset(&mut self, structure: u32, word: u32, owner: &str) {
        let Some(table) = self.table(structure, word) else {
            return;
        };
        for entry in 0..MAX_ENTRIES {
            let Some(entry) = at(table, entry * GETSET_WORDS) else {
                return;
            };
            let Some(name) = self.table(entry, 0).and_then(|name| self.data.name(name)) else {
                return;
            };
            self.functions(entry, &GETSET, &format!("{owner}.{name}"));
        }
    }
}

/// The address so many words behind another.
fn at(address: u32, words: u32) -> Option<u32> {
    address.checked_add(words.checked_mul(WORD)?)
}
