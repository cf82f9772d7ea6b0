/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-manager-call.h"

/**
 * pf_manager_call_new:
 * @manager: whose method was called
 * @invocation: the call
 *
 * Returns: (transfer full): the call, to be kept until it is answered
 */
PfManagerCall *
pf_manager_call_new (PfDBusManager *manager, GDBusMethodInvocation *invocation)
{
  PfManagerCall *call = g_new0 (PfManagerCall, 1);

  call->manager = g_object_ref (manager);
  call->invocation = invocation;
  return call;
}

/**
 * pf_manager_call_free:
 * @call: (transfer full): a call that was answered
 */
void
pf_manager_call_free (PfManagerCall *call)
{
  g_object_unref (call->manager);
  g_free (call);
}

/**
 * pf_manager_call_fail:
 * @invocation: (transfer full): a call
 * @error: why it is refused
 *
 * Returns: TRUE: the call was answered
 */
gboolean
pf_manager_call_fail (GDBusMethodInvocation *invocation, const GError *error)
{
  g_dbus_method_invocation_return_gerror (invocation, error);
  return TRUE;
}
