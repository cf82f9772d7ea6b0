/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define PF_TYPE_WATCHER (pf_watcher_get_type ())
G_DECLARE_FINAL_TYPE (PfWatcher, pf_watcher, PF, WATCHER, GObject)

PfWatcher *pf_watcher_new (GError **error);

G_END_DECLS
