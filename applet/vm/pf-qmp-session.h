/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * PfQmpSession:
 *
 * A conversation with one QEMU, over its QMP socket. Everything here blocks, up to the session's deadline: it
 * is for a thread of its own.
 */
typedef struct _PfQmpSession PfQmpSession;

PfQmpSession *pf_qmp_session_new (const char *path, guint timeout_seconds, GError **error);
void pf_qmp_session_free (PfQmpSession *session);
gboolean
pf_qmp_session_execute (PfQmpSession *session, const char *command, JsonObject *arguments, GError **error);
gboolean pf_qmp_session_wait_deleted (PfQmpSession *session, const char *id, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfQmpSession, pf_qmp_session_free)

G_END_DECLS
