/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "pf-client.h"

G_BEGIN_DECLS

#define PF_TYPE_STATE_VIEW (pf_state_view_get_type ())
G_DECLARE_FINAL_TYPE (PfStateView, pf_state_view, PF, STATE_VIEW, GtkBox)

/**
 * PfStateView:
 *
 * What a window shows: its content when the helper has answered, else why there is none. What keeps the
 * machine from lending anything stands above the content.
 *
 * Signals:
 *  - `changed` (PfStateView *): the content is shown, and what the helper publishes has changed.
 */
GtkWidget *pf_state_view_new (PfClient *client, GtkWidget *content);

G_END_DECLS
