/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

GtkWidget *pf_icon_chooser_new (void);
void pf_icon_chooser_show (GtkWidget *chooser, const char *icon);
char *pf_icon_chooser_get (GtkWidget *chooser);

G_END_DECLS
