import gc
import sys
import weakref


class Node:
    pass


a, b = Node(), Node()
a.other, b.other = b, a
reference = weakref.ref(a, lambda _: print("gone"))
del a, b
print(gc.isenabled(), gc.collect() > 0, reference())
print(sys.getrefcount(Node) > 0, sys.getsizeof([]) > 0)
