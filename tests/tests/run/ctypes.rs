//! `ctypes`: types, memory, and calls of what is linked.

use eryx_tests::{eryx_run, images, native, project::Project, wheels::Wheel};
use std::{path::Path, sync::OnceLock};

/// Runs a program in the bare image after `from ctypes import *`.
fn shows(source: &str, expected: &str) {
    shows_in(images::bare(), source, expected);
}

fn shows_in(image: &Path, source: &str, expected: &str) {
    let source = format!("import ctypes\nfrom ctypes import *\n{source}");
    let output = eryx_run(image).args(["-c", &source]).run();
    assert_eq!(output.ok(), expected, "{source}");
}

/// An image with `callee.so`, which is no module of Python.
fn with_library() -> &'static Path {
    static PROJECT: OnceLock<Project> = OnceLock::new();
    let project = PROJECT.get_or_init(|| {
        let wheel = Wheel::new("callee")
            .tag("cp314-cp314-wasi_0_0_0_wasm32")
            .file("callee/libcallee.so", native::library("callee", &[]));
        let project = Project::with_wheels(&[&wheel]);
        project.bake().arg("--quiet").run().ok();
        project
    });
    static IMAGE: OnceLock<std::path::PathBuf> = OnceLock::new();
    IMAGE.get_or_init(|| project.image())
}

const LIBRARY: &str = "library = CDLL('/site-packages/callee/libcallee.so', use_errno=True)\n";

fn library_shows(source: &str, expected: &str) {
    shows_in(with_library(), &format!("{LIBRARY}{source}"), expected);
}

#[test]
fn nothing_of_it_is_imported_at_start() {
    let source = "import sys; print([name for name in sys.modules if 'ctypes' in name])";
    let output = eryx_run(images::bare()).args(["-c", source]).run();
    assert_eq!(output.ok(), "[]\n");
}

#[test]
fn types_have_the_sizes_of_the_machine() {
    shows(
        "print([sizeof(t) for t in (c_char, c_short, c_int, c_long, c_longlong, c_void_p,\n\
         c_float, c_double, c_longdouble, c_wchar, py_object, c_bool)])",
        "[1, 2, 4, 4, 8, 4, 4, 8, 16, 4, 4, 1]\n",
    );
}

#[test]
fn integers_lose_the_bits_that_have_no_place() {
    shows(
        "print(c_int(2**31).value, c_ubyte(-1).value, c_longlong(2**64 + 5).value, c_short(70000).value)",
        "-2147483648 255 5 4464\n",
    );
}

#[test]
fn long_doubles_are_as_exact_as_floats() {
    shows(
        "for x in (0.1, -2.5e-310, 5e-324, 1.7e308, float('inf'), -0.0):\n\
         \x20   assert str(c_longdouble(x).value) == str(x), x\n\
         print(c_longdouble(float('nan')).value, bytes(c_longdouble(1.0)).hex())",
        "nan 0000000000000000000000000000ff3f\n",
    );
}

#[test]
fn structures_lie_in_memory_as_in_c() {
    shows(
        "class Inner(Structure):\n    _fields_ = [('a', c_ubyte), ('b', c_double)]\n\
         class Outer(Structure):\n    _anonymous_ = ['inner']\n    _fields_ = [('inner', Inner), ('bits', c_int, 3), ('more', c_int, 5)]\n\
         class Big(BigEndianStructure):\n    _fields_ = [('x', c_uint32)]\n\
         class Either(Union):\n    _fields_ = [('f', c_float), ('i', c_uint32)]\n\
         outer = Outer((1, 2.5), -1, 9)\n\
         print(sizeof(Outer), Outer.b.offset, outer.a, outer.bits, outer.more)\n\
         print(bytes(Big(1)), hex(Either(f=1.0).i))",
        "24 8 1 -1 9\nb'\\x00\\x00\\x00\\x01' 0x3f800000\n",
    );
}

#[test]
fn arrays_and_pointers_share_memory_with_what_they_are_made_of() {
    shows(
        "array = (c_int * 3)(1, 2, 3)\n\
         pointer_to = cast(array, POINTER(c_int))\n\
         pointer_to[1] = 7\n\
         data = bytearray(8)\n\
         view = (c_uint16 * 4).from_buffer(data)\n\
         view[0] = 0x4141\n\
         print(list(array), pointer_to[:3], data[:2], string_at(array, 4), wstring_at('ab'))\n\
         memmove(array, b'\\1\\0\\0\\0', 4); memset(byref(array, 4), 0, 8)\n\
         print(array[:], memoryview(array).shape, memoryview(array).nbytes)",
        "[1, 7, 3] [1, 7, 3] bytearray(b'AA') b'\\x01\\x00\\x00\\x00' ab\n[1, 0, 0] (3,) 12\n",
    );
}

#[test]
fn a_null_pointer_is_an_exception() {
    shows(
        "for act in (lambda: POINTER(c_int)().contents, lambda: POINTER(c_int)()[0],\n\
         \x20           lambda: py_object().value, lambda: CFUNCTYPE(None)()()):\n\
         \x20   try: act()\n\
         \x20   except ValueError as error: print(error)",
        "NULL pointer access\nNULL pointer access\nPyObject is NULL\nattempt to call a NULL function pointer\n",
    );
}

#[test]
fn functions_of_libc_and_of_python_are_called() {
    shows(
        "libc = CDLL(None)\n\
         libc.sqrt.argtypes, libc.sqrt.restype = [c_double], c_double\n\
         text = create_string_buffer(40)\n\
         print(libc.strlen(b'hello'), libc.sqrt(2.25), libc.snprintf(text, 40, b'%d %s %.1f', 5, b'x', c_double(2.5)), text.value)\n\
         pythonapi.PyUnicode_FromFormat.restype = py_object\n\
         print(pythonapi.PyUnicode_FromFormat(b'%d %R', 3, py_object('y')))\n\
         pythonapi.PyLong_FromString.restype = py_object\n\
         try: pythonapi.PyLong_FromString(b'x', None, 10)\n\
         except ValueError as error: print(error)",
        "5 1.5 7 b'5 x 2.5'\n3 'y'\ninvalid literal for int() with base 10: 'x'\n",
    );
}

#[test]
fn libc_calls_back() {
    shows(
        "compare = CFUNCTYPE(c_int, POINTER(c_int), POINTER(c_int))(lambda a, b: a[0] - b[0])\n\
         numbers = (c_int * 5)(5, 1, 4, 2, 3)\n\
         qsort = CDLL(None).qsort\n\
         qsort.restype = None\n\
         qsort(numbers, 5, sizeof(c_int), compare)\n\
         print(numbers[:])",
        "[1, 2, 3, 4, 5]\n",
    );
}

#[test]
fn an_exception_in_a_callback_is_told_and_does_not_end_the_program() {
    let source = "from ctypes import *\n\
        f = CFUNCTYPE(c_int, c_int)(lambda x: x / 0)\n\
        print(f(1))";
    let output = eryx_run(images::bare()).args(["-c", source]).run();
    assert_eq!((output.status, &*output.out()), (0, "0\n"), "{output}");
    assert!(output.err().contains("ZeroDivisionError"), "{output}");
    assert!(
        output.err().contains("ctypes callback function"),
        "{output}"
    );
}

#[test]
fn callbacks_that_are_gone_give_their_places_back() {
    shows(
        "kind = CFUNCTYPE(c_int, c_int)\n\
         for _ in range(100): kind(lambda x: x)\n\
         kept = []\n\
         try:\n    while True: kept.append(kind(lambda x: x))\n\
         except MemoryError as error: print(len(kept), error)",
        "16 too many callbacks of one type at a time: the sandbox has prepared 16 of each\n",
    );
}

#[test]
fn a_wrong_call_is_an_exception_and_never_a_trap() {
    shows(
        "libc = CDLL(None)\n\
         for act in (lambda: libc.strlen(), lambda: libc.strlen(b'', b''), lambda: libc.sqrt(1),\n\
         \x20           lambda: libc.abs(c_double(1)), lambda: CFUNCTYPE(c_int)(12345)(),\n\
         \x20           lambda: CFUNCTYPE(c_int)(0xFFFFFFF0)()):\n\
         \x20   try: act(); print('passed')\n\
         \x20   except (TypeError, ArgumentError, RuntimeError) as error: print(type(error).__name__)",
        "TypeError\nTypeError\nArgumentError\nArgumentError\nRuntimeError\nRuntimeError\n",
    );
}

#[test]
fn an_unknown_library_is_an_oserror() {
    shows(
        "import ctypes.util, ctypes.wintypes\n\
         for name in ('libfoo.so.1', 'libc.so.6', '/usr/lib/libx.so'):\n\
         \x20   try: CDLL(name)\n\
         \x20   except OSError as error: print(str(error).partition(':')[0])\n\
         print(ctypes.util.find_library('c'), hasattr(pythonapi, 'no_such_function'))",
        "libfoo.so.1\nlibc.so.6\n/usr/lib/libx.so\nNone False\n",
    );
}

#[test]
fn functions_of_a_library_in_the_image_are_called_with_every_type() {
    library_shows(
        "class Point(Structure): _fields_ = [('x', c_int), ('y', c_int)]\n\
         class Single(Structure): _fields_ = [('value', c_double)]\n\
         def call(name, restype, *argtypes):\n\
         \x20   function = library[name]\n\
         \x20   function.restype, function.argtypes = restype, argtypes\n\
         \x20   return function\n\
         print(library.add(2, 3), call('narrow', c_byte, c_byte)(127), call('wide', c_longlong, c_longlong)(2**40))\n\
         print(call('half', c_float, c_float)(5), call('scale', c_double, c_double, c_int)(1.5, 4))\n\
         print(call('longer', c_longdouble, c_longdouble)(0.1), call('nothing', None)())\n\
         point = call('swapped', Point, Point)(Point(1, 2))\n\
         print(call('total', c_int, Point)(Point(3, 4)), point.x, point.y)\n\
         print(call('doubled', Single, Single)(Single(1.25)).value)\n\
         numbers = (c_int * 4)()\n\
         library.fill(numbers, 4)\n\
         print(numbers[:], c_int.in_dll(library, 'answer').value)",
        "5 -128 2199023255552\n2.5 6.0\n0.1 None\n7 2 1\n2.5\n[0, 1, 4, 9] 42\n",
    );
}

#[test]
fn a_library_in_the_image_calls_back_and_sets_errno() {
    library_shows(
        "binary = CFUNCTYPE(c_int, c_int, c_int)\n\
         print(library.apply(binary(lambda a, b: a * b), 6, 7))\n\
         real = CFUNCTYPE(c_double, c_double)\n\
         library.apply_real.restype = c_double\n\
         print(library.apply_real(real(lambda x: x + 0.5), c_double(1)))\n\
         library.notify(CFUNCTYPE(None, c_char_p)(print), b'said')\n\
         library.choose.restype = binary\n\
         print(library.choose()(20, 22))\n\
         set_errno(0)\n\
         print(library.fails(), get_errno())",
        "42\n1.5\nb'said'\n42\n-1 44\n",
    );
}
