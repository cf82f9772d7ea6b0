/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What people type and point with. */

#include "pf-input.h"

static void
adapter_free (gpointer data)
{
  PfInputAdapter *adapter = data;

  g_free (adapter->name);
  g_free (adapter->place.address);
  g_free (adapter->place.usb);
  g_free (adapter);
}

/**
 * pf_input_new:
 * @name: what it calls itself
 *
 * Returns: (transfer full): an input that hangs nowhere, and is good for nothing
 */
PfInput *
pf_input_new (const char *name)
{
  PfInput *input = g_new0 (PfInput, 1);

  input->name = g_strdup (name);
  input->adapters = g_ptr_array_new_with_free_func (adapter_free);
  return input;
}

/**
 * pf_input_add_adapter:
 * @input: a Bluetooth device
 * @name: of an adapter, in words
 * @place: (transfer none): where that one hangs
 */
void
pf_input_add_adapter (PfInput *input, const char *name, const PfUsePlace *place)
{
  PfInputAdapter *adapter = g_new0 (PfInputAdapter, 1);

  adapter->name = g_strdup (name);
  adapter->place.address = g_strdup (place->address);
  adapter->place.usb = g_strdup (place->usb);
  g_ptr_array_add (input->adapters, adapter);
}

/**
 * pf_input_free:
 * @input: (transfer full): an input
 */
void
pf_input_free (PfInput *input)
{
  g_free (input->name);
  g_free (input->place.address);
  g_free (input->place.usb);
  g_ptr_array_unref (input->adapters);
  g_free (input);
}

/**
 * pf_input_sort_to_words:
 * @sort: what something is
 *
 * Returns: (transfer none): the same in words that follow "is"
 */
const char *
pf_input_sort_to_words (PfInputSort sort)
{
  static const char *const words[] = {
    [PF_INPUT_SORT_ORDINARY] = "probably no keyboard",
    [PF_INPUT_SORT_SECURITY_KEY] = "a security key",
    [PF_INPUT_SORT_SCANNER] = "a scanner or card reader",
    [PF_INPUT_SORT_REMOTE] = "a keyboard or mouse of a remote console",
    [PF_INPUT_SORT_MOUSE] = "a mouse with more keys",
    [PF_INPUT_SORT_RECEIVER] = "a receiver, probably of a mouse",
    [PF_INPUT_SORT_CARD_READER] = "probably a smart card reader",
    [PF_INPUT_SORT_GAME_PAD] = "a game pad",
    [PF_INPUT_SORT_TABLET] = "a tablet to draw on",
    [PF_INPUT_SORT_PRESENTER] = "a device with a few keys",
    [PF_INPUT_SORT_BUTTONS] = "probably the buttons of a tablet",
    [PF_INPUT_SORT_ELSEWHERE] = "in the hands of another program or virtual machine",
  };

  return words[sort];
}
