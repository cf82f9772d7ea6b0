/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a plan means to people: which controllers, ports and devices change sides. */

#include "pf-future.h"
#include "pf-objection.h"

/**
 * pf_change_free:
 * @change: (transfer full): a change
 */
void
pf_change_free (PfChange *change)
{
  g_free (change->name);
  g_free (change->address);
  g_free (change);
}

static PfChange *
add_change (
    GPtrArray *changes, const char *kind, const char *name, const char *address, PfOwner from, PfOwner to)
{
  PfChange *change;

  if (from == to)
    return NULL;
  change = g_new0 (PfChange, 1);
  change->kind = kind;
  change->name = g_strdup (name);
  change->address = g_strdup (address);
  change->from = from;
  change->to = to;
  g_ptr_array_add (changes, change);
  return change;
}

static void
add_device_changes (GPtrArray *changes, const PfFuture *future, const PfController *controller)
{
  PfOwner from = pf_function_get_owner (controller->function);

  for (guint i = 0; i < controller->devices->len; i++)
    {
      const PfUsbDevice *device = controller->devices->pdata[i];
      PfChange *change = NULL;

      if (!device->is_rate_matching)
        change = add_change (changes, "device", device->name, device->sysname, from,
                             pf_future_get_device_owner (future, controller, device));
      if (change == NULL)
        continue;
      change->is_keyboard = device->is_keyboard != PF_INPUT_NONE;
      change->is_pointer = device->is_pointer != PF_INPUT_NONE;
      change->is_storage = device->is_storage;
    }
}

/* An input that is no USB device goes with what it hangs on: a touch pad with its I2C host, a Bluetooth keyboard
 * with its adapter. Only an adapter that is on the board can take it away; so the address is known. */
static void
add_input_change (GPtrArray *changes, const PfFuture *future, const PfInput *input)
{
  const PfInputAdapter *adapter = pf_future_find_leaving_adapter (future, input);
  const PfUsePlace *place = adapter != NULL ? &adapter->place : &input->place;
  g_autofree char *name
      = adapter != NULL ? g_strdup_printf ("%s (by the Bluetooth adapter %s)", input->name, adapter->name)
                        : g_strdup (input->name);
  PfChange *change;

  if (pf_future_keeps_input (future, input))
    return;
  change = add_change (changes, "device", name, place->usb != NULL ? place->usb : place->address,
                       PF_OWNER_HOST, pf_future_get_place_owner (future, place));
  change->is_keyboard = input->is_keyboard != PF_INPUT_NONE;
  change->is_pointer = input->is_pointer != PF_INPUT_NONE;
}

static void
add_port_changes (GPtrArray *changes, const PfFuture *future, const PfRouter *router)
{
  for (guint i = 0; i < router->ports->len; i++)
    {
      const PfPort *port = &g_array_index (router->ports, PfPort, i);
      g_autofree char *name = pf_port_map_bit_to_name (port->bit);

      add_change (changes, "port", name, name, pf_router_get_port_owner (router, port->bit),
                  pf_future_get_port_owner (future, router, port->bit));
    }
}

/**
 * pf_changes_compute:
 * @board: the board before the plan
 * @plan: a plan for it
 *
 * Returns: (transfer full) (element-type PfChange): what changes sides: devices first, those on USB and then
 *   others, then controllers and the other
 *   members of their groups, then ports
 */
GPtrArray *
pf_changes_compute (const PfBoard *board, const PfPlan *plan)
{
  GPtrArray *changes = g_ptr_array_new_with_free_func ((GDestroyNotify) pf_change_free);
  g_auto (PfFuture) future = { 0 };

  pf_future_init (&future, board, plan);
  for (guint i = 0; i < board->controllers->len; i++)
    add_device_changes (changes, &future, board->controllers->pdata[i]);
  for (guint i = 0; i < board->inputs->len; i++)
    add_input_change (changes, &future, board->inputs->pdata[i]);
  for (guint i = 0; i < board->functions->len; i++)
    {
      const PfFunction *function = board->functions->pdata[i];

      add_change (changes, pf_function_is_usb_controller (function) ? "controller" : "function",
                  function->name, function->address, pf_function_get_owner (function),
                  pf_future_get_owner (&future, function));
    }
  for (guint i = 0; i < board->routers->len; i++)
    add_port_changes (changes, &future, board->routers->pdata[i]);
  return changes;
}
