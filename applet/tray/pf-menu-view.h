/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "pf-menu-model.h"

G_BEGIN_DECLS

#define PF_TYPE_MENU_VIEW (pf_menu_view_get_type ())
G_DECLARE_FINAL_TYPE (PfMenuView, pf_menu_view, PF, MENU_VIEW, GObject)

/**
 * PfMenuView:
 *
 * The rows of a menu model as a GtkMenu, which lives as long as the view.
 *
 * Signals:
 *  - `chosen` (PfMenuView *, guint verb, const char *target): a person chose a row that does something, and
 * may be chosen. @verb is a PfVerb.
 */
PfMenuView *pf_menu_view_new (void);
GtkMenu *pf_menu_view_get_menu (PfMenuView *view);
void pf_menu_view_update (PfMenuView *view, GPtrArray *rows);

G_END_DECLS
