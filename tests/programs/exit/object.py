import sys

sys.exit(["not", "a", "status"])
