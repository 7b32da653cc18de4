import logging

logging.warning("a warning")
logging.info("not shown")
logging.basicConfig(level=logging.DEBUG, format="%(levelname)s:%(name)s:%(lineno)d:%(message)s", force=True)
logging.getLogger("mine").info("shown")
try:
    1 / 0
except ZeroDivisionError:
    logging.exception("with traceback")
