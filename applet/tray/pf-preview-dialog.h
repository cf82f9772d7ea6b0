/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "pf-preview-model.h"

G_BEGIN_DECLS

#define PF_TYPE_PREVIEW_DIALOG (pf_preview_dialog_get_type ())
G_DECLARE_FINAL_TYPE (PfPreviewDialog, pf_preview_dialog, PF, PREVIEW_DIALOG, GtkDialog)

/**
 * PfPreviewDialog:
 *
 * Shows what a switch would move and what speaks against it, and asks whether to. The response is
 * GTK_RESPONSE_ACCEPT for the deed; everything else is a no.
 */
GtkWidget *pf_preview_dialog_new (void);
void pf_preview_dialog_show_model (PfPreviewDialog *dialog, const PfPreviewModel *model);
void pf_preview_dialog_set_working (PfPreviewDialog *dialog, gboolean working);
void pf_preview_dialog_show_failure (PfPreviewDialog *dialog, const char *text);
gboolean pf_preview_dialog_wants_power_off (PfPreviewDialog *dialog);

G_END_DECLS
