number: int = 1
import __main__

print(__main__.__annotations__, __annotate__(1))
