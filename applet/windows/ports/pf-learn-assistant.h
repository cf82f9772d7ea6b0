/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "pf-client.h"

G_BEGIN_DECLS

#define PF_TYPE_LEARN_ASSISTANT (pf_learn_assistant_get_type ())
G_DECLARE_FINAL_TYPE (PfLearnAssistant, pf_learn_assistant, PF, LEARN_ASSISTANT, GtkApplicationWindow)

/**
 * PfLearnAssistant:
 *
 * Names sockets by plugging something in. Each name is saved as it is given, so it can be left at any time,
 * and goes on where it was when it is opened again.
 */
GtkWidget *pf_learn_assistant_new (GtkApplication *application, PfClient *client);

G_END_DECLS
