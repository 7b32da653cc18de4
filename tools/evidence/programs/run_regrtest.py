# Runs one module of CPython's own tests with its own runner, and writes each event as a line of JSON:
#
#     run_regrtest.py REPORT MODULE [TEST to leave out]...
#     run_regrtest.py REPORT                             only lists the modules
#
# Lines are written as things happen: a test that takes the sandbox down is the one that began last.
#
# With a standard library in PYTHONPATH, that one is used, as far as it is not what the interpreter runs on.
import os
import sys

KEPT = ("_eryx", "abc", "codecs", "encodings", "genericpath", "importlib", "io", "os", "posixpath", "site", "stat")

if "PYTHONPATH" in os.environ:
    for name, module in list(sys.modules.items()):
        path = getattr(module, "__file__", None) or ""
        if path.startswith("/usr/lib/") and name.partition(".")[0] not in KEPT:
            del sys.modules[name]

import functools
import glob
import json
import platform
import unittest

from test.libregrtest import findtests, main, single, testresult

MAX_OF_A_MESSAGE = 600

report, *chosen = sys.argv[1:]
file = open(report, "w", encoding="utf-8")
# Tests exchange what modules have; these are kept.
encode, write, flush = json.JSONEncoder().encode, file.write, file.flush


def note(event, **details):
    write(encode({"event": event, **details}) + "\n")
    flush()


def message_of(error):
    """The type and the first lines of an exception. Comparisons tell their longest part last."""
    kind = type(error).__name__
    try:
        text = str(error)
        text = " ".join(line.strip() for line in text.splitlines() if line.strip())
        text = text.encode("utf-8", "backslashreplace").decode()
    except Exception:
        text = "(its text cannot be had)"
    return f"{kind}: {text}"[:MAX_OF_A_MESSAGE]


def name_of(test):
    # A failure of `setUpClass` and its kin is told of an object that has only a description.
    test = getattr(test, "test_case", test)  # A part of a test counts as the test.
    return test.id() if isinstance(test, unittest.TestCase) else str(test)


def noting(name, describe):
    """A method of the result that notes what it is told before it does what it did."""
    method = getattr(testresult.RegressionTestResult, name)

    @functools.wraps(method)
    def noted(self, test, *arguments):
        described = describe(test, *arguments)
        if described is not None:
            kind, test, message = described
            note(kind, test=name_of(test), message=message)
        try:
            return method(self, test, *arguments)
        except SystemError:
            # The text of an exception was too broken to be told of, which has been noted.
            if described is None or described[0] not in ("failed", "error"):
                raise

    setattr(testresult.RegressionTestResult, name, noted)


def of_part(test, part, error):
    if error is None:
        return None
    kind = "failed" if issubclass(error[0], test.failureException) else "error"
    return kind, test, f"{part._subDescription()} {message_of(error[1])}"


noting("startTest", lambda test: ("start", test, ""))
noting("addSuccess", lambda test: ("passed", test, ""))
noting("addFailure", lambda test, error: ("failed", test, message_of(error[1])))
noting("addError", lambda test, error: ("error", test, message_of(error[1])))
noting("addSkip", lambda test, reason: ("skipped", test, str(reason)[:MAX_OF_A_MESSAGE]))
noting("addExpectedFailure", lambda test, error: ("passed", test, ""))
noting("addUnexpectedSuccess", lambda test: ("failed", test, "unexpected success"))
noting("addSubTest", of_part)


def noting_module(load_and_run):
    def run(result, runtests):
        try:
            return load_and_run(result, runtests)
        except unittest.SkipTest as error:
            note("module-skipped", message=str(error)[:MAX_OF_A_MESSAGE])
            raise
        except single.support.TestFailed:
            raise
        except BaseException as error:
            note("module-error", message=message_of(error))
            raise

    return run


single._load_run_test = noting_module(single._load_run_test)


def run_single_test(name, runtests):
    result = single.run_single_test(name, runtests)
    note("end", state=result.state, python=platform.python_version())
    return result


if not chosen:
    note("modules", modules=findtests.findtests())
    sys.exit()
module, *left_out = chosen
main.run_single_test = run_single_test
sys.argv[1:] = ["--single-process", "--randseed", "1"]
for test in left_out:
    sys.argv += ["--ignore", glob.escape(test)]
sys.argv.append(module)
main.main()
