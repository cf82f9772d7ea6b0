/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define PF_APP_ID "org.portferry.Portferry"

#define PF_TYPE_APP (pf_app_get_type ())
G_DECLARE_FINAL_TYPE (PfApp, pf_app, PF, APP, GtkApplication)

/**
 * PfApp:
 *
 * The tray's one instance in a session. Its actions are "home", "toggle", "switch" (s: a profile's id),
 * "confirm" and "revert" (s: a transaction), "ports", "learn", "new-profile", "edit-profile" (s: a profile's id), "welcome", "doctor",
 * "shortcut", "guest",
 * "about" and "quit".
 */
PfApp *pf_app_new (void);
int pf_app_run (PfApp *app, int argc, char **argv);

G_END_DECLS
