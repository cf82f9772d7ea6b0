/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * PfPending:
 *
 * What the kernel was asked to do to a function and has not answered yet. Meanwhile it may hold the lock of
 * that device, so that whoever reads or writes an attribute of it waits as well.
 */
typedef struct _PfPending PfPending;

/**
 * PfPendingFunc:
 *
 * Called when a write is overdue, and when one that was overdue has been answered.
 */
typedef void (*PfPendingFunc) (gpointer user_data);

PfPending *pf_pending_new (void);
void pf_pending_free (PfPending *pending);
void pf_pending_set_callback (PfPending *pending, PfPendingFunc callback, gpointer user_data);
guint pf_pending_add (PfPending *pending, const char *address, const char *what);
void pf_pending_mark_overdue (PfPending *pending, guint id);
void pf_pending_remove (PfPending *pending, guint id);
gboolean pf_pending_has (const PfPending *pending, const char *address);
const char *pf_pending_find_overdue (const PfPending *pending, const char *address);
gboolean pf_pending_check (const PfPending *pending, const char *address, GError **error);
const char *pf_pending_get_first_overdue (const PfPending *pending);

G_END_DECLS
