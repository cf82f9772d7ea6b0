/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

void pf_qmp_attach_async (const char *path,
                          const char *const *controllers,
                          guint timeout_seconds,
                          GAsyncReadyCallback callback,
                          gpointer user_data);
void pf_qmp_detach_async (const char *path,
                          const char *const *controllers,
                          guint timeout_seconds,
                          GAsyncReadyCallback callback,
                          gpointer user_data);
gboolean pf_qmp_finish (GAsyncResult *result, GError **error);

G_END_DECLS
