//! `eryx run --entry-point`: console scripts that packages bring.

use crate::shop;
use eryx_tests::{Output, Run, binaries, eryx, images};

fn run(name: &str, arguments: &[&str]) -> Output {
    eryx()
        .args(["run", "--entry-point", name])
        .arg(shop::before())
        .args(arguments)
        .run()
}

/// The script goes by its name, and what its function returns is the exit status.
#[test]
fn a_function_is_called_as_an_installed_script_calls_it() {
    let output = run("shop", &["a", "b c"]);
    assert_eq!(
        (output.status, output.out().as_ref()),
        (2, "['shop', 'a', 'b c'] shop.cli\n"),
        "{output}"
    );
    assert_eq!(run("shop", &[]).status, 0);
}

/// `sys.exit(text)` prints the text and is status 1.
#[test]
fn a_text_is_an_error() {
    let output = run("shop-fail", &[]);
    assert_eq!(
        (output.status, output.err().as_ref()),
        (1, "the shop is closed\n"),
        "{output}"
    );
}

/// The attribute may be inside another one.
#[test]
fn attributes_are_dotted() {
    assert_eq!(run("shop-quit", &[]).status, 7);
}

/// Scripts with windows are scripts, too; other groups are not.
#[test]
fn other_groups() {
    assert_eq!(run("shop-window", &[]).status, 0);
    let sentence = run("plugin", &[]).refused(2);
    assert!(sentence.contains("no entry point `plugin`"), "{sentence}");
}

/// Options of the program are never the loader's, with or without a separator.
#[test]
fn all_that_follows_the_image_is_for_the_script() {
    for words in [
        &["--help", "-v", "--timeout"][..],
        &["--", "--help", "-v", "--timeout"],
    ] {
        let output = run("shop", words);
        assert_eq!(
            output.out(),
            "['shop', '--help', '-v', '--timeout'] shop.cli\n",
            "{output}"
        );
    }
}

/// `eryx-run` does the same.
#[test]
fn the_loader_alone() {
    let output = Run::new(&binaries().eryx_run)
        .args(["--entry-point=shop"])
        .arg(shop::before())
        .arg("x")
        .run();
    assert_eq!(output.out(), "['shop', 'x'] shop.cli\n", "{output}");
}

/// Unknown names are explained by what there is.
#[test]
fn unknown_names() {
    let sentence = run("shopp", &[]).refused(2);
    assert!(sentence.ends_with("did you mean `shop`?"), "{sentence}");
    let sentence = run("\u{1b}[2J", &[]).refused(2);
    assert!(
        sentence.ends_with("there are shop, shop-fail, shop-quit, shop-window"),
        "{sentence}"
    );
    assert!(!sentence.contains('\u{1b}'), "{sentence}");
    let sentence = eryx()
        .args(["run", "--entry-point", "shop"])
        .arg(images::bare())
        .run()
        .refused(2);
    assert!(
        sentence.contains("no package in the image has any"),
        "{sentence}"
    );
}

/// An entry point whose function is not there fails as a script of an installer does.
#[test]
fn a_function_that_is_not_there() {
    let output = eryx()
        .args(["run", "--entry-point", "bell"])
        .arg(shop::after())
        .run();
    assert_eq!(output.status, 1, "{output}");
    assert!(
        output
            .err()
            .contains("ImportError: cannot import name 'ring'"),
        "{output}"
    );
    assert!(!output.err().contains("_eryx"), "{output}");
}
