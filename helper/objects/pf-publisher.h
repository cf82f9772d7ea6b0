/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-guard.h"
#include "pf-interests.h"
#include "pf-labels.h"

G_BEGIN_DECLS

/**
 * PfPublisher:
 *
 * Keeps the objects on the bus as the board, the profiles and the switcher are: what is published is what was
 * read.
 */
typedef struct _PfPublisher PfPublisher;

PfPublisher *
pf_publisher_new (PfGuard *guard, const PfServices *services, PfLabels *labels, PfInterests *interests);
void pf_publisher_free (PfPublisher *publisher);
void pf_publisher_update (PfPublisher *publisher);
void pf_publisher_connect (PfPublisher *publisher, GDBusConnection *connection);

G_END_DECLS
