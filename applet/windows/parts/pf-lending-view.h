/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "pf-client.h"

G_BEGIN_DECLS

#define PF_TYPE_LENDING_VIEW (pf_lending_view_get_type ())
G_DECLARE_FINAL_TYPE (PfLendingView, pf_lending_view, PF, LENDING_VIEW, GtkBox)

/**
 * PfLendingView:
 *
 * What can be lent on this machine, and how: the same words as in the doctor and in portferryctl.
 */
GtkWidget *pf_lending_view_new (PfClient *client, gboolean always);
void pf_lending_view_update (PfLendingView *view);

G_END_DECLS
