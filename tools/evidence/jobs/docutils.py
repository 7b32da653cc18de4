# Renders reStructuredText.
from docutils.core import publish_parts

html = publish_parts("Title\n=====\n\n* *one*\n* two\n", writer="html5")["html_body"]
assert "<em>one</em>" in html and "Title" in html
