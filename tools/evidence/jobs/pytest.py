# Runs tests with fixtures, parameters and output that is captured.
import pathlib

import pytest

pathlib.Path("/tmp/suite").mkdir()
pathlib.Path("/tmp/suite/test_it.py").write_text(
    """
import pytest

@pytest.fixture
def number():
    return 2

@pytest.mark.parametrize("factor", [1, 2, 3])
def test_product(number, factor, capsys, tmp_path):
    print(number * factor)
    assert capsys.readouterr().out.strip() == str(number * factor)
    (tmp_path / "a").write_text("b")

def test_fails():
    assert [1, 2] == [1, 3]
"""
)


class Counts:
    def __init__(self):
        self.outcomes = []

    def pytest_runtest_logreport(self, report):
        if report.when == "call":
            self.outcomes.append(report.outcome)


counts = Counts()
status = pytest.main(["-q", "-p", "no:cacheprovider", "/tmp/suite"], plugins=[counts])
assert status == 1, status
assert sorted(counts.outcomes) == ["failed", "passed", "passed", "passed"]
