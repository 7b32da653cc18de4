# Reads the configuration and the objects of a repository, without the program git.
import os

os.environ["GIT_PYTHON_REFRESH"] = "quiet"
import git
from git.config import GitConfigParser

for name in ("objects", "refs/heads"):
    os.makedirs(f"/tmp/repo/.git/{name}")
with open("/tmp/repo/.git/HEAD", "w") as file:
    file.write("ref: refs/heads/main\n")
with GitConfigParser("/tmp/repo/.git/config", read_only=False) as config:
    config.set_value("user", "name", "A. Person")
repository = git.Repo("/tmp/repo")
assert repository.active_branch.name == "main"
assert repository.config_reader().get_value("user", "name") == "A. Person"
assert repository.heads == []
