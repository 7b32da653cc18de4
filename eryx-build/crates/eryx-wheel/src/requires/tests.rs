//! Packages that fit together, and those that do not.

use super::*;
use eryx_base::Digest;
use eryx_packaging::Origin;
use std::collections::BTreeMap;

const PYTHON: &str = "3.14.0";

/// A package of version 1.0 with these lines of METADATA.
fn package(name: &str, lines: &[&str]) -> PackageMetadata {
    let of = |field: &'static str| {
        let values = lines
            .iter()
            .filter_map(move |line| line.strip_prefix(field));
        values.map(|value| value.trim().to_owned())
    };
    PackageMetadata {
        name: name.to_owned(),
        version: of("Version:").next().unwrap_or_else(|| "1.0".to_owned()),
        summary: None,
        license: None,
        requires_python: of("Requires-Python:").next(),
        requires_dist: of("Requires-Dist:").collect(),
        provides_extra: of("Provides-Extra:").collect(),
        entry_points: BTreeMap::new(),
        scripts: Vec::new(),
        wheel: String::new(),
        sha256: Digest::of(b""),
        origin: Origin::LocalFile,
        source: None,
        size: 0,
        file_count: 0,
    }
}

fn requirement(text: &str) -> Asked<'_> {
    Asked {
        text,
        by: "eryx.toml:7",
    }
}

fn problems(packages: &[PackageMetadata], wanted: &Wanted<'_>) -> Vec<String> {
    match check(packages, wanted, PYTHON) {
        Ok(_) => Vec::new(),
        Err(error) => error.problems.iter().map(ToString::to_string).collect(),
    }
}

fn requires<'a>(graph: &'a Graph, name: &str) -> Vec<&'a str> {
    let names = graph.packages[name].requires.iter();
    names.map(String::as_str).collect()
}

#[test]
fn what_is_there_is_a_graph() {
    let packages = [
        package(
            "Flask",
            &["Requires-Dist: Jinja2>=1", "Requires-Dist: Click"],
        ),
        package("jinja2", &["Requires-Dist: MarkupSafe"]),
        package("markupsafe", &[]),
        package(
            "click",
            &["Requires-Dist: colorama; platform_system == 'Windows'"],
        ),
        package("local.wheel", &[]),
    ];
    let requirements = vec![requirement("flask"), requirement("absent; os_name == 'nt'")];
    let wanted = Wanted {
        requirements,
        local: ["local-wheel".to_owned()].into(),
        ..Wanted::default()
    };
    let graph = check(&packages, &wanted, PYTHON).unwrap();
    assert_eq!(requires(&graph, "flask"), ["click", "jinja2"]);
    assert_eq!(requires(&graph, "jinja2"), ["markupsafe"]);
    let requested = graph.packages.iter().filter(|(_, node)| node.requested);
    let requested: Vec<&str> = requested.map(|(name, _)| name.as_str()).collect();
    assert_eq!(requested, ["flask", "local-wheel"]);
    assert!(graph.notes.is_empty());
}

#[test]
fn everything_that_is_wrong_is_said_at_once() {
    let packages = [
        package("a", &["Requires-Dist: missing>=2", "Requires-Dist: b<1"]),
        package(
            "b",
            &["Requires-Python: <3.14", "Requires-Dist: also.Missing"],
        ),
    ];
    let requirements = vec![requirement("a==2.0"), requirement("nowhere")];
    let wanted = Wanted {
        requirements,
        ..Wanted::default()
    };
    let error = check(&packages, &wanted, PYTHON).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the packages do not fit together:\
         \n  b 1.0 is for Python <3.14, and the runtime has 3.14.0\
         \n  eryx.toml:7 requires `a==2.0`, but a 1.0 is there\
         \n  eryx.toml:7 requires `nowhere`, which is not there\
         \n  a 1.0 requires `missing>=2`, which is not there\
         \n  a 1.0 requires `b<1`, but b 1.0 is there\
         \n  b 1.0 (`a` requires `b`) requires `also-missing`, which is not there"
    );
    for words in [
        "`packages.exclude`",
        "`packages.overrides`",
        "runtime's Python",
    ] {
        assert!(error.help().contains(words), "{}", error.help());
    }
}

#[test]
fn long_lists_are_cut() {
    let lines: Vec<String> = (0..30).map(|n| format!("Requires-Dist: p{n}")).collect();
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let error = check(&[package("a", &lines)], &Wanted::default(), PYTHON).unwrap_err();
    assert_eq!(error.problems.len(), 30);
    let text = error.to_string();
    assert!(text.ends_with("\n  and 10 more"), "{text}");
}

#[test]
fn what_is_excluded_may_be_missing() {
    let packages = [package("a", &["Requires-Dist: big>=1"])];
    let wanted = Wanted {
        exclude: ["big".to_owned()].into(),
        ..Wanted::default()
    };
    assert_eq!(problems(&packages, &wanted), [""; 0]);
}

#[test]
fn an_extra_counts_only_when_it_is_asked_for() {
    let packages = [
        package(
            "a",
            &[
                "Provides-Extra: Http_2",
                "Requires-Dist: h2; extra == 'http-2'",
            ],
        ),
        package(
            "b",
            &[
                "Provides-Extra: all",
                "Requires-Dist: a[HTTP.2]; extra == 'all'",
            ],
        ),
    ];
    assert_eq!(problems(&packages, &Wanted::default()), [""; 0]);
    for (text, expected) in [
        ("a[http-2]", "a 1.0 requires `h2`, which is not there"),
        (
            "b[all]",
            "a 1.0 (`b` requires `a`) requires `h2`, which is not there",
        ),
    ] {
        let requirements = vec![requirement(text)];
        let wanted = Wanted {
            requirements,
            ..Wanted::default()
        };
        assert_eq!(problems(&packages, &wanted), [expected], "{text}");
    }
}

#[test]
fn extras_of_extras_and_circles_come_to_an_end() {
    let packages = [
        package(
            "a",
            &[
                "Provides-Extra: all",
                "Provides-Extra: x",
                "Requires-Dist: a[x]; extra == 'all'",
                "Requires-Dist: b; extra == 'x'",
            ],
        ),
        package("b", &["Requires-Dist: a[all]"]),
    ];
    let graph = check(&packages, &Wanted::default(), PYTHON).unwrap();
    assert_eq!(requires(&graph, "a"), ["a", "b"]);
    assert_eq!(requires(&graph, "b"), ["a"]);
}

#[test]
fn an_extra_that_does_not_exist_is_noted() {
    let requirements = vec![requirement("a[nope]")];
    let wanted = Wanted {
        requirements,
        ..Wanted::default()
    };
    let graph = check(&[package("a", &[])], &wanted, PYTHON).unwrap();
    let notes: Vec<String> = graph.notes.iter().map(ToString::to_string).collect();
    assert_eq!(
        notes,
        ["eryx.toml:7 asks for a[nope], but a 1.0 has no such extra"]
    );
}

#[test]
fn overrides_stand_in_for_what_packages_require() {
    let packages = [
        package("a", &["Requires-Dist: b<1", "Requires-Dist: gone"]),
        package("b", &[]),
    ];
    let check = |texts: &[&str]| {
        let overrides: Vec<Asked<'_>> = texts.iter().map(|text| requirement(text)).collect();
        let wanted = Wanted {
            overrides,
            ..Wanted::default()
        };
        problems(&packages, &wanted)
    };
    assert_eq!(check(&["b>=1", "gone; os_name == 'nt'"]), [""; 0]);
    assert_eq!(
        check(&["b>=2", "gone; os_name == 'nt'"]),
        ["a 1.0 requires, by `packages.overrides`, `b>=2`, but b 1.0 is there"]
    );
}

#[test]
fn versions_compare_as_installers_compare_them() {
    for (version, asked, fits) in [
        ("2.0rc1", ">=1", true),
        ("2.0rc1", ">=2", false),
        ("1.0+local", "==1.0", true),
        ("1.0.post1", ">1.0", false),
        ("1.0.0", "==1", true),
        ("1.4.2", "~=1.4.1", true),
        ("1!1.0", "<2", false),
        ("1.0", "!=1.*", false),
        ("1.0", "(>=0.5)", true),
    ] {
        let packages = [
            package("a", &[&format!("Requires-Dist: b {asked}")]),
            package("b", &[&format!("Version: {version}")]),
        ];
        let found = problems(&packages, &Wanted::default());
        assert_eq!(found.is_empty(), fits, "{version} {asked}: {found:?}");
    }
}

#[test]
fn what_old_packages_write_is_noted_and_not_checked() {
    let packages = [package(
        "old",
        &[
            "Requires-Dist: b (>=1.0.*)",
            "Requires-Dist: \u{1b}[2J",
            "Requires-Python: >=3.x",
        ],
    )];
    let graph = check(&packages, &Wanted::default(), PYTHON).unwrap();
    let notes: Vec<String> = graph.notes.iter().map(ToString::to_string).collect();
    assert_eq!(notes.len(), 3, "{notes:?}");
    assert!(
        notes
            .iter()
            .all(|note| note.starts_with("old 1.0: not checked"))
    );
    assert!(notes[1].contains(r"`\u{1b}[2J` "), "{}", notes[1]);
}

#[test]
fn an_address_is_required_by_name_alone_and_shown_as_written() {
    let line = "Requires-Dist: b @ https://example.com/${HOME}/b.whl";
    assert_eq!(
        problems(&[package("a", &[line])], &Wanted::default()),
        ["a 1.0 requires `b @ https://example.com/${HOME}/b.whl`, which is not there"]
    );
    let both = [package("a", &[line]), package("b", &[])];
    assert_eq!(problems(&both, &Wanted::default()), [""; 0]);
}

#[test]
fn hostile_fields_are_noted() {
    let long = format!("Requires-Python: >={}", "9".repeat(1 << 20));
    let nested = format!("Requires-Dist: b; {}os_name", "(".repeat(1 << 20));
    for line in [
        "Requires-Python: >=3,é",
        "Requires-Python: é",
        "Requires-Python: ~=99999999999999999999.1",
        "Requires-Python: >=18446744073709551616",
        "Requires-Python: [x]>=3",
        "Requires-Python: @ https://example.com/",
        "Requires-Python: >=3; os_name == 'nt'",
        "Requires-Python: >=3 and more",
        "Requires-Dist: six[a-]",
        "Requires-Dist: six; 'x' ~= sys_platform",
        "Requires-Dist: six; python_full_version in '3.9+a'",
        "Requires-Dist: \u{e9}; os_name == '\u{e9}'",
        "Version: \u{e9}",
        "Version: 1.0é",
        "Version: 99999999999999999999999",
        &long,
        &nested,
    ] {
        let graph = check(&[package("a", &[line])], &Wanted::default(), PYTHON).unwrap();
        assert_eq!(graph.notes.len(), 1, "{line:.80}: {:?}", graph.notes);
        assert!(graph.notes[0].to_string().len() < 1000, "{line:.80}");
    }
    // Names of extras are no better than other text.
    for extra in ["a-", "", "-", "é", "a]"] {
        let line = format!("Provides-Extra: {extra}");
        assert_eq!(
            check(&[package("a", &[&line])], &Wanted::default(), PYTHON)
                .unwrap()
                .notes,
            []
        );
    }
    for python in [
        ">=3.9",
        ">=3.9,<4",
        "!=3.0.*, >=2.7",
        "~=3.9",
        "==3.*",
        ">=3.8,",
        "(>=3.8)",
    ] {
        let line = format!("Requires-Python: {python}");
        let graph = check(&[package("a", &[&line])], &Wanted::default(), PYTHON).unwrap();
        assert_eq!(graph.notes, [], "{python}");
    }
}

/// A chain of 4,000 extras, each asking for the next, once took minutes.
#[test]
fn a_chain_of_extras_takes_no_time() {
    const LENGTH: usize = 1024;
    let mut lines: Vec<String> = Vec::new();
    for number in 0..LENGTH {
        lines.push(format!("Provides-Extra: e{number}"));
        lines.push(format!(
            "Requires-Dist: a[e{}] ; extra == 'e{number}' and python_version >= '3'",
            number + 1
        ));
        lines.push(format!(
            "Requires-Dist: a[e{number}] ; extra == 'x{number}' or extra == 'y' or os_name == 'z'",
        ));
    }
    lines.push(format!("Provides-Extra: e{LENGTH}"));
    lines.push(format!("Requires-Dist: missing ; extra == 'e{LENGTH}'"));
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let requirements = vec![requirement("a[e0]")];
    let wanted = Wanted {
        requirements,
        ..Wanted::default()
    };
    let problems = problems(&[package("a", &lines)], &wanted);
    assert_eq!(problems, ["a 1.0 requires `missing`, which is not there"]);
}

#[test]
fn only_so_much_is_noted() {
    let lines = vec!["Requires-Dist: a b"; 5000];
    let graph = check(&[package("a", &lines)], &Wanted::default(), PYTHON).unwrap();
    assert_eq!(graph.notes.len(), 21);
    let last = graph.notes[20].to_string();
    assert_eq!(
        last,
        "a 1.0: not checked: 4980 more requirements that cannot be read"
    );
}
