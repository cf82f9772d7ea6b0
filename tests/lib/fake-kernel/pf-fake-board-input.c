/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-fake-board-input.h"

#include "pf-fake-keys.h"

#define FIELD(field) G_STRUCT_OFFSET (PfFakeInput, field)

static const PfFakeKey keys[] = {
  { "bus", PF_FAKE_KEY_STRING, FIELD (bus), "i8042|i2c|spi|bluetooth|uinput|uhid|platform", TRUE },
  { "kind", PF_FAKE_KEY_STRING, FIELD (kind), "keyboard|mouse|touchpad|combo|buttons", TRUE },
  { "on", PF_FAKE_KEY_STRING, FIELD (on), NULL, FALSE },
  { "via", PF_FAKE_KEY_STRING, FIELD (via), "uhid|hidp", FALSE },
  { "id", PF_FAKE_KEY_ID, FIELD (id), NULL, FALSE },
  { "product", PF_FAKE_KEY_STRING, FIELD (product), NULL, FALSE },
  { "seat", PF_FAKE_KEY_STRING, FIELD (seat), NULL, FALSE },
  { NULL, 0, 0, NULL, FALSE },
};

/**
 * pf_fake_board_free_input:
 */
void
pf_fake_board_free_input (gpointer input)
{
  g_free (((PfFakeInput *) input)->name);
  pf_fake_keys_clear (keys, input);
  g_free (input);
}

/**
 * pf_fake_board_read_input:
 *
 * Reads an [input NAME] of a board file.
 */
gboolean
pf_fake_board_read_input (
    PfFakeBoard *board, GKeyFile *file, const char *group, const char *name, GError **error)
{
  PfFakeInput *input = g_new0 (PfFakeInput, 1);

  input->name = g_strdup (name);
  input->via = g_strdup ("uhid");
  input->id = 0x046db342;
  g_ptr_array_add (board->inputs, input);
  return pf_fake_keys_read (keys, input, file, group, error);
}
