//! Times as text.

use eryx_tests::{Output, eryx_run, images};

fn run(source: &str) -> Output {
    eryx_run(images::bare()).args(["-c", source]).run()
}

/// Directives of glibc, flags and widths, and what is none, for every function that formats times. glibc 2.36
/// wrote what is expected.
#[test]
fn directives_as_glibc_has_them() {
    let directives = [
        ("%I:%M %P", "03:04 pm"),
        ("%k:%M", "15:04"),
        ("%l o clock", " 3 o clock"),
        ("100% %Y", "100% 2024"),
        ("%Y-%Q", "2024-%Q"),
        ("%s", "1709305445"),
        ("%-d/%-m", "1/3"),
        ("%_d", " 1"),
        ("%0e", "01"),
        ("%e", " 1"),
        ("%^a", "FRI"),
        ("%^10a", "       FRI"),
        ("%010a", "0000000Fri"),
        ("%#p", "pm"),
        ("%#B", "MARCH"),
        ("%#Z", "utc"),
        ("%Z", "UTC"),
        ("%10Y", "0000002024"),
        ("%_10Y", "      2024"),
        ("%-10d", "         1"),
        ("%5u", "00005"),
        ("%10V", "0000000009"),
        ("%10Q", "      %10Q"),
        ("%Ey %EY %Ex", "24 2024 03/01/24"),
        ("%Ed %Oa", "%Ed %Oa"),
        ("%+d %N %f2 %v", "%+d %N %f2 %v"),
        ("%^c", "FRI MAR  1 15:04:05 2024"),
        ("%c", "Fri Mar  1 15:04:05 2024"),
        (
            "%D %F %R %r %T",
            "03/01/24 2024-03-01 15:04 03:04:05 PM 15:04:05",
        ),
        ("%x %X", "03/01/24 15:04:05"),
        ("%C %y %G %g %j", "20 24 2024 24 061"),
        ("%U %W %V %w %u", "08 09 09 5 5"),
        ("%A %B %b %h", "Friday March Mar Mar"),
        ("%z%%%n%t", "+0000%\n\t"),
        ("%5", "   %5"),
        ("%", "%"),
        ("%E", "%E"),
        ("", ""),
        ("é %Y 日", "é 2024 日"),
    ];
    let source = format!(
        "import time
moment = time.struct_time((2024, 3, 1, 15, 4, 5, 4, 61, 0))
for directive, expected in {directives:?}:
    text = time.strftime(directive, moment)
    if text != expected: print(repr(directive), repr(text), repr(expected))"
    );
    assert_eq!(run(&source).ok(), "");
}

/// The same for dates and times of day, which have directives of their own besides.
#[test]
fn in_dates() {
    let source = "import datetime
moment = datetime.datetime(2024, 3, 1, 15, 4, 5, 67, datetime.UTC)
for text in ('%I:%M %P', '100% %Y', '%Y-%Q', '%f %z %:z %Z', '%-d.%-m.', '%G-W%V'):
    print(moment.strftime(text), f'{moment:{text}}' == moment.strftime(text))
print(datetime.date(999, 1, 1).strftime('%Y %-Y'), datetime.time(1, 2).strftime('%l.%M%p'))";
    let expected = "03:04 pm True\n100% 2024 True\n2024-%Q True\n000067 +0000 +00:00 UTC True\n\
                    1.3. True\n2024-W09 True\n0999 999  1.02AM\n";
    assert_eq!(run(source).ok(), expected);
}

/// A width cannot take more room than there is.
#[test]
fn widths_beyond_measure() {
    let source = "import time
print(len(time.strftime('%500Y')), time.strftime('%99999999999999999999Y%999999999Q'))";
    let output = run(source);
    assert_eq!(output.ok(), "500 \n");
}
