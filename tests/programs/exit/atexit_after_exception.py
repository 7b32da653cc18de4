# merged
import atexit

atexit.register(lambda: print("handler ran"))
raise LookupError("gone")
