/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * PfTurns:
 *
 * What waits for its turn: one thing of each owner after the other, and of one owner in the order in which
 * they came.
 */
typedef struct _PfTurns PfTurns;

PfTurns *pf_turns_new (void);
void pf_turns_free (PfTurns *turns);

void pf_turns_add (PfTurns *turns, const char *owner, gpointer thing);
gpointer pf_turns_next (PfTurns *turns);

G_END_DECLS
