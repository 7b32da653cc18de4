# Answers requests with routes, templates and JSON.
import flask

application = flask.Flask("job")


@application.route("/hello/<name>")
def hello(name):
    return flask.render_template_string("<p>{{ name }}</p>", name=name)


@application.post("/sum")
def total():
    return flask.jsonify(total=sum(flask.request.get_json()))


client = application.test_client()
assert client.get("/hello/<b>").data == b"<p>&lt;b&gt;</p>"
assert client.post("/sum", json=[1, 2, 3]).get_json() == {"total": 6}
assert client.get("/nothing").status_code == 404
