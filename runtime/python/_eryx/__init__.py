"""The Python half of the guest: what prepares the interpreter at bake time and runs one program.

It lives in the standard library's folder of every image. Programs do not need it and should not
import it; nothing in it is an interface.
"""
