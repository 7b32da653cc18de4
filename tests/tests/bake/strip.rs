//! `[packages.strip]`: what is left out, what still works, and what does not any more.

use eryx_tests::{eryx, eryx_run, project::Project, wheels::Wheel};

/// A package with all that can be stripped.
fn package() -> Wheel {
    Wheel::new("shop")
        .file(
            "shop/__init__.py",
            "from .docs import PRICE\n\ndef fail():\n    return 1 / 0\n",
        )
        .file("shop/__init__.pyi", "PRICE: int\n")
        .file(
            "shop/__main__.py",
            "from shop import stock\nprint('main', stock.COUNT)\n",
        )
        .file("shop/broken.py", "def broken(:\n")
        .file("shop/docs/__init__.py", "PRICE = 3\n")
        .file("shop/docs/text.txt", "kept with its folder\n")
        .file("shop/py.typed", "")
        .file("shop/shop.h", "int shop;\n")
        .file("shop/stock.py", "COUNT = 1\n")
        .file("shop/tests/__init__.py", "")
        .file("shop/tests/test_shop.py", "import shop\n")
        .file(
            "plain.py",
            "import inspect\ndef f():\n    return inspect.getsource(f)\n",
        )
}

/// What a program in the image sees.
const PROGRAM: &str = r"
import importlib.metadata, importlib.util, os, pkgutil, shop
print(sorted(name for name in os.listdir('/site-packages/shop')))
print(sorted(module.name for module in pkgutil.iter_modules(shop.__path__)))
record = sorted(str(path) for path in importlib.metadata.files('shop'))
print([path for path in record if 'dist-info' not in path])
print(all(path.locate().exists() for path in importlib.metadata.files('shop')))
print(shop.__file__, shop.PRICE, importlib.util.find_spec('shop.tests'))
from shop import stock
print(stock.__file__, stock.COUNT)
";

#[test]
fn all_of_it() {
    let project = Project::sample(
        "[packages]\nwheels = [\"wheels/*.whl\"]\n[packages.strip]\ntests = true\ndocs = true\n\
         stubs = true\nheaders = true\nsources = true\n[preinit]\nimports = [\"shop\"]\n",
    )
    .wheel(&package());
    let output = project.bake().run();
    assert_eq!(output.status, 0, "{output}");
    for words in [
        "not stripped: shop/docs, which shop/__init__.py names",
        "stripped 5 files, ",
        "stripped 5 sources, ",
    ] {
        assert!(output.err().contains(words), "{words:?} in\n{output}");
    }
    let run = |arguments: &[&str]| eryx_run(&project.image()).args(arguments).run();
    assert_eq!(
        run(&["-c", PROGRAM]).ok(),
        "['__init__.pyc', '__main__.pyc', 'broken.py', 'docs', 'stock.pyc']\n\
         ['__main__', 'broken', 'docs', 'stock']\n\
         ['plain.pyc', 'shop/__init__.pyc', 'shop/__main__.pyc', 'shop/broken.py', \
         'shop/docs/__init__.pyc', 'shop/docs/text.txt', 'shop/stock.pyc']\n\
         True\n/site-packages/shop/__init__.py 3 None\n/site-packages/shop/stock.py 1\n"
    );
    assert_eq!(run(&["-m", "shop"]).ok(), "main 1\n");
    // Tracebacks have file names and numbers of lines, and sources are gone for `inspect`.
    let fails = run(&["-c", "import shop\nshop.fail()"]);
    let expected = "  File \"/site-packages/shop/__init__.py\", line 4, in fail\n\
                    ZeroDivisionError: division by zero\n";
    assert!(fails.err().ends_with(expected), "{fails}");
    let source = run(&["-c", "import plain\nplain.f()"]);
    assert!(
        source
            .err()
            .ends_with("OSError: could not get source code\n"),
        "{source}"
    );
    let broken = run(&["-c", "import shop.broken"]);
    assert!(
        broken.err().ends_with("SyntaxError: invalid syntax\n"),
        "{broken}"
    );
    let verified = eryx().arg("verify").arg(project.image()).run();
    assert_eq!(verified.status, 0, "{verified}");
}
