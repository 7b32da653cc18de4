/* Starting CPython, once, at bake time. */
#include "guest.h"
#include "../modules/modules.h"

#include <stdlib.h>

#define STDLIB "/usr/lib/python3.14"
#define SITE_PACKAGES "/site-packages"

/* Sets everything that differs from an isolated configuration. False when one option is refused. */
static bool configure(PyInitConfig *config) {
    static char *const search_path[] = {STDLIB, SITE_PACKAGES};
    static const struct {
        const char *name;
        const char *value;
    } texts[] = {
        {"program_name", "python3"},
        {"executable", "/usr/bin/python3"},
        {"base_executable", "/usr/bin/python3"},
        {"prefix", "/usr"},
        {"base_prefix", "/usr"},
        {"exec_prefix", "/usr"},
        {"base_exec_prefix", "/usr"},
        {"stdlib_dir", STDLIB},
        {"filesystem_encoding", "utf-8"},
        {"filesystem_errors", "surrogateescape"},
        {"stdio_encoding", "utf-8"},
        {"stdio_errors", "strict"},
    };
    static const struct {
        const char *name;
        int64_t value;
    } numbers[] = {
        /* A program sees the flags that a plain `python3` gives it, not those of an embedder. */
        {"isolated", 0},
        {"safe_path", 0},
        {"use_environment", 1},
        {"utf8_mode", 1},
        {"parse_argv", 0},
        {"site_import", 1},
        {"user_site_directory", 0},
        /* SIGINT's handler is what turns an interrupt by the host into a KeyboardInterrupt. */
        {"install_signal_handlers", 1},
        /* The snapshot is made from sources; the bytecode that the image carries is made beside it. */
        {"write_bytecode", 0},
        {"pathconfig_warnings", 0},
    };
    for (size_t index = 0; index < sizeof texts / sizeof *texts; index++) {
        if (PyInitConfig_SetStr(config, texts[index].name, texts[index].value) != 0) {
            return false;
        }
    }
    for (size_t index = 0; index < sizeof numbers / sizeof *numbers; index++) {
        if (PyInitConfig_SetInt(config, numbers[index].name, numbers[index].value) != 0) {
            return false;
        }
    }
    /* The host gives a seed that is the image's. An isolated configuration does not look for it. */
    const char *seed = getenv("PYTHONHASHSEED");
    if (seed != NULL && (PyInitConfig_SetInt(config, "use_hash_seed", 1) != 0 ||
                         PyInitConfig_SetInt(config, "hash_seed", strtoll(seed, NULL, 10)) != 0)) {
        return false;
    }
    return PyInitConfig_SetStrList(config, "module_search_paths",
                                   sizeof search_path / sizeof *search_path, search_path) == 0;
}

bool interpreter_start(const char **message) {
    *message = "the interpreter could not be configured";
    PyInitConfig *config = PyInitConfig_Create();
    if (config == NULL) {
        return false;
    }
    bool started = modules_register() && configure(config) && Py_InitializeFromInitConfig(config) == 0;
    if (started) {
        PyInitConfig_Free(config);
    } else {
        /* The message belongs to the configuration, which therefore stays. */
        PyInitConfig_GetError(config, message);
    }
    return started;
}
