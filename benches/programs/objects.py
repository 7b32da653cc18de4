"""Classes, calls, attributes and dictionaries: a simulated queue of tasks. Prints the seconds it took."""

import time
from collections import deque


class Task:
    def __init__(self, name, work):
        self.name = name
        self.work = work
        self.waited = 0

    def step(self, scheduler):
        self.work -= 1
        if self.work % 7 == 0:
            scheduler.note(self.name)
        return self.work > 0


class PatientTask(Task):
    def step(self, scheduler):
        self.waited += 1
        if self.waited % 3:
            return True
        return super().step(scheduler)


class Scheduler:
    def __init__(self):
        self.queue = deque()
        self.notes = {}

    def add(self, task):
        self.queue.append(task)

    def note(self, name):
        self.notes[name] = self.notes.get(name, 0) + 1

    def run(self):
        steps = 0
        while self.queue:
            task = self.queue.popleft()
            steps += 1
            if task.step(self):
                self.queue.append(task)
        return steps


start = time.perf_counter()
scheduler = Scheduler()
for number in range(1_000):
    kind = PatientTask if number % 4 == 0 else Task
    scheduler.add(kind(f"task {number}", 100 + number % 50))
steps = scheduler.run()
elapsed = time.perf_counter() - start
assert steps == 186_500, steps
print(elapsed)
