"""A small report out of every package that eryx.toml.example bakes.

    eryx run example.cwasm examples/report.py [TITLE [AUTHOR ...]]

The output depends on the arguments alone; nothing is sent over the network.
"""

import datetime
import json
import sys

import attr
import jinja2
import requests
import yaml
from dateutil import parser, relativedelta, tz

RELEASES = """
- name: first light
  date: "Mon, 6 Jan 2025 09:30:00 +0100"
  changes: [bake, run]
- name: <second> & "sight"
  date: 2025-03-06T17:00:00Z
  changes: [inspect]
- name: third time
  date: "25 December 2025, 8pm UTC"
  changes: []
"""

TEMPLATE = """
{{ title }}
{{ "=" * title | length }}
{% for release in releases %}
{{ loop.index }}. {{ release.name }} ({{ release.date.strftime("%Y-%m-%d %H:%M") }} UTC)
   escaped: {{ release.name | e }}
   changes: {{ release.changes | join(", ") or "none" }}
{%- if release.after %}
   after {{ release.after }}
{%- endif %}
{% endfor %}
Written by {{ authors | join(" and ") }}.
"""


def to_utc(value):
    """Reads a date in any common form, or takes one that YAML has read already."""
    date = value if isinstance(value, datetime.datetime) else parser.parse(value)
    if date.tzinfo is None:
        date = date.replace(tzinfo=tz.UTC)
    return date.astimezone(tz.UTC)


@attr.s(frozen=True)
class Release:
    name = attr.ib(validator=attr.validators.instance_of(str))
    date = attr.ib(converter=to_utc)
    changes = attr.ib(factory=list)
    after = attr.ib(default=None)


def read_releases(text):
    releases = [Release(**entry) for entry in yaml.safe_load(text)]
    for previous, release in zip([None, *releases], releases):
        if previous is None:
            yield release
            continue
        gap = relativedelta.relativedelta(release.date, previous.date)
        yield attr.evolve(release, after=f"{gap.months} months and {gap.days} days")


def main(arguments):
    title, *authors = arguments or ["Releases"]
    releases = list(read_releases(RELEASES))

    environment = jinja2.Environment(undefined=jinja2.StrictUndefined)
    template = environment.from_string(TEMPLATE.strip())
    print(template.render(title=title, authors=authors or ["nobody"], releases=releases))

    # Prepared, not sent: a sandbox has no network unless it is given one.
    request = requests.Request(
        "POST",
        "https://bücher.example/releases",
        params={"title": title},
        json=[release.name for release in releases],
    ).prepare()
    print()
    print(request.method, request.url)
    print(json.dumps(dict(request.headers), sort_keys=True))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
