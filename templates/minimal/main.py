"""A program in a sandbox: it sees no files, no network and no variables but those it is given."""

import sys


def main():
    names = sys.argv[1:] or ["sandbox"]
    for name in names:
        print(f"Hello, {name}!")


if __name__ == "__main__":
    main()
