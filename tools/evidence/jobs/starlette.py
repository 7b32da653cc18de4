# Answers requests over ASGI, with a client in the same process.
# requires: starlette httpx
import asyncio

import httpx
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route


async def item(request):
    return JSONResponse({"id": request.path_params["id"]})


application = Starlette(routes=[Route("/items/{id:int}", item)])


async def main():
    transport = httpx.ASGITransport(app=application)
    async with httpx.AsyncClient(transport=transport, base_url="http://job") as client:
        assert (await client.get("/items/7")).json() == {"id": 7}
        assert (await client.get("/items/x")).status_code == 404


asyncio.run(main())
