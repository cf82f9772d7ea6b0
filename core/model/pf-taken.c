/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-taken.h"

#include "pf-future.h"

static void
place_free (PfUsePlace *place)
{
  g_free (place->address);
  g_free (place->usb);
  g_free (place);
}

static void
add_place (GPtrArray *places, const char *address, const char *usb)
{
  PfUsePlace *place = g_new0 (PfUsePlace, 1);

  place->address = g_strdup (address);
  place->usb = g_strdup (usb);
  g_ptr_array_add (places, place);
}

/* What is unplugged while its controller stays: its port goes elsewhere. */
static void
add_devices (GPtrArray *places, const PfFuture *future, const PfController *controller)
{
  for (guint i = 0; i < controller->devices->len; i++)
    {
      const PfUsbDevice *device = controller->devices->pdata[i];

      if (pf_future_unplugs_device (future, controller, device))
        add_place (places, controller->function->address, device->sysname);
    }
}

/**
 * pf_taken_list:
 * @board: a board
 * @plan: a plan for it
 *
 * Returns: (transfer full) (element-type PfUsePlace): what @plan takes from the host, or unplugs and plugs in
 * again: PCI functions, with all that is below them, and USB devices below functions that stay
 */
GPtrArray *
pf_taken_list (const PfBoard *board, const PfPlan *plan)
{
  GPtrArray *places = g_ptr_array_new_with_free_func ((GDestroyNotify) place_free);
  g_auto (PfFuture) future = { 0 };

  pf_future_init (&future, board, plan);
  for (guint i = 0; i < board->functions->len; i++)
    {
      const PfFunction *function = board->functions->pdata[i];
      const PfController *controller = pf_board_find_controller (board, function->address);

      if (pf_function_get_owner (function) != PF_OWNER_HOST)
        continue;
      if (pf_future_get_owner (&future, function) != PF_OWNER_HOST)
        add_place (places, function->address, NULL);
      else if (controller != NULL)
        add_devices (places, &future, controller);
    }
  return places;
}
