//! Mistakes in what is written: syntax, unknown keys, wrong types.

use super::*;

#[test]
fn unknown_keys_come_with_what_was_meant() {
    check(
        r#"name = "x"
color = 1
[image]
nam = "x"
imports = ["json"]
zzz = 1
[pakages]
[packages]
without_native = []
[qqq]
"#,
        &[
            "1:1: the key `name` stands outside of every section | move it into its section:\n\n[image]\nname = \"example\"",
            "2:1: the key `color` stands outside of every section | the sections are \"image\", \"packages\", \"preinit\", \"python\", \"compile\" and \"runtime\"",
            "3:2: [image] has no `name` | write, for example:\n\n[image]\nname = \"example\"",
            "4:1: there is no key `nam` in [image] | did you mean \"name\"?",
            "5:1: there is no key `imports` in [image] | `imports` belongs in [preinit]",
            "6:1: there is no key `zzz` in [image] | the keys of [image] are \"name\", \"version\", \"description\", \"entrypoint\" and \"files\"",
            "7:2: there is no section `pakages` in a manifest | did you mean \"packages\"?",
            "9:1: there is no key `without_native` in [packages] | did you mean \"without-native\"?",
            "10:2: there is no section `qqq` in a manifest | the sections are \"image\", \"packages\", \"preinit\", \"python\", \"compile\" and \"runtime\"",
        ],
    );
}

#[test]
fn wrong_types_come_with_an_example() {
    check(
        r#"preinit = "json"
[image]
name = 7
version = 1.0
files = ["app.py"]
[packages]
requirements = "six==1.17.0"
wheels = ["wheels/*.whl", 3, ["x"]]
[compile]
cpu = true
target = 2026-01-01
"#,
        &[
            "1:1: `preinit` must be a section, not a string | for example:\n\n[preinit]\nimports = [\"json\", \"asyncio\"]",
            "3:8: `name` in [image] must be a string, not an integer | for example: name = \"example\"",
            "4:11: `version` in [image] must be a string, not a number | for example: version = \"1.0\"",
            "5:9: `files` in [image] must be a table from strings to strings, not a list | for example: files = { \"report.py\" = \"/app/report.py\" }",
            "7:16: `requirements` in [packages] must be a list of strings, not a string | for example: requirements = [\"six==1.17.0\"]",
            "8:27: `wheels` in [packages] must be a list of strings, not an integer in the list | for example: wheels = [\"wheels/*.whl\"]",
            "8:30: `wheels` in [packages] must be a list of strings, not a list in the list | for example: wheels = [\"wheels/*.whl\"]",
            "10:7: `cpu` in [compile] must be a string, not a boolean | for example: cpu = \"portable\"",
            "11:10: `target` in [compile] must be a string, not a date | for example: target = \"x86_64-linux\"",
        ],
    );
}

#[test]
fn a_host_path_without_quotes_is_explained() {
    check_section(
        "[image.files]\napp.py = \"/app/app.py\"\n",
        &[
            "3:1: `files` in [image] must be a table from strings to strings, not a table in the table | for example: files = { \"report.py\" = \"/app/report.py\" }; a path with a dot in it needs the quotes",
        ],
    );
}

#[test]
fn broken_toml_is_placed() {
    check(
        "[image]\nname = \"x\nversion = \"1\"\n",
        &["2:10: this is not valid TOML: invalid basic string, expected `\"` | -"],
    );
    check(
        "[image]\nname = \"x\"\nname = \"y\"\n",
        &["3:1: this is not valid TOML: duplicate key | -"],
    );
    check(
        "[image]\nname = \"\u{1b}[2J\"\n",
        &[
            "2:9: this is not valid TOML: invalid basic string, expected non-double-quote visible characters, `\\` | -",
        ],
    );
}

#[test]
fn columns_count_characters_and_snippets_are_the_line() {
    let text = "image.name = \"x\"\n  preinit.imports = [\"größe\", \"a b\"] # why\r\n";
    let error = Project::new().read(text).unwrap_err();
    let [mistake] = error.diagnostics() else {
        panic!("one mistake");
    };
    assert_eq!((mistake.line(), mistake.column()), (2, 31));
    assert_eq!(
        mistake.snippet(),
        r#"preinit.imports = ["größe", "a b"] # why"#
    );
}

#[test]
fn the_display_names_the_file_and_counts_the_rest() {
    let text = "[image]\nname = 1\nversion = 2\n";
    let error = Manifest::from_text(text, Path::new("sub/eryx.toml")).unwrap_err();
    assert_eq!(
        error.to_string(),
        "sub/eryx.toml:2:8: `name` in [image] must be a string, not an integer (and 1 more mistake)"
    );
    assert_eq!(error.related().unwrap().count(), 1);
}

#[test]
fn a_hash_seed_is_a_number_of_32_bits_or_its_word() {
    let of = |value: &str| format!("[image]\nname = \"x\"\n[python]\nhash-seed = {value}\n");
    let help = "the values are \"random-at-bake\" and integers from 0 to 4294967295";
    let must = "`hash-seed` must be an integer from 0 to 4294967295 or a word";
    let example = "for example: hash-seed = \"random-at-bake\"";
    check(
        &of("\"random\""),
        &[&format!(
            "4:13: `random` is not a value of `hash-seed` | {help}"
        )],
    );
    for wrong in ["-1", "4294967296"] {
        check(&of(wrong), &[&format!("4:13: {must} | {example}")]);
    }
    let must = must.replace("`hash-seed`", "`hash-seed` in [python]");
    check(
        &of("true"),
        &[&format!("4:13: {must}, not a boolean | {example}")],
    );
}
