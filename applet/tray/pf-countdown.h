/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define PF_TYPE_COUNTDOWN (pf_countdown_get_type ())
G_DECLARE_FINAL_TYPE (PfCountdown, pf_countdown, PF, COUNTDOWN, GtkWindow)

/**
 * PfCountdown:
 *
 * A small window above all others that asks whether to keep a switch, and shows how long it still waits. It
 * only shows: the deadline is the helper's, and the window stays until it is destroyed.
 *
 * No key keeps the switch by accident: the window does not take the keyboard when it appears, Escape and
 * closing it are for going back, and so is the button that has the focus first.
 *
 * Signals:
 *  - `answered` (PfCountdown *, gboolean keep): a button, or Escape.
 */
GtkWidget *pf_countdown_new (const char *label, gint64 deadline);
void pf_countdown_set_moved (PfCountdown *countdown, const char *moved);
void pf_countdown_set_answering (PfCountdown *countdown, gboolean answering);

G_END_DECLS
