//! What a preinit script leaves open is dead in a run, and reaches nothing that the run opens.

use eryx_tests::{eryx_run, project::Project};

const PREINIT: &str = "
import mmap, os, select, socket, sqlite3

KEPT = open('/tmp/left', 'w+')
KEPT.write('buffered')
DESCRIPTOR = os.open('/tmp/left', os.O_RDWR)
DIRECTORY = os.open('/tmp', os.O_RDONLY)
LISTING = os.scandir('/tmp')
READ, WRITE = os.pipe()
FIRST, SECOND = socket.socketpair()
os.write(DESCRIPTOR, bytes(100))
MAPPED = mmap.mmap(DESCRIPTOR, 10, access=mmap.ACCESS_COPY)
DATABASE = sqlite3.connect('/tmp/database')
DATABASE.execute('create table t (n)')
DATABASE.commit()
DUPLICATE = os.dup(1)
for number in range(3):
    os.close(os.open('/tmp/left', os.O_RDONLY))
";

const USE: &str = "
import os, select, socket, sqlite3
from __preinit__ import *

opened = [os.open('/tmp/new', os.O_RDWR | os.O_CREAT) for _ in range(5)]
old = [KEPT.fileno(), DESCRIPTOR, DIRECTORY, READ, WRITE, FIRST.fileno(), SECOND.fileno(), DUPLICATE]
print('apart', not set(opened) & set(old))
for name, attempt in {
    'flush': KEPT.flush,
    'read': lambda: os.read(DESCRIPTOR, 1),
    'write': lambda: os.write(DESCRIPTOR, b'intruder'),
    'seek': lambda: os.lseek(DESCRIPTOR, 0, os.SEEK_SET),
    'fstat': lambda: os.fstat(DESCRIPTOR),
    'ftruncate': lambda: os.ftruncate(DESCRIPTOR, 0),
    'fsync': lambda: os.fsync(DESCRIPTOR),
    'fchmod': lambda: os.fchmod(DESCRIPTOR, 0),
    'dup': lambda: os.dup(DESCRIPTOR),
    'close': lambda: os.close(DESCRIPTOR),
    'list': lambda: os.listdir(DIRECTORY),
    'open at': lambda: os.open('new', os.O_RDONLY, dir_fd=DIRECTORY),
    'stat at': lambda: os.stat('new', dir_fd=DIRECTORY),
    'scandir': lambda: list(LISTING) or 1 / 0,
    'pipe read': lambda: os.read(READ, 1),
    'pipe write': lambda: os.write(WRITE, b'intruder'),
    'recv': lambda: FIRST.recv(1),
    'send': lambda: SECOND.send(b'intruder'),
    'getsockname': FIRST.getsockname,
    'standard output': lambda: os.write(DUPLICATE, b'intruder'),
    'blocking': lambda: os.set_blocking(READ, False),
    'select': lambda: select.select([READ], [], [], 0),
    'mmap': lambda: MAPPED.size(),
    'sqlite3': lambda: DATABASE.execute('insert into t values (1)').fetchall(),
}.items():
    try:
        print(name, attempt())
    except (OSError, sqlite3.Error, SystemError, ValueError, ZeroDivisionError) as error:
        print(name, type(error).__name__, getattr(error, 'errno', None) or error)
";

#[test]
fn what_a_bake_left_open_is_dead_in_a_run() {
    let project = Project::sample("[preinit]\nscript = \"warm.py\"").file("warm.py", PREINIT);
    project.bake().arg("--quiet").run().ok();
    let output = eryx_run(&project.image()).args(["-c", USE]).run();
    let printed = output.ok();
    let expected = "apart True
flush OSError 8
read OSError 8
write OSError 8
seek OSError 8
fstat OSError 8
ftruncate OSError 8
fsync OSError 8
fchmod OSError 8
dup OSError 8
close OSError 8
list OSError 8
open at OSError 8
stat at OSError 8
scandir OSError 8
pipe read OSError 8
pipe write OSError 8
recv OSError 8
send OSError 8
getsockname OSError 8
standard output OSError 8
blocking OSError 8
select OSError 8
mmap OSError 8
sqlite3 OperationalError disk I/O error
";
    assert_eq!(printed, expected);
}
