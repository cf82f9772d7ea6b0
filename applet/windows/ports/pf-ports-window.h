/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "pf-client.h"

G_BEGIN_DECLS

#define PF_TYPE_PORTS_WINDOW (pf_ports_window_get_type ())
G_DECLARE_FINAL_TYPE (PfPortsWindow, pf_ports_window, PF, PORTS_WINDOW, GtkApplicationWindow)

/**
 * PfPortsWindow:
 *
 * The machine as sockets: what is plugged in where, and who has it, as it changes. Its buttons activate the
 * actions "learn" and "new-profile" of the application.
 */
GtkWidget *pf_ports_window_new (GtkApplication *application, PfClient *client);

G_END_DECLS
