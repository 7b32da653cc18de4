"""Takes facts out of an HTML page: title, description, headings, links, tables, and what the page says for machines.

The page comes on standard input. There is no network here: fetching is for the host, which knows what may be
fetched, and the page, which a stranger wrote, is read where it can do no harm."""

import argparse
import json
import sys
from urllib.parse import urljoin, urlsplit

from bs4 import BeautifulSoup

SAMPLE = """\
<!doctype html><html lang=en><head><title>Teas &amp; coffees</title>
<meta name=description content="What we have"><meta property="og:type" content=website>
<script type="application/ld+json">{"@type": "Store", "name": "Teas"}</script></head>
<body><h1>Our <em>teas</em></h1><p><a href="/green">Green</a> <a href="javascript:alert(1)">x</a> <a href="#top">top</a>
<table><tr><th>Name<th>Price<tr><td>Sencha<td>12.50</table></body></html>
"""

# A page that is larger is not read to its end.
LIMIT = 16 << 20


def text(node):
    """The text of an element in one line."""
    return " ".join(node.get_text(" ").split())


def links(soup, base):
    """The addresses that the page points to, each once, in their order."""
    found = {}
    for anchor in soup.find_all("a", href=True):
        try:
            address = urljoin(base, anchor["href"].strip())
            is_web = urlsplit(address).scheme in ("http", "https")
        except ValueError:
            continue
        address = address.partition("#")[0]
        if is_web and address != base:
            found.setdefault(address, text(anchor))
    return [{"address": address, "text": label} for address, label in found.items()]


def tables(soup):
    """The tables of the page, as lists of rows."""
    found = []
    for table in soup.find_all("table"):
        rows = [[text(cell) for cell in row.find_all(["td", "th"])] for row in table.find_all("tr")]
        found.append([row for row in rows if row])
    return found


def linked_data(soup):
    """What the page says in JSON-LD, as far as it is JSON."""
    found = []
    for script in soup.find_all("script", type="application/ld+json"):
        try:
            found.append(json.loads(script.string or ""))
        except (ValueError, RecursionError):
            continue
    return found


def facts(page, base):
    """Everything that is known of a page."""
    soup = BeautifulSoup(page, "html5lib")
    metadata = {}
    for tag in soup.find_all("meta", content=True):
        name = tag.get("name") or tag.get("property")
        if name:
            metadata.setdefault(name.lower(), tag["content"])
    return {
        "title": text(soup.title) if soup.title else None,
        "language": soup.html.get("lang") if soup.html else None,
        "metadata": metadata,
        "headings": [{"level": int(tag.name[1]), "text": text(tag)} for tag in soup.find_all(["h1", "h2", "h3"])],
        "links": links(soup, base),
        "tables": tables(soup),
        "linked-data": linked_data(soup),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", default="", metavar="ADDRESS", help="where the page is from, for links that are relative")
    parser.add_argument("--only", metavar="FACT", help="print one fact, such as `links`")
    parser.add_argument("--sample", action="store_true", help="read a small page that is built in")
    options = parser.parse_args()
    # Bytes: which encoding they are in is for the parser to find out.
    page = SAMPLE if options.sample else sys.stdin.buffer.read(LIMIT)
    if not page:
        parser.error("standard input is empty: hand in a page, or try --sample")
    found = facts(page, options.base)
    if options.only is not None:
        if options.only not in found:
            parser.error(f"there is no fact {options.only!r}, only {', '.join(found)}")
        found = found[options.only]
    json.dump(found, sys.stdout, ensure_ascii=False, indent=2)
    print()


if __name__ == "__main__":
    main()
