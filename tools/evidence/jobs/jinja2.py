# Renders templates with inheritance, loops, filters and macros.
import jinja2

environment = jinja2.Environment(
    loader=jinja2.DictLoader(
        {
            "base": "<b>{% block body %}{% endblock %}</b>",
            "page": "{% extends 'base' %}{% block body %}"
            "{% for name in names|sort %}{{ loop.index }}:{{ name|upper }} {% endfor %}{% endblock %}",
        }
    ),
    autoescape=True,
)
text = environment.get_template("page").render(names=["b", "<a>"])
assert text == "<b>1:&lt;A&gt; 2:B </b>", text
