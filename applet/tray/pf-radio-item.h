/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define PF_TYPE_RADIO_ITEM (pf_radio_item_get_type ())
G_DECLARE_FINAL_TYPE (PfRadioItem, pf_radio_item, PF, RADIO_ITEM, GtkCheckMenuItem)

/**
 * PfRadioItem:
 *
 * A radio item that shows what is, and does not change when it is chosen: choosing it only emits
 * GtkMenuItem::activate. GtkRadioMenuItem would show a switch before it has happened, and stay wrong when it
 * fails.
 */
GtkWidget *pf_radio_item_new (void);
void pf_radio_item_show_active (PfRadioItem *item, gboolean active);
gboolean pf_radio_item_is_showing (PfRadioItem *item);

G_END_DECLS
