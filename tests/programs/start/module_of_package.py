# as: module unittest
# args: -h
