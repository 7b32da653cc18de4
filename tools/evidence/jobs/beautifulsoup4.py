# Reads a page, finds and changes elements.
from bs4 import BeautifulSoup

page = BeautifulSoup("<ul><li class=a>One<li><a href='/x'>Two</a></ul>", "html.parser")
assert [item.get_text() for item in page.select("li.a")] == ["OneTwo"]
page.a["href"] = "/y"
assert page.find("a", href="/y").text == "Two"
