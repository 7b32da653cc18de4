/* Generated from runtime/wit/sandbox.wit:
 * ERYX_UPDATE=1 cargo test --release -p eryx-wasm --test interface */
#ifndef ERYX_INTERFACE_H
#define ERYX_INTERFACE_H

/* What stands before the declaration of a function of the host. */
#define IMPORT_FILES_MODES_CREATE_WITH \
    __attribute__((import_module("eryx:files/modes@0.1.0"), import_name("create-with")))
#define IMPORT_FILES_SPACE_OF_DEVICE \
    __attribute__((import_module("eryx:files/space@0.1.0"), import_name("of-device")))
#define IMPORT_PROCESS_EXIT_EXIT \
    __attribute__((import_module("eryx:process/exit@0.1.0"), import_name("exit")))
#define IMPORT_PROGRESS_IMPORTS_IMPORTING \
    __attribute__((import_module("eryx:progress/imports@0.1.0"), import_name("importing")))
#define IMPORT_SIGNALS_INTERRUPT_OFFER \
    __attribute__((import_module("eryx:signals/interrupt@0.1.0"), import_name("offer")))
#define IMPORT_TERMINAL_LINES_READ_LINE \
    __attribute__((import_module("eryx:terminal/lines@0.1.0"), import_name("read-line")))

/* Cases of variants by their numbers, and flags by their bits. */
enum {
    LINE_TEXT = 0,
    LINE_END = 1,
    LINE_INTERRUPTED = 2,
    PROGRAM_SCRIPT = 0,
    PROGRAM_COMMAND = 1,
    PROGRAM_MODULE = 2,
    PROGRAM_STANDARD_INPUT = 3,
    PROGRAM_ENTRYPOINT = 4,
    PROGRAM_PROMPT = 5,
    RUN_FLAGS_INSPECT = 1,
    RUN_FLAGS_LINE_EDITOR = 2,
};

#endif
