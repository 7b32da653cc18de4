/* What the files of the guest share. Ownership is said at each function. */
#ifndef ERYX_GUEST_H
#define ERYX_GUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "python.h"

/* A string or list of bytes in the canonical ABI of the component model. */
typedef struct Bytes {
    const char *data;
    size_t length;
} Bytes;

/* interpreter.c */

/* Starts CPython with the settings of a sandbox. True when it runs; otherwise `message` points to
 * text that nobody needs to free. */
bool interpreter_start(const char **message);

/* bridge.c */

/* Makes the module `_eryx_host`, through which Python code reaches the host. False, with a Python
 * exception set, when that fails. */
bool bridge_install(void);

/* memory_diff.c */

/* One byte of memory that a function changed. */
typedef struct Change {
    uint8_t *byte;
    uint8_t before;
    uint8_t after;
} Change;

/* More changes than anything that is looked for makes. */
enum { MAX_CHANGES = 16 };

/* Calls `act` and notes which bytes of the libraries' data it changed within 512 KiB of `near`, in
 * ascending order. Returns how many it noted; none when there were more than `most` or memory was
 * short. */
size_t memory_diff(void (*act)(void), void *near, Change *changes, size_t most);

/* interrupt.c */

/* At bake time: finds the cells of memory that raise a KeyboardInterrupt. When it finds none, runs
 * cannot be interrupted that way, which the host copes with. */
void interrupt_learn(void);

/* At run time: gives the cells to the host. */
void interrupt_offer(void);

/* What an interrupt does to the program. */
typedef enum InterruptTarget {
    INTERRUPT_HANDLED, /* CPython's handler is called */
    INTERRUPT_IGNORED,
    INTERRUPT_ENDS,
} InterruptTarget;

/* At any time: says what an interrupt does from now on. */
void interrupt_goes_to(InterruptTarget target);

/* reserve.c */

/* At bake time, before the last: sets memory aside for when there is no more. */
void reserve_take(void);

/* Makes room for an answer of the host that no memory was found for. True when there may be some now. */
bool reserve_give_for_answer(void);

/* Sets memory aside again when there is plenty, after some was given. */
void reserve_renew(void);

/* nesting.c */

/* At bake time: makes iterators that take their items from another one raise RecursionError when they are
 * nested too deeply. False, with a Python exception set, when that fails. */
bool nesting_guard(void);

/* lines.c */

/* At run time, in a run whose lines are read by the host: makes CPython ask the host for them. */
void lines_from_host(void);

/* libc_state.c */

/* At bake time, first: finds out what of libc's state must be put back. */
void libc_state_learn(void);

/* At bake time, last: makes libc forget every descriptor, path and variable of the bake. */
void libc_state_leave(void);

/* At run time, first: makes libc read the run's own environment and enter its working folder, which
 * is not kept. The host has made sure that there is such a folder; without one libc stays in `/`. */
void libc_state_enter(const char *working_folder);

/* generators.c */

/* At run time, first: seeds what generates random numbers in C from the run's own randomness. */
void generators_seed(void);

/* holes.c */

/* At bake time, last: takes the small pieces of free memory that lie between others, and zeroes them. */
void holes_fill(void);

/* immortal.c */

/* At bake time: a function of Python that stops counting the references to the items of two lists. A new
 * reference, or NULL with an exception set. */
PyObject *immortal_function(void);

/* values.c: each returns a new reference, or NULL with an exception set. */

PyObject *string_from(Bytes text);         /* UTF-8 */
PyObject *argument_from(Bytes text);       /* file system encoding with surrogateescape */
PyObject *strings_from(const Bytes *items, size_t count);
PyObject *arguments_from(const Bytes *items, size_t count);
PyObject *none(void);

/* Calls `module.function(*arguments)`. Takes `arguments`, a tuple, which may be NULL after a failure
 * to make it. Returns a new reference, or NULL with an exception set. */
PyObject *call(const char *module, const char *function, PyObject *arguments);

#endif
