import pickle
import shelve

try:
    with shelve.open("/tmp/shelf") as shelf:
        shelf["a"] = [1]
    with shelve.open("/tmp/shelf") as shelf:
        print(shelf["a"])
except ImportError as error:
    print(error)
print(pickle.loads(pickle.dumps({1: {2, 3}}, 5)))
