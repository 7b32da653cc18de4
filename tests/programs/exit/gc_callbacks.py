# What is called around garbage collections is not called any more when modules are dropped.
import gc
from time import perf_counter


def callback(phase, info):
    perf_counter()


gc.callbacks.append(callback)
gc.collect()
print("done")
