//! `eryx run`: one program in the sandbox of an image.

use eryx_base::{
    escape::escape,
    excerpt::{MESSAGE, excerpt},
};

use super::{
    arguments::RunArguments,
    entry_point,
    failure::Failure,
    fault, interrupt,
    line_editor::LineEditor,
    message::say,
    mount::{parse_mount, parse_sandbox_path},
    quantity::{parse_bytes, parse_duration},
    terminal, toolchain,
};
use eryx::{
    Diagnostics, Ending, EngineOptions, Image, Policy, Program, SandboxPath, ScriptFile, Streams,
    Trap, WORKING_DIRECTORY, blocking::Sandbox,
};
use eryx_base::{exit_status, variables};
use eryx_image::NodeKind;
use std::{
    env,
    ffi::{OsStr, OsString},
    fs,
    io::{self, IsTerminal, Read},
    path::Path,
    process::ExitCode,
    thread,
    time::Duration,
};

/// The largest script, in bytes.
const MAX_SCRIPT: u64 = 64 << 20;

/// Runs a program to its end and returns its exit status.
#[expect(
    clippy::exit,
    reason = "freeing what the run had would take longer than the kernel does"
)]
pub(super) fn run(arguments: &RunArguments) -> Result<ExitCode, Failure> {
    let mut policy = policy(arguments)?;
    let timeout = arguments
        .timeout
        .as_deref()
        .map(parse_duration)
        .transpose()?;
    let prompts = arguments.interactive || io::stdin().is_terminal();
    let (image, words) = match arguments.words.split_first() {
        Some((image, words)) => (Image::open(image)?, words),
        None => return Err(Failure::usage("name an image; `--help` says more")),
    };
    let (separated, words) = match words.split_first() {
        Some((first, rest)) if first == "--" => (true, rest),
        _ => (false, words),
    };
    let (program, rest) = match (&arguments.entry_point, words.split_first()) {
        (Some(name), _) => (entry_point::find(&image, name)?, bytes_of(words)),
        (None, Some((first, rest))) if !separated => program(first, rest, &image, &mut policy)?,
        (None, _) => entrypoint(&image, words, prompts)?,
    };
    let (program, rest) = match program {
        Program::StandardInput if prompts => {
            let arguments = std::iter::once(b"-".to_vec()).chain(rest);
            (Program::Prompt, arguments.collect())
        }
        program => (program, rest),
    };
    image.verify_once()?;
    prepare_signals(image.path());
    let sandbox = Sandbox::load_with(&image, options())?;
    let mut running = sandbox.prepare(&policy, streams())?;
    if arguments.interactive {
        running = running.then_prompt();
    }
    interrupt::on_ctrl_c(running.interrupt())
        .map_err(|error| Failure::loader(format!("Ctrl-C cannot be handled: {error}")))?;
    if let Some(timeout) = timeout {
        watch(timeout)?;
    }
    let outcome = running.finish(program, &rest)?;
    match &outcome.ending {
        Ending::Trapped(trap) => report(trap),
        Ending::OutputClosed => end_by_broken_pipe(),
        _ => {}
    }
    // What is left is the kernel's to reclaim.
    std::process::exit(outcome.status())
}

/// What becomes of signals that the calls or the machine code of a program raise in this process.
fn prepare_signals(image: &Path) {
    #[cfg(unix)]
    {
        fault::ignore_size_limit();
        fault::report_as_damage(image);
    }
}

/// What the environment asks to learn about the guest's native code.
fn options() -> EngineOptions {
    EngineOptions {
        diagnostics: Diagnostics {
            backtrace: variables::BACKTRACE.is_on(),
            perf_map: variables::PERF_MAP.is_on(),
        },
        pool: None,
    }
}

/// Reports what stopped the sandbox, and where.
fn report(trap: &Trap) {
    let mut text = format!("eryx: the sandbox trapped: {trap}\n");
    for frame in trap.frames() {
        text.push_str(&format!("  in {}\n", escape(frame)));
    }
    say(excerpt(&text, MESSAGE).into_owned());
}

/// The streams of this process. Lines can be edited where they come from a terminal.
fn streams() -> Streams {
    let mut streams = Streams::inherit();
    if terminal::can_edit() {
        streams.lines = Some(Box::new(LineEditor::default()));
    }
    streams
}

/// Ends this process the way a program ends that writes to a closed pipe: silently, by the signal.
fn end_by_broken_pipe() {
    #[cfg(unix)]
    let _ = signal_hook::low_level::emulate_default_handler(signal_hook::consts::SIGPIPE);
}

/// Ends this process when the time is over, from outside the guest.
#[expect(
    clippy::exit,
    reason = "nothing else ends a guest that does not look up"
)]
fn watch(timeout: Duration) -> Result<(), Failure> {
    let watchdog = move || {
        thread::sleep(timeout);
        terminal::restore();
        say(format!(
            "eryx: the program was ended after {timeout:?}, its time limit\n"
        ));
        std::process::exit(exit_status::TIME_LIMIT.into())
    };
    match thread::Builder::new()
        .name("watchdog".to_owned())
        .spawn(watchdog)
    {
        Ok(_) => Ok(()),
        Err(error) => Err(Failure::loader(format!(
            "the time limit cannot be kept: {error}"
        ))),
    }
}

fn policy(arguments: &RunArguments) -> Result<Policy, Failure> {
    let mut policy = Policy {
        scratch: parse_bytes(&arguments.scratch)?,
        memory: arguments.memory.as_deref().map(parse_bytes).transpose()?,
        protected: toolchain::programs(),
        ..Policy::default()
    };
    for mount in &arguments.mounts {
        let mount = parse_mount(mount)?;
        policy.mounts.push(match arguments.allow_unsafe_mounts {
            true => mount.allow_unsafe(),
            false => mount,
        });
    }
    for variable in &arguments.environment {
        policy.environment.extend(environment_variable(variable)?);
    }
    if let Some(directory) = &arguments.working_directory {
        let directory = parse_sandbox_path(directory)
            .map_err(|error| Failure::usage(format!("the program cannot start there: {error}")))?;
        policy.working_directory = Some(directory);
    }
    Ok(policy)
}

/// A variable as `-e` takes it. One that is passed on and not set on the host is not set in the sandbox.
fn environment_variable(text: &OsStr) -> Result<Option<(String, String)>, Failure> {
    let utf8 = |text: &OsStr| {
        text.to_str().map(str::to_owned).ok_or_else(|| {
            Failure::usage(format!("the environment variable {text:?} is not UTF-8"))
        })
    };
    let text = utf8(text)?;
    let (name, value) = match text.split_once('=') {
        Some((name, value)) => (name, Some(value.to_owned())),
        None => (
            text.as_str(),
            env::var_os(&text).as_deref().map(utf8).transpose()?,
        ),
    };
    if name.is_empty() || text.contains('\0') {
        return Err(Failure::usage(format!(
            "`{text}` is not an environment variable: write NAME or NAME=VALUE"
        )));
    }
    Ok(value.map(|value| (name.to_owned(), value)))
}

/// What to run, and its arguments.
fn program(
    first: &OsStr,
    rest: &[OsString],
    image: &Image,
    policy: &mut Policy,
) -> Result<(Program, Vec<Vec<u8>>), Failure> {
    let value = |what: &str| match rest.split_first() {
        Some((value, rest)) => Ok((value.clone(), bytes_of(rest))),
        None => Err(Failure::usage(format!("{what}, as under python3"))),
    };
    match first.to_str() {
        Some("-c") => {
            let (source, rest) = value("-c needs the source text to run")?;
            Ok((Program::Command(source.into_encoded_bytes()), rest))
        }
        Some("-m") => {
            let (module, rest) = value("-m needs the name of a module")?;
            let module = module.into_string().map_err(|module| {
                Failure::usage(format!("{module:?} is not the name of a module"))
            })?;
            Ok((Program::Module(module), rest))
        }
        Some("-") => Ok((Program::StandardInput, bytes_of(rest))),
        Some(option) if option.starts_with('-') => Err(Failure::usage(format!(
            "`{option}` is not something to run: options of eryx go before the image, and what is run is a \
             script, -c, -m or -"
        ))),
        _ => script(first, rest, image, policy),
    }
}

/// The image's entrypoint with arguments. Without one it is the prompt, where there is somebody to type.
fn entrypoint(
    image: &Image,
    rest: &[OsString],
    prompts: bool,
) -> Result<(Program, Vec<Vec<u8>>), Failure> {
    let Some(entrypoint) = &image.metadata().entrypoint else {
        return if prompts && rest.is_empty() {
            Ok((Program::Prompt, vec![Vec::new()]))
        } else {
            Err(Failure::usage(
                "the image has no entrypoint: name a script, or use -c, -m or -; `eryx run -i` gives a prompt",
            ))
        };
    };
    let program = Program::from_entrypoint(entrypoint);
    let mut arguments = bytes_of(rest);
    if let Program::Script(path) = &program {
        arguments.insert(0, path.clone().into_bytes());
    }
    Ok((program, arguments))
}

/// A script of the host, which is shown to the sandbox as a file, or else one of the image.
fn script(
    name: &OsStr,
    rest: &[OsString],
    image: &Image,
    policy: &mut Policy,
) -> Result<(Program, Vec<Vec<u8>>), Failure> {
    let mut arguments = vec![name.as_encoded_bytes().to_vec()];
    arguments.extend(bytes_of(rest));
    let path = Path::new(name);
    match read_script(path) {
        Ok(contents) => {
            let base = path.file_name().and_then(OsStr::to_str).ok_or_else(|| {
                Failure::loader(format!("the script {name:?} has a name that is not UTF-8"))
            })?;
            let path = format!("{WORKING_DIRECTORY}/{base}");
            let seen = SandboxPath::new(&*path).map_err(|error| Failure::from_error(&error))?;
            let script = ScriptFile::new(seen, contents);
            policy.script = Some(script.map_err(|error| Failure::from_error(&error))?);
            Ok((Program::Script(path), arguments))
        }
        Err(error) => {
            if let Some(text) = name.to_str().filter(|text| text.starts_with('/'))
                && let Some(node) = image.tree().resolve(text)
                && image.tree().kind(node) == NodeKind::File
            {
                return Ok((Program::Script(text.to_owned()), arguments));
            }
            Err(Failure::loader(format!(
                "cannot open the script `{}`: {error}",
                path.display()
            )))
        }
    }
}

fn read_script(path: &Path) -> io::Result<Vec<u8>> {
    let mut contents = Vec::new();
    fs::File::open(path)?
        .take(MAX_SCRIPT + 1)
        .read_to_end(&mut contents)?;
    if contents.len() as u64 > MAX_SCRIPT {
        return Err(io::Error::other("it is larger than 64 MiB"));
    }
    Ok(contents)
}

fn bytes_of(words: &[OsString]) -> Vec<Vec<u8>> {
    words
        .iter()
        .map(|word| word.as_encoded_bytes().to_vec())
        .collect()
}
