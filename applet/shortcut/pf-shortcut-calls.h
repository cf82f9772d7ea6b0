/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-shortcut-backend.h"

G_BEGIN_DECLS

void pf_shortcut_calls_run_async (GDBusConnection *bus,
                                  GPtrArray *calls,
                                  gboolean tolerant,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
GPtrArray *pf_shortcut_calls_run_finish (GAsyncResult *result, GError **error);

G_END_DECLS
