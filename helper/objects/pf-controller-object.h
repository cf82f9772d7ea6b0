/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-dbus.h"
#include "pf-guard.h"
#include "pf-labels.h"

G_BEGIN_DECLS

/**
 * PfControllerObject:
 *
 * A controller, and where it is one a router, on the bus.
 */
typedef struct _PfControllerObject PfControllerObject;

PfControllerObject *pf_controller_object_new (PfGuard *guard, const char *address);
void pf_controller_object_free (PfControllerObject *object);
GDBusObjectSkeleton *pf_controller_object_get_skeleton (PfControllerObject *object);
void pf_controller_object_update (PfControllerObject *object,
                                  const PfBoard *board,
                                  const PfController *controller,
                                  PfLabels *labels);

G_END_DECLS
