/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-board.h"
#include "pf-tree.h"

G_BEGIN_DECLS

/**
 * PfHolderWatch:
 *
 * Learns that a process opens a group that is lent, and that it lets go or dies, without asking again and
 * again.
 */
typedef struct _PfHolderWatch PfHolderWatch;

PfHolderWatch *
pf_holder_watch_new (PfTree *tree, const char *dev, GSourceFunc on_changed, gpointer user_data);
void pf_holder_watch_free (PfHolderWatch *watch);
void
pf_holder_watch_update (PfHolderWatch *watch, const PfBoard *board, const PfLoans *loans, gboolean awaited);
void pf_holder_watch_expect (PfHolderWatch *watch);

G_END_DECLS
