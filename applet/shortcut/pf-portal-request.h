/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define PF_PORTAL_NAME "org.freedesktop.portal.Desktop"
#define PF_PORTAL_PATH "/org/freedesktop/portal/desktop"
#define PF_PORTAL_SHORTCUTS "org.freedesktop.portal.GlobalShortcuts"

void pf_portal_request_async (GDBusConnection *bus,
                              const char *method,
                              GVariant *const *arguments,
                              const char *session_token,
                              GAsyncReadyCallback callback,
                              gpointer user_data);
GVariant *pf_portal_request_finish (GAsyncResult *result, GError **error);

G_END_DECLS
