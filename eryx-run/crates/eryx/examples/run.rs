//! Opens an image, runs a command in its sandbox, and prints what came of it.
//!
//!     cargo run --release -p eryx --example run -- example.cwasm 'print(6 * 7)'

use eryx::{Ending, Image, Policy, Program, Streams, blocking::Sandbox};
use std::{
    error::Error,
    io::{Write, stdout},
};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let image = arguments.next().ok_or("name an image")?;
    let source = arguments.next().ok_or("name the source text to run")?;

    let sandbox = Sandbox::load(&Image::open(image)?)?;
    let policy = Policy {
        environment: vec![("GREETING".to_owned(), "hello".to_owned())],
        memory: Some(256 << 20),
        ..Policy::default()
    };
    let (streams, output) = Streams::captured(b"");
    let outcome = sandbox.run(Program::command(source), &[], &policy, streams)?;

    let mut out = stdout();
    out.write_all(&output.stdout())?;
    match &outcome.ending {
        Ending::Exited(status) => writeln!(out, "the program ended with status {status}")?,
        Ending::Trapped(trap) => writeln!(out, "the sandbox trapped: {trap}")?,
        other => writeln!(out, "{other:?}")?,
    }
    Ok(())
}
