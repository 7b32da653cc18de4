import warnings

warnings.warn("look out")
warnings.warn("old way", DeprecationWarning)
warnings.warn("once only") or warnings.warn("again")
for _ in range(2):
    warnings.warn("same place")
