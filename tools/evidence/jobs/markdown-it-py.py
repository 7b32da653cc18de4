# Reads and renders CommonMark.
from markdown_it import MarkdownIt

reader = MarkdownIt("commonmark").enable("table")
assert reader.render("*a* **b** `c`") == "<p><em>a</em> <strong>b</strong> <code>c</code></p>\n"
assert [token.type for token in reader.parse("- x")][:2] == ["bullet_list_open", "list_item_open"]
