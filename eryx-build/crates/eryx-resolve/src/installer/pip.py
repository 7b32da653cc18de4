# Runs pip's own command line for the sandbox in place of this machine:
#
# - markers of requirements are evaluated in the sandbox's environment;
# - no code of a package is ever run: the metadata of a source distribution is asked of whoever
#   started this, and archives are downloaded but not opened;
# - requirements can be left out or replaced, and some packages may come for other platforms;
# - no package decides where another one comes from: an address in its requirements is refused.
#
# The first argument is a JSON object with what differs, the rest are pip's own arguments. Questions
# are printed as one line that starts with MARK; each answer is one line of standard input. A line of
# standard error that starts with REFUSED says what was refused, and one that starts with UNMATCHED what
# nothing satisfies, each with who requires it.
import errno
import json
import os
import stat
import sys

MARK = "\x1feryx "
REFUSED = "eryx refuses "
UNMATCHED = "eryx unmatched "
MAX_CHAIN = 50

# `-c` puts the current directory on the module path, where a `pip.py` may lie.
sys.path[:] = [path for path in sys.path if path]
options = json.loads(sys.argv.pop(1))

from pip._internal.cli import cmdoptions
from pip._internal.distributions import sdist
from pip._internal.index import package_finder
from pip._internal.models.target_python import TargetPython
from pip._internal.models.wheel import Wheel
from pip._internal.operations import prepare
from pip._internal.utils.temp_dir import TempDirectory
from pip._vendor.packaging import markers
from pip._vendor.packaging.requirements import Requirement
from pip._vendor.packaging.utils import canonicalize_name


def chain_to(requirement):
    """The names of those who require a requirement, from what the user asks for to itself."""
    names = []
    # What comes of no other requirement has words on where it is written.
    while hasattr(requirement, "comes_from") and len(names) < MAX_CHAIN:
        names.append(canonicalize_name(requirement.name or ""))
        requirement = requirement.comes_from
    return names[::-1]


def ask(question):
    """The answer to a question; an error of whoever answers ends pip."""
    from pip._internal.exceptions import InstallationError

    print(MARK + json.dumps(question), flush=True)
    answer = json.loads(sys.stdin.readline() or '{"error": "nobody answered"}')
    if "error" in answer:
        raise InstallationError(answer["error"])
    return answer


def replace(holder, name, replacement):
    """Puts something in the place of a part of pip, which must be there: a pip that works otherwise
    could run the code of packages on this machine."""
    if not hasattr(holder, name):
        import pip

        sys.exit(
            f"ERROR: eryx does not know how pip {pip.__version__} works: it has no "
            f"{getattr(holder, '__name__', holder)}.{name}; use another version of pip"
        )
    setattr(holder, name, replacement)


def forbid_starting_this_python():
    # Build backends are started with it. Nothing replaced below starts one, so this only speaks up
    # when pip does something new.
    def audit(event, arguments):
        if event in ("subprocess.Popen", "os.exec", "os.posix_spawn"):
            started = [str(argument) for argument in arguments[:2]]
            words = arguments[1] if isinstance(arguments[1], (list, tuple)) else [arguments[1]]
            if sys.executable in started or sys.executable in [str(word) for word in words[:1]]:
                raise RuntimeError("eryx: pip wanted to start a build backend on this machine")

    sys.addaudithook(audit)


def never_wait_for_a_fifo():
    # One below a directory of links or of an index would have pip wait for its writer for ever. Those
    # of the system, such as a shell's `<(…)`, have a writer.
    def audit(event, arguments):
        path = arguments[0] if event == "open" else None
        if not isinstance(path, (str, bytes)) or os.fsencode(path).startswith((b"/dev/", b"/proc/")):
            return
        try:
            is_fifo = stat.S_ISFIFO(os.stat(path).st_mode)
        except (OSError, ValueError):
            return
        if is_fifo:
            raise OSError(errno.EINVAL, "it is a FIFO and no regular file", path)

    sys.addaudithook(audit)


def evaluate_markers_for_the_sandbox():
    original = markers.default_environment

    def environment():
        return {**original(), **options["environment"]}

    replace(markers, "default_environment", environment)


def count_the_python_of_the_sandbox():
    # Some versions of `pip install` hold Requires-Python against the Python that runs them, whatever
    # `--python-version` says, and so takes an older version of a package, or none.
    from pip._internal.resolution.resolvelib.factory import Factory

    version = options["environment"].get("python_full_version")
    if version is None:
        return
    original = Factory.__init__

    def __init__(self, *arguments, **keywords):
        keywords["py_version_info"] = tuple(int(part) for part in version.split("."))
        original(self, *arguments, **keywords)

    Factory.__init__ = __init__


def allow_source_distributions():
    # pip forbids them together with another platform because it would run them on this one.
    for module in list(sys.modules.values()):
        if getattr(module, "check_dist_restriction", None) is not None:
            module.check_dist_restriction = lambda *_, **__: None
    replace(cmdoptions, "check_dist_restriction", lambda *_, **__: None)


def never_open_archives():
    replace(prepare, "unpack_file", lambda *_, **__: None)


def never_use_wheels_built_on_this_machine():
    from pip._internal.cache import WheelCache

    replace(WheelCache, "get_cache_entry", lambda *_, **__: None)


def ask_for_metadata():
    def prepare_distribution_metadata(self, *_, **__):
        requirement = self.req
        answer = ask(
            {
                "archive": requirement.local_file_path,
                "url": requirement.link.url_without_fragment,
                "name": requirement.name,
                "chain": chain_to(requirement)[:-1],
            }
        )
        directory = TempDirectory(kind="metadata", globally_managed=True).path
        # pip reads the name up to the first hyphen.
        name, version = (answer[key].replace("-", "_") for key in ("name", "version"))
        directory = f"{directory}/{name}-{version}.dist-info"
        os.mkdir(directory)
        with open(f"{directory}/METADATA", "w", encoding="utf-8", newline="\n") as file:
            file.write(answer["metadata"])
        requirement.metadata_directory = directory
        if requirement.name:
            requirement.warn_on_mismatching_name()
        else:
            requirement._set_requirement()
        if not getattr(requirement, "source_dir", None):
            requirement.source_dir = directory

    replace(
        sdist.SourceDistribution, "prepare_distribution_metadata", prepare_distribution_metadata
    )


# Who requires each package that was looked at, from what the user asks for to itself.
chains = {}


def remember_who_requires_what():
    original = getattr(prepare.RequirementPreparer, "prepare_linked_requirement", None)
    if original is None:
        return

    def prepare_linked_requirement(self, req, *arguments, **keywords):
        dist = original(self, req, *arguments, **keywords)
        chains.setdefault(canonicalize_name(req.name or ""), chain_to(req))
        return dist

    prepare.RequirementPreparer.prepare_linked_requirement = prepare_linked_requirement


def say_who_requires_what_nothing_satisfies():
    # pip names the last link of the chain alone.
    from pip._internal.resolution.resolvelib.factory import Factory

    original = getattr(Factory, "_report_single_requirement_conflict", None)
    if original is None:
        return

    def report(self, req, parent):
        chain = chains.get(canonicalize_name(parent.project_name), []) if parent else []
        print(UNMATCHED + json.dumps({"chain": chain}), file=sys.stderr, flush=True)
        return original(self, req, parent)

    Factory._report_single_requirement_conflict = report


def refuse(dist, requirement):
    """An address that a package names could be a repository, for which pip starts other programs,
    or a file of this machine."""
    from pip._internal.exceptions import InstallationError

    refused = {
        "package": canonicalize_name(requirement.name),
        "requirement": str(requirement),
        "required-by": f"{dist.raw_name} {dist.version}",
        "chain": chains.get(canonicalize_name(dist.raw_name), []),
    }
    print(REFUSED + json.dumps(refused), file=sys.stderr, flush=True)
    raise InstallationError(f"{dist.raw_name} requires an address")


def leave_out_and_replace():
    excluded = set(options["exclude"])
    addresses = set(options["addresses"])
    overrides = {}
    for text in options["overrides"]:
        override = Requirement(text)
        overrides.setdefault(canonicalize_name(override.name), []).append(override)

    def changed(original):
        def iter_dependencies(self, extras=()):
            seen = set()
            for requirement in original(self, extras):
                name = canonicalize_name(requirement.name)
                if name in excluded:
                    continue
                if name not in overrides:
                    if getattr(requirement, "url", None):
                        if name not in addresses:
                            refuse(self, requirement)
                        # Which address it is, the manifest says.
                        bare = Requirement(name)
                        bare.extras = requirement.extras
                        requirement = bare
                    yield requirement
                elif name not in seen:
                    seen.add(name)
                    for override in overrides[name]:
                        if override.marker is None or override.marker.evaluate({"extra": ""}):
                            yield override

        return iter_dependencies

    from pip._internal.metadata import pkg_resources

    backends = [pkg_resources.Distribution]
    try:
        from pip._internal.metadata import importlib

        backends.append(importlib.Distribution)
    except ImportError:
        pass
    for backend in backends:
        backend.iter_dependencies = changed(backend.iter_dependencies)


def take_some_for_other_platforms():
    foreign = set(options["foreign"])
    if not foreign:
        return

    def changed(original):
        def method(self, project_name, *arguments, **keywords):
            if canonicalize_name(project_name) not in foreign:
                return original(self, project_name, *arguments, **keywords)
            own = self._target_python
            self._target_python = TargetPython(
                platforms=(own.platforms or []) + options["foreign-platforms"],
                py_version_info=own._given_py_version_info,
                abis=own.abis,
                implementation=own.implementation,
            )
            try:
                return original(self, project_name, *arguments, **keywords)
            finally:
                self._target_python = own

        return method

    finder = package_finder.PackageFinder
    finder.make_link_evaluator = changed(finder.make_link_evaluator)
    finder.make_candidate_evaluator = changed(finder.make_candidate_evaluator)


def count_every_wheel():
    if options["every-wheel"]:
        replace(Wheel, "supported", lambda *_, **__: True)


forbid_starting_this_python()
never_wait_for_a_fifo()
evaluate_markers_for_the_sandbox()
count_the_python_of_the_sandbox()
never_open_archives()
never_use_wheels_built_on_this_machine()
ask_for_metadata()
remember_who_requires_what()
say_who_requires_what_nothing_satisfies()
leave_out_and_replace()
take_some_for_other_platforms()
count_every_wheel()
for command in ("download", "index", "install"):
    __import__(f"pip._internal.commands.{command}")
allow_source_distributions()

from pip._internal.cli.main import main

sys.exit(main(sys.argv[1:]))
