# Runs the test suite out of a source distribution with pytest, and writes what came of it as JSON:
#
#     run_suite.py ARCHIVE REPORT FOLDER [ARGUMENTS of pytest]...
#
# FOLDER is where in the archive the tests start from. The archive is unpacked here, in the sandbox.
import json
import os
import platform
import sys
import tarfile

archive, report, folder, *arguments = sys.argv[1:]
sources = "/tmp/sources"
with tarfile.open(archive) as tar:
    tar.extractall(sources, filter="data")
(top,) = os.listdir(sources)
os.chdir(os.path.normpath(os.path.join(sources, top, folder)))
# What is tested is the package in the image, not the sources beside the tests.
sys.path[:] = [path for path in sys.path if path not in ("", os.path.dirname(__file__))]

import pytest

OPTIONS = ["-q", "--tb=short", "-p", "no:cacheprovider"]
# What cannot be imported counts as an error, and does not keep the rest from being tested.
OPTIONS.append("--continue-on-collection-errors")


class Collector:
    """Counts results, and keeps the last line of each failure."""

    def __init__(self):
        self.counts = {}
        self.failures = []

    def pytest_terminal_summary(self, terminalreporter):
        for kind in ("passed", "failed", "error", "skipped", "xfailed", "xpassed"):
            results = terminalreporter.stats.get(kind, [])
            self.counts[kind] = len(results)
            if kind in ("failed", "error"):
                self.failures += [described(result) for result in results]


def described(result):
    crash = getattr(result.longrepr, "reprcrash", None)
    message = crash.message if crash else str(result.longrepr)
    return {"test": result.nodeid, "message": message[:2000]}


collector = Collector()
status = pytest.main(
    [*OPTIONS, *arguments], plugins=[collector]
)
with open(report, "w", encoding="utf-8") as file:
    answer = {
        "status": int(status),
        "counts": collector.counts,
        "failures": collector.failures,
        "python": platform.python_version(),
    }
    json.dump(answer, file)
