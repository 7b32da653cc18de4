//! What is in an image: packages, bytecode, files, and the heap that the bake left.

use eryx_tests::{
    Run, binaries, eryx_run, images,
    project::{self, Project},
    wheels::{Wheel, archive},
};
use std::{
    path::{Path, PathBuf},
    sync::LazyLock,
};

/// The packages of the image: one with all that packages have, and some with habits.
pub(crate) fn wheels() -> Vec<Wheel> {
    let shop = Wheel::new("shop")
        .metadata("License-Expression: MIT")
        .metadata("Summary: A shop")
        .info(
            "entry_points.txt",
            "[console_scripts]\nshop = shop.cli:main\n",
        )
        .file(
            "shop/__init__.py",
            "def price(count):\n    return 10 * count  # a bargain\n",
        )
        .file(
            "shop/cli.py",
            "import sys\n\ndef main():\n    print('shop', sys.argv[1:])\n    return 3\n",
        )
        .file("shop/stock.txt", "apples: 3\n")
        .file("shop/broken.py", "def broken(:\n    pass\n")
        // A source at which the compiler of CPython 3.14.0 itself fails.
        .file(
            "shop/beyond.py",
            "class Shop:\n    goods = [lambda: __class__ for _ in [1]]\n",
        )
        .file("shop/fails.py", "def fail():\n    return 1 / 0\n")
        .file("shop/__pycache__/cli.cpython-314.pyc", "not bytecode")
        .file("warehouse/part.py", "WHERE = __name__\n")
        .file("shop-1.0.data/purelib/extra.py", "EXTRA = True\n")
        .file("shop-1.0.data/scripts/shop-script", "#!python\n");
    let noisy = Wheel::new("noisy").file(
        "noisy.py",
        "import os, sys, warnings\nprint('noisy prints')\nprint('noisy complains', file=sys.stderr)\n\
         os.write(1, b'noisy writes\\n')\nwarnings.warn('noisy warns')\n",
    );
    let lucky = Wheel::new("lucky").file(
        "lucky.py",
        "import random, secrets, uuid\nfree = random.Random()\nfixed = random.Random(7)\n\
         class Own(random.Random):\n    pass\nown = Own()\n",
    );
    let fast = Wheel::new("fast")
        .tag("cp314-cp314-manylinux_2_28_x86_64")
        .file(
            "fast/__init__.py",
            "try:\n    from fast import speed\nexcept ImportError:\n    speed = None\n",
        )
        .file(
            "fast/speed.cpython-314-x86_64-linux-gnu.so",
            b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x03\0\x3e\0",
        );
    vec![shop, noisy, lucky, fast]
}

/// The manifest of the image.
pub(crate) fn manifest() -> String {
    project::sample(
        "[packages]\nwheels = [\"wheels/*.whl\"]\nwithout-native = [\"fast\"]\n\
         [preinit]\nimports = [\"shop\", \"noisy\", \"lucky\", \"json.tool\"]\nscript = \"prepare.py\"\n",
    )
    .replace(
        "name = \"sample\"\n",
        "name = \"contents\"\nversion = \"2.1\"\nentrypoint = \"shop.cli:main\"\n\
         files = { \"data\" = \"/data\", \"start.py\" = \"/app/start.py\" }\n",
    )
}

/// What lies beside the manifest.
pub(crate) const FILES: [(&str, &[u8]); 4] = [
    (
        "prepare.py",
        include_bytes!("../../fixtures/bake/prepare.py"),
    ),
    ("data/note.txt", b"first\nsecond\n"),
    ("data/modules/local.py", b"WORD = 'local'\n"),
    ("start.py", b"print('started')\n"),
];

fn image() -> &'static Path {
    static IMAGE: LazyLock<PathBuf> = LazyLock::new(|| {
        let wheels: Vec<(String, Vec<u8>)> = wheels()
            .iter()
            .map(|wheel| {
                (
                    format!("wheels/{}", wheel.file_name()),
                    archive(&wheel.entries()),
                )
            })
            .collect();
        let mut files: Vec<(&str, &[u8])> = FILES.to_vec();
        files.extend(
            wheels
                .iter()
                .map(|(path, bytes)| (path.as_str(), bytes.as_slice())),
        );
        images::shared("contents", &manifest(), &files)
    });
    &IMAGE
}

/// Runs Python source in the image; returns what it printed.
#[track_caller]
fn python(source: &str) -> String {
    eryx_run(image()).args(["-c", source]).run().ok()
}

#[test]
fn every_source_has_bytecode() {
    let printed = python(include_str!("../../fixtures/bake/bytecode.py"));
    assert_eq!(printed, "checked True\n");
}

#[test]
fn bytecode_of_a_wheel_is_never_taken() {
    assert_eq!(
        python("import shop.cli; print(shop.cli.__cached__)").trim(),
        "/site-packages/shop/__pycache__/cli.cpython-314.pyc"
    );
}

#[test]
fn a_source_that_does_not_compile_fails_when_it_is_imported() {
    let output = eryx_run(image()).args(["-c", "import shop.broken"]).run();
    assert_eq!(output.status, 1, "{output}");
    let expected = "  File \"/site-packages/shop/broken.py\", line 1\n    def broken(:\n               ^\n\
                    SyntaxError: invalid syntax\n";
    assert!(output.err().ends_with(expected), "{output}");
}

#[test]
fn a_source_that_the_compiler_fails_at_stops_no_bake() {
    let source = "try:\n    import shop.beyond\nexcept SystemError:\n    print('refused')";
    assert_eq!(python(source), "refused\n");
}

#[test]
fn tracebacks_show_the_lines_of_packages() {
    let output = eryx_run(image())
        .args(["-c", "import shop.fails\nshop.fails.fail()"])
        .run();
    let expected = "  File \"/site-packages/shop/fails.py\", line 2, in fail\n    return 1 / 0\n           ~~^~~\n\
                    ZeroDivisionError: division by zero\n";
    assert!(
        output.status == 1 && output.err().ends_with(expected),
        "{output}"
    );
}

#[test]
fn packages_have_their_sources_data_and_metadata() {
    let printed = python(
        "import importlib.metadata as metadata, importlib.resources as resources, inspect, shop\n\
         print(inspect.getsource(shop.price), end='')\n\
         print(resources.files('shop').joinpath('stock.txt').read_text(), end='')\n\
         print(metadata.version('shop'), metadata.metadata('shop')['Summary'])\n\
         print(metadata.entry_points(group='console_scripts')['shop'].load().__name__)\n\
         print(sorted(one.name for one in metadata.distributions()))\n\
         import warehouse.part, extra\n\
         print(warehouse.part.WHERE, extra.EXTRA)\n",
    );
    assert_eq!(
        printed,
        "def price(count):\n    return 10 * count  # a bargain\napples: 3\n1.0 A shop\nmain\n\
         ['fast', 'lucky', 'noisy', 'shop']\nwarehouse.part True\n"
    );
}

#[test]
fn every_file_that_record_lists_is_there() {
    let printed = python(
        "import importlib.metadata as metadata\n\
         for one in metadata.distributions():\n    \
             for file in one.files:\n        \
                 text = file.read_binary()\n        \
                 assert file.size in (None, len(text)), file\n\
         print('whole')",
    );
    assert_eq!(printed, "whole\n");
}

#[test]
fn native_libraries_are_left_out_when_that_is_asked() {
    assert_eq!(python("import fast; print(fast.speed)"), "None\n");
    assert!(!python("import os; print(os.listdir('/site-packages/fast'))").contains(".so"));
}

#[test]
fn files_are_where_the_manifest_puts_them() {
    let printed = python(
        "import os\nprint(open('/data/note.txt').read(), sorted(os.listdir('/data')), os.path.exists('/app/start.py'))",
    );
    assert_eq!(printed, "first\nsecond\n ['modules', 'note.txt'] True\n");
    let output = eryx_run(image())
        .args(["-c", "open('/data/note.txt', 'a')"])
        .run();
    assert!(
        output
            .err()
            .contains("Read-only file system: '/data/note.txt'"),
        "{output}"
    );
}

#[test]
fn the_entrypoint_gets_the_arguments_and_gives_the_status() {
    let output = eryx_run(image()).args(["--", "a", "b c"]).run();
    assert_eq!(
        (output.status, output.out().as_ref()),
        (3, "shop ['a', 'b c']\n"),
        "{output}"
    );
}

#[test]
fn imports_are_done_at_bake_time() {
    let printed = python(
        "import sys; print('shop' in sys.modules, 'json.tool' in sys.modules, 'shop.cli' in sys.modules)",
    );
    assert_eq!(printed, "True True False\n");
}

#[test]
fn the_heap_of_the_script_is_there() {
    let printed = python(
        "import __preinit__ as baked\n\
         print(baked.TABLE[999], baked.NOTE, baked.SQUARES, len(baked.LARGE), baked.LARGE[-1])",
    );
    assert_eq!(printed, "998001 first\nsecond\n [0, 1, 4, 9] 8388608 1\n");
}

#[test]
fn what_the_bake_printed_is_not_printed_again() {
    let output = eryx_run(image()).args(["-c", "pass"]).run();
    assert_eq!((output.ok(), output.err().as_ref()), (String::new(), ""));
}

#[test]
fn runs_have_an_environment_folder_and_arguments_of_their_own() {
    let source = "import os, sys\n\
        print(os.environ.get('BAKED'), os.environ.get('LANG'), os.getenv('MINE'), os.getcwd(), sys.argv)";
    let output = Run::new(&binaries().eryx_run)
        .args(["-e", "MINE=1"])
        .arg(image())
        .args(["-c", source, "x"])
        .run();
    assert_eq!(output.ok(), "None C.UTF-8 1 /work ['-c', 'x']\n");
}

#[test]
fn generators_of_the_bake_are_seeded_anew() {
    let source = "import lucky, random, uuid, secrets, tempfile\n\
        print(lucky.free.random(), lucky.own.random(), random.random(), uuid.uuid4(), secrets.token_hex())";
    let (first, second) = (python(source), python(source));
    let pairs: Vec<(&str, &str)> = first
        .split_whitespace()
        .zip(second.split_whitespace())
        .collect();
    assert_eq!(pairs.len(), 5);
    assert!(
        pairs.iter().all(|(first, second)| first != second),
        "{pairs:?}"
    );
}

#[test]
fn generators_with_a_seed_of_their_own_keep_their_state() {
    let printed =
        python("import lucky, random\nprint(lucky.fixed.random() == random.Random(7).random())");
    assert_eq!(printed, "True\n");
}

#[test]
fn a_logging_handler_of_the_bake_writes_at_run_time() {
    let output = eryx_run(image())
        .args([
            "-c",
            "import logging; logging.getLogger('baked').info('at run time')",
        ])
        .run();
    assert_eq!(
        (output.status, output.err().as_ref()),
        (0, "INFO at run time\n"),
        "{output}"
    );
}

#[test]
fn filters_and_module_paths_of_the_bake_stay() {
    let output = eryx_run(image())
        .args(["-c", "import local, warnings; warnings.warn('known'); warnings.warn('new'); print(local.WORD)"])
        .run();
    assert_eq!(
        (output.status, output.out().as_ref()),
        (0, "local\n"),
        "{output}"
    );
    assert!(
        output.err().contains("UserWarning: new") && !output.err().contains("known\n"),
        "{output}"
    );
}

#[test]
fn asyncio_runs_again_after_it_ran_at_bake_time() {
    let printed =
        python("import asyncio, __preinit__ as baked\nprint(asyncio.run(baked.squares()))");
    assert_eq!(printed, "[0, 1, 4, 9]\n");
}

#[test]
fn a_file_that_was_left_open_disturbs_no_other() {
    // Its descriptor is gone; it must neither trap nor be mistaken for that of another file.
    let output = eryx_run(image())
        .args([
            "-c",
            "import __preinit__ as baked\n\
             own = open('/tmp/own.txt', 'w+')\nown.write('mine')\nown.flush()\n\
             for left in (baked.LEFT_OPEN, baked.LEFT_WRITING):\n    \
                 try:\n        left.close()\n    except OSError as error:\n        pass\n\
             own.seek(0)\nprint(own.read())\nown.close()\nprint(open('/tmp/own.txt').read())",
        ])
        .run();
    assert_eq!(
        (output.status, output.out().as_ref()),
        (0, "mine\nmine\n"),
        "{output}"
    );
}

#[test]
fn scratch_space_starts_empty() {
    assert_eq!(python("import os; print(os.listdir('/tmp'))"), "[]\n");
}

/// An image can be baked for another processor family; this machine says that it cannot run it.
#[test]
fn another_target_is_baked_and_refused_here() {
    let other = if cfg!(target_arch = "aarch64") {
        "x86_64-linux"
    } else {
        "aarch64-linux"
    };
    let manifest = format!(
        "[image]\nname = \"sample\"\n[compile]\ntarget = \"{other}\"\nopt-level = \"none\"\n"
    );
    let project = Project::new(manifest);
    let baked = project.bake().run();
    assert_eq!(baked.status, 0, "{baked}");
    let triple = other.replace("-linux", "-unknown-linux-gnu");
    let shown = Run::new(&binaries().eryx)
        .arg("inspect")
        .arg(project.image())
        .run()
        .ok();
    assert!(shown.contains(&triple), "{shown}");
    let refused = eryx_run(&project.image()).args(["-c", "pass"]).run();
    assert!(refused.refused(125).contains(&triple), "{refused}");
}
