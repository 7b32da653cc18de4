/* Rules of POSIX for local time: the variable TZ, and the last line of the file of a zone. */
#include "time_zone.h"

#include <string.h>

enum { HOUR = 60 * 60, DAY = 24 * HOUR, LAST_WEEK = 5 };

static bool is_digit(char letter) {
    return letter >= '0' && letter <= '9';
}

static bool is_letter(char letter) {
    return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z');
}

/* Takes a number of at most three digits. */
static bool take_number(const char **text, int *number) {
    int found = 0, count = 0;
    for (; is_digit(**text) && count < 3; (*text)++, count++) {
        found = 10 * found + (**text - '0');
    }
    *number = found;
    return count > 0 && !is_digit(**text);
}

/* Takes `CET` or `<+03>`. */
static bool take_name(const char **text, char name[ZONE_NAME]) {
    bool quoted = **text == '<';
    *text += quoted;
    size_t length = 0;
    while (quoted ? **text != '>' && **text != '\0' : is_letter(**text)) {
        if (length + 1 >= ZONE_NAME) {
            return false;
        }
        name[length++] = *(*text)++;
    }
    name[length] = '\0';
    if (quoted && *(*text)++ != '>') {
        return false;
    }
    return length >= 3;
}

/* Takes `[+-]hh[:mm[:ss]]` as seconds. */
static bool take_time(const char **text, int32_t *seconds) {
    int sign = **text == '-' ? -1 : 1;
    *text += **text == '-' || **text == '+';
    int hours = 0, minutes = 0, rest = 0;
    if (!take_number(text, &hours) || hours > 167) {
        return false;
    }
    if (**text == ':' && ((*text)++, !take_number(text, &minutes) || minutes > 59)) {
        return false;
    }
    if (**text == ':' && ((*text)++, !take_number(text, &rest) || rest > 59)) {
        return false;
    }
    *seconds = sign * (hours * HOUR + minutes * 60 + rest);
    return true;
}

/* Takes `,Mm.w.d[/time]`, `,Jn[/time]` or `,n[/time]`. */
static bool take_date(const char **text, ZoneDate *date) {
    *date = (ZoneDate){.seconds = 2 * HOUR};
    if (*(*text)++ != ',') {
        return false;
    }
    if (**text == 'M') {
        date->form = *(*text)++;
        if (!take_number(text, &date->month) || *(*text)++ != '.' ||
            !take_number(text, &date->week) || *(*text)++ != '.' ||
            !take_number(text, &date->day) || date->month < 1 || date->month > 12 ||
            date->week < 1 || date->week > LAST_WEEK || date->day > 6) {
            return false;
        }
    } else {
        date->form = **text == 'J' ? *(*text)++ : 0;
        if (!take_number(text, &date->day) || date->day > 365) {
            return false;
        }
    }
    return **text != '/' || ((*text)++, take_time(text, &date->seconds));
}

bool zone_rule_parse(const char *text, ZoneRule *rule) {
    static const ZoneDate start = {'M', 3, 2, 0, 2 * HOUR};
    static const ZoneDate end = {'M', 11, 1, 0, 2 * HOUR};
    *rule = (ZoneRule){.start = start, .end = end};
    int32_t west = 0;
    if (!take_name(&text, rule->usual.name) || !take_time(&text, &west)) {
        return false;
    }
    rule->usual.offset = -west;
    if (*text == '\0') {
        return true;
    }
    rule->has_summer = rule->summer.is_summer = true;
    if (!take_name(&text, rule->summer.name)) {
        return false;
    }
    rule->summer.offset = rule->usual.offset + HOUR;
    if (*text != ',' && *text != '\0') {
        if (!take_time(&text, &west)) {
            return false;
        }
        rule->summer.offset = -west;
    }
    if (*text == '\0') {
        return true;
    }
    return take_date(&text, &rule->start) && take_date(&text, &rule->end) && *text == '\0';
}

static bool is_leap(int64_t year) {
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

/* The days from 1970 to the first of January of a year. */
static int64_t days_before(int64_t year) {
    int64_t before = year - 1;
    int64_t floor4 = before >= 0 ? before / 4 : -((3 - before) / 4);
    int64_t floor100 = before >= 0 ? before / 100 : -((99 - before) / 100);
    int64_t floor400 = before >= 0 ? before / 400 : -((399 - before) / 400);
    return 365 * (year - 1970) + floor4 - floor100 + floor400 - 477;
}

static int64_t year_of(int64_t moment) {
    int64_t days = moment / DAY - (moment % DAY < 0);
    int64_t year = 1970 + days / 366;
    while (days_before(year + 1) <= days) {
        year++;
    }
    while (days_before(year) > days) {
        year--;
    }
    return year;
}

/* The local time, in seconds since 1970, of a date in a year. */
static int64_t time_in(const ZoneDate *date, int64_t year) {
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int64_t day = days_before(year);
    if (date->form == 'J') {
        day += date->day - 1 + (is_leap(year) && date->day >= 60);
    } else if (date->form != 'M') {
        day += date->day;
    } else {
        for (int month = 1; month < date->month; month++) {
            day += lengths[month - 1] + (month == 2 && is_leap(year));
        }
        int length = lengths[date->month - 1] + (date->month == 2 && is_leap(year));
        /* 1970-01-01 was a Thursday. */
        int weekday = (int)(((day + 4) % 7 + 7) % 7);
        int within = (date->day - weekday + 7) % 7 + 7 * (date->week - 1);
        day += within < length ? within : within - 7;
    }
    return day * DAY + date->seconds;
}

const ZoneKind *zone_rule_kind(const ZoneRule *rule, int64_t moment) {
    /* Beyond this, years are no numbers that anybody writes. */
    static const int64_t furthest = (int64_t)1 << 40;
    if (!rule->has_summer || moment > furthest || moment < -furthest) {
        return &rule->usual;
    }
    int64_t year = year_of(moment + rule->usual.offset);
    int64_t start = time_in(&rule->start, year) - rule->usual.offset;
    int64_t end = time_in(&rule->end, year) - rule->summer.offset;
    bool summer = start < end ? moment >= start && moment < end : moment >= start || moment < end;
    return summer ? &rule->summer : &rule->usual;
}
