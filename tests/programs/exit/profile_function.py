import sys

calls = []


def profile(frame, event, argument):
    calls.append(event)


sys.setprofile(profile)
len("")
print("c_call" in calls)
