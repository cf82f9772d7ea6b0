/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "pf-client.h"
#include "pf-portal-keys.h"

G_BEGIN_DECLS

#define PF_TYPE_WINDOWS (pf_windows_get_type ())
G_DECLARE_FINAL_TYPE (PfWindows, pf_windows, PF, WINDOWS, GObject)

/**
 * PfWindows:
 *
 * The windows of an application, each of which is open once at most: asked for again, it is raised. They
 * belong to the application, which can keep the helper awake while it has any.
 */
PfWindows *pf_windows_new (GtkApplication *application, PfClient *client, PfPortalKeys *portal_keys);
void pf_windows_show_ports (PfWindows *windows);
void pf_windows_show_learn (PfWindows *windows);
void pf_windows_show_editor (PfWindows *windows, const char *profile_id);
void pf_windows_show_welcome (PfWindows *windows);
void pf_windows_show_doctor (PfWindows *windows);
void pf_windows_show_shortcut (PfWindows *windows);
void pf_windows_show_vm (PfWindows *windows);

G_END_DECLS
