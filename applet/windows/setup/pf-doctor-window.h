/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "pf-client.h"

G_BEGIN_DECLS

#define PF_TYPE_DOCTOR_WINDOW (pf_doctor_window_get_type ())
G_DECLARE_FINAL_TYPE (PfDoctorWindow, pf_doctor_window, PF, DOCTOR_WINDOW, GtkApplicationWindow)

/**
 * PfDoctorWindow:
 *
 * What stands in the way of lending, and what to do about it. Works without the helper too: that it is
 * missing is one of the things to say.
 */
GtkWidget *pf_doctor_window_new (GtkApplication *application, PfClient *client);

G_END_DECLS
