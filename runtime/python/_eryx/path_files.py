"""Bake time: processes the `.pth` files of packages, as the module `site` does at every start of an
ordinary Python. Importing this module does it.

Their folders are then on the path of the snapshot, and what their `import` lines did is in its heap.
It happens only in the interpreter that becomes the image, never in one whose results are shared with
other images.
"""

import os
import sys
import traceback

_SITE_PACKAGES = "/site-packages"


def process_all(sitedir):
    """Processes every `.pth` file of `sitedir`, in the order of their names."""
    known = set(sys.path)
    for name in sorted(os.listdir(sitedir)):
        if name.endswith(".pth") and not name.startswith("."):
            _process(sitedir, name, known)


# The code in such files looks for a variable `sitedir` in the frame that runs it.
def _process(sitedir, name, known):
    path = f"{sitedir}/{name}"
    with open(path, encoding="utf-8-sig", errors="surrogateescape") as file:
        lines = file.read().splitlines()
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.startswith("#"):
            continue
        try:
            if line.startswith(("import ", "import\t")):
                exec(line)
                continue
            folder = os.path.normpath(os.path.join(sitedir, line.rstrip()))
            if folder not in known and os.path.exists(folder):
                sys.path.append(folder)
                known.add(folder)
        except SystemExit:
            # To a bake it would look as if this module could not be imported.
            raise ImportError(f"line {number} of {path} ends the interpreter") from None
        except Exception as error:
            print(f"Error processing line {number} of {path}:\n", file=sys.stderr)
            for part in traceback.format_exception(error):
                for text in part.splitlines():
                    print(f"  {text}", file=sys.stderr)
            print("\nRemainder of file ignored", file=sys.stderr)
            break


process_all(_SITE_PACKAGES)
