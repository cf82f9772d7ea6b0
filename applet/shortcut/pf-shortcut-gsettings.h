/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-shortcut-backend.h"

G_BEGIN_DECLS

/**
 * PfShortcutStore:
 * @list_schema: (nullable): the schema that lists the custom ones; NULL where there is no list
 * @list_key: its key
 * @lists_paths: whether the list has paths, not names
 * @item_schema: the relocatable schema of a custom one
 * @base: the path below which they are
 * @command_key: the key of @item_schema that has the command
 * @others: (array zero-terminated=1): schemas in which the desktop has its own key combinations
 *
 * How GNOME and its relatives keep custom key combinations; @store of their backends.
 */
typedef struct
{
  const char *list_schema;
  const char *list_key;
  gboolean lists_paths;
  const char *item_schema;
  const char *base;
  const char *command_key;
  const char *const *others;
} PfShortcutStore;

GPtrArray *pf_shortcut_gsettings_read (const PfShortcutBackend *backend, GPtrArray *answers);
GPtrArray *pf_shortcut_gsettings_set (const PfShortcutBackend *backend,
                                      GPtrArray *answers,
                                      const PfAccel *accel,
                                      const char *command,
                                      const char *label,
                                      GError **error);
GPtrArray *pf_shortcut_gsettings_remove (const PfShortcutBackend *backend, const PfShortcutEntry *entry);

G_END_DECLS
