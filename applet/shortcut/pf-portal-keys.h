/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define PF_TYPE_PORTAL_KEYS (pf_portal_keys_get_type ())
G_DECLARE_FINAL_TYPE (PfPortalKeys, pf_portal_keys, PF, PORTAL_KEYS, GObject)

/**
 * PfPortalKeys:
 *
 * The shortcuts that were chosen for the GlobalShortcuts portal, at work: they count only while the program
 * runs that asked for them. Whatever is chosen anew, by whatever program, is asked for at once, and so is all
 * of it when the portal was started anew. With nothing chosen, nothing is asked.
 *
 * Signals:
 *  - `activated` (PfPortalKeys *, const char *action, const char *profile): somebody has pressed one.
 *  - `changed` (PfPortalKeys *): there are other keys, or another problem.
 */
PfPortalKeys *pf_portal_keys_new (const char *app_id);
void pf_portal_keys_begin (PfPortalKeys *keys);
const char *pf_portal_keys_get_trigger (PfPortalKeys *keys, const char *command);
const char *pf_portal_keys_get_problem (PfPortalKeys *keys);

G_END_DECLS
