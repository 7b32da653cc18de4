# Makes a command line of a function's types.
import typer
from typer.testing import CliRunner

application = typer.Typer()


@application.command()
def add(one: int, other: int = 2):
    print(one + other)


result = CliRunner().invoke(application, ["40"])
assert result.output == "42\n", result.output
