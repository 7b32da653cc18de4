import asyncio
import contextvars

variable = contextvars.ContextVar("variable", default="unset")


async def set_it():
    variable.set("set")
    return variable.get()


with asyncio.Runner() as runner:
    print(runner.run(set_it()), runner.run(asyncio.sleep(0, variable.get())))
    print(type(runner.get_loop()).__mro__[-4:-1][0].__name__)
