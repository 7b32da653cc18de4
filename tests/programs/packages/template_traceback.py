# image: example
import jinja2

environment = jinja2.Environment(loader=jinja2.DictLoader({"page": "line one\n{{ 1 / zero }}\n"}))
environment.get_template("page").render(zero=0)
