/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

GtkWidget *pf_mask_view_new (void);
void pf_mask_view_show (GtkWidget *view, guint32 value);

G_END_DECLS
