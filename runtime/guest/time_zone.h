/* What the files of the guest share that make local time of the variable TZ. */
#ifndef ERYX_TIME_ZONE_H
#define ERYX_TIME_ZONE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The longest name of a kind of time, with the zero behind it. */
enum { ZONE_NAME = 16 };

/* A kind of time: how many seconds clocks are ahead of UTC, and what it is called. */
typedef struct ZoneKind {
    int32_t offset;
    bool is_summer;
    char name[ZONE_NAME];
} ZoneKind;

/* The day of a year and the time of day at which clocks are changed. */
typedef struct ZoneDate {
    /* `M`: the weekday of a week of a month; `J`: a day from 1 on without 29 February; 0: a day from 0 on. */
    char form;
    int month;
    int week;
    int day;
    int32_t seconds;
} ZoneDate;

/* A rule of POSIX for all years. */
typedef struct ZoneRule {
    ZoneKind usual;
    ZoneKind summer;
    bool has_summer;
    ZoneDate start;
    ZoneDate end;
} ZoneRule;

/* zone_rule.c */

/* Reads a rule. False when the text is none. */
bool zone_rule_parse(const char *text, ZoneRule *rule);

/* The kind of time that a rule has at a moment. */
const ZoneKind *zone_rule_kind(const ZoneRule *rule, int64_t moment);

#endif
