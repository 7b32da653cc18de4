/* The functions of SQLite that Python's `_sqlite3` calls, exported as `eryx_sqlite3_…`.
 *
 * Under these names `runtime/overrides.toml` puts them in the place of those that the base has. Their
 * own names stay hidden, since a native package may bring an SQLite of its own. Include after
 * sqlite3.h and before what defines them. */
#ifndef ERYX_SQLITE_EXPORTS_H
#define ERYX_SQLITE_EXPORTS_H

#define EXPORTED(name)                                                                             \
    extern __typeof__(name) name __asm__("eryx_" #name) __attribute__((visibility("default")))

EXPORTED(sqlite3_aggregate_context);
EXPORTED(sqlite3_backup_finish);
EXPORTED(sqlite3_backup_init);
EXPORTED(sqlite3_backup_pagecount);
EXPORTED(sqlite3_backup_remaining);
EXPORTED(sqlite3_backup_step);
EXPORTED(sqlite3_bind_blob);
EXPORTED(sqlite3_bind_double);
EXPORTED(sqlite3_bind_int64);
EXPORTED(sqlite3_bind_null);
EXPORTED(sqlite3_bind_parameter_count);
EXPORTED(sqlite3_bind_parameter_name);
EXPORTED(sqlite3_bind_text);
EXPORTED(sqlite3_blob_bytes);
EXPORTED(sqlite3_blob_close);
EXPORTED(sqlite3_blob_open);
EXPORTED(sqlite3_blob_read);
EXPORTED(sqlite3_blob_write);
EXPORTED(sqlite3_busy_timeout);
EXPORTED(sqlite3_changes);
EXPORTED(sqlite3_close);
EXPORTED(sqlite3_close_v2);
EXPORTED(sqlite3_column_blob);
EXPORTED(sqlite3_column_bytes);
EXPORTED(sqlite3_column_count);
EXPORTED(sqlite3_column_decltype);
EXPORTED(sqlite3_column_double);
EXPORTED(sqlite3_column_int64);
EXPORTED(sqlite3_column_name);
EXPORTED(sqlite3_column_text);
EXPORTED(sqlite3_column_type);
EXPORTED(sqlite3_complete);
EXPORTED(sqlite3_context_db_handle);
EXPORTED(sqlite3_create_collation_v2);
EXPORTED(sqlite3_create_function_v2);
EXPORTED(sqlite3_create_window_function);
EXPORTED(sqlite3_data_count);
EXPORTED(sqlite3_db_config);
EXPORTED(sqlite3_db_handle);
EXPORTED(sqlite3_deserialize);
EXPORTED(sqlite3_errcode);
EXPORTED(sqlite3_errmsg);
EXPORTED(sqlite3_errstr);
EXPORTED(sqlite3_exec);
EXPORTED(sqlite3_expanded_sql);
EXPORTED(sqlite3_extended_errcode);
EXPORTED(sqlite3_finalize);
EXPORTED(sqlite3_free);
EXPORTED(sqlite3_get_autocommit);
EXPORTED(sqlite3_initialize);
EXPORTED(sqlite3_interrupt);
EXPORTED(sqlite3_last_insert_rowid);
EXPORTED(sqlite3_libversion);
EXPORTED(sqlite3_libversion_number);
EXPORTED(sqlite3_limit);
EXPORTED(sqlite3_malloc64);
EXPORTED(sqlite3_open_v2);
EXPORTED(sqlite3_prepare_v2);
EXPORTED(sqlite3_progress_handler);
EXPORTED(sqlite3_reset);
EXPORTED(sqlite3_result_blob);
EXPORTED(sqlite3_result_double);
EXPORTED(sqlite3_result_error);
EXPORTED(sqlite3_result_error_nomem);
EXPORTED(sqlite3_result_error_toobig);
EXPORTED(sqlite3_result_int64);
EXPORTED(sqlite3_result_null);
EXPORTED(sqlite3_result_text);
EXPORTED(sqlite3_serialize);
EXPORTED(sqlite3_set_authorizer);
EXPORTED(sqlite3_shutdown);
EXPORTED(sqlite3_sleep);
EXPORTED(sqlite3_step);
EXPORTED(sqlite3_stmt_busy);
EXPORTED(sqlite3_stmt_readonly);
EXPORTED(sqlite3_stricmp);
EXPORTED(sqlite3_threadsafe);
EXPORTED(sqlite3_total_changes);
EXPORTED(sqlite3_trace_v2);
EXPORTED(sqlite3_user_data);
EXPORTED(sqlite3_value_blob);
EXPORTED(sqlite3_value_bytes);
EXPORTED(sqlite3_value_double);
EXPORTED(sqlite3_value_int64);
EXPORTED(sqlite3_value_text);
EXPORTED(sqlite3_value_type);

#undef EXPORTED

#endif
