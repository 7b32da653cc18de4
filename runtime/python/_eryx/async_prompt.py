"""``python3 -m asyncio``: a prompt where statements can await.

The standard library's reads lines in a second thread while the event loop runs in the first. Here the loop runs
while a statement does, which leaves its tasks asleep at the prompt.
"""

import ast
import asyncio
import inspect
import sys
import types

from _eryx import prompt


class _AsyncPrompt(prompt.Prompt):
    """A prompt that runs each statement in one event loop."""

    def __init__(self, namespace, edited, runner):
        super().__init__(namespace, edited)
        self.compile.compiler.flags |= ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
        self.runner = runner

    def runcode(self, compiled):
        """Runs a statement, and what it awaits."""
        try:
            self.runner.run(_run(types.FunctionType(compiled, self.locals)))
        except SystemExit:
            raise
        except BaseException as error:
            _hide_loop(error, compiled.co_filename)
            self.showtraceback()


def _hide_loop(error, name):
    """Takes the frames of the event loop off a traceback. The console hides one more, which is left for that."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        if trace.tb_next.tb_frame.f_code.co_filename == name:
            error.__traceback__ = trace
            return
        trace = trace.tb_next


async def _run(statement):
    """Runs a statement in the loop, so that it can make tasks, whether it awaits or not."""
    answer = statement()
    if inspect.iscoroutine(answer):
        await answer


def main():
    """Reads and runs statements until there are no more."""
    if len(sys.argv) > 1:
        sys.exit(f"{sys.argv[0]}: there is no other process in the sandbox whose tasks could be shown")
    sys.stderr.write(
        f"asyncio REPL {sys.version} on {sys.platform}\n"
        'Use "await" directly instead of "asyncio.run()".\n'
        'Type "help", "copyright", "credits" or "license" for more information.\n'
    )
    namespace = {"asyncio": asyncio, "__name__": "__main__", "__builtins__": __builtins__}
    with asyncio.Runner() as runner:
        # The loop is there before the first statement, which may ask for it.
        runner.get_loop()
        prompt.set_prompts()
        sys.stderr.write(f"{sys.ps1}import asyncio\n")
        try:
            _AsyncPrompt(namespace, False, runner).loop()
        except SystemExit as end:
            sys.exit(end.code)
    sys.stderr.write("exiting asyncio REPL...\n")


if __name__ == "__main__":
    main()
