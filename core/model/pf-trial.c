/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Trying a port: it is routed to its other side for a moment, and what was plugged in has to turn up there.
 * So it shows which socket it is, and, of something at SuperSpeed, that the two halves are one socket.
 * Because nobody has asked for a switch, the least doubt stops it: there is nothing to override. */

#include "pf-trial.h"

#include "pf-future.h"
#include "pf-objection.h"
#include "pf-plan-router.h"

static gboolean
refuse (GError **error, PfError code, guint bit, const char *why)
{
  g_autofree char *port = pf_port_map_bit_to_name (bit);

  g_set_error (error, PF_ERROR, (int) code, "The port %s is not tried: %s", port, why);
  return FALSE;
}

static gboolean
is_hosts (const PfController *controller)
{
  return controller != NULL && pf_function_get_owner (controller->function) == PF_OWNER_HOST;
}

static gboolean
check_port (const PfBoard *board, const PfRouter *router, guint bit, GError **error)
{
  const PfController *other = pf_router_get_side (router, bit, ~router->value);

  if ((router->mask & (1u << bit)) == 0 || other == NULL)
    return refuse (error, PF_ERROR_OBJECTION, bit, "it cannot be routed on this machine.");
  if (!pf_loans_are_empty (board->loans) || !is_hosts (router->controller) || !is_hosts (other))
    return refuse (error, PF_ERROR_BUSY, bit, "something is lent. Bring everything home first.");
  return TRUE;
}

/* One bit, and the SuperSpeed half of the same socket, so that what is on that falls back and comes along.
 * The other ports stay where they are. */
static PfPlan *
make_plan (const PfRouter *router, guint bit)
{
  PfPlan *plan = pf_plan_new (PF_TRIAL_PROFILE);
  guint32 halves = router->super_speed_value;

  if ((router->value & (1u << bit)) != 0)
    halves &= ~pf_plan_find_super_speed_bits (router, 1u << bit);
  pf_plan_add_setting (plan, router, PF_SETTING_POWER, router->power, PF_POWER_ON);
  pf_plan_add_setting (plan, router, PF_SETTING_ROUTING, router->value, router->value ^ (1u << bit));
  pf_plan_add_setting (plan, router, PF_SETTING_SUPER_SPEED, router->super_speed_value, halves);
  return plan;
}

static const PfUse *
find_use (const PfBoard *board, const PfController *controller, const PfUsbDevice *device)
{
  for (guint i = 0; i < board->uses->len; i++)
    {
      const PfUse *use = board->uses->pdata[i];

      if (g_strcmp0 (use->place.usb, device->sysname) == 0
          && g_strcmp0 (use->place.address, controller->function->address) == 0)
        return use;
    }
  return NULL;
}

/* What is connected by @device, where that is a Bluetooth adapter. */
static const PfInput *
find_connected (const PfBoard *board, const PfUsbDevice *device)
{
  for (guint i = 0; i < board->inputs->len; i++)
    {
      const PfInput *input = board->inputs->pdata[i];

      for (guint j = 0; j < input->adapters->len; j++)
        if (g_strcmp0 (((const PfInputAdapter *) input->adapters->pdata[j])->place.usb, device->sysname) == 0)
          return input;
    }
  return NULL;
}

/* What is unplugged for a moment must be of no use to anybody just now. */
static gboolean
check_device (const PfBoard *board,
              const PfController *controller,
              const PfUsbDevice *device,
              guint bit,
              GError **error)
{
  const PfUse *use = find_use (board, controller, device);
  const PfInput *connected = find_connected (board, device);
  g_autofree char *why = NULL;

  if (device->is_keyboard || device->is_pointer || device->sort != PF_INPUT_SORT_ORDINARY)
    why = g_strdup_printf ("%s is a keyboard or pointer. Take a stick.", device->name);
  else if (connected != NULL)
    why = g_strdup_printf ("%s is connected by %s. Take a stick.", connected->name, device->name);
  else if (use != NULL)
    why = g_strdup_printf ("%s is in use (%s). Take something else.", device->name, use->what);
  return why == NULL || refuse (error, PF_ERROR_OBJECTION, bit, why);
}

static gboolean
check_devices (const PfFuture *future, guint bit, GError **error)
{
  gboolean any = FALSE;

  for (guint i = 0; i < future->board->controllers->len; i++)
    {
      const PfController *controller = future->board->controllers->pdata[i];

      for (guint j = 0; j < controller->devices->len; j++)
        {
          const PfUsbDevice *device = controller->devices->pdata[j];

          if (!pf_future_unplugs_device (future, controller, device))
            continue;
          any = TRUE;
          if (!check_device (future->board, controller, device, bit, error))
            return FALSE;
        }
    }
  return any || refuse (error, PF_ERROR_OBJECTION, bit, "nothing is plugged in.");
}

static gboolean
check_plan (const PfBoard *board, const PfPlan *plan, guint bit, GError **error)
{
  g_autoptr (PfProfile) home = pf_profile_new_home ();
  g_autoptr (GPtrArray) objections = pf_objections_compute (board, plan, home);
  g_auto (PfFuture) future = { 0 };

  pf_future_init (&future, board, plan);
  return check_devices (&future, bit, error) && pf_objections_check (objections, NULL, error);
}

/**
 * pf_trial_compute:
 * @board: the board
 * @router: a router on it
 * @bit: of one of its ports
 * @error: PF_ERROR_BUSY where something is lent; PF_ERROR_OBJECTION where the port cannot be routed, is
 * empty, or has something in it that somebody needs: a keyboard or pointer, or whatever is in use
 *
 * Returns: (transfer full): what takes that port, and nothing else, to its other side; or NULL
 */
PfPlan *
pf_trial_compute (const PfBoard *board, const PfRouter *router, guint bit, GError **error)
{
  g_autoptr (PfPlan) plan = NULL;

  if (!check_port (board, router, bit, error))
    return NULL;
  plan = make_plan (router, bit);
  return check_plan (board, plan, bit, error) ? g_steal_pointer (&plan) : NULL;
}

/**
 * pf_trial_list_seen:
 * @board: the board
 * @router: address of a router
 * @bit: of one of its ports
 * @on_xhci: on which side to look
 *
 * Returns: (transfer full): names of what is plugged into that port, as that side sees it
 */
char **
pf_trial_list_seen (const PfBoard *board, const char *router, guint bit, gboolean on_xhci)
{
  const PfController *xhci = pf_board_find_controller (board, router);
  const PfController *side = NULL;
  GPtrArray *names = g_ptr_array_new ();

  if (xhci != NULL && xhci->router != NULL)
    side = pf_router_get_side (xhci->router, bit, on_xhci ? G_MAXUINT32 : 0);
  for (guint i = 0; side != NULL && i < side->devices->len; i++)
    {
      const PfUsbDevice *device = side->devices->pdata[i];

      if (device->bit == (int) bit)
        g_ptr_array_add (names, g_strdup (device->name));
    }
  g_ptr_array_add (names, NULL);
  return (char **) g_ptr_array_free (names, FALSE);
}
