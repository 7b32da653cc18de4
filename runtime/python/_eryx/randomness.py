"""Generators of random numbers in Python that the operating system seeded at bake time.

A snapshot would give every run the same numbers. Generators that a module seeded itself, with a
value, keep their state, as they would in two processes of an ordinary interpreter.
"""

import os
import random
import sys
import weakref

# Bytes of a seed. A generator that is left to seed itself takes 2,496, and twice as long.
_SEED_SIZE = 32

# Generators of the snapshot that every run seeds anew.
_generators = []


class Tracker:
    """While it is entered, notes which generators are seeded by the operating system."""

    def __init__(self):
        # By identity: a subclass need not be hashable.
        self._seen = {}

    def __enter__(self):
        self._seed = random.Random.seed
        self._seen[id(random._inst)] = weakref.ref(random._inst)
        seen, seed = self._seen, self._seed

        def noted_seed(generator, a=None, version=2):
            seed(generator, a, version)
            if a is None:
                seen[id(generator)] = weakref.ref(generator)
            else:
                seen.pop(id(generator), None)

        random.Random.seed = noted_seed
        # The module's functions are methods of one generator, bound before this.
        self._module_seed = random.seed
        random.seed = random._inst.seed
        return self

    def __exit__(self, *_):
        random.Random.seed = self._seed
        random.seed = self._module_seed

    def generators(self):
        """The noted generators that are still alive, in the order of their creation."""
        alive = [reference() for reference in self._seen.values()]
        return [generator for generator in alive if generator is not None]


def keep(tracker):
    """Keeps the generators that `tracker` noted, for `refresh`."""
    _generators.extend(
        generator
        for generator in tracker.generators()
        if not isinstance(generator, random.SystemRandom)
    )


def refresh():
    """Seeds every kept generator from the operating system, and drops other baked randomness."""
    for generator in _generators:
        if type(generator).seed is random.Random.seed:
            generator.seed(int.from_bytes(os.urandom(_SEED_SIZE)))
        else:
            generator.seed()
    uuid = sys.modules.get("uuid")
    if uuid is not None:
        for name in ("_node", "_last_timestamp", "_last_timestamp_v7"):
            if hasattr(uuid, name):
                setattr(uuid, name, None)
    process = sys.modules.get("multiprocessing.process")
    if process is not None:
        # By which the connections of a program's processes know each other.
        current = process._current_process
        current._config["authkey"] = process.AuthenticationString(os.urandom(32))
    tempfile = sys.modules.get("tempfile")
    if tempfile is not None:
        tempfile._name_sequence = None
        tempfile.tempdir = None
