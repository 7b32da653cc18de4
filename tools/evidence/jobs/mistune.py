# Renders Markdown with tables and strike-through.
import mistune

render = mistune.create_markdown(plugins=["strikethrough", "table"])
assert render("~~a~~").strip() == "<p><del>a</del></p>"
