/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "pf-client.h"
#include "pf-portal-keys.h"

G_BEGIN_DECLS

#define PF_TYPE_SHORTCUT_WINDOW (pf_shortcut_window_get_type ())
G_DECLARE_FINAL_TYPE (PfShortcutWindow, pf_shortcut_window, PF, SHORTCUT_WINDOW, GtkApplicationWindow)

/**
 * PfShortcutWindow:
 *
 * The desktop's keyboard shortcuts for Portferry: shows, sets and removes them. For a desktop whose settings
 * are not known here, it has the lines to copy.
 */
GtkWidget *pf_shortcut_window_new (GtkApplication *application, PfClient *client, PfPortalKeys *portal_keys);

G_END_DECLS
