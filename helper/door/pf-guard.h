/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "pf-demand.h"
#include "pf-gate.h"

G_BEGIN_DECLS

#define PF_TYPE_GUARD (pf_guard_get_type ())
G_DECLARE_FINAL_TYPE (PfGuard, pf_guard, PF, GUARD, GObject)

PfGuard *pf_guard_new (const PfServices *services);
void pf_guard_set_gate (PfGuard *guard, PfGate *gate);
void pf_guard_protect (PfGuard *guard, GDBusInterfaceSkeleton *skeleton);
guint pf_guard_count_calls (PfGuard *guard);
const PfDemand *pf_guard_get_demand (GDBusMethodInvocation *invocation, PfAction action, GError **error);

G_END_DECLS
