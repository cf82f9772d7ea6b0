/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "pf-attendant.h"
#include "pf-notice.h"
#include "pf-tray.h"

G_BEGIN_DECLS

#define PF_TYPE_NOTIFIER (pf_notifier_get_type ())
G_DECLARE_FINAL_TYPE (PfNotifier, pf_notifier, PF, NOTIFIER, GObject)

/**
 * PfNotifier:
 *
 * Tells on the desktop of each switch and each failure, whoever asked. A newer notification takes the place
 * of the one before; a question is one of its own. The buttons are the application's actions "home",
 * "confirm" and "revert".
 */
PfNotifier *pf_notifier_new (GApplication *application, PfTray *tray, PfAttendant *attendant);
void pf_notifier_set_buttons (PfNotifier *notifier, gboolean buttons);
PfNotice *pf_notifier_get_question (PfNotifier *notifier);

G_END_DECLS
