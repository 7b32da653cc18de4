//! How CPython 3.14 lays out its tables on a machine of 32 bits (`Include/cpython/object.h`,
//! `Include/typeslots.h`, `Include/moduleobject.h`), and how it calls what is in them.

use super::call::Call;

/// A slot that holds a function: where it is, what it is called, and how it is called.
pub(super) type Slot = (u32, &'static str, Call);

/// Bytes of a word.
pub(super) const WORD: u32 = 4;

/// Takes this many arguments and returns something.
const fn gives(arguments: usize) -> Call {
    Call {
        arguments,
        has_result: true,
    }
}

/// Takes one argument and returns nothing.
const NOTHING: Call = Call {
    arguments: 1,
    has_result: false,
};

/// `releasebufferproc`.
const RELEASE: Call = Call {
    arguments: 2,
    has_result: false,
};

/// The words of `PyTypeObject` that matter.
pub(super) mod type_object {
    pub(in super::super) const SIZE: u32 = 2;
    pub(in super::super) const NAME: u32 = 3;
    pub(in super::super) const BASIC_SIZE: u32 = 4;
    pub(in super::super) const ITEM_SIZE: u32 = 5;
    pub(in super::super) const AS_ASYNC: u32 = 10;
    pub(in super::super) const AS_NUMBER: u32 = 12;
    pub(in super::super) const AS_SEQUENCE: u32 = 13;
    pub(in super::super) const AS_MAPPING: u32 = 14;
    pub(in super::super) const AS_BUFFER: u32 = 20;
    pub(in super::super) const FLAGS: u32 = 21;
    pub(in super::super) const METHODS: u32 = 29;
    pub(in super::super) const GETSET: u32 = 31;
}

/// The functions of a `PyTypeObject`, by word.
pub(super) const TYPE: [Slot; 24] = [
    (6, "tp_dealloc", NOTHING),
    (8, "tp_getattr", gives(2)),
    (9, "tp_setattr", gives(3)),
    (11, "tp_repr", gives(1)),
    (15, "tp_hash", gives(1)),
    (16, "tp_call", gives(3)),
    (17, "tp_str", gives(1)),
    (18, "tp_getattro", gives(2)),
    (19, "tp_setattro", gives(3)),
    (23, "tp_traverse", gives(3)),
    (24, "tp_clear", gives(1)),
    (25, "tp_richcompare", gives(3)),
    (27, "tp_iter", gives(1)),
    (28, "tp_iternext", gives(1)),
    (34, "tp_descr_get", gives(3)),
    (35, "tp_descr_set", gives(3)),
    (37, "tp_init", gives(3)),
    (38, "tp_alloc", gives(2)),
    (39, "tp_new", gives(3)),
    (40, "tp_free", NOTHING),
    (41, "tp_is_gc", gives(1)),
    (47, "tp_del", NOTHING),
    (49, "tp_finalize", NOTHING),
    (50, "tp_vectorcall", gives(4)),
];

/// `PyAsyncMethods`.
pub(super) const ASYNC: [Slot; 4] = [
    (0, "am_await", gives(1)),
    (1, "am_aiter", gives(1)),
    (2, "am_anext", gives(1)),
    (3, "am_send", gives(3)),
];

/// `PyNumberMethods`; the 18th word is reserved.
pub(super) const NUMBER: [Slot; 35] = [
    (0, "nb_add", gives(2)),
    (1, "nb_subtract", gives(2)),
    (2, "nb_multiply", gives(2)),
    (3, "nb_remainder", gives(2)),
    (4, "nb_divmod", gives(2)),
    (5, "nb_power", gives(3)),
    (6, "nb_negative", gives(1)),
    (7, "nb_positive", gives(1)),
    (8, "nb_absolute", gives(1)),
    (9, "nb_bool", gives(1)),
    (10, "nb_invert", gives(1)),
    (11, "nb_lshift", gives(2)),
    (12, "nb_rshift", gives(2)),
    (13, "nb_and", gives(2)),
    (14, "nb_xor", gives(2)),
    (15, "nb_or", gives(2)),
    (16, "nb_int", gives(1)),
    (18, "nb_float", gives(1)),
    (19, "nb_inplace_add", gives(2)),
    (20, "nb_inplace_subtract", gives(2)),
    (21, "nb_inplace_multiply", gives(2)),
    (22, "nb_inplace_remainder", gives(2)),
    (23, "nb_inplace_power", gives(3)),
    (24, "nb_inplace_lshift", gives(2)),
    (25, "nb_inplace_rshift", gives(2)),
    (26, "nb_inplace_and", gives(2)),
    (27, "nb_inplace_xor", gives(2)),
    (28, "nb_inplace_or", gives(2)),
    (29, "nb_floor_divide", gives(2)),
    (30, "nb_true_divide", gives(2)),
    (31, "nb_inplace_floor_divide", gives(2)),
    (32, "nb_inplace_true_divide", gives(2)),
    (33, "nb_index", gives(1)),
    (34, "nb_matrix_multiply", gives(2)),
    (35, "nb_inplace_matrix_multiply", gives(2)),
];

/// `PySequenceMethods`; the fifth and seventh words are of Python 2.
pub(super) const SEQUENCE: [Slot; 8] = [
    (0, "sq_length", gives(1)),
    (1, "sq_concat", gives(2)),
    (2, "sq_repeat", gives(2)),
    (3, "sq_item", gives(2)),
    (5, "sq_ass_item", gives(3)),
    (7, "sq_contains", gives(2)),
    (8, "sq_inplace_concat", gives(2)),
    (9, "sq_inplace_repeat", gives(2)),
];

/// `PyMappingMethods`.
pub(super) const MAPPING: [Slot; 3] = [
    (0, "mp_length", gives(1)),
    (1, "mp_subscript", gives(2)),
    (2, "mp_ass_subscript", gives(3)),
];

/// `PyBufferProcs`.
pub(super) const BUFFER: [Slot; 2] = [
    (0, "bf_getbuffer", gives(3)),
    (1, "bf_releasebuffer", RELEASE),
];

/// The words of `PyModuleDef` that matter.
pub(super) mod module {
    pub(in super::super) const COPY: u32 = 4;
    pub(in super::super) const NAME: u32 = 5;
    pub(in super::super) const SIZE: u32 = 7;
    pub(in super::super) const METHODS: u32 = 8;
    pub(in super::super) const SLOTS: u32 = 9;
}

/// The functions of a `PyModuleDef`.
pub(super) const MODULE: [Slot; 3] = [
    (10, "m_traverse", gives(3)),
    (11, "m_clear", gives(1)),
    (12, "m_free", NOTHING),
];

/// The slots of a module that hold functions, by number.
pub(super) const MODULE_SLOTS: [Slot; 2] =
    [(1, "Py_mod_create", gives(2)), (2, "Py_mod_exec", gives(1))];

/// The numbers of the slots of a type that lead to further tables.
pub(super) mod type_slot {
    pub(in super::super) const METHODS: u32 = 64;
    pub(in super::super) const GETSET: u32 = 73;
    /// The largest number there is.
    pub(in super::super) const LAST: u32 = 83;
}

/// The slots of a type that hold functions, by number. Those of the tables above have their calls.
pub(super) const TYPE_SLOTS: [Slot; 76] = [
    (1, "bf_getbuffer", gives(3)),
    (2, "bf_releasebuffer", RELEASE),
    (3, "mp_ass_subscript", gives(3)),
    (4, "mp_length", gives(1)),
    (5, "mp_subscript", gives(2)),
    (6, "nb_absolute", gives(1)),
    (7, "nb_add", gives(2)),
    (8, "nb_and", gives(2)),
    (9, "nb_bool", gives(1)),
    (10, "nb_divmod", gives(2)),
    (11, "nb_float", gives(1)),
    (12, "nb_floor_divide", gives(2)),
    (13, "nb_index", gives(1)),
    (14, "nb_inplace_add", gives(2)),
    (15, "nb_inplace_and", gives(2)),
    (16, "nb_inplace_floor_divide", gives(2)),
    (17, "nb_inplace_lshift", gives(2)),
    (18, "nb_inplace_multiply", gives(2)),
    (19, "nb_inplace_or", gives(2)),
    (20, "nb_inplace_power", gives(3)),
    (21, "nb_inplace_remainder", gives(2)),
    (22, "nb_inplace_rshift", gives(2)),
    (23, "nb_inplace_subtract", gives(2)),
    (24, "nb_inplace_true_divide", gives(2)),
    (25, "nb_inplace_xor", gives(2)),
    (26, "nb_int", gives(1)),
    (27, "nb_invert", gives(1)),
    (28, "nb_lshift", gives(2)),
    (29, "nb_multiply", gives(2)),
    (30, "nb_negative", gives(1)),
    (31, "nb_or", gives(2)),
    (32, "nb_positive", gives(1)),
    (33, "nb_power", gives(3)),
    (34, "nb_remainder", gives(2)),
    (35, "nb_rshift", gives(2)),
    (36, "nb_subtract", gives(2)),
    (37, "nb_true_divide", gives(2)),
    (38, "nb_xor", gives(2)),
    (39, "sq_ass_item", gives(3)),
    (40, "sq_concat", gives(2)),
    (41, "sq_contains", gives(2)),
    (42, "sq_inplace_concat", gives(2)),
    (43, "sq_inplace_repeat", gives(2)),
    (44, "sq_item", gives(2)),
    (45, "sq_length", gives(1)),
    (46, "sq_repeat", gives(2)),
    (47, "tp_alloc", gives(2)),
    (50, "tp_call", gives(3)),
    (51, "tp_clear", gives(1)),
    (52, "tp_dealloc", NOTHING),
    (53, "tp_del", NOTHING),
    (54, "tp_descr_get", gives(3)),
    (55, "tp_descr_set", gives(3)),
    (57, "tp_getattr", gives(2)),
    (58, "tp_getattro", gives(2)),
    (59, "tp_hash", gives(1)),
    (60, "tp_init", gives(3)),
    (61, "tp_is_gc", gives(1)),
    (62, "tp_iter", gives(1)),
    (63, "tp_iternext", gives(1)),
    (65, "tp_new", gives(3)),
    (66, "tp_repr", gives(1)),
    (67, "tp_richcompare", gives(3)),
    (68, "tp_setattr", gives(3)),
    (69, "tp_setattro", gives(3)),
    (70, "tp_str", gives(1)),
    (71, "tp_traverse", gives(3)),
    (74, "tp_free", NOTHING),
    (75, "nb_matrix_multiply", gives(2)),
    (76, "nb_inplace_matrix_multiply", gives(2)),
    (77, "am_await", gives(1)),
    (78, "am_aiter", gives(1)),
    (79, "am_anext", gives(1)),
    (80, "tp_finalize", NOTHING),
    (81, "am_send", gives(3)),
    (82, "tp_vectorcall", gives(4)),
];

/// A getter and a setter, by word of a `PyGetSetDef`.
pub(super) const GETSET: [Slot; 2] = [(1, "a getter", gives(2)), (2, "a setter", gives(3))];

/// The words of a `PyGetSetDef`, and of a `PyMethodDef`.
pub(super) const GETSET_WORDS: u32 = 5;
pub(super) const METHOD_WORDS: u32 = 4;

/// How a method with these flags is called. None for flags that CPython refuses.
pub(super) const fn method(flags: u32) -> Option<Call> {
    const VARARGS: u32 = 0x1;
    const KEYWORDS: u32 = 0x2;
    const NOARGS: u32 = 0x4;
    const O: u32 = 0x8;
    const FASTCALL: u32 = 0x80;
    const METHOD: u32 = 0x200;
    // METH_CLASS, METH_STATIC and METH_COEXIST say nothing of the arguments.
    match flags & !0x70 {
        VARARGS | NOARGS | O => Some(gives(2)),
        FASTCALL => Some(gives(3)),
        flags if flags == VARARGS | KEYWORDS => Some(gives(3)),
        flags if flags == FASTCALL | KEYWORDS => Some(gives(4)),
        flags if flags == FASTCALL | KEYWORDS | METHOD => Some(gives(5)),
        _ => None,
    }
}
