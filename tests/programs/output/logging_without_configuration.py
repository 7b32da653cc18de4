import logging

logging.getLogger("a.b").error("last resort")
