import math


class Thing:
    colour = 1


for source in ["math.sqr(2)", "Thing().color", "pritn(1)", "import maths", "from math import cos2"]:
    try:
        exec(source)
    except Exception as error:
        import traceback

        print(traceback.format_exception_only(error)[-1], end="")
nothing_like_this
