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
add_change (GPtrArray *changes, const char *kind, const char *name, const char *address, PfOwner from, PfOwner to)
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
      change->is_keyboard = device->is_keyboard;
      change->is_pointer = device->is_pointer;
      change->is_storage = device->is_storage;
    }
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
 * Returns: (transfer full) (element-type PfChange): what changes sides: devices first, then controllers and the other
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
  for (guint i = 0; i < board->functions->len; i++)
    {
      const PfFunction *function = board->functions->pdata[i];

      add_change (changes, pf_function_is_usb_controller (function) ? "controller" : "function", function->name,
                  function->address, pf_function_get_owner (function), pf_future_get_owner (&future, function));
    }
  for (guint i = 0; i < board->routers->len; i++)
    add_port_changes (changes, &future, board->routers->pdata[i]);
  return changes;
}

static void
count_inputs (const PfFuture *future, gboolean pointers, guint *before, guint *after, const PfUsbDevice **last)
{
  for (guint i = 0; i < future->board->controllers->len; i++)
    {
      const PfController *controller = future->board->controllers->pdata[i];
      PfOwner owner = pf_function_get_owner (controller->function);

      for (guint j = 0; j < controller->devices->len; j++)
        {
          const PfUsbDevice *device = controller->devices->pdata[j];

          if (!(pointers ? device->is_pointer : device->is_keyboard) || owner != PF_OWNER_HOST)
            continue;
          (*before)++;
          if (pf_future_get_device_owner (future, controller, device) == PF_OWNER_HOST)
            (*after)++;
          else
            *last = device;
        }
    }
}

/**
 * pf_changes_find_last_input:
 * @board: the board before the plan
 * @plan: a plan for it
 * @pointers: TRUE to look for pointers, FALSE for keyboards
 *
 * Returns: (transfer none) (nullable): a keyboard or pointer that leaves the host when none stays
 */
const PfUsbDevice *
pf_changes_find_last_input (const PfBoard *board, const PfPlan *plan, gboolean pointers)
{
  g_auto (PfFuture) future = { 0 };
  const PfUsbDevice *last = NULL;
  guint before = pointers ? board->other_pointers : board->other_keyboards;
  guint after = before;

  pf_future_init (&future, board, plan);
  count_inputs (&future, pointers, &before, &after, &last);
  return after == 0 ? last : NULL;
}
