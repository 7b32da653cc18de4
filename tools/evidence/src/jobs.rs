//! Whether packages do what people use them for: a short real job for each, run in an image.
//!
//! A job is a program in `jobs`, named after its package, that asserts what comes out. Its first line
//! says what it does; a line `# requires:` names what is baked in place of the package alone, and
//! `# threads: inline` has pools of threads run their tasks in place. Several are baked into one image, since baking takes much longer than a job; when that image cannot be
//! baked, each is baked for itself, so that one that cannot be baked harms no other.

use crate::{
    document,
    evidence::{Evidence, is_normalised, own_file, page},
    model::JobRecord,
    project::{Project, Wanted},
    reason,
    records::{Records, today},
};
use anyhow::{Context, Result, bail};
use std::{fs, path::Path, time::Duration};

/// How long one job may take.
const LIMIT: Duration = Duration::from_secs(180);

/// How many packages are baked into one image.
const TOGETHER: usize = 20;

/// Where the jobs are.
const DIRECTORY: &str = "jobs";

/// Where they are in the sandbox.
const MOUNTED_AT: &str = "/jobs";

/// A program that uses a package.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Job {
    /// The package, normalised.
    name: String,
    /// What it does, in one sentence.
    does: String,
    /// What is baked (PEP 508).
    requires: Vec<String>,
    /// Whether pools of threads run their tasks in place (`[python] threads`).
    inline_threads: bool,
}

/// Runs the jobs that are not on record yet, and writes the table.
pub(crate) fn run(evidence: &Evidence) -> Result<()> {
    if evidence.options.list.is_some() {
        bail!("jobs are the programs in tools/evidence/{DIRECTORY}: there is no list of them");
    }
    let all = jobs(&own_file(DIRECTORY))?;
    for name in &evidence.options.names {
        if !all.iter().any(|job| job.name == *name) {
            bail!("there is no job for `{}`", name.escape_debug());
        }
    }
    let records = Records::of(&evidence.directory);
    let known = records.read::<JobRecord>()?;
    let wanted: Vec<Job> = all
        .iter()
        .filter(|job| evidence.is_wanted(&job.name, known.contains_key(&job.name)))
        .cloned()
        .collect();
    let (inline, plain): (Vec<Job>, Vec<Job>) =
        wanted.into_iter().partition(|job| job.inline_threads);
    let groups: Vec<&[Job]> = inline
        .chunks(TOGETHER)
        .chain(plain.chunks(TOGETHER))
        .collect();
    evidence.each(&groups, |group| {
        for record in attempt(evidence, group)? {
            let outcome = record.reason.as_deref().unwrap_or("works");
            println!("{:<28} {outcome}", record.name);
            records.add(&record)?;
        }
        Ok(())
    })?;
    let known = records.read::<JobRecord>()?;
    let rows: Vec<&JobRecord> = all.iter().filter_map(|job| known.get(&job.name)).collect();
    document::jobs(&page("compatibility.md"), &rows)
}

/// Bakes some packages together and runs their jobs; each alone when that cannot be baked.
fn attempt(evidence: &Evidence, jobs: &[Job]) -> Result<Vec<JobRecord>> {
    let Some(first) = jobs.first() else {
        return Ok(Vec::new());
    };
    let project = Project::new(evidence, &first.name)?;
    let baked = project.bake(&Wanted {
        requirements: jobs.iter().flat_map(|job| job.requires.clone()).collect(),
        inline_threads: first.inline_threads,
        ..Wanted::default()
    })?;
    let records = match baked {
        Ok(()) => jobs.iter().map(|job| run_job(&project, job)).collect(),
        Err(message) if jobs.len() == 1 => {
            let reason = reason::of_bake(&first.name, &message);
            Ok(vec![record(&project, first, Some(reason))?])
        }
        Err(_) => {
            let alone = jobs.chunks(1).map(|job| attempt(evidence, job));
            return Ok(alone.collect::<Result<Vec<_>>>()?.concat());
        }
    };
    project.forget_image()?;
    records
}

/// Runs one job in an image that has its package.
fn run_job(project: &Project, job: &Job) -> Result<JobRecord> {
    let program = format!("{MOUNTED_AT}/{}.py", job.name);
    let directory = own_file(DIRECTORY);
    let mount = Some((directory.as_path(), MOUNTED_AT));
    let ended = project.run("run_job.py", mount, &[&program], LIMIT)?;
    let last = ended
        .errors
        .lines()
        .rev()
        .find(|line| !line.trim().is_empty());
    let reason = match (ended.success, ended.late) {
        (true, _) => None,
        (_, true) => Some(format!("unexplained: no end within {} s", LIMIT.as_secs())),
        _ => Some(reason::of_test(last.unwrap_or("it said nothing"))),
    };
    record(project, job, reason)
}

fn record(project: &Project, job: &Job, reason: Option<String>) -> Result<JobRecord> {
    Ok(JobRecord {
        name: job.name.clone(),
        version: project.locked(&job.name)?.map(|locked| locked.version),
        does: job.does.clone(),
        reason,
        date: today(),
    })
}

/// The jobs in a directory, by name.
fn jobs(directory: &Path) -> Result<Vec<Job>> {
    let mut jobs = Vec::new();
    let entries = fs::read_dir(directory)
        .with_context(|| format!("the jobs in {} cannot be read", directory.display()))?;
    for entry in entries {
        let path = entry?.path();
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        if path.extension().is_none_or(|ending| ending != "py") {
            continue;
        }
        if !is_normalised(&name) {
            bail!("{} is not named after a package", path.display());
        }
        let text = fs::read_to_string(&path)?;
        let job = job(&name, &text);
        jobs.push(job.with_context(|| format!("{} says not what it does", path.display()))?);
    }
    jobs.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(jobs)
}

/// The job of a program.
fn job(name: &str, text: &str) -> Option<Job> {
    let does = text.lines().next()?.strip_prefix("# ")?.trim();
    let requires = text
        .lines()
        .find_map(|line| line.strip_prefix("# requires: "));
    let requires = requires.unwrap_or(name).split_whitespace();
    Some(Job {
        name: name.to_owned(),
        does: does.trim_end_matches('.').to_owned(),
        requires: requires.map(str::to_owned).collect(),
        inline_threads: text.lines().any(|line| line == "# threads: inline"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_says_what_it_does_and_requires() {
        let found = job("a", "# Counts.\n# requires: a<2 b\nimport a\n").unwrap();
        assert_eq!((found.does.as_str(), found.requires.len()), ("Counts", 2));
        assert_eq!(job("a", "# Counts.\nimport a\n").unwrap().requires, ["a"]);
        assert_eq!(job("a", "import a\n"), None);
    }

    #[test]
    fn there_is_a_job_for_what_agents_use_most() {
        let all = jobs(&own_file(DIRECTORY)).unwrap();
        assert!(all.len() >= 60, "{}", all.len());
        for name in [
            "sympy",
            "fsspec",
            "s3fs",
            "gitpython",
            "sqlalchemy",
            "jsonschema",
            "pytest",
            "black",
            "sqlite-utils",
        ] {
            assert!(all.iter().any(|job| job.name == name), "{name}");
        }
    }
}
