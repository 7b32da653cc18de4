/* The numbers of zstd that `_zstd` offers. */
#include "zstandard.h"

bool zstandard_add_constants(PyObject *module) {
    static const Integer integers[] = {
        {"zstd_version_number", ZSTD_VERSION_NUMBER},
        {"ZSTD_CLEVEL_DEFAULT", ZSTD_CLEVEL_DEFAULT},
        {"ZSTD_e_continue", ZSTD_e_continue},
        {"ZSTD_e_flush", ZSTD_e_flush},
        {"ZSTD_e_end", ZSTD_e_end},
        {"ZSTD_c_compressionLevel", ZSTD_c_compressionLevel},
        {"ZSTD_c_windowLog", ZSTD_c_windowLog},
        {"ZSTD_c_hashLog", ZSTD_c_hashLog},
        {"ZSTD_c_chainLog", ZSTD_c_chainLog},
        {"ZSTD_c_searchLog", ZSTD_c_searchLog},
        {"ZSTD_c_minMatch", ZSTD_c_minMatch},
        {"ZSTD_c_targetLength", ZSTD_c_targetLength},
        {"ZSTD_c_strategy", ZSTD_c_strategy},
        {"ZSTD_c_enableLongDistanceMatching", ZSTD_c_enableLongDistanceMatching},
        {"ZSTD_c_ldmHashLog", ZSTD_c_ldmHashLog},
        {"ZSTD_c_ldmMinMatch", ZSTD_c_ldmMinMatch},
        {"ZSTD_c_ldmBucketSizeLog", ZSTD_c_ldmBucketSizeLog},
        {"ZSTD_c_ldmHashRateLog", ZSTD_c_ldmHashRateLog},
        {"ZSTD_c_contentSizeFlag", ZSTD_c_contentSizeFlag},
        {"ZSTD_c_checksumFlag", ZSTD_c_checksumFlag},
        {"ZSTD_c_dictIDFlag", ZSTD_c_dictIDFlag},
        {"ZSTD_c_nbWorkers", ZSTD_c_nbWorkers},
        {"ZSTD_c_jobSize", ZSTD_c_jobSize},
        {"ZSTD_c_overlapLog", ZSTD_c_overlapLog},
        {"ZSTD_d_windowLogMax", ZSTD_d_windowLogMax},
        {"ZSTD_fast", ZSTD_fast},
        {"ZSTD_dfast", ZSTD_dfast},
        {"ZSTD_greedy", ZSTD_greedy},
        {"ZSTD_lazy", ZSTD_lazy},
        {"ZSTD_lazy2", ZSTD_lazy2},
        {"ZSTD_btlazy2", ZSTD_btlazy2},
        {"ZSTD_btopt", ZSTD_btopt},
        {"ZSTD_btultra", ZSTD_btultra},
        {"ZSTD_btultra2", ZSTD_btultra2},
        {NULL, 0},
    };
    static const struct {
        const char *name;
        size_t (*size)(void);
    } sizes[] = {
        {"ZSTD_DStreamOutSize", ZSTD_DStreamOutSize},
    };
    for (size_t index = 0; index < sizeof sizes / sizeof *sizes; index++) {
        Integer size[] = {{sizes[index].name, (int64_t)sizes[index].size()}, {NULL, 0}};
        if (!module_add_integers(module, size)) {
            return false;
        }
    }
    return module_add_integers(module, integers);
}
