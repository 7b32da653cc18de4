//! Manifests that are no manifests, or that try to hurt.

use super::*;

#[test]
fn a_report_shows_snippet_label_and_help_without_control_characters() {
    let text = "[image]\nname = \"x\" # \u{202e}evil\nnmae = \"\"\n";
    let error = Manifest::from_text(text, Path::new("eryx.toml")).unwrap_err();
    let mut drawn = String::new();
    miette::GraphicalReportHandler::new_themed(miette::GraphicalTheme::none())
        .render_report(&mut drawn, &error)
        .unwrap();
    assert!(drawn.contains("nmae = \"\""), "{drawn}");
    assert!(drawn.contains("not known here"), "{drawn}");
    assert!(drawn.contains("did you mean \"name\"?"), "{drawn}");
    assert!(
        drawn.contains("evil") && !drawn.contains('\u{202e}'),
        "{drawn}"
    );
}

#[test]
fn many_mistakes_are_counted_but_not_all_reported() {
    use std::fmt::Write as _;
    let mut text = "[image]\nname = \"x\"\n".to_owned();
    for number in 0..5000 {
        writeln!(text, "key{number} = 1").unwrap();
    }
    let error = Project::new().read(&text).unwrap_err();
    assert_eq!(error.diagnostics().len(), 20);
    assert_eq!(error.diagnostics()[0].line(), 3);
    assert!(error.to_string().ends_with("(and 4999 more mistakes)"));
}

#[test]
fn a_very_long_line_is_not_drawn() {
    let text = format!("image.name = \"x\"\n{} = 1\n", "k".repeat(1 << 19));
    let error = Project::new().read(&text).unwrap_err();
    assert!(error.labels().is_none());
    assert!(error.to_string().len() < 400, "{}", error.to_string().len());
    assert_eq!(error.diagnostics()[0].snippet().chars().count(), 120);
}

#[test]
fn deep_nesting_is_a_mistake_and_not_a_crash() {
    for deep in [
        format!("a = {}", "[".repeat(100_000)),
        format!("a = {}1{}", "[".repeat(5000), "]".repeat(5000)),
        format!("{} = 1", vec!["a"; 50_000].join(".")),
        format!("a = {}", "{b=".repeat(50_000)),
        format!("[{}]", vec!["a"; 50_000].join(".")),
    ] {
        let error = Project::new().read(&deep).unwrap_err();
        assert!(error.to_string().len() < 1000);
    }
}

#[test]
fn an_empty_manifest_is_told_what_a_smallest_one_is() {
    for empty in ["", "\n \n", "# nothing\n", "\u{feff}"] {
        let error = Manifest::from_text(empty, Path::new("eryx.toml")).unwrap_err();
        assert_eq!(error.to_string(), "the manifest eryx.toml is empty");
        let help = error.help().unwrap().to_string();
        assert_eq!(
            help,
            "a smallest manifest is:\n\n[image]\nname = \"example\""
        );
    }
}

#[test]
fn files_that_are_no_manifests_are_refused() {
    let project = Project::new();
    let path = project.path("eryx.toml");
    let load = || load(&path).unwrap_err();
    let shown = path.display();

    let missing = load();
    assert_eq!(
        missing.to_string(),
        format!("there is no manifest at {shown}")
    );
    assert!(missing.suggestion().unwrap().contains("-f PATH"));

    fs::write(&path, b"[image]\nname = \"\xff\xfe\"\n").unwrap();
    assert_eq!(
        load().to_string(),
        format!(
            "the manifest {shown} is not a UTF-8 text file: line 2, column 9 has the byte 0xff"
        )
    );

    fs::write(&path, b"\0asm\x01\0\0\0").unwrap();
    assert_eq!(
        load().to_string(),
        format!(
            "the manifest {shown} is not a UTF-8 text file: line 1, column 1 has the byte 0x00"
        )
    );

    fs::write(&path, vec![b'#'; (1 << 20) + 1]).unwrap();
    assert_eq!(
        load().to_string(),
        format!("the manifest {shown} is larger than 1048576 bytes")
    );

    fs::remove_file(&path).unwrap();
    fs::create_dir(&path).unwrap();
    assert_eq!(
        load().to_string(),
        format!("the manifest {shown} is not a file")
    );
}

#[cfg(unix)]
#[test]
fn a_device_is_not_read() {
    let error = load(Path::new("/dev/zero")).unwrap_err();
    assert_eq!(error.to_string(), "the manifest /dev/zero is not a file");
}
