# image: example
import yaml

yaml.safe_load("a: [1, 2")
