/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "pf-shortcut-backend.h"

G_BEGIN_DECLS

/* The id where the GlobalShortcuts portal is used: the keys work while the tray runs. */
#define PF_SHORTCUT_PORTAL "portal"

#define PF_TYPE_SHORTCUT (pf_shortcut_get_type ())
G_DECLARE_FINAL_TYPE (PfShortcut, pf_shortcut, PF, SHORTCUT, GObject)

/**
 * PfShortcut:
 *
 * The global key combinations of the running desktop, as far as they are Portferry's: reads, sets and removes
 * them in the desktop's own settings. Nothing here blocks.
 */

void pf_shortcut_open_async (GAsyncReadyCallback callback, gpointer user_data);
PfShortcut *pf_shortcut_open_finish (GAsyncResult *result, GError **error);

const char *pf_shortcut_get_id (PfShortcut *shortcut);
const char *pf_shortcut_get_label (PfShortcut *shortcut);

void pf_shortcut_list_async (PfShortcut *shortcut, GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *pf_shortcut_list_finish (PfShortcut *shortcut, GAsyncResult *result, GError **error);

void pf_shortcut_set_async (PfShortcut *shortcut,
                            const PfAccel *accel,
                            const char *command,
                            const char *label,
                            gboolean in_spite,
                            GAsyncReadyCallback callback,
                            gpointer user_data);
gboolean pf_shortcut_set_finish (PfShortcut *shortcut, GAsyncResult *result, GError **error);

void pf_shortcut_remove_async (PfShortcut *shortcut,
                               const char *command,
                               GAsyncReadyCallback callback,
                               gpointer user_data);
gboolean pf_shortcut_remove_finish (PfShortcut *shortcut, GAsyncResult *result, GError **error);

char *pf_shortcut_make_command (const char *action, const char *profile, GError **error);
gboolean pf_shortcut_split_command (const char *command, char **action, char **profile);
char *pf_shortcut_describe_command (const char *command);
char *pf_shortcut_describe_lines (const PfAccel *accel, const char *command);

G_END_DECLS
