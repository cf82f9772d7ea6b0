/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "pf-client.h"

G_BEGIN_DECLS

#define PF_TYPE_EFFECTS_VIEW (pf_effects_view_get_type ())
G_DECLARE_FINAL_TYPE (PfEffectsView, pf_effects_view, PF, EFFECTS_VIEW, GtkBox)

/**
 * PfEffectsView:
 *
 * What a profile would do: what goes to vfio-pci, what the routing register would be, what changes sides now,
 * and what speaks against it.
 */
GtkWidget *pf_effects_view_new (void);
void pf_effects_view_show_functions (PfEffectsView *view, GPtrArray *effects);
void pf_effects_view_show_details (PfEffectsView *view, const PfClientDetails *details);
void pf_effects_view_show_error (PfEffectsView *view, const char *message);

G_END_DECLS
