//! What is printed: one line a measurement.

use crate::{measure::Times, setup::Setup};
use std::{fs, time::Duration};

/// Says what is measured on what.
pub(crate) fn machine(setup: &Setup) {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    println!("machine    {}, {cores} cores", processor());
    println!("load       {}", load());
    println!("eryx       {}", env!("CARGO_PKG_VERSION"));
    println!(
        "compared   {} ({})",
        setup.python.version,
        setup.python.path.display()
    );
}

fn processor() -> String {
    let text = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let name = text
        .lines()
        .find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    name.map_or(std::env::consts::ARCH, |(_, name)| name)
        .to_owned()
}

fn load() -> String {
    let text = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split(' ').next().unwrap_or("unknown").to_owned()
}

/// A heading, and what the numbers under it are.
pub(crate) fn heading(title: &str, explanation: &str) {
    println!("\n{title}: {explanation}");
}

/// One thing beside another, and the ratio of their medians.
pub(crate) fn comparison(name: &str, eryx: &Times, other: (&str, &Times), target: &str) {
    let ratio = eryx.median().as_secs_f64() / other.1.median().as_secs_f64().max(f64::MIN_POSITIVE);
    let least = eryx.least().as_secs_f64() / other.1.least().as_secs_f64().max(f64::MIN_POSITIVE);
    println!(
        "  {name:<28} {:>10} {:>14} {:>10}   ratio {ratio:5.2} (of minima {least:5.2}){target}",
        time(eryx.median()),
        other.0,
        time(other.1.median()),
    );
}

/// One thing alone.
pub(crate) fn single(name: &str, times: &Times, target: &str) {
    println!(
        "  {name:<28} {:>10}   minimum {}{target}",
        time(times.median()),
        time(times.least())
    );
}

/// A line of anything else.
pub(crate) fn line(name: &str, value: &str) {
    println!("  {name:<28} {value}");
}

/// A time in a unit that suits it.
pub(crate) fn time(time: Duration) -> String {
    match time.as_secs_f64() {
        seconds if seconds >= 1.0 => format!("{seconds:.2} s"),
        seconds => format!("{:.2} ms", seconds * 1e3),
    }
}
