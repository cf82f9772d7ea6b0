/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-fake-board-group.h"

#include "pf-fake-keys.h"

static const PfFakeKey keys[] = {
  { "reserved-regions", PF_FAKE_KEY_LIST, G_STRUCT_OFFSET (PfFakeGroupSpec, reserved_regions), NULL, TRUE },
  { NULL, 0, 0, NULL, FALSE },
};

/**
 * pf_fake_board_group_free:
 * @group: (transfer full): a #PfFakeGroupSpec
 */
void
pf_fake_board_group_free (gpointer group)
{
  pf_fake_keys_clear (keys, group);
  g_free (group);
}

/**
 * pf_fake_board_group_read:
 * @board: where to add
 * @file: the board file
 * @group: "group N"
 * @name: "N"
 *
 * Returns: whether it makes sense
 */
gboolean
pf_fake_board_group_read (
    PfFakeBoard *board, GKeyFile *file, const char *group, const char *name, GError **error)
{
  PfFakeGroupSpec *spec = g_new0 (PfFakeGroupSpec, 1);
  guint64 id;

  g_ptr_array_add (board->groups, spec);
  if (!g_ascii_string_to_unsigned (name, 10, 0, G_MAXINT, &id, NULL))
    {
      g_set_error (error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_INVALID_VALUE,
                   "%s: not the number of an IOMMU group", name);
      return FALSE;
    }
  spec->id = (int) id;
  return pf_fake_keys_read (keys, spec, file, group, error);
}
