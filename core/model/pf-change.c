/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a plan means to people: which controllers, ports and devices change sides. */

#include "pf-objection.h"

#include <string.h>

/* The board as it will be: drivers and registers after the last step. */
typedef struct
{
  const PfBoard *board;
  GHashTable *drivers; /* address → driver, or "" */
  GHashTable *values;  /* router's address → register */
} Future;

static void
future_init (Future *future, const PfBoard *board, const PfPlan *plan)
{
  future->board = board;
  future->drivers = g_hash_table_new (g_str_hash, g_str_equal);
  future->values = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint i = 0; i < plan->steps->len; i++)
    {
      const PfStep *step = plan->steps->pdata[i];

      if (step->kind == PF_STEP_ROUTE && step->setting == PF_SETTING_ROUTING)
        g_hash_table_replace (future->values, step->router, GUINT_TO_POINTER (step->to));
      for (guint j = 0; j < step->moves->len; j++)
        {
          const PfMove *move = step->moves->pdata[j];

          g_hash_table_replace (future->drivers, move->address, move->to.driver != NULL ? move->to.driver : (char *) "");
        }
    }
}

static void
future_clear (Future *future)
{
  g_hash_table_unref (future->drivers);
  g_hash_table_unref (future->values);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Future, future_clear)

static PfOwner
future_get_owner (const Future *future, const PfFunction *function)
{
  const char *driver = g_hash_table_lookup (future->drivers, function->address);
  PfFunction then = *function;

  if (driver == NULL)
    return pf_function_get_owner (function);
  then.driver = *driver != '\0' ? (char *) driver : NULL;
  return pf_function_get_owner (&then);
}

static PfOwner
future_get_port_owner (const Future *future, const PfRouter *router, guint bit)
{
  guint32 value = router->value;
  gpointer changed;
  const PfController *side;

  if (g_hash_table_lookup_extended (future->values, router->controller->function->address, NULL, &changed))
    value = GPOINTER_TO_UINT (changed);
  side = pf_router_get_side (router, bit, value);
  return side != NULL ? future_get_owner (future, side->function) : PF_OWNER_NOBODY;
}

static const PfRouter *
find_router_of (const PfBoard *board, const PfController *controller)
{
  for (guint i = 0; i < board->routers->len; i++)
    {
      const PfRouter *router = board->routers->pdata[i];

      if (router->controller == controller)
        return router;
      for (guint j = 0; j < PF_CHIPSET_MAX_EHCIS; j++)
        if (router->ehci[j] == controller)
          return router;
    }
  return NULL;
}

/* A device goes where its port goes; one that is in no movable port, or speaks SuperSpeed, stays with its controller. */
static PfOwner
future_get_device_owner (const Future *future, const PfController *controller, const PfUsbDevice *device)
{
  const PfRouter *router = find_router_of (future->board, controller);

  if (router != NULL && device->bit != PF_CHIPSET_NO_BIT)
    return future_get_port_owner (future, router, (guint) device->bit);
  return future_get_owner (future, controller->function);
}

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

static void
add_change (GPtrArray *changes, const char *kind, const char *name, const char *address, PfOwner from, PfOwner to)
{
  PfChange *change;

  if (from == to)
    return;
  change = g_new0 (PfChange, 1);
  change->kind = kind;
  change->name = g_strdup (name);
  change->address = g_strdup (address);
  change->from = from;
  change->to = to;
  g_ptr_array_add (changes, change);
}

static void
add_device_changes (GPtrArray *changes, const Future *future, const PfController *controller)
{
  PfOwner from = pf_function_get_owner (controller->function);

  for (guint i = 0; i < controller->devices->len; i++)
    {
      const PfUsbDevice *device = controller->devices->pdata[i];

      if (!device->is_rate_matching)
        add_change (changes, "device", device->name, device->sysname, from,
                    future_get_device_owner (future, controller, device));
    }
}

static void
add_port_changes (GPtrArray *changes, const Future *future, const PfRouter *router)
{
  for (guint i = 0; i < router->ports->len; i++)
    {
      const PfPort *port = &g_array_index (router->ports, PfPort, i);
      g_autofree char *name = pf_port_map_bit_to_name (port->bit);

      add_change (changes, "port", name, name, pf_router_get_port_owner (router, port->bit),
                  future_get_port_owner (future, router, port->bit));
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
  g_auto (Future) future = { 0 };

  future_init (&future, board, plan);
  for (guint i = 0; i < board->controllers->len; i++)
    add_device_changes (changes, &future, board->controllers->pdata[i]);
  for (guint i = 0; i < board->functions->len; i++)
    {
      const PfFunction *function = board->functions->pdata[i];

      add_change (changes, pf_function_is_usb_controller (function) ? "controller" : "function", function->name,
                  function->address, pf_function_get_owner (function), future_get_owner (&future, function));
    }
  for (guint i = 0; i < board->routers->len; i++)
    add_port_changes (changes, &future, board->routers->pdata[i]);
  return changes;
}

static void
count_inputs (const Future *future, gboolean pointers, guint *before, guint *after, const PfUsbDevice **last)
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
          if (future_get_device_owner (future, controller, device) == PF_OWNER_HOST)
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
  g_auto (Future) future = { 0 };
  const PfUsbDevice *last = NULL;
  guint before = pointers ? board->other_pointers : board->other_keyboards;
  guint after = before;

  future_init (&future, board, plan);
  count_inputs (&future, pointers, &before, &after, &last);
  return after == 0 ? last : NULL;
}
