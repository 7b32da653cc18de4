//! `eryx inspect`.

use crate::shop;
use eryx_tests::eryx;
use serde_json::{Value, json};

#[track_caller]
fn inspect(options: &[&str]) -> String {
    let run = eryx().arg("inspect").args(options).arg(shop::after());
    run.run().ok()
}

/// Packages with version, size, licence and origin, their scripts, and what is imported.
#[test]
fn packages_and_entry_points() {
    let shown = inspect(&[]);
    let (_, shown) = shown.split_once("\n\n").unwrap();
    let expected = "\
packages (4)
  name        version    size  licence                        origin
  bell        1.0       656 B  a licence\\u{1b}[2J of our own  file
  Shop        1.0      1.2 kB  MIT OR Apache-2.0              file
  stock_room  1.0       580 B  BSD License                    file
  till        1.1       573 B  MIT                            file

entry points (5)
  bell         bell:ring            bell
  shop         shop.cli:main        Shop
  shop-fail    shop.cli:fail        Shop
  shop-quit    shop.cli:Door.leave  Shop
  shop-window  shop.cli:main        Shop

imports (1)
  shop.cli

largest
";
    assert!(shown.starts_with(expected), "{shown}");
}

/// What pools of threads do, where the manifest says so.
#[test]
fn threads() {
    let image = eryx_tests::images::inline();
    let shown = eryx().arg("inspect").arg(image).run().ok();
    assert!(shown.contains("\nthreads      inline\n"), "{shown}");
    assert!(!inspect(&[]).contains("\nthreads"), "{shown}");
}

/// The ten largest things, the largest first, which make up the image.
#[test]
fn the_largest_things() {
    let shown = inspect(&[]);
    let (_, largest) = shown.split_once("\nlargest\n").unwrap();
    let names: Vec<&str> = largest
        .lines()
        .filter_map(|line| Some(line.split_once(" %  ")?.1))
        .collect();
    for name in ["standard library", "machine code", "baked heap"] {
        assert!(names[..3].contains(&name), "{largest}");
    }
    let small = [
        "index and metadata",
        "package Shop",
        "package bell",
        "package stock_room",
        "package till",
        "files in /data",
    ];
    assert_eq!(names[3..], small, "{largest}");

    let image: Value = serde_json::from_str(&inspect(&["--json"])).unwrap();
    let shares = image["shares"].as_array().unwrap();
    let sum: u64 = shares
        .iter()
        .map(|one| one["bytes"].as_u64().unwrap())
        .sum();
    // Files of the same contents are stored once, and there is padding.
    let whole = image["bytes"].as_u64().unwrap();
    assert!(sum.abs_diff(whole) < whole / 50, "{sum} {whole}");
}

/// Who required what, from the packages that were asked for.
#[test]
fn the_tree() {
    let expected = "\
corner-shop 1.1
├── bell 1.0
│   └── till 1.1
├── Shop 1.0
│   ├── stock_room 1.0
│   │   └── till 1.1
│   └── till 1.1
├── stock_room 1.0 (*)
└── till 1.1
";
    assert_eq!(inspect(&["--tree"]), expected);
}

/// JSON has what the table leaves out.
#[test]
fn json_tells_where_files_are() {
    let image: Value = serde_json::from_str(&inspect(&["--json"])).unwrap();
    let package = &image["metadata"]["packages"][1];
    assert_eq!(package["name"], "Shop");
    assert_eq!(package["requested"], true);
    assert_eq!(package["requires"], json!(["stock-room", "till"]));
    assert_eq!(package["source"], json!({"kind": "file"}));
    assert_eq!(
        package["license_files"],
        json!(["/site-packages/Shop-1.0.dist-info/licenses/LICENSE"])
    );
    assert_eq!(
        package["roots"],
        json!(["/site-packages/Shop-1.0.dist-info", "/site-packages/shop"])
    );
    let first = &package["entry_points"][0];
    assert_eq!(first["value"], "shop.cli:main");
}

/// Views that exclude each other are refused.
#[test]
fn one_view_at_a_time() {
    for options in [
        ["--tree", "--json"],
        ["--tree", "--files"],
        ["--sbom=spdx", "--json"],
    ] {
        let output = eryx().arg("inspect").args(options).arg("x.cwasm").run();
        assert_eq!(output.status, 2, "{options:?}\n{output}");
        assert!(output.err().contains("cannot be used with"), "{output}");
    }
}
