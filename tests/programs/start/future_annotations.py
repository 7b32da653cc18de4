from __future__ import annotations

number: NoSuchName = 1
print(__annotations__)
