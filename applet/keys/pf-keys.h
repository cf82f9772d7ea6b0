/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define PF_KEYS_MAX_WAIT_MSEC 300

void pf_keys_settle_async (GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
gboolean pf_keys_settle_finish (GAsyncResult *result, GError **error);

G_END_DECLS
