/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-test-wish.h"

/**
 * pf_test_wish_get_chipsets:
 *
 * Returns: (transfer none): the table that is shipped, which outlives every board
 */
const PfChipsetTable *
pf_test_wish_get_chipsets (void)
{
  static PfChipsetTable *table;
  g_autofree char *data = NULL;
  gsize length;
  g_autoptr (GError) error = NULL;

  if (table != NULL)
    return table;
  table = pf_chipset_table_new ();
  g_file_get_contents (PF_TEST_CHIPSETS, &data, &length, &error);
  g_assert_no_error (error);
  pf_chipset_table_add (table, data, length, &error);
  g_assert_no_error (error);
  return table;
}

static void
set_words (PfProfile *profile,
           const PfBoard *board,
           gboolean (*set) (PfProfile *, const PfBoard *, const char *const *, GError **),
           const char *words)
{
  g_auto (GStrv) list = g_strsplit (words, " ", -1);
  g_autoptr (GError) error = NULL;

  if (*words == '\0')
    return;
  set (profile, board, (const char *const *) list, &error);
  g_assert_no_error (error);
}

/**
 * pf_test_wish_fill:
 * @profile: a profile
 * @board: the machine that it is for
 * @controllers: addresses, separated by spaces
 * @ports: names of ports, separated by spaces
 */
void
pf_test_wish_fill (PfProfile *profile, const PfBoard *board, const char *controllers, const char *ports)
{
  set_words (profile, board, pf_profile_set_controllers, controllers);
  set_words (profile, board, pf_profile_set_ports, ports);
}
