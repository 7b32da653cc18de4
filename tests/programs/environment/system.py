import sys
import sysconfig

print(sys.platform, sys.implementation.name, sys.version_info[:2], sys.maxsize, sys.byteorder)
print(repr(sys.executable), sys.prefix, sys.exec_prefix, sys.base_prefix)
print(sys.flags.isolated, sys.flags.optimize, sys.flags.safe_path, sys.flags.utf8_mode, sys.flags.hash_randomization)
print(sys.orig_argv, sys.warnoptions, sys._xoptions)
print(sys.stdlib_module_names >= {"json", "os"}, sys.getrecursionlimit(), sys.pycache_prefix)
print(sys.meta_path[-1].__name__, sys.gettrace(), sys.getprofile())
print(hasattr(sys, "last_exc"), sys.is_finalizing(), sys.float_info.dig, hasattr(sys, "ps1"))
print(sysconfig.get_paths()["purelib"], sysconfig.get_platform(), __debug__)
