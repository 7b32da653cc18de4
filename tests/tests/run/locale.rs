//! Locales.

use eryx_tests::{Run, binaries, images};

/// There are those of C, and one that is not there is an error as on a system without it.
#[test]
fn only_what_is_there_can_be_set() {
    let source = "import locale
print([locale.setlocale(locale.LC_TIME, name) for name in ('C', 'POSIX', 'C.UTF-8')])
print(locale.setlocale(locale.LC_ALL, ''), locale.getlocale())
locale.setlocale(locale.LC_ALL, locale.setlocale(locale.LC_ALL))
for name in ('de_DE.UTF-8', 'xx', 'C;de_DE', 'en_US'):
    for category in (locale.LC_ALL, locale.LC_TIME):
        try: print(locale.setlocale(category, name))
        except locale.Error as error: print(error)
print(locale.setlocale(locale.LC_TIME))";
    let run = |options: &[&str], source: &str| {
        let run = Run::new(&binaries().eryx_run).args(options);
        run.arg(images::bare()).args(["-c", source]).run()
    };
    let unsupported = "unsupported locale setting\n".repeat(8);
    let expected = format!("['C', 'C', 'C']\nC.UTF-8 ('C', 'UTF-8')\n{unsupported}C\n");
    assert_eq!(run(&[], source).ok(), expected);
    let of_environment = "import locale
try: print(locale.setlocale(locale.LC_ALL, ''))
except locale.Error as error: print(error)";
    assert_eq!(
        run(&["-e", "LC_ALL=de_DE.UTF-8"], of_environment).ok(),
        "unsupported locale setting\n"
    );
}
