/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What of a made-up machine a plan can change: in words, and compared. */

#include "pf-test-board.h"

static int
compare_ids (gconstpointer a, gconstpointer b)
{
  return GPOINTER_TO_INT (a) - GPOINTER_TO_INT (b);
}

/**
 * pf_test_board_describe:
 * @board: a machine
 *
 * Returns: (transfer full): everything that a plan can change, as text: two machines with the same text are
 * in the same state
 */
char *
pf_test_board_describe (const PfTestBoard *board)
{
  GString *text = g_string_new (NULL);
  g_autoptr (GList) nodes = g_list_sort (g_hash_table_get_keys (board->nodes), compare_ids);

  g_string_append_printf (text, "XUSB2PR 0x%08x, USB3_PSSEN 0x%08x, %s\n", board->registers[0],
                          board->registers[2], board->power == PF_POWER_ON ? "on" : "auto");
  for (guint i = 0; i < board->functions->len; i++)
    {
      const PfTestFunction *function = board->functions->pdata[i];

      g_string_append_printf (text, "%s driver %s override %s\n", function->address,
                              function->driver != NULL ? function->driver : "none",
                              function->driver_override != NULL ? function->driver_override : "unset");
    }
  for (const GList *id = nodes; id != NULL; id = id->next)
    {
      const PfNode *node = g_hash_table_lookup (board->nodes, id->data);

      g_string_append_printf (text, "node %d %u:%u %o\n", GPOINTER_TO_INT (id->data), node->uid, node->gid,
                              node->mode);
    }
  return g_string_free (text, FALSE);
}

static gboolean
has_same_functions (const PfTestBoard *a, const PfTestBoard *b)
{
  if (a->functions->len != b->functions->len)
    return FALSE;
  for (guint i = 0; i < a->functions->len; i++)
    {
      const PfTestFunction *x = a->functions->pdata[i], *y = b->functions->pdata[i];

      if (x != y
          && (!g_str_equal (x->address, y->address) || g_strcmp0 (x->driver, y->driver) != 0
              || g_strcmp0 (x->driver_override, y->driver_override) != 0))
        return FALSE;
    }
  return TRUE;
}

static gboolean
has_same_nodes (const PfTestBoard *a, const PfTestBoard *b)
{
  GHashTableIter iter;
  gpointer group, value;

  if (g_hash_table_size (a->nodes) != g_hash_table_size (b->nodes))
    return FALSE;
  g_hash_table_iter_init (&iter, a->nodes);
  while (g_hash_table_iter_next (&iter, &group, &value))
    {
      const PfNode *x = value, *y = g_hash_table_lookup (b->nodes, group);

      if (y == NULL || x->uid != y->uid || x->gid != y->gid || x->mode != y->mode)
        return FALSE;
    }
  return TRUE;
}

/**
 * pf_test_board_is_same:
 * @a: a machine
 * @b: another one
 * @with_nodes: whether the nodes in /dev/vfio count
 *
 * Returns: whether they are in the same state, as pf_test_board_describe() would say it
 */
gboolean
pf_test_board_is_same (const PfTestBoard *a, const PfTestBoard *b, gboolean with_nodes)
{
  return a->registers[0] == b->registers[0] && a->registers[2] == b->registers[2] && a->power == b->power
         && has_same_functions (a, b) && (!with_nodes || has_same_nodes (a, b));
}
