/* SPDX-License-Identifier: GPL-3.0-or-later */

/* In place of pf-libvirt-session.c, where Portferry is built without libvirt: there is never a session. */

#include <glib/gi18n.h>

#include "pf-error.h"
#include "pf-libvirt-session.h"

PfLibvirtSession *
pf_libvirt_session_new (const char *uri, const char *domain, guint timeout_seconds, GError **error)
{
  g_set_error_literal (error, PF_ERROR, PF_ERROR_FAILED, _ ("This Portferry was built without libvirt."));
  return NULL;
}

void
pf_libvirt_session_free (PfLibvirtSession *session)
{
  g_assert (session == NULL);
}

gboolean
pf_libvirt_session_attach (PfLibvirtSession *session, const char *controller, GError **error)
{
  g_return_val_if_reached (FALSE);
}

gboolean
pf_libvirt_session_detach (PfLibvirtSession *session, const char *controller, GError **error)
{
  g_return_val_if_reached (FALSE);
}
