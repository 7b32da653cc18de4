"""The interactive prompt, as ``python3`` has it.

At a terminal the host reads the lines, which can be edited there (`runtime/guest/lines.c`). From
anything else they are read as they come, with prompts on standard error, as ``python3 -i < file`` does.
"""

import code
import contextlib
import linecache
import os
import sys

from . import program, streams


class Prompt(code.InteractiveConsole):
    """The standard library's console with the interpreter's own manners: each statement is a file of
    its own for tracebacks, and exceptions are told by the interpreter."""

    def __init__(self, namespace, edited):
        super().__init__(namespace)
        # Where lines are edited, the cursor is at the start of a row after each.
        self.end = "" if edited else "\n"
        self.terminal = os.isatty(0) and os.isatty(1)
        self.count = 0

    def raw_input(self, prompt=""):
        if self.terminal:
            return input(prompt)
        sys.stdout.flush()
        sys.stderr.write(str(prompt))
        sys.stderr.flush()
        line = sys.stdin.readline()
        if not line:
            raise EOFError
        return line.removesuffix("\n")

    def runsource(self, source, filename=None, symbol="single", ended=False):
        """Runs a statement. Returns whether it needs more lines, which there are none of when the input has
        `ended`."""
        filename = f"<{'python-input' if self.terminal else 'stdin'}-{self.count}>"
        try:
            compiled = self._compile(source, filename, symbol, ended)
        except (OverflowError, SyntaxError, ValueError):
            self.count += 1
            self.showsyntaxerror(filename if self.terminal else "<stdin>", source=source)
            return False
        if compiled is None:
            return True
        self.count += 1
        linecache._register_code(compiled, source, filename)
        self.runcode(compiled)
        return False

    def _compile(self, source, filename, symbol, ended):
        if not ended:
            # Of a line without its end, the compiler can not say where the mistake is.
            with contextlib.suppress(SyntaxError):
                return self.compile(source, filename, symbol)
        return self.compile.compiler(f"{source}\n", filename, symbol, incomplete_input=False)

    def _excepthook(self, kind, value, trace):
        sys.__excepthook__(kind, value, trace)

    def loop(self):
        """Reads and runs statements until there are no more."""
        while True:
            try:
                line = self._next_line()
                if line is not None:
                    self.push(line)
                elif self.buffer:
                    source = "\n".join(self.buffer)
                    self.resetbuffer()
                    self.runsource(source, ended=True)
                else:
                    return
            except KeyboardInterrupt:
                self.resetbuffer()
                self.write(f"{self.end}KeyboardInterrupt\n")

    def _next_line(self):
        try:
            return self.raw_input(sys.ps2 if self.buffer else sys.ps1)
        except EOFError:
            self.write(self.end)
            return None


def start(edited):
    """The prompt without a program before it."""
    sys.stderr.write(
        f"Python {sys.version} on {sys.platform}\n"
        'Type "help", "copyright", "credits" or "license" for more information.\n'
    )
    _try(_run_startup)
    interact(edited)


def interact(edited):
    """The prompt in the namespace of `__main__`, whatever a program left there."""
    # `exit` closes it.
    if sys.stdin is None or sys.stdin.closed:
        streams.open_input()
    hook = getattr(sys, "__interactivehook__", None)
    if hook is not None:
        _try(hook, "Failed calling sys.__interactivehook__\n")
    set_prompts()
    Prompt(sys.modules["__main__"].__dict__, edited).loop()


def set_prompts():
    """Sets what is shown before a line, unless the program did."""
    for name, text in (("ps1", ">>> "), ("ps2", "... ")):
        if not hasattr(sys, name):
            setattr(sys, name, text)


def _run_startup():
    path = os.environ.get("PYTHONSTARTUP")
    if not path:
        return
    try:
        with open(path, "rb") as file:
            source = file.read()
    except OSError as error:
        sys.stderr.write(f"Could not open PYTHONSTARTUP\n{type(error).__name__}: {error}\n")
        return
    exec(compile(source, path, "exec", dont_inherit=True), sys.modules["__main__"].__dict__)


def _try(action, complaint=""):
    """Does what the prompt can go on without."""
    try:
        action()
    except Exception as error:
        sys.stderr.write(complaint)
        program.hide_own_frames(error)
        sys.excepthook(type(error), error, error.__traceback__)
