#pragma once
// The client library.
#include <postgresql/libpq-fe.h>
// PG_DIAG_SQLSTATE is a character macro, which Swift does not import as an Int32.
static inline int cpq_diag_sqlstate(void) { return PG_DIAG_SQLSTATE; }
static inline int cpq_diag_message_primary(void) { return PG_DIAG_MESSAGE_PRIMARY; }
