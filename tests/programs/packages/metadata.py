# image: example
import importlib.metadata
import importlib.resources

import certifi

# As far as the manifest says which.
print([importlib.metadata.version(name).partition(".")[0] for name in ("jinja2", "PyYAML")])
print(sorted(d.metadata["Name"] for d in importlib.metadata.distributions()))
print(importlib.metadata.requires("jinja2"), importlib.metadata.packages_distributions()["yaml"])
print([file.name for file in importlib.metadata.files("six")][:1])
print(certifi.where(), "BEGIN CERTIFICATE" in certifi.contents())
print(importlib.resources.files("jinja2").joinpath("py.typed").is_file())
print([entry.value for entry in importlib.metadata.entry_points(group="console_scripts")])
