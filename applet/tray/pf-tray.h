/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-request.h"
#include "pf-tray-state.h"

G_BEGIN_DECLS

#define PF_TYPE_TRAY (pf_tray_get_type ())
G_DECLARE_FINAL_TYPE (PfTray, pf_tray, PF, TRAY, GObject)

/**
 * PfTray:
 *
 * What the tray knows and asks: the helper's client, the state to show, and the requests under way. No GTK.
 *
 * Signals:
 *  - `changed` (PfTray *): pf_tray_get_state() gives something new.
 *  - `refused` (PfTray *, const char *profile_id, const GError *error): a request of ours failed. @profile_id
 * is where it should have gone, or NULL.
 */
PfTray *pf_tray_new (PfClient *client);
PfClient *pf_tray_get_client (PfTray *tray);
const PfTrayState *pf_tray_get_state (PfTray *tray);

void pf_tray_hold (PfTray *tray);
void pf_tray_release (PfTray *tray);

void pf_tray_ask_async (PfTray *tray,
                        const PfRequest *request,
                        GAsyncReadyCallback callback,
                        gpointer user_data);
gboolean pf_tray_ask_finish (PfTray *tray, GAsyncResult *result, GError **error);

G_END_DECLS
