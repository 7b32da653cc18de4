# Carries functions with what they refer to.
import pickle

import cloudpickle

factor = 3
assert pickle.loads(cloudpickle.dumps(lambda value: value * factor))(2) == 6
