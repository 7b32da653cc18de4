"""Judges a bill of materials: python3 sbom.py cyclonedx|spdx FILE."""

import sys


def cyclonedx(path):
    from cyclonedx.schema import SchemaVersion
    from cyclonedx.validation.json import JsonStrictValidator

    with open(path, encoding="utf-8") as file:
        problem = JsonStrictValidator(SchemaVersion.V1_6).validate_str(file.read())
    return [] if problem is None else [problem]


def spdx(path):
    from spdx_tools.spdx.parser.parse_anything import parse_file
    from spdx_tools.spdx.validation.document_validator import validate_full_spdx_document

    problems = validate_full_spdx_document(parse_file(path), "SPDX-2.3")
    return [problem.validation_message for problem in problems]


problems = {"cyclonedx": cyclonedx, "spdx": spdx}[sys.argv[1]](sys.argv[2])
for problem in problems:
    print(problem)
sys.exit(len(problems) != 0)
