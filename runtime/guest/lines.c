/* Lines that a person types at a terminal. The host reads them, where they can be edited.
 *
 * CPython has a pointer to the function that reads such lines, for the module `readline`: `input()` uses
 * it when both streams are terminals, and so do the prompt, `pdb` and `code`. */
#include "guest.h"
#include "interface.h"

#include <stdlib.h>
#include <string.h>

/* variant line, in memory. */
typedef struct Line {
    uint8_t kind;
    _Alignas(Bytes) Bytes text;
} Line;

IMPORT_TERMINAL_LINES_READ_LINE
extern void host_read_line(const char *prompt, size_t length, Line *line);

/* An exception can only be set by who holds the interpreter. */
static char *no_memory(void) {
    int state = PyGILState_Ensure();
    PyErr_NoMemory();
    PyGILState_Release(state);
    return NULL;
}

static char *read_line(void *input, void *output, const char *prompt) {
    (void)input;
    (void)output;
    Line line;
    host_read_line(prompt, prompt == NULL ? 0 : strlen(prompt), &line);
    if (line.kind == LINE_INTERRUPTED) {
        return NULL;
    }
    size_t length = line.kind == LINE_TEXT ? line.text.length : 0;
    char *text = PyMem_RawMalloc(length + sizeof "\n");
    if (text != NULL) {
        memcpy(text, line.text.data, length);
        strcpy(&text[length], line.kind == LINE_TEXT ? "\n" : "");
    }
    if (length > 0) {
        /* Of `cabi_realloc`, which makes nothing for nothing. */
        free((void *)line.text.data);
    }
    return text != NULL ? text : no_memory();
}

void lines_from_host(void) {
    PyOS_ReadlineFunctionPointer = read_line;
}
