# Writes structured logs.
import io

import structlog

stream = io.StringIO()
structlog.configure(
    processors=[structlog.processors.add_log_level, structlog.processors.JSONRenderer(sort_keys=True)],
    logger_factory=structlog.PrintLoggerFactory(stream),
)
structlog.get_logger().info("done", count=2)
assert stream.getvalue() == '{"count": 2, "event": "done", "level": "info"}\n'
