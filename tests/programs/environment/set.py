# run: -e A=1 -e EMPTY= -e UNICODE=é=ü -e A=2
import os

print(sorted(os.environ.items()))
