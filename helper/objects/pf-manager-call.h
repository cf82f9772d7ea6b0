/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Within helper only: what the handlers of Manager's methods share. */
#pragma once

#include "pf-dbus.h"

G_BEGIN_DECLS

/**
 * PfManagerCall:
 * @manager: whose method was called
 * @invocation: owned by whoever answers it: GDBus's rule
 *
 * A call that is answered later.
 */
typedef struct
{
  PfDBusManager *manager;
  GDBusMethodInvocation *invocation;
} PfManagerCall;

PfManagerCall *pf_manager_call_new (PfDBusManager *manager, GDBusMethodInvocation *invocation);
void pf_manager_call_free (PfManagerCall *call);
gboolean pf_manager_call_fail (GDBusMethodInvocation *invocation, const GError *error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfManagerCall, pf_manager_call_free)

G_END_DECLS
