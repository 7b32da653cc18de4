import importlib
import os
import sys

os.makedirs("/tmp/lib/package")
open("/tmp/lib/module.py", "w").write("answer = 42\ndef fail():\n    raise ValueError('mine')\n")
open("/tmp/lib/package/__init__.py", "w").write("from . import inner\n")
open("/tmp/lib/package/inner.py", "w").write("name = __name__\n")
sys.path.insert(0, "/tmp/lib")
import module
import package

print(module.answer, package.inner.name, module.__file__, module.__cached__)
open("/tmp/lib/later.py", "w").write("when = 'later'\n")
importlib.invalidate_caches()
import later

print(later.when)
module.fail()
