/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "pf-tray.h"

G_BEGIN_DECLS

#define PF_TYPE_INDICATOR (pf_indicator_get_type ())
G_DECLARE_FINAL_TYPE (PfIndicator, pf_indicator, PF, INDICATOR, GObject)

/**
 * PfIndicator:
 *
 * The icon in the panel and its menu. While the menu is open the helper is kept awake.
 *
 * Signals:
 *  - `chosen` (PfIndicator *, guint verb, const char *target): as in PfMenuView.
 */
PfIndicator *pf_indicator_new (PfTray *tray);
gboolean pf_indicator_popup (PfIndicator *indicator);

G_END_DECLS
