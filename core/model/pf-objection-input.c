/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What people work the host with. */

#include "pf-objection-private.h"

/**
 * Candidate:
 * @address: (nullable): what it is called in an objection; NULL for what hangs nowhere
 * @adapter: (nullable): the Bluetooth adapter with which it leaves, or through which it stays
 *
 * Something that may be a keyboard, or a pointer.
 */
typedef struct
{
  const char *name;
  const char *address;
  const PfInputAdapter *adapter;
  PfInputRank rank;
  PfInputSort sort;
} Candidate;

/* The best of what leaves and of what stays. Where there is none, its rank is PF_INPUT_NONE and its name NULL. */
typedef struct
{
  const PfFuture *future;
  gboolean pointers;
  Candidate leaves;
  Candidate stays;
} Inputs;

/* A device on which nobody types is only named where nothing better stays. */
static void
add_candidate (Inputs *inputs, const Candidate *candidate, gboolean stays)
{
  Candidate *best = stays ? &inputs->stays : &inputs->leaves;

  if (candidate->rank == PF_INPUT_NONE
      && (!stays || candidate->sort == PF_INPUT_SORT_ORDINARY || inputs->pointers))
    return;
  if (best->name == NULL || candidate->rank > best->rank)
    *best = *candidate;
}

static void
add_device (Inputs *inputs, const PfController *controller, const PfUsbDevice *device)
{
  const Candidate candidate = {
    .name = device->name,
    .address = device->sysname,
    .rank = inputs->pointers ? device->is_pointer : device->is_keyboard,
    .sort = device->sort,
  };

  if (pf_function_get_owner (controller->function) != PF_OWNER_HOST)
    return;
  add_candidate (inputs, &candidate,
                 pf_future_get_device_owner (inputs->future, controller, device) == PF_OWNER_HOST);
}

static const char *
get_address (const PfUsePlace *place)
{
  return place->usb != NULL ? place->usb : place->address;
}

static void
add_input (Inputs *inputs, const PfInput *input)
{
  gboolean stays = pf_future_keeps_input (inputs->future, input);
  Candidate candidate = {
    .name = input->name,
    .address = get_address (&input->place),
    .adapter = pf_future_find_leaving_adapter (inputs->future, input),
    .rank = inputs->pointers ? input->is_pointer : input->is_keyboard,
    .sort = input->sort,
  };

  if (candidate.adapter == NULL && input->adapters->len > 0)
    candidate.adapter = input->adapters->pdata[0];
  if (candidate.adapter != NULL)
    candidate.address = get_address (&candidate.adapter->place);
  add_candidate (inputs, &candidate, stays);
}

static void
add_inputs (Inputs *inputs, gboolean wireless)
{
  for (guint i = 0; i < inputs->future->board->inputs->len; i++)
    {
      const PfInput *input = inputs->future->board->inputs->pdata[i];

      if ((input->adapters->len > 0) == wireless)
        add_input (inputs, input);
    }
}

/* Of equals the first is named: what is built in, then what is plugged in, then Bluetooth. */
static void
collect (Inputs *inputs)
{
  const GPtrArray *controllers = inputs->future->board->controllers;

  add_inputs (inputs, FALSE);
  for (guint i = 0; i < controllers->len; i++)
    {
      const PfController *controller = controllers->pdata[i];

      for (guint j = 0; j < controller->devices->len; j++)
        add_device (inputs, controller, controller->devices->pdata[j]);
    }
  add_inputs (inputs, TRUE);
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

/* A machine that may ask through its serial port, and has what the profile gives it: what is typed there, it
 * hears. */
static gboolean
guest_can_ask (const PfBoard *board, const PfProfile *profile)
{
  if (!profile->guest_may_switch || !vm_is_running (board))
    return FALSE;
  for (guint i = 0; i < profile->controllers->len; i++)
    {
      const PfController *controller
          = pf_device_key_resolve (profile->controllers->pdata[i], profile, board, NULL);

      if (controller == NULL || controller->group == NULL || !controller->group->held)
        return FALSE;
    }
  return TRUE;
}

/* Whether a way back is set up that needs nobody to type here: everything comes home when the VM ends, or the
 * VM can ask for it. By default that counts only while there is such a VM; who has written OnVmExit=home into
 * the profile means it. */
static gboolean
has_way_back (const PfBoard *board, const PfProfile *profile)
{
  return profile->on_vm_exit == PF_ON_VM_EXIT_HOME || guest_can_ask (board, profile)
         || (pf_on_vm_exit_decide (profile, TRUE) == PF_ON_VM_EXIT_HOME && vm_is_running (board));
}

static char *
describe (const Candidate *candidate)
{
  if (candidate->adapter == NULL)
    return g_strdup (candidate->name);
  return g_strdup_printf ("%s (by the Bluetooth adapter %s)", candidate->name, candidate->adapter->name);
}

/* Whether what leaves is missed. Something that is probably a mouse is missed only where nothing else could
 * be typed on. */
static gboolean
is_last (const Inputs *inputs)
{
  return inputs->leaves.rank != PF_INPUT_NONE && inputs->stays.rank < inputs->leaves.rank;
}

static char *
describe_loss (const Inputs *inputs)
{
  g_autofree char *name = describe (&inputs->leaves);
  const char *verb = inputs->leaves.rank == PF_INPUT_LIKELY ? "is" : "may be";
  GString *text = g_string_new (NULL);

  if (inputs->pointers)
    g_string_append_printf (text, "%s %s the last pointer of the host, and no way back is set up.", name,
                            verb);
  else
    g_string_append_printf (
        text,
        "%s %s the last keyboard of the host: nothing could be typed here, and no way back is "
        "set up.",
        name, verb);
  if (inputs->stays.name != NULL)
    {
      g_autofree char *other = describe (&inputs->stays);

      g_string_append_printf (text, " What stays, %s, is %s.", other,
                              pf_input_sort_to_words (inputs->stays.sort));
    }
  g_string_append (text, " Connect another one, or set OnVmExit=home in the profile.");
  return g_string_free (text, FALSE);
}

static void
object_to_last (GPtrArray *objections, const Inputs *inputs)
{
  g_ptr_array_add (objections,
                   pf_objection_new (inputs->pointers ? "last-pointer" : "last-keyboard", PF_SEVERITY_SOFT,
                                     PF_ERROR_OBJECTION, inputs->leaves.address, describe_loss (inputs)));
}

/* Nobody can know whether people do type on it, or whether it is in a drawer with its receiver plugged in. So
 * it is named to the person who can. */
static void
name_what_stays (GPtrArray *objections, const Inputs *inputs)
{
  g_autofree char *name = describe (&inputs->stays);
  char *text = inputs->stays.rank == PF_INPUT_LIKELY
                   ? g_strdup_printf ("%s is taken to be the keyboard that stays.", name)
                   : g_strdup_printf ("No keyboard stays that people type on. What stays, %s, is %s.", name,
                                      pf_input_sort_to_words (inputs->stays.sort));

  g_ptr_array_add (objections, pf_objection_new ("keyboard-stays", PF_SEVERITY_NOTE, PF_ERROR_OBJECTION,
                                                 inputs->stays.address, text));
}

static void
look_at (GPtrArray *objections, const PfFuture *future, const PfProfile *profile, gboolean pointers)
{
  Inputs inputs = { .future = future, .pointers = pointers };

  collect (&inputs);
  if (is_last (&inputs) && !has_way_back (future->board, profile))
    object_to_last (objections, &inputs);
  else if (!pointers && inputs.leaves.rank == PF_INPUT_LIKELY && inputs.stays.name != NULL)
    name_what_stays (objections, &inputs);
}

/**
 * pf_objection_add_inputs:
 * @objections: (element-type PfObjection): where to add
 * @future: what a plan leads to
 * @profile: the profile that it is for
 *
 * Objects to taking the last keyboard or the last pointer from the host, where nothing brings it back by
 * itself. Where another keyboard stays, a note says which.
 */
void
pf_objection_add_inputs (GPtrArray *objections, const PfFuture *future, const PfProfile *profile)
{
  look_at (objections, future, profile, FALSE);
  look_at (objections, future, profile, TRUE);
}
