//! Two images of one project, before and after a change of its packages.

use eryx_tests::{
    images, project,
    wheels::{Wheel, archive},
};
use std::{
    path::{Path, PathBuf},
    sync::LazyLock,
};

fn shop() -> Wheel {
    Wheel::new("Shop")
        .metadata("License-Expression: MIT OR Apache-2.0")
        .metadata("License-File: LICENSE")
        .metadata("Summary: A shop")
        .metadata("Requires-Dist: stock-room")
        .metadata("Requires-Dist: till")
        .info("licenses/LICENSE", "Take it.\n")
        .info(
            "entry_points.txt",
            "[console_scripts]\nshop = shop.cli:main\nshop-fail = shop.cli:fail [extra]\n\
             shop-quit = shop.cli:Door.leave\nbroken = shop.cli\n\
             [gui_scripts]\nshop-window = shop.cli:main\n\
             [shop.plugins]\nplugin = shop.cli:main\n",
        )
        .file("shop/__init__.py", "")
        .file(
            "shop/cli.py",
            "import sys\n\n\
             def main():\n    print(sys.argv, __name__)\n    return len(sys.argv) - 1\n\n\
             def fail():\n    return 'the shop is closed'\n\n\
             class Door:\n    def leave():\n        sys.exit(7)\n",
        )
}

fn stock_room() -> Wheel {
    Wheel::new("stock_room")
        .metadata("Classifier: License :: OSI Approved :: BSD License")
        .metadata("Requires-Dist: till")
        .file("stock_room.py", "APPLES = 3\n")
}

fn till(version: &str) -> Wheel {
    Wheel::new("till")
        .version(version)
        .metadata("License: MIT")
        .file("till/__init__.py", format!("VERSION = '{version}'\n"))
        .file("till/coins.txt", "1 2 5\n")
}

fn bell() -> Wheel {
    Wheel::new("bell")
        .metadata("License: a licence\u{1b}[2J of our own")
        .metadata("Requires-Dist: till")
        .file("bell.py", "SOUND = 'ding'\n")
        .info("entry_points.txt", "[console_scripts]\nbell = bell:ring\n")
}

fn bake(name: &str, version: &str, wheels: &[Wheel], note: &str) -> PathBuf {
    let manifest = project::sample(
        "[packages]\nwheels = [\"wheels/*.whl\"]\n[preinit]\nimports = [\"shop.cli\"]\n",
    )
    .replace(
        "name = \"sample\"\n",
        &format!(
            "name = \"corner-shop\"\nversion = \"{version}\"\nfiles = {{ \"note.txt\" = \"/data/note.txt\" }}\n"
        ),
    );
    let named: Vec<(String, Vec<u8>)> = wheels
        .iter()
        .map(|wheel| {
            let path = format!("wheels/{}", wheel.file_name());
            (path, archive(&wheel.entries()))
        })
        .collect();
    let mut files: Vec<(&str, &[u8])> = vec![("note.txt", note.as_bytes())];
    let wheels = named
        .iter()
        .map(|(path, bytes)| (path.as_str(), bytes.as_slice()));
    files.extend(wheels);
    images::shared(name, &manifest, &files)
}

/// The image before: Shop, stock_room and till 1.0.
pub(crate) fn before() -> &'static Path {
    static IMAGE: LazyLock<PathBuf> = LazyLock::new(|| {
        let wheels = [shop(), stock_room(), till("1.0")];
        bake("shop-before", "1.0", &wheels, "old\n")
    });
    &IMAGE
}

/// The image after: a new package and a new version of an old one.
pub(crate) fn after() -> &'static Path {
    static IMAGE: LazyLock<PathBuf> = LazyLock::new(|| {
        let wheels = [shop(), stock_room(), till("1.1"), bell()];
        bake("shop-after", "1.1", &wheels, "newer\n")
    });
    &IMAGE
}
