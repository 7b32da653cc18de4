# The loader of the image stands for the ordinary one.
import importlib.util
import json

other = importlib.util.spec_from_file_location("json", json.__file__, submodule_search_locations=json.__path__)
print(other.loader == json.__loader__, json.__loader__ == other.loader, other == json.__spec__)
print(hash(other.loader) == hash(json.__loader__))
print(json.__loader__ == importlib.util.find_spec("decimal").loader, json.__loader__ == 1)
