//! One call of one hook of a build backend (PEP 517), in a sandbox of its own.

use std::sync::Arc;

use bytes::Bytes;
use eryx_host::{Clocks, Ending, Program, files};
use eryx_vfs::{
    FileError, FileSystem, Follow, MAX_READ, OpenOptions, Opened, RelativePath, Scratch,
    ScratchLimits,
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::diagnose::diagnose;
use super::error::SourceProblem;
use super::image::BuildImage;
use super::sandbox::HookOutcome;
use super::task::{Failure, Task};
use super::tree::SourceTree;
use eryx_interpreter::random::fixed_device;

/// The program in the sandbox that calls the hook.
pub(super) const DRIVER: &str = include_str!("driver.py");

/// Where everything of the build lies in the sandbox, the driver, its request and answer included.
const DIRECTORY: &str = "/build";

/// How much a build may write, in bytes, and in files, beside its sources.
const MAX_WRITTEN: u64 = 512 << 20;
const MAX_FILES: u64 = 65_536;

/// What a file costs in a scratch space beyond its contents, at most.
const FILE_COST: u64 = 8 << 10;

/// How much `/tmp` holds, in bytes.
const TEMPORARY: u64 = 256 << 20;

/// The largest answer, in bytes.
const MAX_ANSWER: u64 = 1 << 20;

/// What a build finds in its environment. The time is the earliest that a zip archive can hold, so
/// that the same sources give the same wheel. No program has these compilers' names: there is none.
pub(super) const ENVIRONMENT: [(&str, &str); 7] = [
    ("CC", "cc"),
    ("CXX", "c++"),
    ("HOME", "/tmp"),
    ("LANG", "C.UTF-8"),
    ("PATH", "/usr/bin:/bin"),
    ("SOURCE_DATE_EPOCH", "315532800"),
    ("TMPDIR", "/tmp"),
];

/// A hook of PEP 517.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hook {
    /// `get_requires_for_build_wheel`
    Requires,
    /// `prepare_metadata_for_build_wheel`
    Metadata,
    /// `build_wheel`
    Wheel,
}

impl Hook {
    fn name(self) -> &'static str {
        match self {
            Self::Requires => "get_requires_for_build_wheel",
            Self::Metadata => "prepare_metadata_for_build_wheel",
            Self::Wheel => "build_wheel",
        }
    }
}

/// What a hook answered, and what it left in its output directory.
pub(super) struct Answer {
    pub result: Value,
    scratch: Scratch,
}

impl Answer {
    /// A file of the output directory, of at most so many bytes.
    pub(crate) fn file(&self, path: &str, most: u64) -> Result<Bytes, FileError> {
        read(&self.scratch, &format!("output/{path}"), most)
    }
}

#[derive(Deserialize)]
struct RawAnswer {
    #[serde(default)]
    result: Value,
    failure: Option<Failure>,
    #[serde(default)]
    programs: Vec<String>,
}

/// Calls a hook.
pub(super) fn call(
    image: &BuildImage,
    task: &Task<'_>,
    hook: Hook,
) -> Result<Answer, SourceProblem> {
    let source = format!("{DIRECTORY}/source/{}", task.source.top);
    let request = json!({
        "hook": hook.name(),
        "backend": task.system.backend,
        "backend_path": task.system.backend_path,
        "source": source,
        "output": format!("{DIRECTORY}/output"),
        "without_native": task.without_native,
    });
    let clocks = Clocks::fixed();
    let timestamp = clocks.timestamp();
    let files_count = (task.source.files.len() as u64)
        .saturating_add(task.source.directories.len() as u64)
        .saturating_add(MAX_FILES);
    let scratch = Scratch::new(
        ScratchLimits {
            bytes: task
                .source
                .size()
                .saturating_add(files_count.saturating_mul(FILE_COST))
                .saturating_add(MAX_WRITTEN),
            files: files_count,
        },
        Arc::new(move || timestamp),
    );
    fill(&scratch, task.source)?;
    let namespace = files::base(image.tree.clone(), TEMPORARY, &clocks, fixed_device())?
        .mount(DIRECTORY, Arc::new(scratch.clone()))?
        .mount_file(&format!("{DIRECTORY}/driver.py"), DRIVER)?
        .mount_file(&format!("{DIRECTORY}/request.json"), request.to_string())?
        .build();
    let driver = format!("{DIRECTORY}/driver.py");
    let arguments = [driver.clone().into_bytes()];
    let program = Program::Script(driver);
    let ended = image.sandbox.run(
        namespace,
        &ENVIRONMENT,
        &source,
        &program,
        &arguments,
        task.limit,
    )?;
    let written = read_answer(&scratch, task, &ended)?;
    match written.failure {
        None => Ok(Answer {
            result: written.result,
            scratch,
        }),
        Some(failure) => Err(diagnose(task, &failure, &written.programs, &ended.printed)),
    }
}

/// Puts the sources into the scratch space, beside an empty output directory.
fn fill(scratch: &Scratch, source: &SourceTree) -> Result<(), FileError> {
    scratch.create_directory(RelativePath::new("output")?, 0o755)?;
    scratch.create_directory(RelativePath::new("source")?, 0o755)?;
    for directory in &source.directories {
        make_directories(scratch, &format!("source/{directory}"))?;
    }
    for (path, contents) in &source.files {
        let path = format!("source/{path}");
        if let Some((directory, _)) = path.rsplit_once('/') {
            make_directories(scratch, directory)?;
        }
        let opened = scratch.open(RelativePath::new(&path)?, &OpenOptions::to_write())?;
        let Opened::File(file) = opened else {
            return Err(FileError::IsDirectory);
        };
        file.write_at(0, contents)?;
    }
    Ok(())
}

fn make_directories(scratch: &Scratch, directory: &str) -> Result<(), FileError> {
    let path = RelativePath::new(directory)?;
    match scratch.metadata(path, Follow::No) {
        Ok(_) => return Ok(()),
        Err(FileError::NotFound) => {}
        Err(error) => return Err(error),
    }
    // The depth is bounded: paths were checked when the archive was read.
    if let Some((parent, _)) = directory.rsplit_once('/') {
        make_directories(scratch, parent)?;
    }
    scratch.create_directory(path, 0o755)
}

fn read(scratch: &Scratch, path: &str, most: u64) -> Result<Bytes, FileError> {
    let path = RelativePath::new(path)?;
    // A backend may leave a link in place of a file; nothing follows it.
    let options = OpenOptions {
        no_follow: true,
        ..OpenOptions::to_read()
    };
    let Opened::File(file) = scratch.open(path, &options)? else {
        return Err(FileError::IsDirectory);
    };
    if file.metadata()?.size > most {
        return Err(FileError::FileTooLarge);
    }
    let mut bytes = Vec::new();
    loop {
        let piece = file.read_at(bytes.len() as u64, MAX_READ)?;
        if piece.is_empty() {
            return Ok(bytes.into());
        }
        bytes.extend_from_slice(&piece);
    }
}

fn read_answer(
    scratch: &Scratch,
    task: &Task<'_>,
    ended: &HookOutcome,
) -> Result<RawAnswer, SourceProblem> {
    match &ended.outcome.ending {
        Ending::Trapped(trap) => return Err(SourceProblem::Trapped(trap.to_string())),
        Ending::TimeLimit => {
            return Err(SourceProblem::TimeLimit {
                seconds: task.limit.as_secs(),
            });
        }
        // Whether it has done its work is in the answer.
        _ => {}
    }
    let invalid = |problem: String| SourceProblem::Answer {
        backend: task.system.backend.clone(),
        problem,
    };
    match read(scratch, "answer.json", MAX_ANSWER) {
        Ok(bytes) => serde_json::from_slice(&bytes).map_err(|error| invalid(error.to_string())),
        Err(FileError::NotFound) => Err(invalid(
            "it ended the interpreter instead of returning".to_owned(),
        )),
        Err(error) => Err(invalid(error.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_are_laid_out_with_their_directories() {
        let scratch = Scratch::new(ScratchLimits::default(), eryx_vfs::system_clock());
        let tree = SourceTree {
            top: "a-1".to_owned(),
            files: [("a-1/b/c.py".to_owned(), Bytes::from_static(b"x = 1"))].into(),
            directories: ["a-1/empty/inside".to_owned(), "a-1".to_owned()].into(),
        };
        fill(&scratch, &tree).unwrap();
        assert_eq!(read(&scratch, "source/a-1/b/c.py", 5).unwrap(), "x = 1");
        let larger = read(&scratch, "source/a-1/b/c.py", 4);
        assert!(matches!(larger, Err(FileError::FileTooLarge)));
        let directory = RelativePath::new("source/a-1/empty/inside").unwrap();
        assert!(
            scratch
                .metadata(directory, Follow::No)
                .unwrap()
                .is_directory()
        );
        scratch
            .symlink("c.py", RelativePath::new("source/a-1/b/l").unwrap())
            .unwrap();
        assert!(read(&scratch, "source/a-1/b/l", 5).is_err());
    }
}
