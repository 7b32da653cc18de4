//! What the fuzzers have in common.

/// Writes inputs to start from into the folder that `ERYX_FUZZ_SEEDS` names, if it names one: those
/// that are made by code, and those that were kept of earlier runs.
#[cfg(fuzzing)]
pub fn write_seeds(made: &[Vec<u8>], kept: &[Vec<u8>]) {
    let Some(folder) = std::env::var_os("ERYX_FUZZ_SEEDS").map(std::path::PathBuf::from) else {
        return;
    };
    std::fs::create_dir_all(&folder).expect("the folder of seeds is made");
    for (kind, inputs) in [("made", made), ("kept", kept)] {
        for (number, input) in inputs.iter().enumerate() {
            let path = folder.join(format!("{kind}-{number:04}"));
            std::fs::write(path, input).expect("a seed is written");
        }
    }
}

/// Checks the inputs in the files that the command line names, such as artifacts, or the seeds when
/// it names none: what a fuzzer does when it was compiled without libFuzzer.
#[cfg(not(fuzzing))]
pub fn replay(seeds: Vec<Vec<u8>>, check: fn(&[u8]) -> bool) {
    let files: Vec<_> = std::env::args_os().skip(1).collect();
    let read = |file| std::fs::read(file).expect("the input can be read");
    let inputs = match files.is_empty() {
        true => seeds,
        false => files.into_iter().map(read).collect(),
    };
    let accepted = inputs.iter().filter(|input| check(input)).count();
    println!("{accepted} of {} archives were accepted", inputs.len());
}
