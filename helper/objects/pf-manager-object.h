/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-guard.h"
#include "pf-interests.h"
#include "pf-labels.h"

G_BEGIN_DECLS

/**
 * PfManagerObject:
 *
 * The machine as a whole on the bus, and the verbs that move things.
 */
typedef struct _PfManagerObject PfManagerObject;

PfManagerObject *
pf_manager_object_new (PfGuard *guard, const PfServices *services, PfLabels *labels, PfInterests *interests);
void pf_manager_object_free (PfManagerObject *object);
GDBusObjectSkeleton *pf_manager_object_get_skeleton (PfManagerObject *object);
void pf_manager_object_update (PfManagerObject *object);

G_END_DECLS
