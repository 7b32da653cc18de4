# Sends requests to an application in the same process.
import httpx


def application(request):
    return httpx.Response(200, json={"path": request.url.path, "body": request.content.decode()})


with httpx.Client(transport=httpx.MockTransport(application), base_url="https://example.com") as client:
    response = client.post("/a/b", content="text")
assert response.json() == {"path": "/a/b", "body": "text"}
