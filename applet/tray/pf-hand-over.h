/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "pf-tray.h"

G_BEGIN_DECLS

#define PF_TYPE_HAND_OVER (pf_hand_over_get_type ())
G_DECLARE_FINAL_TYPE (PfHandOver, pf_hand_over, PF, HAND_OVER, GObject)

/**
 * PfHandOver:
 *
 * Switches that a person asks for with the mouse. One that speaks for itself is done at once; before a
 * profile's first use, and where something speaks against it, it is shown what would happen. Mounted sticks
 * can be unmounted from there.
 */
PfHandOver *pf_hand_over_new (GtkApplication *application, PfTray *tray);
void pf_hand_over_begin (PfHandOver *hand_over, const char *profile_id);

G_END_DECLS
