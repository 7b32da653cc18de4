/* What throwing a C++ exception comes to, where that ends the program. The functions are those of the
 * Itanium C++ ABI, as far as compilers call them. */
#include <stddef.h>
#include <stdlib.h>
#include <unistd.h>

static _Noreturn void end(void) {
    static const char message[] =
        "eryx: a C++ exception was thrown, which ends the program: its library was built with "
        "ERYX_SDK_EXCEPTIONS=abort\n";
    write(2, message, sizeof message - 1);
    abort();
}

/* What an exception's value is written to before it is thrown. */
void *__cxa_allocate_exception(size_t size) {
    void *exception = calloc(1, size ? size : 1);
    if (!exception) {
        end();
    }
    return exception;
}

void __cxa_free_exception(void *exception) { free(exception); }

_Noreturn void __cxa_throw(void *exception, void *type, void (*destructor)(void *)) {
    (void)exception, (void)type, (void)destructor;
    end();
}

_Noreturn void __cxa_rethrow(void) { end(); }

/* Nothing is caught, since nothing is thrown. */
void *__cxa_begin_catch(void *exception) { return exception; }
void *__cxa_get_exception_ptr(void *exception) { return exception; }
void __cxa_end_catch(void) {}

_Noreturn void _Unwind_Resume(void *exception) {
    (void)exception;
    end();
}

int __gxx_personality_v0(void) { end(); }
int __gxx_personality_wasm0(void) { end(); }
