/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "pf-client.h"

G_BEGIN_DECLS

#define PF_TYPE_PROFILE_EDITOR (pf_profile_editor_get_type ())
G_DECLARE_FINAL_TYPE (PfProfileEditor, pf_profile_editor, PF, PROFILE_EDITOR, GtkApplicationWindow)

/**
 * PfProfileEditor:
 *
 * Makes or changes a profile on the picture of the machine, and says at once what it would do. Nothing is
 * saved before "Save", and nothing is switched by it.
 */
GtkWidget *pf_profile_editor_new (GtkApplication *application, PfClient *client, const char *profile_id);

G_END_DECLS
