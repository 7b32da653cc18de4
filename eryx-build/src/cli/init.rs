//! `eryx init`.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use clap::builder::PossibleValuesParser;
use eryx_base::{errors::chain, escape::escape};
use serde_json::json;

use super::report;
use crate::{
    progress::{self, ProgressOptions},
    templates::{self, TEMPLATES, Template, Written},
};

const EXAMPLES: &str = "\
Examples:
  eryx init                               write a smallest project into the current folder
  eryx init --template web-scraping shop  write another one into the folder `shop`
  eryx init --list                        say which templates there are

The image is named for the folder. A file that is there already is never overwritten.

Exit status: 0 when the project is written, 1 when it is not, 2 for wrong usage.";

/// What to write, and where.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Options {
    /// The folder of the project, which is made where it is missing
    #[arg(value_name = "FOLDER", default_value = ".")]
    folder: PathBuf,
    /// What to start from
    #[arg(
        short,
        long,
        value_name = "NAME",
        default_value = "minimal",
        value_parser = PossibleValuesParser::new(TEMPLATES.iter().map(|template| template.name))
    )]
    template: String,
    /// List the templates, and write nothing
    #[arg(long, conflicts_with_all = ["folder", "template"])]
    list: bool,
    /// Say nothing but errors
    #[arg(short, long, conflicts_with_all = ["json", "list"])]
    quiet: bool,
    /// Print one JSON object on standard output
    #[arg(long)]
    json: bool,
}

/// Writes a project to start from.
pub(super) fn run(options: &Options) -> ExitCode {
    if options.list {
        // Nobody who reads no results is owed a failure.
        let _ = list(options.json, &mut io::stdout().lock());
        return ExitCode::SUCCESS;
    }
    // The parser takes no other names.
    let template = Template::named(&options.template).unwrap_or(&TEMPLATES[0]);
    match templates::write(template, &options.folder) {
        Ok(written) => {
            let _ = tell(options, template, &written, &mut io::stdout().lock());
            ExitCode::SUCCESS
        }
        Err(error) => {
            let message = chain(&error);
            if options.json {
                let options = ProgressOptions {
                    json: true,
                    quiet: false,
                    verbose: false,
                };
                progress::for_options(options).error(&message, None);
            } else {
                report::say_error(&message);
            }
            ExitCode::FAILURE
        }
    }
}

fn list(json: bool, out: &mut dyn Write) -> io::Result<()> {
    if json {
        let templates: Vec<_> = TEMPLATES
            .iter()
            .map(|template| json!({ "name": template.name, "about": template.about }))
            .collect();
        return writeln!(out, "{}", json!({ "templates": templates }));
    }
    for template in TEMPLATES {
        writeln!(out, "{:<13} {}", template.name, template.about)?;
    }
    Ok(())
}

fn tell(
    options: &Options,
    template: &Template,
    written: &Written,
    out: &mut dyn Write,
) -> io::Result<()> {
    let files = written.files.iter().map(|path| path.display().to_string());
    if options.json {
        let files: Vec<String> = files.collect();
        let event = json!({
            "event": "initialized",
            "template": template.name,
            "image": written.image,
            "files": files,
        });
        return writeln!(out, "{event}");
    }
    if options.quiet {
        return Ok(());
    }
    for file in files {
        writeln!(out, "wrote {}", escape(&file))?;
    }
    let mut next = String::new();
    if options.folder != Path::new(".") {
        let folder = options.folder.display().to_string();
        let folder = escape(&folder);
        next = format!("  cd {}\n", quoted_for_shell(&folder));
    }
    let example = template.example.replace("{image}", &written.image);
    write!(
        out,
        "\nNext:\n{next}  eryx build\n  {example}\n\nREADME.md says more.\n"
    )
}

/// A path as a shell takes it in one piece.
fn quoted_for_shell(path: &str) -> String {
    let is_plain = |one: char| one.is_alphanumeric() || "/._-+".contains(one);
    if !path.starts_with('-') && path.chars().all(is_plain) {
        return path.to_owned();
    }
    format!("-- '{}'", path.replace('\'', r"'\''"))
}
