# image: example
import attr
import dateutil.parser
import jinja2
import markupsafe
import yaml

print(jinja2.Template("{% for n in ns %}{{ n|e }} {% endfor %}").render(ns=["<a>", 2]))
print(yaml.safe_load("a: [1, {b: c}]\nd: 2024-01-02"), yaml.safe_dump({"x": None}))
print(dateutil.parser.parse("3rd of May 2021 5pm"), markupsafe.escape("<"))


@attr.s(auto_attribs=True)
class Point:
    x: int = 0


print(Point(3), attr.asdict(Point()))
