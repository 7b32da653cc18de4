# Finds mistakes in source text.
import io

from pyflakes.api import check
from pyflakes.reporter import Reporter

found = io.StringIO()
assert check("import os\nprint(x)\n", "job.py", Reporter(found, found)) == 2
assert "undefined name 'x'" in found.getvalue()
