# Prepares requests and answers them by an adapter of its own.
import io

import requests
from requests.adapters import BaseAdapter


class Answers(BaseAdapter):
    def send(self, request, **_):
        response = requests.Response()
        response.status_code = 200
        response.headers["Content-Type"] = "application/json"
        response.raw = io.BytesIO(b'{"url": "' + request.url.encode() + b'"}')
        response.request = request
        return response

    def close(self):
        pass


session = requests.Session()
session.mount("https://", Answers())
response = session.get("https://example.com/a", params={"q": "ä b"})
assert response.json() == {"url": "https://example.com/a?q=%C3%A4+b"}, response.text
prepared = requests.Request("POST", "https://example.com", json={"a": 1}).prepare()
assert prepared.body == b'{"a": 1}'
