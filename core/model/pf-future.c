/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-future.h"

#include <string.h>

#define SUPER_SPEED 5000 /* Mbit/s */

/**
 * pf_future_init:
 * @future: (out): to be cleared with pf_future_clear()
 * @board: the board before the plan; has to outlive @future, and so has the plan
 * @plan: a plan for it
 */
void
pf_future_init (PfFuture *future, const PfBoard *board, const PfPlan *plan)
{
  future->board = board;
  future->drivers = g_hash_table_new (g_str_hash, g_str_equal);
  future->values = g_hash_table_new (g_str_hash, g_str_equal);
  future->super_speeds = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint i = 0; i < plan->steps->len; i++)
    {
      const PfStep *step = plan->steps->pdata[i];

      if (step->kind == PF_STEP_ROUTE && step->setting == PF_SETTING_ROUTING)
        g_hash_table_replace (future->values, step->router, GUINT_TO_POINTER (step->to));
      if (step->kind == PF_STEP_ROUTE && step->setting == PF_SETTING_SUPER_SPEED)
        g_hash_table_replace (future->super_speeds, step->router, GUINT_TO_POINTER (step->to));
      for (guint j = 0; j < step->moves->len; j++)
        {
          const PfMove *move = step->moves->pdata[j];

          g_hash_table_replace (future->drivers, move->address,
                                move->to.driver != NULL ? move->to.driver : (char *) "");
        }
    }
}

/**
 * pf_future_clear:
 * @future: a future
 */
void
pf_future_clear (PfFuture *future)
{
  g_hash_table_unref (future->drivers);
  g_hash_table_unref (future->values);
  g_hash_table_unref (future->super_speeds);
}

/**
 * pf_future_get_owner:
 * @future: a future
 * @function: a function of its board
 *
 * Returns: who has it afterwards
 */
PfOwner
pf_future_get_owner (const PfFuture *future, const PfFunction *function)
{
  const char *driver = g_hash_table_lookup (future->drivers, function->address);
  PfFunction then = *function;

  if (driver == NULL)
    return pf_function_get_owner (function);
  then.driver = *driver != '\0' ? (char *) driver : NULL;
  return pf_function_get_owner (&then);
}

/* What a setting of @router will be: the plan's last word, or what it @is. */
static guint32
get_value (GHashTable *values, const PfRouter *router, guint32 is)
{
  gpointer changed;

  if (g_hash_table_lookup_extended (values, router->controller->function->address, NULL, &changed))
    return GPOINTER_TO_UINT (changed);
  return is;
}

static const PfController *
get_side (const PfFuture *future, const PfRouter *router, guint bit)
{
  return pf_router_get_side (router, bit, get_value (future->values, router, router->value));
}

/**
 * pf_future_get_port_owner:
 * @future: a future
 * @router: a router of its board
 * @bit: of one of its ports
 *
 * Returns: who has the port afterwards
 */
PfOwner
pf_future_get_port_owner (const PfFuture *future, const PfRouter *router, guint bit)
{
  const PfController *side = get_side (future, router, bit);

  return side != NULL ? pf_future_get_owner (future, side->function) : PF_OWNER_NOBODY;
}

/**
 * pf_future_get_super_speed:
 * @future: a future
 * @router: a router of its board
 *
 * Returns: USB3_PSSEN afterwards: a bit for each SuperSpeed half that is on
 */
guint32
pf_future_get_super_speed (const PfFuture *future, const PfRouter *router)
{
  return get_value (future->super_speeds, router, router->super_speed_value);
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

/* The port of a SuperSpeed root hub that @device is below; 0 for none. */
static guint
find_super_speed_port (const PfController *controller, const PfUsbDevice *device)
{
  guint bus = (guint) g_ascii_strtoull (device->sysname, NULL, 10);
  const char *dash = strchr (device->sysname, '-');

  for (guint i = 0; dash != NULL && i < controller->root_hubs->len; i++)
    {
      const PfRootHub *hub = controller->root_hubs->pdata[i];

      if (hub->bus == bus && hub->speed >= SUPER_SPEED)
        return (guint) g_ascii_strtoull (dash + 1, NULL, 10);
    }
  return 0;
}

/* The bit of the port that @device is in: its own, or, where the plan switches off the SuperSpeed half that
 * it is on, that of the USB2 half to which it falls back. */
static int
find_bit (const PfFuture *future,
          const PfRouter *router,
          const PfController *controller,
          const PfUsbDevice *device,
          gboolean *falls_back)
{
  guint port = controller == router->controller ? find_super_speed_port (controller, device) : 0;
  int half = port > 0 && port <= PF_CHIPSET_MAX_PORTS ? router->chipset->super_speed_bits[port - 1]
                                                      : PF_CHIPSET_NO_BIT;

  *falls_back
      = half != PF_CHIPSET_NO_BIT
        && (router->super_speed_value & ~pf_future_get_super_speed (future, router) & (1u << half)) != 0;
  return *falls_back ? half : device->bit;
}

/**
 * pf_future_get_device_owner:
 * @future: a future
 * @controller: a controller of its board
 * @device: what is plugged in there
 *
 * A device goes where its port goes; one that is in no movable port, or speaks SuperSpeed, stays with its
 * controller. Where its SuperSpeed half is switched off, it falls back to USB2, and goes along.
 *
 * Returns: who has it afterwards
 */
PfOwner
pf_future_get_device_owner (const PfFuture *future, const PfController *controller, const PfUsbDevice *device)
{
  const PfRouter *router = find_router_of (future->board, controller);
  gboolean falls_back = FALSE;
  int bit = router != NULL ? find_bit (future, router, controller, device, &falls_back) : PF_CHIPSET_NO_BIT;

  if (bit != PF_CHIPSET_NO_BIT)
    return pf_future_get_port_owner (future, router, (guint) bit);
  return pf_future_get_owner (future, controller->function);
}

/**
 * pf_future_unplugs_device:
 * @future: a future
 * @controller: a controller of its board
 * @device: what is plugged in there
 *
 * Returns: whether the host loses it, be it only for a moment: a port that goes from one controller of the
 * host to another is unplugged from the one and plugged into the other
 */
gboolean
pf_future_unplugs_device (const PfFuture *future, const PfController *controller, const PfUsbDevice *device)
{
  const PfRouter *router = find_router_of (future->board, controller);
  gboolean falls_back = FALSE;
  int bit = router != NULL ? find_bit (future, router, controller, device, &falls_back) : PF_CHIPSET_NO_BIT;

  if (falls_back || (bit != PF_CHIPSET_NO_BIT && get_side (future, router, (guint) bit) != controller))
    return TRUE;
  return pf_future_get_device_owner (future, controller, device) != PF_OWNER_HOST;
}

static const PfUsbDevice *
find_device (const PfController *controller, const char *sysname)
{
  for (guint i = 0; controller != NULL && sysname != NULL && i < controller->devices->len; i++)
    {
      const PfUsbDevice *device = controller->devices->pdata[i];

      if (g_str_equal (device->sysname, sysname))
        return device;
    }
  return NULL;
}

/**
 * pf_future_get_place_owner:
 * @future: a future
 * @place: where something hangs
 *
 * A device that was not seen, gone or too deep below hubs, goes with its controller. What hangs on nothing
 * that can be lent stays.
 *
 * Returns: who has it afterwards
 */
PfOwner
pf_future_get_place_owner (const PfFuture *future, const PfUsePlace *place)
{
  const PfFunction *function
      = place->address != NULL ? pf_board_find_function (future->board, place->address) : NULL;
  const PfController *controller;
  const PfUsbDevice *device;

  if (function == NULL)
    return PF_OWNER_HOST;
  controller = pf_board_find_controller (future->board, place->address);
  device = find_device (controller, place->usb);
  return device != NULL ? pf_future_get_device_owner (future, controller, device)
                        : pf_future_get_owner (future, function);
}

/**
 * pf_future_find_leaving_adapter:
 * @future: a future
 * @input: a keyboard or pointer
 *
 * Which of several Bluetooth adapters a device is connected through cannot always be told. Then it stays only
 * if all of them do.
 *
 * Returns: (nullable) (transfer none): the adapter with which it may leave the host
 */
const PfInputAdapter *
pf_future_find_leaving_adapter (const PfFuture *future, const PfInput *input)
{
  for (guint i = 0; i < input->adapters->len; i++)
    {
      const PfInputAdapter *adapter = input->adapters->pdata[i];

      if (pf_future_get_place_owner (future, &adapter->place) != PF_OWNER_HOST)
        return adapter;
    }
  return NULL;
}

/**
 * pf_future_keeps_input:
 * @future: a future
 * @input: a keyboard or pointer
 *
 * Returns: whether it stays with the host for certain
 */
gboolean
pf_future_keeps_input (const PfFuture *future, const PfInput *input)
{
  return pf_future_get_place_owner (future, &input->place) == PF_OWNER_HOST
         && pf_future_find_leaving_adapter (future, input) == NULL;
}
