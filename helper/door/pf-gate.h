/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * PfGate:
 *
 * A filter on the connection, which sees each message before the helper does anything for it. It bounds how
 * many calls of a caller, and of a user, wait for an answer at a time. So nobody fills the helper's memory,
 * and nobody's calls delay the way home of another user.
 */
typedef struct _PfGate PfGate;

PfGate *pf_gate_new (GDBusConnection *connection);
void pf_gate_free (PfGate *gate);

gboolean pf_gate_is_urgent (const char *interface, const char *method);
gint64 pf_gate_get_last_call (PfGate *gate);
gboolean pf_gate_get_user (PfGate *gate, const char *caller, guint32 *user);

G_END_DECLS
