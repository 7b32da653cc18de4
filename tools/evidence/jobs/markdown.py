# Renders Markdown with tables and a table of contents.
import markdown

html = markdown.markdown("# A\n\n[TOC]\n\n| a | b |\n| - | - |\n| 1 | 2 |\n", extensions=["tables", "toc"])
assert '<h1 id="a">A</h1>' in html and "<td>1</td>" in html and 'href="#a"' in html
