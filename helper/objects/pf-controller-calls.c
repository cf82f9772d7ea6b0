/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The manager's methods that do something with one controller and with no profile: TryPort and TakeHome. */

#include "pf-controller-calls.h"

#include "pf-bus.h"
#include "pf-guard.h"
#include "pf-label-call.h"
#include "pf-manager-call.h"
#include "pf-options.h"

static void
on_switcher_tried (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PfManagerCall) pending = user_data;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) seen = pf_switcher_try_port_finish (PF_SWITCHER (source), result, &error);

  if (seen == NULL)
    pf_manager_call_fail (pending->invocation, error);
  else
    pf_dbus_manager_complete_try_port (pending->manager, pending->invocation, (const char *const *) seen);
}

static gboolean
on_manager_try_port (PfDBusManager *manager,
                     GDBusMethodInvocation *invocation,
                     const char *path,
                     const char *port,
                     GVariant *options,
                     gpointer user_data)
{
  PfServices *services = user_data;
  const PfBoard *board = pf_machine_get_board (services->machine);
  g_autoptr (GError) error = NULL;
  g_autofree char *router = NULL;
  int bit = PF_CHIPSET_NO_BIT;

  if (pf_guard_get_demand (invocation, PF_ACTION_EDIT, &error) != NULL)
    bit = pf_label_call_find_port (board, path, port, &router, &error);
  if (bit == PF_CHIPSET_NO_BIT)
    return pf_manager_call_fail (invocation, error);
  pf_switcher_try_port_async (services->switcher, router, (guint) bit, on_switcher_tried,
                              pf_manager_call_new (manager, invocation));
  return TRUE;
}

static void
on_switcher_taken (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PfManagerCall) pending = user_data;
  g_autoptr (GError) error = NULL;

  if (pf_switcher_take_home_finish (PF_SWITCHER (source), result, &error))
    pf_dbus_manager_complete_take_home (pending->manager, pending->invocation);
  else
    pf_manager_call_fail (pending->invocation, error);
}

static gboolean
on_manager_take_home (PfDBusManager *manager,
                      GDBusMethodInvocation *invocation,
                      const char *path,
                      GVariant *variant,
                      gpointer user_data)
{
  PfServices *services = user_data;
  g_autoptr (GError) error = NULL;
  const PfDemand *demand = pf_guard_get_demand (invocation, PF_ACTION_TAKE_HOME, &error);
  g_autoptr (PfSwitchOptions) options
      = demand != NULL ? pf_switch_options_parse_return (variant, &error) : NULL;
  g_autofree char *address = options != NULL ? pf_bus_controller_address_from_path (path, &error) : NULL;

  if (address == NULL)
    return pf_manager_call_fail (invocation, error);
  pf_switcher_take_home_async (services->switcher, address, demand->fingerprint, options->origin,
                               on_switcher_taken, pf_manager_call_new (manager, invocation));
  return TRUE;
}

/**
 * pf_controller_calls_connect:
 * @manager: the manager's object
 * @services: what the helper knows; whoever disconnects these handlers does so by this pointer
 */
void
pf_controller_calls_connect (PfDBusManager *manager, PfServices *services)
{
  g_signal_connect (manager, "handle-try-port", G_CALLBACK (on_manager_try_port), services);
  g_signal_connect (manager, "handle-take-home", G_CALLBACK (on_manager_take_home), services);
}
