/* What the guest does with SQLite. */
#ifndef ERYX_SQLITE_STATE_H
#define ERYX_SQLITE_STATE_H

/* At bake time, last: makes SQLite forget the files and random numbers of the bake. */
void sqlite_state_leave(void);

#endif
