# image: example
import inspect

import jinja2
import yaml

print(inspect.getsourcefile(yaml), inspect.getsource(jinja2.Environment.from_string).splitlines()[0])
print(yaml.__cached__, yaml.__path__, yaml.__spec__.origin)
