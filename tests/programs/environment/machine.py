# What there is no answer to is not known, and does not fail.
import getpass
import os
import platform
import site
import sysconfig
import tempfile
import webbrowser

print(platform.system(), platform.machine(), platform.platform(), platform.libc_ver())
print(os.path.expanduser("~"), tempfile.gettempdir(), webbrowser.open("https://example.com"))
print(getpass.getuser())
os.environ.update(HOME="/tmp", USER="somebody")
print(os.path.expanduser("~"), getpass.getuser())
base = {"base": "/venv", "platbase": "/venv", "installed_base": "/venv", "installed_platbase": "/venv"}
print(site.getsitepackages(), site.getsitepackages(["/venv"]), site.getusersitepackages())
print(sysconfig.get_path("purelib"), sysconfig.get_path("purelib", "posix_venv", base))
