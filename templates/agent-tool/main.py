"""Runs a snippet of Python and says what came of it.

A request comes on standard input, {"code": "...", "input": ...}; the answer is one line of JSON on standard output:
{"ok": true, "result": ..., "output": "..."}, or {"ok": false, "error": "...", "output": "..."}.

The snippet finds the request's input as `input_data`. The value of its last expression is the result.

The sandbox around this program is what holds a snippet; nothing in here tries to. A snippet can say anything it likes in its answer, so
take the answer for the snippet's own word."""

import ast
import contextlib
import io
import json
import sys
import traceback

# An agent reads the answer: more than this is of no use to it.
MAX_CHARACTERS = 20_000
# A larger request is not read.
MAX_BYTES = 4 << 20


class Output(io.StringIO):
    """Keeps the first characters that are printed, and counts the others."""

    left_out = 0

    def write(self, text):
        room = max(0, MAX_CHARACTERS - self.tell())
        self.left_out += max(0, len(text) - room)
        super().write(text[:room])
        return len(text)

    def text(self):
        more = f"\n[{self.left_out} more characters]" if self.left_out else ""
        return self.getvalue() + more


def run(code, names):
    """Runs a snippet, and returns the value of its last expression."""
    tree = ast.parse(code, "<snippet>")
    last = None
    if tree.body and isinstance(tree.body[-1], ast.Expr):
        last = ast.Expression(tree.body.pop().value)
    exec(compile(tree, "<snippet>", "exec"), names)
    return None if last is None else eval(compile(last, "<snippet>", "eval"), names)


def as_json(value):
    """The value if it can be written as JSON, and not too long; else its `repr`."""
    try:
        if len(json.dumps(value)) <= MAX_CHARACTERS:
            return value
    except (TypeError, ValueError, RecursionError):
        pass
    return repr(value)[:MAX_CHARACTERS]


def answer(request):
    """What is said to a request."""
    code = request.get("code") if isinstance(request, dict) else None
    if not isinstance(code, str):
        return {"ok": False, "error": 'the request needs a text in "code"', "output": ""}
    output = Output()
    names = {"__name__": "__main__", "input_data": request.get("input")}
    try:
        with contextlib.redirect_stdout(output), contextlib.redirect_stderr(output):
            result = as_json(run(code, names))
        return {"ok": True, "result": result, "output": output.text()}
    except BaseException as error:
        # Without the frames of this program.
        frames = error.__traceback__
        while frames and frames.tb_frame.f_code.co_filename != "<snippet>":
            frames = frames.tb_next
        lines = traceback.format_exception(type(error), error, frames, limit=20)
        return {"ok": False, "error": "".join(lines)[-MAX_CHARACTERS:], "output": output.text()}


def main():
    text = sys.stdin.buffer.read(MAX_BYTES + 1)
    if len(text) > MAX_BYTES:
        said = {"ok": False, "error": f"the request is larger than {MAX_BYTES} bytes", "output": ""}
    else:
        try:
            said = answer(json.loads(text))
        except (ValueError, RecursionError) as error:
            said = {"ok": False, "error": f"the request is not JSON: {error}", "output": ""}
    print(json.dumps(said))
    return 0 if said["ok"] else 1


if __name__ == "__main__":
    sys.exit(main())
