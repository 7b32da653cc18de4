//! The variables of the environment that a pip of ours is started without, and those it gets.
//!
//! The user's configuration of indexes, proxies, certificates and constraints stays. What goes are
//! settings about the user's own work at the prompt, which would make a run fail, wait or end
//! before it began, or change the text that is read from it.

use std::process::Command;

/// Settings of Python that stop programs which run, or that print beside what they print.
/// `PYTHONINSPECT` would wait at a prompt for ever.
const WITHOUT: [&str; 22] = [
    "PYTHONWARNINGS",
    "PYTHONINSPECT",
    "PYTHONVERBOSE",
    "PYTHONDEBUG",
    "PYTHONDEVMODE",
    "PYTHONMALLOCSTATS",
    "PYTHONPROFILEIMPORTTIME",
    "PYTHONWARNDEFAULTENCODING",
    // Settings of pip about what is installed where, which are ours to give, and those by which it
    // does something else than it is asked for.
    "PIP_PYTHON",
    "PIP_PYTHON_VERSION",
    "PIP_PLATFORM",
    "PIP_ABI",
    "PIP_IMPLEMENTATION",
    "PIP_PREFIX",
    "PIP_ROOT",
    "PIP_EDITABLE",
    "PIP_VERSION",
    "PIP_HELP",
    "PIP_QUIET",
    "PIP_VERBOSE",
    "PIP_DEBUG",
    "PIP_IGNORE_REQUIRES_PYTHON",
];

/// Each of these only shapes what is printed, forbids questions or keeps settings for installing out
/// of a run that installs nothing.
const WITH: [(&str, &str); 8] = [
    ("PIP_NO_INPUT", "1"),
    ("PIP_DISABLE_PIP_VERSION_CHECK", "1"),
    ("PIP_NO_COLOR", "1"),
    ("PIP_USER", "0"),
    ("PIP_REQUIRE_VIRTUALENV", "0"),
    // By this pip knows that it need not start itself in the Python of a setting `python`.
    ("_PIP_RUNNING_IN_SUBPROCESS", "1"),
    ("PYTHONUNBUFFERED", "1"),
    ("PYTHONIOENCODING", "utf-8:replace"),
];

/// Gives a command the environment that pip is started in.
pub(super) fn prepare(command: &mut Command) {
    for name in WITHOUT {
        command.env_remove(name);
    }
    command.envs(WITH);
}
