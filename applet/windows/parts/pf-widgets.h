/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

GtkWidget *pf_widgets_label (const char *text, const char *style_class);
GtkWidget *pf_widgets_paragraph (const char *text);
GtkWidget *pf_widgets_scroll (GtkWidget *child);
GtkWidget *pf_widgets_row (const char *mnemonic, GtkWidget *control);
void pf_widgets_align_rows (GtkContainer *form);
GtkWidget *
pf_widgets_header_button (GtkWindow *window, const char *mnemonic, GtkPackType side, gboolean suggested);
void pf_widgets_name (GtkWidget *widget, const char *name);
void pf_widgets_set_class (GtkWidget *widget, const char *style_class, gboolean on);
void pf_widgets_clear (GtkContainer *container);
void pf_widgets_set_up_window (GtkWindow *window, const char *title, int width, int height);
void pf_widgets_show_message (GtkInfoBar *bar, const char *text);
GtkWidget *pf_widgets_info_bar (void);

G_END_DECLS
