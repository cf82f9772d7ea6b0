/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-test-expectations.h"

#include <string.h>

#define SUFFIX ".expect"

static int
compare_words (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/**
 * pf_test_expectations_normalize:
 * @words: separated by white space
 *
 * Returns: (transfer full): the same words in order, with one space between them; "nothing" for none
 */
char *
pf_test_expectations_normalize (const char *words)
{
  g_auto (GStrv) parts = g_strsplit_set (words, " \t", -1);
  g_autoptr (GPtrArray) kept = g_ptr_array_new ();

  for (guint i = 0; parts[i] != NULL; i++)
    if (*parts[i] != '\0')
      g_ptr_array_add (kept, parts[i]);
  if (kept->len == 0)
    return g_strdup (PF_TEST_NOTHING);
  g_ptr_array_sort (kept, compare_words);
  g_ptr_array_add (kept, NULL);
  return g_strjoinv (" ", (char **) kept->pdata);
}

static void
read_line (GHashTable *table, const char *line)
{
  gsize length = strcspn (line, " \t");
  g_autofree char *address = g_strndup (line, length);

  if (*line == '\0' || *line == '#')
    return;
  if (g_hash_table_contains (table, address))
    g_error ("%s is there twice in the expectations", address);
  g_hash_table_insert (table, g_steal_pointer (&address), pf_test_expectations_normalize (line + length));
}

/**
 * pf_test_expectations_load:
 * @board: a board file; what is expected stands in NAME.expect beside NAME.board
 *
 * Returns: (transfer full) (nullable) (element-type utf8 utf8): for the address of each controller what there
 * is to say of lending it; NULL where there is no such file
 */
GHashTable *
pf_test_expectations_load (const char *board)
{
  g_autofree char *stem = g_str_has_suffix (board, ".board")
                              ? g_strndup (board, strlen (board) - strlen (".board"))
                              : g_strdup (board);
  g_autofree char *path = g_strconcat (stem, SUFFIX, NULL);
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  GHashTable *table;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    return NULL;
  table = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    read_line (table, g_strstrip (lines[i]));
  return table;
}
