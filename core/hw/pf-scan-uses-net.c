/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The devices that default routes lead through. The routes are those of process 1: the helper's own network
 * namespace need not be the machine's. */

#include <linux/ipv6_route.h>
#include <linux/route.h>
#include <string.h>

#include "pf-scan-place.h"
#include "pf-scan-uses.h"
#include "pf-text.h"

#define MAX_DEPTH 8 /* of a VLAN on a bridge on a bond ... */

#define NO_PREFIX_6 "00000000000000000000000000000000"

static char *
read_routes (PfTree *tree, const char *table)
{
  g_autofree char *first = g_strdup_printf ("1/net/%s", table);
  g_autofree char *own = g_strdup_printf ("net/%s", table);
  char *text = pf_tree_read_table (tree, PF_TREE_PROC, first);

  return text != NULL ? text : pf_tree_read_table (tree, PF_TREE_PROC, own);
}

/* The words of a line, without those that are empty: the columns are padded. */
static GPtrArray *
split_columns (const char *line)
{
  g_auto (GStrv) words = g_strsplit_set (line, " \t", -1);
  GPtrArray *columns = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; words[i] != NULL; i++)
    if (*words[i] != '\0')
      g_ptr_array_add (columns, g_strdup (words[i]));
  return columns;
}

static gboolean
is_usable (const char *flags)
{
  guint64 bits = g_ascii_strtoull (flags, NULL, 16);

  return (bits & RTF_UP) != 0 && (bits & RTF_REJECT) == 0;
}

/* "Iface Destination Gateway Flags RefCnt Use Metric Mask ..." */
static const char *
parse_route (const GPtrArray *columns)
{
  if (columns->len < 8 || strcmp (columns->pdata[1], "00000000") != 0
      || strcmp (columns->pdata[7], "00000000") != 0 || !is_usable (columns->pdata[3]))
    return NULL;
  return columns->pdata[0];
}

/* Destination, its length, source, its length, next hop, metric, two counters, flags, interface */
static const char *
parse_route_6 (const GPtrArray *columns)
{
  if (columns->len < 10 || strcmp (columns->pdata[0], NO_PREFIX_6) != 0
      || strcmp (columns->pdata[1], "00") != 0 || !is_usable (columns->pdata[8]))
    return NULL;
  return columns->pdata[9];
}

static void
add_interfaces (PfTree *tree,
                const char *table,
                const char *(*parse) (const GPtrArray *),
                GHashTable *interfaces)
{
  g_autofree char *text = read_routes (tree, table);
  g_auto (GStrv) lines = g_strsplit (text != NULL ? text : "", "\n", -1);

  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_autoptr (GPtrArray) columns = split_columns (lines[i]);
      const char *interface = parse (columns);

      if (interface != NULL && strchr (interface, '/') == NULL)
        g_hash_table_add (interfaces, g_strdup (interface));
    }
}

/* An interface of a device, or one that lies on others: bridge, bond, VLAN. */
static void
add_route (PfTree *tree, PfBoard *board, const char *interface, guint depth, GHashTable *done)
{
  g_autofree char *path = g_strdup_printf ("class/net/%s", interface);
  g_autofree char *device = g_strdup_printf ("%s/device", path);
  g_autofree char *name = pf_text_to_name (interface);
  g_autoptr (GPtrArray) entries = NULL;
  g_auto (PfUsePlace) place = { 0 };
  struct stat status;

  if (depth > MAX_DEPTH || !g_hash_table_add (done, g_strdup (interface)))
    return;
  if (pf_scan_place (tree, board, path, &place))
    {
      pf_board_add_use (board, PF_USE_DEFAULT_ROUTE, &place, name != NULL ? name : "?", "default route");
      return;
    }
  if (pf_tree_stat (tree, PF_TREE_SYS, device, &status))
    {
      board->other_routes++;
      return;
    }
  entries = pf_tree_list (tree, PF_TREE_SYS, path);
  for (guint i = 0; i < entries->len; i++)
    {
      const char *entry = g_ptr_array_index (entries, i);

      if (g_str_has_prefix (entry, "lower_"))
        add_route (tree, board, entry + strlen ("lower_"), depth + 1, done);
    }
}

/**
 * pf_scan_uses_of_networks:
 * @tree: the kernel
 * @board: (inout): a linked board
 */
void
pf_scan_uses_of_networks (PfTree *tree, PfBoard *board)
{
  g_autoptr (GHashTable) interfaces = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GHashTable) done = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GList) names = NULL;

  add_interfaces (tree, "route", parse_route, interfaces);
  add_interfaces (tree, "ipv6_route", parse_route_6, interfaces);
  names = g_list_sort (g_hash_table_get_keys (interfaces), (GCompareFunc) strcmp);
  for (const GList *name = names; name != NULL; name = name->next)
    add_route (tree, board, name->data, 0, done);
}
