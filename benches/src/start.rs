//! Starting: a whole process, from nothing to a program that has run.

use crate::{
    measure::{alternate, process},
    report,
    setup::Setup,
};
use anyhow::Result;
use std::{fs, process::Command};

const ROUNDS: usize = 60;

/// What the example image has imported.
const IMPORTS: &str = "import jinja2, yaml, requests, json, asyncio\n";

/// Measures whole processes.
pub(crate) fn run(setup: &Setup) -> Result<()> {
    report::heading(
        "start",
        "whole processes, medians; the image is the example's, or the bare one, in the page cache",
    );
    for (of, image) in [("", &setup.example), (", bare", &setup.bare)] {
        for (loader, name) in [
            (&setup.binaries.eryx_run, "-c pass"),
            (&setup.binaries.eryx_run_static, "-c pass, static loader"),
        ] {
            let (eryx, native) = alternate(
                ROUNDS,
                || {
                    let mut command = Command::new(loader);
                    Ok(process(command.arg(image).args(["-c", "pass"]))?.wall)
                },
                || Ok(process(setup.native().args(["-c", "pass"]))?.wall),
            )?;
            report::comparison(
                &format!("{name}{of}"),
                &eryx,
                ("python3 -I -S", &native),
                "   target 0.50, under 5 ms",
            );
        }
    }

    let [pass, imports] = [("pass.py", "pass\n"), ("imports.py", IMPORTS)].map(|(name, text)| {
        let path = setup.folder.join(name);
        fs::write(&path, text).map(|()| path)
    });
    let (pass, imports) = (pass?, imports?);
    let (with, without) = alternate(
        ROUNDS,
        || Ok(process(setup.sandbox(&setup.example).arg(&imports))?.wall),
        || Ok(process(setup.sandbox(&setup.example).arg(&pass))?.wall),
    )?;
    report::comparison("script with 5 baked imports", &with, ("pass", &without), "");
    let added = with.median().saturating_sub(without.median());
    report::line(
        "added by the imports",
        &format!("{:>10}   target under 1 ms", report::time(added)),
    );

    let cost = process(setup.sandbox(&setup.example).args(["-c", "pass"]))?;
    report::line(
        "memory of `-c pass`",
        &format!("{:>7.1} MB", megabytes(cost.peak)),
    );
    Ok(())
}

/// Bytes in millions, for people.
pub(crate) fn megabytes(bytes: u64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "shown with one digit")]
    let bytes = bytes as f64;
    bytes / 1e6
}
