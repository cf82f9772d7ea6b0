/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * PfLibvirtSession:
 *
 * A conversation with libvirt about one domain. Everything here blocks, and libvirt may do so for longer than
 * the session's deadline: it is for a thread of its own. Meanwhile the program's main loop has to run, for
 * events come that way.
 */
typedef struct _PfLibvirtSession PfLibvirtSession;

PfLibvirtSession *
pf_libvirt_session_new (const char *uri, const char *domain, guint timeout_seconds, GError **error);
void pf_libvirt_session_free (PfLibvirtSession *session);
gboolean pf_libvirt_session_attach (PfLibvirtSession *session, const char *controller, GError **error);
gboolean pf_libvirt_session_detach (PfLibvirtSession *session, const char *controller, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfLibvirtSession, pf_libvirt_session_free)

G_END_DECLS
