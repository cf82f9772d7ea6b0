/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "pf-profile-draft.h"

G_BEGIN_DECLS

#define PF_TYPE_CONTROLLER_PICKER (pf_controller_picker_get_type ())
G_DECLARE_FINAL_TYPE (PfControllerPicker, pf_controller_picker, PF, CONTROLLER_PICKER, GtkBox)

/**
 * PfControllerPicker:
 *
 * The controllers of the machine, each with a check button.
 *
 * Signals:
 *  - `picked` (PfControllerPicker *, const char *address, gboolean chosen): a person chose one, or no longer.
 */
GtkWidget *pf_controller_picker_new (void);
void pf_controller_picker_show (PfControllerPicker *picker,
                                GPtrArray *controllers,
                                const PfProfileDraft *draft,
                                GPtrArray *sockets);

G_END_DECLS
