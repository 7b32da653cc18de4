//! What one core module gains: an image beside one of the same inputs that was not fused.

use crate::{
    library::fresh,
    measure::{alternate, own_time, process},
    report,
    setup::Setup,
    speed,
};
use anyhow::{Context, Result};
use eryx::{Image, blocking::Sandbox};
use std::{
    fs,
    path::{Path, PathBuf},
};

const ROUNDS: usize = 100;

/// Rounds of programs that run for seconds.
const PROGRAM_ROUNDS: usize = 3;

/// Measures starts, fresh sandboxes and programs in both images.
pub(crate) fn run(setup: &Setup) -> Result<()> {
    report::heading("fusing", "the example's image fused, and as it was linked");
    let linked = linked_example(setup)?;
    for (name, image) in [("fused", &setup.example), ("linked", &linked)] {
        let size = fs::metadata(image)?.len();
        report::line(
            &format!("size, {name}"),
            &format!("{:>7.1} MB", crate::start::megabytes(size)),
        );
    }
    let process_of = |image: &Path| Ok(process(setup.sandbox(image).args(["-c", "pass"]))?.wall);
    let (fused_times, linked_times) = alternate(
        ROUNDS,
        || process_of(&setup.example),
        || process_of(&linked),
    )?;
    report::comparison(
        "whole process, -c pass",
        &fused_times,
        ("linked", &linked_times),
        "",
    );

    let [fused, as_linked] =
        [&setup.example, &linked].map(|image| Ok(Sandbox::load(&Image::open(image)?)?));
    let (fused, as_linked): (Result<Sandbox>, Result<Sandbox>) = (fused, as_linked);
    let (fused, as_linked) = (fused?, as_linked?);
    let (fused_times, linked_times) = alternate(
        ROUNDS,
        || fresh(&fused, "print(1)"),
        || fresh(&as_linked, "print(1)"),
    )?;
    report::comparison(
        "fresh sandbox, print(1)",
        &fused_times,
        ("linked", &linked_times),
        "",
    );

    let mut logarithms = 0.0;
    for name in speed::PROGRAMS {
        let program = setup.program(&format!("{name}.py"));
        let time = |image: &Path| own_time(&process(setup.sandbox(image).arg(&program))?.output);
        let (fused, linked) = alternate(PROGRAM_ROUNDS, || time(&setup.example), || time(&linked))?;
        report::comparison(name, &fused, ("linked", &linked), "");
        logarithms += speed::ratio(&fused, &linked).ln();
    }
    let count = f64::from(u32::try_from(speed::PROGRAMS.len())?);
    report::line(
        "geometric mean",
        &format!("ratio {:5.2}", (logarithms / count).exp()),
    );
    Ok(())
}

/// The image of the example's manifest with `fuse = false`.
fn linked_example(setup: &Setup) -> Result<PathBuf> {
    let original = setup.example_manifest();
    let folder = original.parent().context("the example lies in a folder")?;
    // Beside the original, whose paths are relative to it.
    let manifest = folder.join(".eryx-linked.toml");
    let text = fs::read_to_string(&original)?.replace("fuse = true", "fuse = false");
    fs::write(&manifest, text)?;
    let image = setup.folder.join("example-linked.cwasm");
    let baked = setup.bake(&manifest, &image);
    fs::remove_file(&manifest)?;
    baked.map(|()| image)
}
