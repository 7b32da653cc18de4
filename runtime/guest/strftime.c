/* strftime and wcsftime, which CPython calls, as glibc has them.
 *
 * libc's gives up at the first directive that it does not know, and the whole text is lost. Programs for
 * Linux count on what glibc adds to the standard: what is unknown is copied, `%P`, `%k`, `%l` and `%s` exist, and
 * flags and a width stand between the sign and the letter. Names and numbers of weeks come from libc's own. */
/* For the offset from UTC in `struct tm`. */
#define _GNU_SOURCE
#include "guest.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <wchar.h>

enum {
    /* Room for a number: the digits of 64 bits, and a sign. */
    MAX_DIGITS = 24,
    /* Room for a name, or for what a directive that stands for others makes. */
    MAX_PART = 160,
    /* The year that `tm_year` counts from. */
    FIRST_YEAR = 1900,
    SECONDS_IN_MINUTE = 60,
    MINUTES_IN_HOUR = 60,
};

/* Where the text goes: to `wide`, or to `bytes` when that is NULL. `count` goes on when there is no more room. */
typedef struct Text {
    wchar_t *wide;
    char *bytes;
    size_t room;
    size_t count;
} Text;

/* One directive: `%`, flags, width, modifier, letter. */
typedef struct Directive {
    const wchar_t *start; /* the `%` */
    const wchar_t *last;  /* the letter */
    char padding;      /* `0`, `_`, `-`, or 0 for what is usual */
    char modifier;     /* `E`, `O` or 0 */
    bool upper;
    bool other_case;
    int width;
} Directive;

static void put(Text *text, wchar_t letter) {
    if (text->count < text->room) {
        if (text->wide != NULL) {
            text->wide[text->count] = letter;
        } else {
            text->bytes[text->count] = (char)letter;
        }
    }
    text->count++;
}

/* Appends what the width asks for before so many letters. */
static void pad(Text *text, const Directive *directive, size_t length) {
    for (size_t missing = directive->width > 0 ? (size_t)directive->width : 0; missing > length; missing--) {
        /* A width can be longer than anything there is room for. */
        if (text->count >= text->room) {
            text->count = text->room + 1;
            return;
        }
        put(text, directive->padding == '0' ? '0' : ' ');
    }
}

/* Appends letters, with what the width lacks before them. */
static void put_padded(Text *text, const Directive *directive, const char *letters, size_t length) {
    pad(text, directive, length);
    for (size_t index = 0; index < length; index++) {
        put(text, letters[index]);
    }
}

static char upper(char letter) {
    return letter >= 'a' && letter <= 'z' ? (char)(letter - 'a' + 'A') : letter;
}

static char lower(char letter) {
    return letter >= 'A' && letter <= 'Z' ? (char)(letter - 'A' + 'a') : letter;
}

/* Appends letters in the case that was asked for. */
static void put_name(Text *text, const Directive *directive, char *letters, size_t length, bool in_lower) {
    for (size_t index = 0; index < length; index++) {
        letters[index] = in_lower            ? lower(letters[index])
                         : directive->upper ? upper(letters[index])
                                            : letters[index];
    }
    put_padded(text, directive, letters, length);
}

/* Appends a number with at least so many digits. `usual` pads it when no flag says otherwise. */
static void put_number(Text *text, const Directive *directive, long long value, int digits, char usual) {
    char letters[MAX_DIGITS];
    char *first = letters + MAX_DIGITS;
    unsigned long long rest = value < 0 ? 0ULL - (unsigned long long)value : (unsigned long long)value;
    do {
        *--first = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest > 0);
    char padding = directive->padding != 0 ? directive->padding : usual;
    int written = (int)(letters + MAX_DIGITS - first) + (value < 0);
    int wanted = directive->width > digits ? directive->width : digits;
    if (padding == '-') {
        wanted = directive->width;
    }
    if (padding == '0' && value < 0) {
        put(text, '-');
    }
    for (; wanted > written; wanted--) {
        if (text->count >= text->room) {
            text->count = text->room + 1;
            return;
        }
        put(text, padding == '0' ? '0' : ' ');
    }
    if (padding != '0' && value < 0) {
        put(text, '-');
    }
    while (first < letters + MAX_DIGITS) {
        put(text, *first++);
    }
}

/* What libc makes of one letter. Returns the length; 0 when there is nothing. */
static size_t by_libc(wchar_t letter, const struct tm *time, char *letters) {
    const char format[] = {'%', (char)letter, '\0'};
    return strftime(letters, MAX_PART, format, time);
}

/* The number that libc writes for one letter. */
static long long number_by_libc(wchar_t letter, const struct tm *time) {
    char letters[MAX_PART];
    return by_libc(letter, time, letters) > 0 ? atoll(letters) : 0;
}

/* The directives that one letter stands for, or NULL. */
static const wchar_t *stands_for(wchar_t letter) {
    switch (letter) {
    case 'c': return L"%a %b %e %H:%M:%S %Y";
    case 'D':
    case 'x': return L"%m/%d/%y";
    case 'F': return L"%Y-%m-%d";
    case 'R': return L"%H:%M";
    case 'r': return L"%I:%M:%S %p";
    case 'T':
    case 'X': return L"%H:%M:%S";
    default: return NULL;
    }
}

/* Whether glibc takes the modifier with the letter. */
static bool takes_modifier(wchar_t letter, char modifier) {
    switch (modifier) {
    case 'E': return wcschr(L"cCpPrRnstTuxXyYzZ", letter) != NULL;
    case 'O': return wcschr(L"BbdeghGHIjklmMnpPrRsStTuUVwWyzZ", letter) != NULL;
    default: return true;
    }
}

static int hour_of_twelve(const struct tm *time) {
    int hour = time->tm_hour % 12;
    return hour == 0 ? 12 : hour;
}

/* Appends the offset from UTC, hours and minutes. Nothing is said of a time that is not known to have one. */
static void put_offset(Text *text, const Directive *directive, const struct tm *time) {
    if (time->tm_isdst < 0) {
        return;
    }
    long minutes = time->tm_gmtoff / SECONDS_IN_MINUTE;
    put_padded(text, directive, time->tm_gmtoff < 0 ? "-" : "+", 1);
    minutes = minutes < 0 ? -minutes : minutes;
    put_number(text, directive, minutes / MINUTES_IN_HOUR * 100 + minutes % MINUTES_IN_HOUR, 4, '0');
}

/* Appends the name of the time zone. Of a time that names none, it is the one where the program runs. */
static void put_zone(Text *text, const Directive *directive, const struct tm *time) {
    char letters[MAX_PART];
    size_t length = by_libc('Z', time, letters);
    if (length == 0 && time->tm_isdst >= 0) {
        struct tm copy = *time;
        mktime(&copy);
        length = by_libc('Z', &copy, letters);
    }
    put_name(text, directive, letters, length, directive->other_case);
}

static void format_time(Text *text, const wchar_t *format, const struct tm *time);

/* Appends a number that the directive stands for. False when it stands for none. */
static bool number(Text *text, const Directive *directive, const struct tm *time) {
    long long year = (long long)time->tm_year + FIRST_YEAR;
    long long value;
    int digits = 2;
    char usual = '0';
    switch (*directive->last) {
    case 'C': value = year / 100 - (year % 100 < 0); break;
    case 'd': value = time->tm_mday; break;
    case 'e': value = time->tm_mday, usual = '_'; break;
    case 'g': value = number_by_libc('g', time); break;
    case 'G': value = number_by_libc('G', time), digits = 4; break;
    case 'H': value = time->tm_hour; break;
    case 'I': value = hour_of_twelve(time); break;
    case 'j': value = (long long)time->tm_yday + 1, digits = 3; break;
    case 'k': value = time->tm_hour, usual = '_'; break;
    case 'l': value = hour_of_twelve(time), usual = '_'; break;
    case 'm': value = (long long)time->tm_mon + 1; break;
    case 'M': value = time->tm_min; break;
    case 's': {
        struct tm copy = *time;
        value = (long long)mktime(&copy);
        digits = 1;
        break;
    }
    case 'S': value = time->tm_sec; break;
    case 'u': value = (time->tm_wday + 6) % 7 + 1, digits = 1; break;
    case 'U':
    case 'V':
    case 'W': value = number_by_libc(*directive->last, time); break;
    case 'w': value = time->tm_wday, digits = 1; break;
    case 'y': value = (year % 100 + 100) % 100; break;
    /* As libc has it: CPython leaves it to libc to fill up years before 1000. */
    case 'Y': value = year, digits = 4; break;
    default: return false;
    }
    put_number(text, directive, value, digits, usual);
    return true;
}

/* Appends what a directive stands for; one that is unknown stands for itself. */
static void expand(Text *text, Directive *directive, const struct tm *time) {
    char letters[MAX_PART];
    wchar_t letter = *directive->last;
    const wchar_t *others = stands_for(letter);
    bool known = takes_modifier(letter, directive->modifier);
    if (known && others != NULL) {
        Text part = {.bytes = letters, .room = sizeof letters};
        format_time(&part, others, time);
        put_name(text, directive, letters, part.count < part.room ? part.count : part.room, false);
        return;
    }
    if (known && number(text, directive, time)) {
        return;
    }
    switch (known ? letter : '\0') {
    case 'a':
    case 'A':
    case 'b':
    case 'B':
    case 'h':
        directive->upper |= directive->other_case;
        put_name(text, directive, letters, by_libc(letter, time, letters), false);
        return;
    case 'p':
    case 'P':
        put_name(text, directive, letters, by_libc('p', time, letters),
                 letter == 'P' || directive->other_case);
        return;
    case 'Z': put_zone(text, directive, time); return;
    case 'z': put_offset(text, directive, time); return;
    case 'n': put_padded(text, directive, "\n", 1); return;
    case 't': put_padded(text, directive, "\t", 1); return;
    case '%':
        if (directive->modifier == 0) {
            put_padded(text, directive, "%", 1);
            return;
        }
        break;
    default: break;
    }
    /* The text may end within a directive. */
    const wchar_t *end = letter == '\0' ? directive->last : directive->last + 1;
    pad(text, directive, (size_t)(end - directive->start));
    for (const wchar_t *each = directive->start; each < end; each++) {
        put(text, *each);
    }
}

/* Reads a directive that starts at a `%`. */
static Directive read_directive(const wchar_t *start) {
    Directive directive = {.start = start, .last = start + 1};
    for (;; directive.last++) {
        switch (*directive.last) {
        case '_':
        case '-':
        case '0': directive.padding = (char)*directive.last; continue;
        case '^': directive.upper = true; continue;
        case '#': directive.other_case = true; continue;
        default: break;
        }
        break;
    }
    for (; *directive.last >= '0' && *directive.last <= '9'; directive.last++) {
        int digit = *directive.last - '0';
        bool fits = directive.width <= (INT_MAX - digit) / 10;
        directive.width = fits ? directive.width * 10 + digit : INT_MAX;
    }
    if (*directive.last == 'E' || *directive.last == 'O') {
        directive.modifier = (char)*directive.last++;
    }
    return directive;
}

static void format_time(Text *text, const wchar_t *format, const struct tm *time) {
    for (; *format != '\0'; format++) {
        if (*format != '%') {
            put(text, *format);
            continue;
        }
        Directive directive = read_directive(format);
        expand(text, &directive, time);
        if (*directive.last == '\0') {
            return;
        }
        format = directive.last;
    }
}

/* Writes a time as the format says, and returns how many letters that were; 0 when there are more than `room`,
 * the null at the end included. */
__attribute__((visibility("default")))
size_t eryx_wcsftime(wchar_t *start, size_t room, const wchar_t *format, const struct tm *time) {
    Text text = {.wide = start, .room = room};
    format_time(&text, format, time);
    if (text.count >= room) {
        return 0;
    }
    start[text.count] = L'\0';
    return text.count;
}

/* The same in bytes, each of which is taken for a letter. */
__attribute__((visibility("default")))
size_t eryx_strftime(char *start, size_t room, const char *format, const struct tm *time) {
    size_t length = strlen(format);
    wchar_t *letters = malloc((length + 1) * sizeof *letters);
    if (letters == NULL) {
        return 0;
    }
    for (size_t index = 0; index <= length; index++) {
        letters[index] = (unsigned char)format[index];
    }
    Text text = {.bytes = start, .room = room};
    format_time(&text, letters, time);
    free(letters);
    if (text.count >= room) {
        return 0;
    }
    start[text.count] = '\0';
    return text.count;
}
