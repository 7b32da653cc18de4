//! What a build sees: its own sources, and nothing of the host.

use crate::harness::Sdist;

/// Builds a distribution whose wheel holds what these lines put into `seen`.
#[track_caller]
fn seen(lines: &str) -> String {
    let lines: String = lines.lines().map(|line| format!("    {line}\n")).collect();
    let body = format!(
        "    seen = []\n{lines}    return make_wheel(folder, files={{'seen.txt': repr(seen)}})"
    );
    match Sdist::that_builds(&body).build() {
        Ok(built) => built.text("seen.txt"),
        Err(error) => panic!("{}", crate::harness::said(&error)),
    }
}

#[test]
fn the_sources_are_the_current_directory_and_can_be_written_to() {
    let seen = seen(
        "seen.append(os.getcwd())\nseen.append(sorted(os.listdir('.')))\nseen.append(sys.argv)\n\
         os.makedirs('build/lib')\nopen('build/lib/x', 'w').write('x')\nos.remove('backend.py')\n\
         seen.append(os.path.exists('build/lib/x'))",
    );
    assert_eq!(
        seen,
        "['/build/source/sample-1.0', ['backend.py', 'pyproject.toml', 'sample.py'], ['setup.py'], True]"
    );
}

#[test]
fn the_environment_is_fixed() {
    let seen = seen("import time\nseen.append(dict(os.environ))\nseen.append(int(time.time()))");
    assert_eq!(
        seen,
        "[{'CC': 'cc', 'CXX': 'c++', 'HOME': '/tmp', 'LANG': 'C.UTF-8', 'PATH': '/usr/bin:/bin', \
         'SOURCE_DATE_EPOCH': '315532800', 'TMPDIR': '/tmp'}, 315532800]"
    );
}

#[test]
fn there_is_no_network_and_no_other_program() {
    let seen = seen(
        "import socket, subprocess\n\
         for attempt in [\n\
         \x20   lambda: socket.create_connection(('127.0.0.1', 22), 1),\n\
         \x20   lambda: socket.getaddrinfo('example.com', 80),\n\
         \x20   lambda: subprocess.run(['git', 'describe']),\n\
         \x20   lambda: subprocess.run('id; uname', shell=True),\n\
         \x20   lambda: os.fork(),\n\
         ]:\n\
         \x20   try:\n\
         \x20       seen.append(attempt())\n\
         \x20   except Exception as error:\n\
         \x20       seen.append(isinstance(error, (OSError, AttributeError)))",
    );
    assert_eq!(seen, "[True, True, True, True, True]");
}

#[test]
fn no_file_of_the_host_is_there_and_nothing_else_can_be_written() {
    let own = std::env::current_exe().unwrap();
    let lines = format!(
        "seen.append(sorted(os.listdir('/')))\n\
         for path in ['/etc/passwd', '/proc/self/environ', '/home', '/home/me', {own:?}]:\n\
         \x20   seen.append(os.path.exists(path))\n\
         for path in ['/usr/lib/python3.14/x.py', '/site-packages/x.py', '/x', '/build/driver.py', '/../x']:\n\
         \x20   try:\n\
         \x20       open(path, 'w')\n\
         \x20       seen.append(path)\n\
         \x20   except OSError as error:\n\
         \x20       seen.append('refused')"
    );
    assert_eq!(
        seen(&lines),
        "[['build', 'dev', 'root', 'site-packages', 'tmp', 'usr', 'work'], False, False, False, False, False, \
         'refused', 'refused', 'refused', 'refused', 'refused']"
    );
}

#[test]
fn one_build_leaves_nothing_behind_for_the_next() {
    let sdist = Sdist::with_backend(
        "def get_requires_for_build_wheel(settings=None):\n    open('/tmp/left', 'w')\n    \
         open('left', 'w')\n    return []\n\
         def build_wheel(folder, settings=None, metadata=None):\n    \
         assert not os.path.exists('/tmp/left') and not os.path.exists('left')\n    \
         return make_wheel(folder)",
    );
    sdist.build().unwrap();
}
