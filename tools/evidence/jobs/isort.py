# Sorts imports.
import isort

assert isort.code("import sys\nimport os\n") == "import os\nimport sys\n"
