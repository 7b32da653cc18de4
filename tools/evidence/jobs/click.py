# Reads a command line with commands, options and checks.
import click
from click.testing import CliRunner


@click.group()
def main():
    pass


@main.command()
@click.option("--count", type=click.IntRange(1, 3), default=1)
@click.argument("name")
def greet(count, name):
    for _ in range(count):
        click.echo(f"Hello {name}")


runner = CliRunner()
assert runner.invoke(main, ["greet", "--count", "2", "Ada"]).output == "Hello Ada\n" * 2
assert runner.invoke(main, ["greet", "--count", "9", "Ada"]).exit_code == 2
