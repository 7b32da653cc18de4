# image: example
import importlib
import sys

for name in ("jinja2.sandbox", "jinja2.nativetypes", "dateutil.rrule", "urllib3.util.retry", "six.moves.urllib.parse"):
    before = name in sys.modules
    module = importlib.import_module(name)
    print(name, before, module.__name__)
