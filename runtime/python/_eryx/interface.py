"""Cases of variants by their numbers, and flags by their bits.

Generated from runtime/wit/sandbox.wit:
ERYX_UPDATE=1 cargo test --release -p eryx-wasm --test interface
"""

LINE_TEXT = 0
LINE_END = 1
LINE_INTERRUPTED = 2
PROGRAM_SCRIPT = 0
PROGRAM_COMMAND = 1
PROGRAM_MODULE = 2
PROGRAM_STANDARD_INPUT = 3
PROGRAM_ENTRYPOINT = 4
PROGRAM_PROMPT = 5
RUN_FLAGS_INSPECT = 1
RUN_FLAGS_LINE_EDITOR = 2
