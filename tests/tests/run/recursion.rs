//! Recursion in every form ends as an ordinary run: never by a signal, never without what was printed.

use eryx_tests::{eryx_run, images};
use std::thread;

const PROGRAMS: &[(&str, &str)] = &[
    ("function", "def f(): f()\nf()"),
    (
        "function, high limit",
        "import sys\nsys.setrecursionlimit(10**6)\ndef f(): f()\ntry: f()\nexcept RecursionError: print(end='')",
    ),
    (
        "method",
        "class A:\n    def __getattr__(self, n): return getattr(self, n + 'x')\nA().x",
    ),
    (
        "json.loads list",
        "import json\njson.loads('[' * 1_000_000)",
    ),
    (
        "json.loads closed",
        "import json\njson.loads('[' * 1_000_000 + ']' * 1_000_000)",
    ),
    (
        "json.loads dict",
        "import json\njson.loads('{\"a\":' * 1_000_000)",
    ),
    (
        "json.dumps",
        "import json\nx = []\nfor _ in range(500_000): x = [x]\njson.dumps(x)",
    ),
    (
        "repr list",
        "x = []\nfor _ in range(20_000): x = [x]\nrepr(x)",
    ),
    (
        "repr dict",
        "x = {}\nfor _ in range(20_000): x = {1: x}\nrepr(x)",
    ),
    (
        "repr tuple",
        "x = ()\nfor _ in range(20_000): x = (x,)\nrepr(x)",
    ),
    (
        "str of own class",
        "class A:\n    def __str__(self): return str(self)\nstr(A())",
    ),
    (
        "repr of own class",
        "class A:\n    def __repr__(self): return repr([self])\nrepr(A())",
    ),
    ("compile parentheses", "compile('(' * 100_000, 'x', 'eval')"),
    (
        "compile closed",
        "compile('(' * 500 + ')' * 500, 'x', 'eval')",
    ),
    ("compile nested lists", "eval('[' * 150 + ']' * 150)"),
    ("compile unary", "compile('-' * 100_000 + '1', 'x', 'eval')"),
    (
        "compile binary",
        "compile('+'.join(['1'] * 100_000), 'x', 'eval')",
    ),
    (
        "compile attributes",
        "compile('a' + '.b' * 100_000, 'x', 'eval')",
    ),
    (
        "compile calls",
        "compile('f' + '()' * 100_000, 'x', 'eval')",
    ),
    (
        "compile lambda",
        "compile('lambda: ' * 50_000 + '1', 'x', 'eval')",
    ),
    (
        "compile ternary",
        "compile('1 if 1 else ' * 50_000 + '1', 'x', 'eval')",
    ),
    (
        "compile f-strings",
        "s = '1'\nfor _ in range(100): s = 'f\"{' + s + '}\"'\ncompile(s, 'x', 'eval')",
    ),
    (
        "compile blocks",
        "compile(''.join(' ' * n + 'if 1:\\n' for n in range(200)) + ' ' * 200 + 'pass', 'x', 'exec')",
    ),
    (
        "compile elif",
        "compile('if 1: pass\\n' + 'elif 1: pass\\n' * 50_000, 'x', 'exec')",
    ),
    (
        "compile dict",
        "compile('{1:' * 1000 + '1' + '}' * 1000, 'x', 'eval')",
    ),
    ("ast.parse", "import ast\nast.parse('-' * 100_000 + '1')"),
    (
        "ast nodes",
        "import ast\nn = ast.Constant(1)\nfor _ in range(100_000): n = ast.UnaryOp(ast.USub(), n)\ncompile(ast.fix_missing_locations(ast.Expression(n)), 'x', 'eval')",
    ),
    (
        "ast.dump",
        "import ast\nn = ast.Constant(1)\nfor _ in range(100_000): n = ast.UnaryOp(ast.USub(), n)\nast.dump(n)",
    ),
    (
        "ast.literal_eval",
        "import ast\nast.literal_eval('[' * 10_000 + ']' * 10_000)",
    ),
    (
        "__eq__",
        "class A:\n    def __eq__(self, o): return self == o\nA() == A()",
    ),
    (
        "__hash__",
        "class A:\n    def __hash__(self): return hash(self)\nhash(A())",
    ),
    (
        "__getitem__",
        "class A:\n    def __getitem__(self, i): return self[i]\nA()[0]",
    ),
    ("__call__", "class A: pass\na = A\nA.__call__ = A()\nA()()"),
    (
        "__add__",
        "class A:\n    def __add__(self, o): return self + o\nA() + A()",
    ),
    (
        "__iter__",
        "class A:\n    def __iter__(self): return iter(self)\niter(A())",
    ),
    (
        "__bool__",
        "class A:\n    def __bool__(self): return bool(self)\nbool(A())",
    ),
    (
        "property",
        "class A:\n    @property\n    def x(self): return self.x\nA().x",
    ),
    (
        "compare lists",
        "x, y = [], []\nfor _ in range(500_000): x, y = [x], [y]\nx == y",
    ),
    (
        "compare tuples",
        "x, y = (), ()\nfor _ in range(500_000): x, y = (x,), (y,)\nx < y",
    ),
    (
        "compare own lists",
        "x, y = [], []\nx.append(y); y.append(x)\nx == y",
    ),
    (
        "hash tuple",
        "x = ()\nfor _ in range(500_000): x = (x,)\nhash(x)",
    ),
    (
        "deallocate lists",
        "x = []\nfor _ in range(1_000_000): x = [x]\ndel x",
    ),
    (
        "deallocate tuples",
        "x = ()\nfor _ in range(1_000_000): x = (x,)\ndel x",
    ),
    (
        "deallocate objects",
        "class A: pass\nx = None\nfor _ in range(300_000):\n    a = A()\n    a.next = x\n    x = a\ndel x, a",
    ),
    (
        "deallocate slots",
        "class A: __slots__ = 'n',\nx = None\nfor _ in range(300_000):\n    a = A()\n    a.n = x\n    x = a\ndel x, a",
    ),
    (
        "deallocate dicts",
        "x = {}\nfor _ in range(300_000): x = {1: x}\ndel x",
    ),
    (
        "deallocate iterators",
        "x = iter([])\nfor _ in range(300_000): x = map(int, x)\ndel x",
    ),
    (
        "deallocate generators",
        "def g(x): yield x\nx = None\nfor _ in range(100_000):\n    x = g(x)\n    next(x)\ndel x",
    ),
    (
        "deallocate partials",
        "import functools\nx = print\nfor _ in range(300_000): x = functools.partial(x)\n__import__('os').getcwd()\nx = [x]\ndel x",
    ),
    (
        "deallocate exceptions",
        "e = None\nfor _ in range(200_000):\n    n = ValueError()\n    n.__context__ = e\n    e = n\ndel e, n",
    ),
    (
        "deallocate closures",
        "x = None\ndef make(x): return lambda: x\nfor _ in range(200_000): x = make(x)\ndel x",
    ),
    (
        "iterate maps",
        "x = iter([1])\nfor _ in range(100_000): x = map(int, x)\nnext(x)",
    ),
    (
        "iterate chains",
        "import itertools\nx = iter([1])\nfor _ in range(100_000): x = itertools.chain(x)\nnext(x)",
    ),
    (
        "iterate generators",
        "def g(n):\n    if n: yield from g(n - 1)\nlist(g(100_000))",
    ),
    (
        "gc",
        "import gc\nx = []\nfor _ in range(300_000): x = [x]\ngc.collect()\nx.append(x)\ndel x\ngc.collect()",
    ),
    (
        "copy.deepcopy",
        "import copy\nx = []\nfor _ in range(100_000): x = [x]\ncopy.deepcopy(x)",
    ),
    (
        "pickle.dumps",
        "import pickle\nx = []\nfor _ in range(100_000): x = [x]\npickle.dumps(x)",
    ),
    (
        "pickle.loads",
        "import pickle\npickle.loads(b'(' * 1_000_000 + b'.')",
    ),
    (
        "pickle nested",
        "import pickle\npickle.loads(b']' * 300_000 + b'a' * 299_999 + b'.')",
    ),
    (
        "marshal.dumps",
        "import marshal\nx = ()\nfor _ in range(100_000): x = (x,)\nmarshal.dumps(x)",
    ),
    (
        "marshal.loads",
        "import marshal\nmarshal.loads(b'[\\x01\\0\\0\\0' * 100_000 + b'N')",
    ),
    (
        "re nested groups",
        "import re\nre.compile('(' * 5_000 + ')' * 5_000)",
    ),
    (
        "re match",
        "import re\nre.match('(a|b|c)*d', 'abc' * 1_000_000)",
    ),
    (
        "re lazy",
        "import re\nre.match('(?:a|(?:b)*?)*c', 'ab' * 100_000)",
    ),
    (
        "sort key",
        "def key(x): return sorted([x], key=key)\nsorted([1], key=key)",
    ),
    (
        "isinstance tuple",
        "x = int\nfor _ in range(100_000): x = (x,)\nisinstance('', x)",
    ),
    (
        "issubclass chain",
        "A = object\nfor _ in range(500): A = type('A', (A,), {})\nissubclass(A, int)",
    ),
    (
        "super",
        "class A:\n    def f(self): return A.f(self)\nA().f()",
    ),
    ("exec", "s = 'exec(s)'\nexec(s)"),
    (
        "import hook",
        "import sys\nclass F:\n    def find_spec(self, *a): import no_such_thing_at_all\nsys.meta_path.insert(0, F())\nimport another_thing",
    ),
    (
        "exception chain shown",
        "e = None\nfor _ in range(5_000):\n    n = ValueError()\n    n.__context__ = e\n    e = n\nraise e",
    ),
    (
        "exception groups shown",
        "e = ValueError()\nfor _ in range(5_000): e = ExceptionGroup('g', [e])\nraise e",
    ),
    (
        "finalizer",
        "class A:\n    def __del__(self): A()\nimport sys\nA.__del__ = lambda self: None\ndef f(n):\n    x = A()\n    f(n + 1)\nf(0)",
    ),
    (
        "asyncio",
        "import asyncio\nasync def f(): await f()\nasyncio.run(f())",
    ),
    (
        "contextlib",
        "import contextlib\ns = contextlib.ExitStack()\nfor _ in range(100_000): s.callback(int)\ns.close()",
    ),
    (
        "generic alias",
        "x = int\nfor _ in range(20_000): x = list[x]\nrepr(x)",
    ),
    (
        "weakref callback",
        "import weakref\nclass A: pass\ndef f(r):\n    a = A()\n    weakref.finalize(a, f, None)\nf(None)",
    ),
    (
        "xml",
        "import xml.etree.ElementTree as E\nE.fromstring('<a>' * 200_000)",
    ),
    (
        "xml tostring",
        "import xml.etree.ElementTree as E\nr = e = E.Element('a')\nfor _ in range(100_000): e = E.SubElement(e, 'a')\nE.tostring(r)",
    ),
    (
        "format",
        "class A:\n    def __format__(self, s): return f'{self}'\nf'{A()}'",
    ),
    (
        "print",
        "class F:\n    def write(self, t): print(t)\nimport sys\nsys.stdout = F()\nprint(1)",
    ),
    (
        "excepthook",
        "import sys\ndef hook(*a): hook(*a)\nsys.excepthook = hook\n1 / 0",
    ),
    (
        "trace function",
        "import sys\nsys.settrace(lambda *a: sys.settrace(None) or f())\ndef f(): f()\nf()",
    ),
    (
        "fnmatch",
        "import fnmatch\nfnmatch.fnmatch('a' * 10_000, '*a' * 100)",
    ),
    ("int to text", "str(10 ** 10_000)"),
];

#[test]
fn every_form_ends_ordinarily() {
    let check = |(name, program): &(&str, &str)| {
        let source = format!("print('before', flush=True)\n{program}\n");
        let output = eryx_run(images::bare()).args(["-c", &source]).run();
        let said = output.err();
        let explained = match output.status {
            // What goes wrong in a finalizer or a callback is told, and ignored.
            0 => said.is_empty() || said.starts_with("Exception ignored"),
            1 => true,
            126 => said.starts_with("eryx: the sandbox trapped: ") && said.lines().count() == 1,
            _ => false,
        };
        let clean = !said.contains("panicked") && !said.contains("wasm trap");
        (!explained || !clean || output.out() != "before\n")
            .then(|| format!("=== {name}\n{output}\n"))
    };
    let failures: Vec<String> = thread::scope(|scope| {
        let (left, right) = PROGRAMS.split_at(PROGRAMS.len() / 2);
        let check = &check;
        let other = scope.spawn(move || left.iter().filter_map(check).collect::<Vec<_>>());
        let mut failures: Vec<_> = right.iter().filter_map(check).collect();
        failures.extend(other.join().unwrap());
        failures
    });
    assert!(failures.is_empty(), "{}", failures.concat());
}

/// Programs that other interpreters survive with a RecursionError do so here.
#[test]
fn recursion_errors_can_be_caught() {
    let must_be_caught = [
        "function",
        "json.loads list",
        "json.dumps",
        "repr of own class",
        "__eq__",
        "compare own lists",
        "copy.deepcopy",
        "pickle.dumps",
        "asyncio",
        "format",
    ];
    for name in must_be_caught {
        let (_, program) = PROGRAMS.iter().find(|(other, _)| *other == name).unwrap();
        let body = program.replace('\n', "\n    ");
        let source =
            format!("try:\n    {body}\nexcept RecursionError: print('caught')\nprint('on')");
        let output = eryx_run(images::bare()).args(["-c", &source]).run();
        assert_eq!(output.ok(), "caught\non\n", "{name}");
    }
}

/// What is deep, but not too deep for CPython, works.
#[test]
fn deep_but_fine() {
    for (source, expected) in [
        (
            "def f(n): return n and 1 + f(n - 1)\nprint(f(900))",
            "900\n",
        ),
        (
            "import json\nprint(len(json.dumps(json.loads('[' * 900 + ']' * 900))))",
            "1800\n",
        ),
        (
            "import sys\nsys.setrecursionlimit(20_000)\ndef f(n): return n and 1 + f(n - 1)\nprint(f(15_000))",
            "15000\n",
        ),
        (
            "x = []\nfor _ in range(300_000): x = [x]\ndel x\nprint('freed')",
            "freed\n",
        ),
        ("print(eval('(' * 90 + '1' + ')' * 90))", "1\n"),
        ("print(eval('+'.join(['1'] * 10_000)))", "10000\n"),
        (
            "exec('if 0: pass\\n' + 'elif 0: pass\\n' * 2_000 + 'else: print(1)')",
            "1\n",
        ),
        (
            "x = iter(['1'])\nfor _ in range(50_000): x = map(str, x)\nprint(next(x))",
            "1\n",
        ),
        (
            "import re\nprint(len(re.match('(a|b)*', 'ab' * 100_000)[0]))",
            "200000\n",
        ),
    ] {
        let output = eryx_run(images::bare()).args(["-c", source]).run();
        assert_eq!(output.ok(), expected, "{source}");
    }
}

/// Iterators around iterators, deeper than any stack, are recursion like any other.
#[test]
fn nested_iterators() {
    for wrap in [
        "map(str, x)",
        "filter(None, x)",
        "itertools.chain(x, x)",
        "zip(x)",
        "enumerate(x)",
        "itertools.islice(x, None)",
        "itertools.accumulate(x)",
        "itertools.takewhile(bool, x)",
    ] {
        let source = format!(
            "import itertools, os\nx = iter([[1]])\nfor _ in range(1_000_000): x = {wrap}\n\
             try: next(x)\nexcept RecursionError: print('caught', flush=True)\n\
             # Freeing it would take as long again.\nos._exit(0)"
        );
        let output = eryx_run(images::bare()).args(["-c", &source]).run();
        assert_eq!(output.ok(), "caught\n", "{wrap}");
    }
}
