/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "pf-client.h"

G_BEGIN_DECLS

#define PF_TYPE_WELCOME_WINDOW (pf_welcome_window_get_type ())
G_DECLARE_FINAL_TYPE (PfWelcomeWindow, pf_welcome_window, PF, WELCOME_WINDOW, GtkApplicationWindow)

/**
 * PfWelcomeWindow:
 *
 * The first steps, and which of them are done. It changes nothing itself.
 */
GtkWidget *pf_welcome_window_new (GtkApplication *application, PfClient *client);

G_END_DECLS
