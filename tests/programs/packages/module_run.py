# image: example
# as: module certifi
