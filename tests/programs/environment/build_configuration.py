# Programs split what CPython was configured with as a shell would, and `test.support` among them.
import shlex
import sysconfig

arguments = shlex.split(sysconfig.get_config_var("CONFIG_ARGS"))
print(any(argument.startswith("--host=wasm32") for argument in arguments))
