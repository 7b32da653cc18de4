# Writes logs to a file and a function.
from loguru import logger

lines = []
logger.remove()
logger.add(lines.append, format="{level}:{message}")
logger.add("/tmp/log.txt", format="{message}")
logger.info("hello {}", "there")
assert lines == ["INFO:hello there\n"] and open("/tmp/log.txt").read() == "hello there\n"
