use super::*;

#[track_caller]
fn read(arguments: &[&str]) -> Command {
    let arguments: Vec<OsString> = arguments.iter().map(OsString::from).collect();
    Command::read(&arguments).unwrap()
}

fn linked(path: &str) -> Input {
    Input::Linked(path.into())
}

/// What the compiler gives for an extension module.
const LIBRARY: [&str; 27] = [
    "-flavor",
    "wasm",
    "--export",
    "PyInit_gears",
    "--export",
    "cabi_realloc",
    "-z",
    "stack-size=1048576",
    "--stack-first",
    "--allow-undefined",
    "--no-demangle",
    "/rust/lib/self-contained/crt1-reactor.o",
    "/target/gears.o",
    "/rust/lib/libstd-1.rlib",
    "-l",
    "c",
    "/rust/lib/libcore-1.rlib",
    "-L",
    "/rust/lib/self-contained",
    "-L",
    "/target/native",
    "-o",
    "/target/gears.wasm",
    "--gc-sections",
    "--no-entry",
    "-O3",
    "--strip-debug",
];

#[test]
fn what_is_about_whole_modules_is_left_out() {
    let command = read(&LIBRARY);
    assert!(!command.is_program);
    assert_eq!(command.output, Some("/target/gears.wasm".into()));
    assert_eq!(command.directories, [PathBuf::from("/target/native")]);
    assert_eq!(
        command.inputs,
        [
            Input::Flag("--export=PyInit_gears".to_owned()),
            linked("/target/gears.o"),
            linked("/rust/lib/libstd-1.rlib"),
            Input::Library("c".to_owned()),
            linked("/rust/lib/libcore-1.rlib"),
            Input::Flag("--gc-sections".to_owned()),
            Input::Flag("-O3".to_owned()),
        ]
    );
}

#[test]
fn a_module_that_has_an_entry_is_a_program() {
    let command = read(&["--export", "__main_void", "a.o", "-o", "/target/stubs.wasm"]);
    assert!(command.is_program);
    let text = program_refused(&command.output.unwrap());
    assert!(
        text.starts_with("stubs.wasm ") && text.contains("--lib"),
        "{text}"
    );
}

/// Build scripts give flags in the words of a C compiler, and archives that are taken whole.
#[test]
fn words_of_build_scripts_are_understood() {
    let command = read(&[
        "--no-entry",
        "-Wl,--whole-archive,libz.a,--no-whole-archive",
        "-Wl,-rpath,/lib",
        "-lyaml",
        "-L/here",
        "-soname",
        "a.so",
    ]);
    assert_eq!(
        command.inputs,
        [
            Input::Flag("--whole-archive".to_owned()),
            linked("libz.a"),
            Input::Flag("--no-whole-archive".to_owned()),
            Input::Library("yaml".to_owned()),
        ]
    );
    assert_eq!(command.directories, [PathBuf::from("/here")]);
}

#[test]
fn a_value_that_is_missing_is_named() {
    let problem = Command::read(&["-o".into()]).unwrap_err().to_string();
    assert!(problem.contains("`-o`"), "{problem}");
}
