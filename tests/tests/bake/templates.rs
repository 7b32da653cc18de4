//! The projects to start from: `eryx init` writes them, `eryx build` bakes them, and they do what they say.

use eryx_tests::{Run, eryx, eryx_run};
use serde_json::{Value, json};
use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};
use tempfile::TempDir;

/// How long a bake may take on a busy machine, with what it downloads.
const LIMIT: Duration = Duration::from_secs(600);

/// A project that was written and baked.
struct Baked {
    folder: TempDir,
}

impl Baked {
    /// Writes the template into a folder named `My project`, and bakes it there.
    fn new(template: &str) -> Self {
        let folder = TempDir::new().unwrap();
        let baked = Self { folder };
        let written = eryx()
            .args(["init", "--template", template, "My project"])
            .folder(baked.folder.path())
            .run()
            .ok();
        assert!(
            written.contains("wrote My project/eryx.toml\n"),
            "{written}"
        );
        assert!(
            written.contains("  cd -- 'My project'\n  eryx build\n  ")
                && written.contains("eryx run my-project.cwasm"),
            "{written}"
        );
        eryx()
            .args(["build", "--quiet"])
            .folder(baked.project())
            .limit(LIMIT)
            .run()
            .ok();
        baked
    }

    fn project(&self) -> PathBuf {
        self.folder.path().join("My project")
    }

    fn run(&self) -> Run {
        eryx_run(&self.project().join("my-project.cwasm")).folder(self.folder.path())
    }
}

#[test]
fn minimal_greets() {
    let baked = Baked::new("minimal");
    assert_eq!(baked.run().run().ok(), "Hello, sandbox!\n");
    let printed = baked.run().args(["--", "you", "me"]).run().ok();
    assert_eq!(printed, "Hello, you!\nHello, me!\n");
}

#[test]
fn data_sums_up_csv_and_excel_files() {
    let baked = Baked::new("data");
    let printed = baked.run().run().ok();
    let rows: Vec<Vec<&str>> = printed
        .lines()
        .map(|line| line.split_whitespace().collect())
        .collect();
    assert_eq!(rows[2], ["north", "3", "40", "13.33"], "{printed}");
    assert_eq!(rows[3], ["south", "2", "8", "8"], "{printed}");

    let folder = baked.folder.path().join("tables");
    fs::create_dir(&folder).unwrap();
    fs::write(
        folder.join("sales.csv"),
        "day,n\n2026-01-02,1.5\n1.1.2026,2\n2026-01-02,3\n",
    )
    .unwrap();
    let mount = format!("{}:/data", folder.display());
    let excel = "import openpyxl; book = openpyxl.Workbook(); book.active.append(['day', 'n']); \
                 book.active.append(['a', 4]); book.active.append(['a', 5]); book.save('/data/sales.xlsx')";
    let writable = format!("{mount}:rw");
    let image = baked.project().join("my-project.cwasm");
    Run::new(&eryx_tests::binaries().eryx_run)
        .args(["-v", &writable])
        .arg(&image)
        .args(["-c", excel])
        .run()
        .ok();
    let summed = |file: &str| {
        Run::new(&eryx_tests::binaries().eryx_run)
            .args(["-v", &mount])
            .arg(&image)
            .args(["--", file, "--by", "day", "--sum", "n", "--csv"])
            .run()
    };
    assert_eq!(
        summed("/data/sales.csv").ok(),
        "day,rows,sum of n\n2026-01-01,1,2\n2026-01-02,2,4.5\n"
    );
    assert_eq!(
        summed("/data/sales.xlsx").ok(),
        "day,rows,sum of n\na,2,9\n"
    );
    let output = summed("/data/gone.csv");
    assert_eq!(output.status, 1, "{output}");
    assert!(output.err().starts_with("error: "), "{output}");
}

#[test]
fn web_scraping_takes_facts_out_of_pages() {
    let baked = Baked::new("web-scraping");
    let facts = |run: Run| -> Value { serde_json::from_str(&run.run().ok()).unwrap() };
    let sample = facts(
        baked
            .run()
            .args(["--", "--sample", "--base", "https://example.com/shop/"]),
    );
    assert_eq!(sample["title"], "Teas & coffees");
    assert_eq!(sample["metadata"]["og:type"], "website");
    assert_eq!(
        sample["headings"],
        json!([{ "level": 1, "text": "Our teas" }])
    );
    assert_eq!(
        sample["links"],
        json!([{ "address": "https://example.com/green", "text": "Green" }])
    );
    assert_eq!(
        sample["tables"],
        json!([[["Name", "Price"], ["Sencha", "12.50"]]])
    );
    assert_eq!(sample["linked-data"][0]["name"], "Teas");

    let page = "<title>L\u{e4}den</title><p>no end";
    let latin: Vec<u8> = page.chars().map(|one| u8::try_from(one).unwrap()).collect();
    let page = [b"<meta charset=latin-1>", latin.as_slice()].concat();
    let title = facts(baked.run().args(["--", "--only", "title"]).stdin(page));
    assert_eq!(title, "L\u{e4}den");
    assert_eq!(baked.run().run().status, 2);
}

#[test]
fn agent_tool_answers_whatever_the_snippet_does() {
    let baked = Baked::new("agent-tool");
    let answer = |request: &str| -> Value {
        let output = baked.run().stdin(request).run();
        let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(output.status, i32::from(answer["ok"] == false), "{output}");
        answer
    };
    let code = |code: &str| answer(&json!({ "code": code, "input": [1, 2, 6] }).to_string());
    assert_eq!(
        code("print('mean')\nsum(input_data) / len(input_data)"),
        json!({ "ok": true, "result": 3.0, "output": "mean\n" })
    );
    assert_eq!(
        code("import jinja2\njinja2.Template('{{ 6 * 7 }}').render()")["result"],
        "42"
    );
    assert_eq!(code("x = 1")["result"], Value::Null);
    assert_eq!(code("{1}")["result"], "{1}");
    let long = code("print('a' * 50_000)");
    let output = long["output"].as_str().unwrap();
    assert!(
        output.ends_with("\n[30001 more characters]"),
        "{}",
        output.len()
    );
    for (snippet, expected) in [
        ("1 / 0", "ZeroDivisionError"),
        ("raise SystemExit(3)", "SystemExit: 3"),
        ("def f(:", "SyntaxError"),
        ("f = lambda: f()\nf()", "RecursionError"),
        ("open('/etc/passwd')", "FileNotFoundError"),
        (
            "import socket; socket.create_connection(('127.0.0.1', 80))",
            "gaierror",
        ),
    ] {
        let error = code(snippet)["error"].to_string();
        assert!(error.contains(expected), "{snippet}: {error}");
        assert!(!error.contains("/app/main.py"), "{snippet}: {error}");
    }
    for wrong in ["", "[]", "{", "{\"code\": 1}"] {
        assert_eq!(answer(wrong)["ok"], false, "{wrong}");
    }
}

#[test]
fn templates_are_listed() {
    let listed = eryx().args(["init", "--list"]).run().ok();
    let names: Vec<&str> = listed
        .lines()
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    assert_eq!(names, ["minimal", "data", "web-scraping", "agent-tool"]);
    let listed: Value =
        serde_json::from_str(&eryx().args(["init", "--list", "--json"]).run().ok()).unwrap();
    assert_eq!(listed["templates"][2]["name"], "web-scraping");
}

#[test]
fn init_overwrites_nothing_and_says_so() {
    let folder = TempDir::new().unwrap();
    let readme = folder.path().join("README.md");
    fs::write(&readme, "mine").unwrap();
    let init = || eryx().arg("init").folder(folder.path());
    let output = init().run();
    assert_eq!(output.status, 1, "{output}");
    assert!(
        output
            .err()
            .contains("README.md is there already, and nothing is overwritten"),
        "{output}"
    );
    let output = init().arg("--json").run();
    assert_eq!(output.status, 1, "{output}");
    let event: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(event["event"], "error");
    assert_eq!(names(folder.path()), ["README.md"]);
    assert_eq!(fs::read_to_string(&readme).unwrap(), "mine");

    fs::remove_file(&readme).unwrap();
    assert_eq!(init().arg("--quiet").run().ok(), "");
    assert_eq!(
        names(folder.path()),
        [".github", ".gitignore", "README.md", "eryx.toml", "main.py"]
    );
    let output = init().args(["--template", "nothing"]).run();
    assert_eq!(output.status, 2, "{output}");
    assert!(output.err().contains("web-scraping"), "{output}");
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}
