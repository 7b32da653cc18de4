# Tries again until it works.
import tenacity

calls = []


@tenacity.retry(stop=tenacity.stop_after_attempt(5), wait=tenacity.wait_fixed(0.001))
def flaky():
    calls.append(1)
    if len(calls) < 3:
        raise OSError
    return "done"


assert flaky() == "done" and len(calls) == 3
