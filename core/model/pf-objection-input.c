/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What people work the host with. */

#include "pf-objection-private.h"

typedef struct
{
  guint left;              /* that the host has afterwards */
  const PfUsbDevice *last; /* one that it loses */
} Inputs;

static void
count_device (Inputs *inputs,
              const PfFuture *future,
              const PfController *controller,
              const PfUsbDevice *device)
{
  if (pf_function_get_owner (controller->function) != PF_OWNER_HOST)
    return;
  if (pf_future_get_device_owner (future, controller, device) == PF_OWNER_HOST)
    inputs->left++;
  else
    inputs->last = device;
}

static void
count_inputs (Inputs *inputs, const PfFuture *future, gboolean pointers)
{
  for (guint i = 0; i < future->board->controllers->len; i++)
    {
      const PfController *controller = future->board->controllers->pdata[i];

      for (guint j = 0; j < controller->devices->len; j++)
        {
          const PfUsbDevice *device = controller->devices->pdata[j];

          if (pointers ? device->is_pointer : device->is_keyboard)
            count_device (inputs, future, controller, device);
        }
    }
}

/* What Portferry has lent is in use: its end is noticed, and acted upon. */
static gboolean
vm_is_running (const PfBoard *board)
{
  for (guint i = 0; i < board->loans->loans->len; i++)
    {
      const PfGroup *group
          = pf_board_find_group (board, ((const PfLoan *) board->loans->loans->pdata[i])->group);

      if (group != NULL && group->held)
        return TRUE;
    }
  return FALSE;
}

/* A machine that may ask through its serial port, and has what the profile gives it: what is typed there, it hears. */
static gboolean
guest_can_ask (const PfBoard *board, const PfProfile *profile)
{
  if (!profile->guest_may_switch || !vm_is_running (board))
    return FALSE;
  for (guint i = 0; i < profile->controllers->len; i++)
    {
      const PfController *controller = pf_device_key_resolve (profile->controllers->pdata[i], profile, board, NULL);

      if (controller == NULL || controller->group == NULL || !controller->group->held)
        return FALSE;
    }
  return TRUE;
}

/* Whether a way back is set up that needs nobody to type here: everything comes home when the VM ends, or the VM can ask
 * for it. By default that counts only while there is such a VM; who has written OnVmExit=home into the profile means it. */
static gboolean
has_way_back (const PfBoard *board, const PfProfile *profile)
{
  return profile->on_vm_exit == PF_ON_VM_EXIT_HOME || guest_can_ask (board, profile)
         || (pf_on_vm_exit_decide (profile, TRUE) == PF_ON_VM_EXIT_HOME && vm_is_running (board));
}

static void
object_to_last (GPtrArray *objections, const PfFuture *future, const PfProfile *profile, gboolean pointers)
{
  Inputs inputs = { pointers ? future->board->other_pointers : future->board->other_keyboards, NULL };

  count_inputs (&inputs, future, pointers);
  if (inputs.left > 0 || inputs.last == NULL || has_way_back (future->board, profile))
    return;
  g_ptr_array_add (
      objections, pf_objection_new (
                      pointers ? "last-pointer" : "last-keyboard", PF_SEVERITY_SOFT, PF_ERROR_OBJECTION,
                      inputs.last->sysname,
                      g_strdup_printf (
                          pointers ? "%s is the last pointer of the host, and no way back is set up. Connect "
                                     "another one, or set OnVmExit=home in the profile."
                                   : "%s is the last keyboard of the host: nothing could be typed here, and "
                                     "no way back is set up. Connect another one, or set OnVmExit=home in "
                                     "the profile.",
                          inputs.last->name)));
}

/**
 * pf_objection_add_inputs:
 * @objections: (element-type PfObjection): where to add
 * @future: what a plan leads to
 * @profile: the profile that it is for
 *
 * Objects to taking the last keyboard or the last pointer from the host, where nothing brings it back by
 * itself.
 */
void
pf_objection_add_inputs (GPtrArray *objections, const PfFuture *future, const PfProfile *profile)
{
  object_to_last (objections, future, profile, FALSE);
  object_to_last (objections, future, profile, TRUE);
}
