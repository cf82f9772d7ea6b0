/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "pf-notice.h"
#include "pf-tray.h"

G_BEGIN_DECLS

#define PF_TYPE_QUESTION (pf_question_get_type ())
G_DECLARE_FINAL_TYPE (PfQuestion, pf_question, PF, QUESTION, GObject)

/**
 * PfQuestion:
 *
 * Asks in a window of our own whether to keep a switch, where no notification can ask: the desktop has no
 * notifications, they have no buttons, ours is not taken or goes by itself, or this process is not there for
 * long enough to hear them. The window goes when the switch is kept or taken back, wherever that was done;
 * until then the process does not end.
 */
PfQuestion *pf_question_new (GtkApplication *application, PfTray *tray, PfNotice *notice);
void pf_question_set_buttons (PfQuestion *question, gboolean buttons);

G_END_DECLS
