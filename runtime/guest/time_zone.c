/* Local time as the variable TZ says, which libc leaves out: its local time is UTC.
 *
 * TZ is a rule of POSIX, as `CET-1CEST,M3.5.0,M10.5.0/3`, or the name of a zone of the image, as `Europe/Berlin`,
 * whose file (RFC 9636) lists the changes of the past and has such a rule for the future. */
#include "time_zone.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "wasi_files.h"

#define ZONES "/usr/share/zoneinfo/"

enum {
    MAX_KINDS = 256,
    MAX_FILE = 64 << 10,
    MAX_TEXT = 255,
    HEADER = 44,
    DAY = 24 * 60 * 60,
};

/* What is read once for each value of TZ. */
static struct {
    bool is_known;
    char text[MAX_TEXT + 1];
    size_t change_count;
    int64_t *changes;
    uint8_t *kinds;
    size_t kind_count;
    ZoneKind kind[MAX_KINDS];
    bool has_rule;
    ZoneRule rule;
} zone;

/* A number of a file, most significant byte first. */
static int64_t number_at(const uint8_t *bytes, size_t length) {
    uint64_t number = length == 4 && (bytes[0] & 0x80) != 0 ? ~(uint64_t)UINT32_MAX : 0;
    for (size_t index = 0; index < length; index++) {
        uint64_t byte = bytes[index];
        number = (number & ~((uint64_t)0xff << (8 * (length - 1 - index)))) |
                 byte << (8 * (length - 1 - index));
    }
    return (int64_t)number;
}

static void copy_name(char name[ZONE_NAME], const uint8_t *text, size_t length) {
    size_t index = 0;
    while (index < length && index + 1 < ZONE_NAME && text[index] != 0) {
        name[index] = (char)text[index];
        index++;
    }
    name[index] = '\0';
}

/* Takes what the second part of a file says, the one with times of 64 bits. */
static bool take_file(const uint8_t *file, size_t length) {
    if (length < 2 * HEADER || memcmp(file, "TZif", 4) != 0 || file[4] < '2') {
        return false;
    }
    size_t skipped = HEADER;
    const size_t weights[] = {1, 1, 8, 5, 6, 1};
    for (size_t index = 0; index < 6; index++) {
        size_t count = (size_t)number_at(&file[20 + 4 * index], 4);
        if (count > MAX_FILE) {
            return false;
        }
        skipped += weights[index] * count;
    }
    if (skipped > length || length - skipped < HEADER) {
        return false;
    }
    file += skipped;
    length -= skipped;
    size_t counts[6];
    for (size_t index = 0; index < 6; index++) {
        counts[index] = (size_t)number_at(&file[20 + 4 * index], 4);
        if (counts[index] > MAX_FILE) {
            return false;
        }
    }
    size_t changes = counts[3], kinds = counts[4], letters = counts[5];
    const uint8_t *times = &file[HEADER];
    const uint8_t *indices = times + 8 * changes;
    const uint8_t *records = indices + changes;
    const uint8_t *names = records + 6 * kinds;
    size_t end = HEADER + 9 * changes + 6 * kinds + letters + 12 * counts[2] + counts[1] + counts[0];
    if (end > length || kinds == 0 || kinds > MAX_KINDS) {
        return false;
    }
    zone.changes = malloc(changes * sizeof *zone.changes + 1);
    zone.kinds = malloc(changes + 1);
    if (zone.changes == NULL || zone.kinds == NULL) {
        return false;
    }
    for (size_t index = 0; index < changes; index++) {
        zone.changes[index] = number_at(&times[8 * index], 8);
        zone.kinds[index] = indices[index] < kinds ? indices[index] : 0;
    }
    for (size_t index = 0; index < kinds; index++) {
        const uint8_t *record = &records[6 * index];
        zone.kind[index].offset = (int32_t)number_at(record, 4);
        zone.kind[index].is_summer = record[4] != 0;
        size_t start = record[5] < letters ? record[5] : 0;
        copy_name(zone.kind[index].name, &names[start], letters - start);
    }
    zone.change_count = changes;
    zone.kind_count = kinds;
    /* The rule stands between two ends of lines. */
    char rule[MAX_TEXT + 1];
    size_t written = 0;
    for (size_t index = end + 1; index < length && file[index] != '\n'; index++) {
        if (written < MAX_TEXT) {
            rule[written++] = (char)file[index];
        }
    }
    rule[written] = '\0';
    zone.has_rule = zone_rule_parse(rule, &zone.rule);
    return true;
}

/* Reads the file of a zone. A name leads nowhere but to files below that directory. */
static bool read_file(const char *name) {
    if (strstr(name, "..") != NULL || strlen(name) > MAX_TEXT) {
        return false;
    }
    char path[sizeof ZONES + MAX_TEXT] = ZONES;
    strcpy(&path[sizeof ZONES - 1], name[0] == '/' ? "" : name);
    int file = open(name[0] == '/' ? name : path, O_RDONLY);
    if (file < 0) {
        return false;
    }
    uint8_t *bytes = malloc(MAX_FILE);
    ssize_t length = bytes == NULL ? -1 : read(file, bytes, MAX_FILE);
    close(file);
    bool taken = length > 0 && take_file(bytes, (size_t)length);
    free(bytes);
    return taken;
}

static void learn(const char *text) {
    free(zone.changes);
    free(zone.kinds);
    memset(&zone, 0, sizeof zone);
    zone.is_known = true;
    strncpy(zone.text, text, MAX_TEXT);
    const char *name = text[0] == ':' ? &text[1] : text;
    if (text[0] == '\0') {
        return;
    }
    /* The names of zones are no rules, but for a few as EST5EDT, which have files that say more. */
    if (!read_file(name)) {
        zone.change_count = zone.kind_count = 0;
        zone.has_rule = zone_rule_parse(text, &zone.rule);
    }
}

/* Reads TZ anew when it has changed. */
static void refresh(void) {
    const char *text = getenv("TZ");
    text = text == NULL ? "" : text;
    if (!zone.is_known || strncmp(text, zone.text, MAX_TEXT) != 0) {
        int kept = *__errno_location();
        learn(text);
        *__errno_location() = kept;
    }
}

/* The kind of time at a moment. */
static const ZoneKind *kind_at(int64_t moment) {
    static const ZoneKind universal = {.name = "UTC"};
    size_t count = zone.change_count;
    if (count > 0 && moment < zone.changes[0]) {
        return &zone.kind[0];
    }
    if (zone.has_rule && (count == 0 || moment >= zone.changes[count - 1])) {
        return zone_rule_kind(&zone.rule, moment);
    }
    if (count == 0) {
        return zone.kind_count > 0 ? &zone.kind[0] : &universal;
    }
    size_t low = 0, high = count;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (zone.changes[middle] <= moment) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return &zone.kind[zone.kinds[low]];
}

/* The kind of time that clocks show at a local time. Of two that show it, the one before the change; when no
 * clock shows it, the one before the change as well. */
static const ZoneKind *kind_at_local(int64_t local) {
    const ZoneKind *before = kind_at(local - DAY);
    const ZoneKind *after = kind_at(local + DAY);
    const ZoneKind *found = kind_at(local - before->offset);
    if (found->offset == before->offset) {
        return before->is_summer == found->is_summer ? found : before;
    }
    found = kind_at(local - after->offset);
    return found->offset == after->offset ? found : before;
}

/* The offset of the other kind of time, summer or not, that is nearest; the same offset when there is none. */
static int32_t other_offset(const ZoneKind *kind, int64_t moment) {
    for (int months = 1; months <= 12; months++) {
        for (int sign = -1; sign <= 1; sign += 2) {
            const ZoneKind *other = kind_at(moment + (int64_t)sign * months * 30 * DAY);
            if (other->is_summer != kind->is_summer) {
                return other->offset;
            }
        }
    }
    return kind->offset;
}

__attribute__((visibility("default")))
void eryx_secs_to_zone(long long moment, int is_local, int *is_summer, long *offset,
                       long *other, const char **name) {
    refresh();
    const ZoneKind *kind = is_local ? kind_at_local(moment) : kind_at(moment);
    *is_summer = kind->is_summer;
    *offset = kind->offset;
    if (other != NULL) {
        *other = other_offset(kind, moment);
    }
    *name = kind->name;
}
