/* Names that are not UTF-8 on their way to the host, which knows none.
 *
 * A byte that is no part of valid UTF-8 travels as the character U+10FF00 plus the byte, and so does each byte
 * of a name that holds such a character by itself. The host does the same on its side. */
#include "files.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* The first two bytes of a character that stands for a byte. */
enum { MARK_FIRST = 0xf4, MARK_SECOND = 0x8f, MARK_LENGTH = 4 };

/* How many bytes the character of valid UTF-8 has that `text` starts with; 0 when there is none, or when it is
 * one of those that stand for bytes. */
static size_t character_length(const uint8_t *text) {
    if (text[0] < 0x80) {
        return 1;
    }
    size_t length = text[0] >= 0xf0 ? 4 : text[0] >= 0xe0 ? 3 : 2;
    if (text[0] < 0xc2 || text[0] > 0xf4) {
        return 0;
    }
    for (size_t index = 1; index < length; index++) {
        if ((text[index] & 0xc0) != 0x80) {
            return 0;
        }
    }
    bool overlong = (text[0] == 0xe0 && text[1] < 0xa0) || (text[0] == 0xf0 && text[1] < 0x90);
    bool surrogate = text[0] == 0xed && text[1] > 0x9f;
    bool too_large = text[0] == 0xf4 && text[1] > 0x8f;
    bool mark = text[0] == MARK_FIRST && text[1] == MARK_SECOND && text[2] >= 0xbe;
    return overlong || surrogate || too_large || mark ? 0 : length;
}

bool name_encode(const char *path, Name *name) {
    *name = (Name){path, NULL};
    const uint8_t *text = (const uint8_t *)path;
    size_t strange = 0;
    size_t length = 0;
    while (text[length] != 0) {
        size_t step = character_length(&text[length]);
        strange += step == 0;
        length += step == 0 ? 1 : step;
    }
    if (strange == 0) {
        return true;
    }
    uint8_t *encoded = malloc(length + strange * (MARK_LENGTH - 1) + 1);
    if (encoded == NULL) {
        fail(ENOMEM);
        return false;
    }
    name->allocated = (char *)encoded;
    name->text = name->allocated;
    for (size_t index = 0; index < length;) {
        size_t step = character_length(&text[index]);
        if (step == 0) {
            uint8_t byte = text[index++];
            *encoded++ = MARK_FIRST;
            *encoded++ = MARK_SECOND;
            *encoded++ = byte < 0xc0 ? 0xbe : 0xbf;
            *encoded++ = 0x80 | (byte & 0x3f);
        }
        while (step-- > 0) {
            *encoded++ = text[index++];
        }
    }
    *encoded = 0;
    return true;
}

void name_free(Name *name) {
    int kept = *__errno_location();
    free(name->allocated);
    *__errno_location() = kept;
}

size_t name_decode(char *text, size_t length) {
    uint8_t *from = (uint8_t *)text;
    size_t written = 0;
    for (size_t index = 0; index < length; written++) {
        if (length - index >= MARK_LENGTH && from[index] == MARK_FIRST &&
            from[index + 1] == MARK_SECOND && from[index + 2] >= 0xbe) {
            from[written] = 0x80 | (from[index + 2] & 1) << 6 | (from[index + 3] & 0x3f);
            index += MARK_LENGTH;
        } else {
            from[written] = from[index++];
        }
    }
    return written;
}
