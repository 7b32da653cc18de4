# No descriptor can be duplicated, and code that asks is told so.
import os
from os import *

print(hasattr(os, "dup"), hasattr(os, "dup2"), hasattr(os, "pipe"))
