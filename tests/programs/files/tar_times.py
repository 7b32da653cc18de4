# A program is the user 0, for whom `tarfile` sets owners: that there are none to set costs a file neither its times
# nor anything else.
import io
import os
import tarfile

archive = io.BytesIO()
with tarfile.open(fileobj=archive, mode="w") as tar:
    for name, kind in (("folder", tarfile.DIRTYPE), ("folder/file", tarfile.REGTYPE)):
        member = tarfile.TarInfo(name)
        member.type, member.uid, member.gid, member.mtime = kind, 1000, 1000, 1_000_000_000
        tar.addfile(member)
for kept in ("fully_trusted", "data"):
    archive.seek(0)
    with tarfile.open(fileobj=archive) as tar:
        tar.extractall(f"/tmp/{kept}", filter=kept)
    print(kept, *(os.stat(f"/tmp/{kept}/{name}").st_mtime for name in ("folder", "folder/file")))
