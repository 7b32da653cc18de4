# Reads markup that is not well formed, as browsers do.
import html5lib

tree = html5lib.parse("<p>one<p>two<table><td>x", namespaceHTMLElements=False)
assert [paragraph.text for paragraph in tree.iter("p")] == ["one", "two"]
assert tree.find(".//tbody/tr/td").text == "x"
