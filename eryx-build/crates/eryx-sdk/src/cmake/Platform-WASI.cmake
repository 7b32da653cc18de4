# CMake before 4.2 does not know the sandbox's system, and says so.

set(WASI 1)
set_property(GLOBAL PROPERTY TARGET_SUPPORTS_SHARED_LIBS TRUE)
