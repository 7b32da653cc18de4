import io
import sys

sys.stdout = io.StringIO()
print("kept from the world")
sys.__stdout__.write("shown\n")
