use super::{super::argument_files::words, *};

#[track_caller]
fn read(program: Program, text: &str) -> Command {
    let arguments: Vec<OsString> = words(text).into_iter().map(Into::into).collect();
    Command::read(program, &arguments).unwrap()
}

fn flags(command: &Command) -> Vec<&str> {
    command
        .flags
        .iter()
        .map(|flag| flag.to_str().unwrap())
        .collect()
}

#[test]
fn the_action_is_what_comes_out_earliest() {
    for (text, action) in [
        ("-c a.c -o a.o", Action::Object),
        ("-E -c a.c", Action::Preprocess),
        ("-M a.c", Action::Preprocess),
        ("-S a.c", Action::Assembly),
        ("-shared a.o -o a.so", Action::Shared),
        ("-shared -c a.c", Action::Object),
        ("a.c", Action::Executable),
        ("--version", Action::Ask),
        ("-dumpmachine", Action::Target),
        ("-O2 -Wl,--version", Action::LinkerVersion),
    ] {
        assert_eq!(read(Program::C, text).action, action, "{text}");
    }
    assert_eq!(read(Program::Linker, "a.o -o a.so").action, Action::Shared);
    assert_eq!(read(Program::Linker, "-v").action, Action::LinkerVersion);
}

#[test]
fn what_is_about_the_machine_is_dropped() {
    let command = read(
        Program::C,
        "-Wall -g -O3 -march=native -fstack-protector-strong -flto -fPIC -DNDEBUG -D A=1 -Wp,-D_FORTIFY_SOURCE=2 \
         -pthread -arch arm64 -Werror=unused-command-line-argument -Wl,-O1 -Xlinker -z -std=c11 -MF a.d -c a.c",
    );
    assert_eq!(
        flags(&command),
        [
            "-Wall", "-O3", "-fPIC", "-DNDEBUG", "-D", "A=1", "-std=c11", "-MF", "a.d"
        ]
    );
}

#[test]
fn inputs_keep_their_order() {
    let command = read(
        Program::C,
        "-shared a.o -lm b.c -L/x -L y lib.so.1 -o out.so",
    );
    assert_eq!(
        command.inputs,
        [
            Input::Linked("a.o".into()),
            Input::Library("m".into()),
            Input::Source("b.c".into()),
            Input::Linked("lib.so.1".into()),
        ]
    );
    assert_eq!(command.directories, [Path::new("/x"), Path::new("y")]);
    assert_eq!(command.output.as_deref(), Some(Path::new("out.so")));
}

#[test]
fn directories_of_headers_are_known_in_both_spellings() {
    let command = read(Program::C, "-Ia -I b -isystem c -isystemd -c a.c");
    let includes: Vec<String> = command
        .includes
        .iter()
        .map(|(flag, directory)| format!("{} {}", flag.display(), directory.display()))
        .collect();
    assert_eq!(includes, ["-I a", "-I b", "-isystem c", "-isystem d"]);
}

#[test]
fn symbols_stay_open_only_when_that_is_asked_for() {
    for (text, open) in [
        ("-shared a.o", false),
        ("-shared a.o -Wl,--as-needed", false),
        ("-shared a.o -Wl,-O1,--allow-undefined", true),
        ("-bundle -undefined dynamic_lookup a.o", true),
        ("-shared a.o -Xlinker --allow-undefined", true),
    ] {
        assert_eq!(read(Program::C, text).may_be_open, open, "{text}");
    }
}

#[test]
fn the_language_is_told_by_name_program_or_flag() {
    let is_cxx =
        |program, text: &str, path: &str| read(program, text).is_cxx_source(Path::new(path));
    assert!(is_cxx(Program::C, "-c a.cpp", "a.cpp"));
    assert!(is_cxx(Program::Cxx, "-c a.c", "a.c"));
    assert!(is_cxx(Program::C, "-x c++ -c a", "a"));
    assert!(!is_cxx(Program::C, "-c a.c", "a.c"));
    assert!(!is_cxx(Program::Cxx, "-x c -c a.c", "a.c"));
}

#[test]
fn a_flag_without_its_value_is_refused() {
    for flag in ["-o", "-I", "-D", "-Xlinker", "-x", "-L", "-l"] {
        let problem = Command::read(Program::C, &[flag.into()]).unwrap_err();
        assert!(problem.to_string().contains(flag), "{problem}");
    }
}
