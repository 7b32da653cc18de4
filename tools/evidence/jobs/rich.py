# Draws tables and text with markup into a string.
import io

from rich.console import Console
from rich.table import Table

console = Console(file=io.StringIO(), width=40, force_terminal=False)
table = Table(title="Numbers")
table.add_column("n")
table.add_row("[bold]one[/bold]")
console.print(table)
text = console.file.getvalue()
assert "Numbers" in text and "one" in text and "bold" not in text
