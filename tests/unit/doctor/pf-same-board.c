/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-same-board.h"

#include <string.h>

#define FUNCTION "function "

/* Returns: (transfer full) (nullable): in lower case, without a ";" at the end */
static char *
get (GKeyFile *file, const char *section, const char *key)
{
  g_autofree char *text = g_key_file_get_string (file, section, key, NULL);
  gsize length = text != NULL ? strlen (text) : 0;

  if (length > 0 && text[length - 1] == ';')
    text[length - 1] = '\0';
  return text != NULL ? g_ascii_strdown (text, -1) : NULL;
}

static void
assert_key (GKeyFile *board, GKeyFile *report, const char *section, const char *key)
{
  g_autofree char *expected = get (board, section, key);
  g_autofree char *found = get (report, section, key);

  if (expected != NULL && g_strcmp0 (expected, found) != 0)
    g_error ("[%s] %s is “%s” in the report, and was “%s”", section, key, found, expected);
}

/* Keys of which the report writes what the board has, letter by letter. */
static void
assert_section (GKeyFile *board, GKeyFile *report, const char *section)
{
  static const char *const keys[]
      = { "id",        "class",     "revision", "subsystem",    "reset",    "secondary",
          "root-bus",  "numa-node", "power",    "config-size",  "header",   "on",
          "connected", "driver",    "bus",      "disconnected", "override", NULL };
  g_autofree char *iommu = get (board, "board", "iommu");

  if (!g_key_file_has_group (report, section))
    g_error ("[%s] is not in the report", section);
  for (guint i = 0; keys[i] != NULL; i++)
    assert_key (board, report, section, keys[i]);
  if (iommu == NULL || g_str_equal (iommu, "on"))
    assert_key (board, report, section, "group");
}

static gboolean
is_function (GKeyFile *board, const char *name)
{
  g_autofree char *section = g_strconcat (FUNCTION, name, NULL);

  return g_key_file_has_group (board, section);
}

/* Returns: (transfer full): the values of @key in all sections of a type, each once, in order. Those on a USB
 * device are left out: the report calls devices by other names. */
static char *
collect (GKeyFile *board, GKeyFile *file, const char *type, const char *key)
{
  g_auto (GStrv) sections = g_key_file_get_groups (file, NULL);
  g_autoptr (GHashTable) values = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GList) list = NULL;
  GString *text = g_string_new (NULL);

  for (guint i = 0; sections[i] != NULL; i++)
    {
      g_autofree char *on = get (file, sections[i], "on");
      char *value = g_str_has_prefix (sections[i], type) ? get (file, sections[i], key) : NULL;

      if (value != NULL && (on == NULL || is_function (board, on)))
        g_hash_table_add (values, value);
      else
        g_free (value);
    }
  list = g_list_sort (g_hash_table_get_keys (values), (GCompareFunc) g_strcmp0);
  for (GList *item = list; item != NULL; item = item->next)
    g_string_append_printf (text, "%s ", (const char *) item->data);
  return g_string_free (text, FALSE);
}

static void
assert_collection (GKeyFile *board, GKeyFile *report, const char *type, const char *key)
{
  g_autofree char *expected = collect (board, board, type, key);
  g_autofree char *found = collect (board, report, type, key);

  g_assert_cmpstr (found, ==, expected);
}

static GKeyFile *
load (const char *path)
{
  GKeyFile *file = g_key_file_new ();
  g_autoptr (GError) error = NULL;

  g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, &error);
  g_assert_no_error (error);
  return file;
}

/* A screen or sound card of a function keeps its name; one of a USB device is on another name. */
static gboolean
is_compared (GKeyFile *board, const char *section)
{
  g_autofree char *on = get (board, section, "on");

  if (g_str_has_prefix (section, FUNCTION) || g_str_has_prefix (section, "member "))
    return TRUE;
  return (g_str_has_prefix (section, "drm ") || g_str_has_prefix (section, "sound ")) && on != NULL
         && is_function (board, on);
}

/**
 * pf_same_board_assert:
 * @board: a board file
 * @report: what was reported of a machine with it
 *
 * Ends the test where a fact of the board is another one in the report: functions, members of groups, screens
 * and sound cards with all that the report says of them, which USB devices there are, and where disks and
 * networks are.
 */
void
pf_same_board_assert (const char *board_path, const char *report_path)
{
  g_autoptr (GKeyFile) board = load (board_path);
  g_autoptr (GKeyFile) report = load (report_path);
  g_auto (GStrv) sections = g_key_file_get_groups (board, NULL);

  for (guint i = 0; sections[i] != NULL; i++)
    if (is_compared (board, sections[i]))
      assert_section (board, report, sections[i]);
  assert_key (board, report, "board", "cpu");
  assert_key (board, report, "board", "iommu");
  assert_key (board, report, "board", "kernel");
  assert_collection (board, report, FUNCTION, "id");
  assert_collection (board, report, "device ", "id");
  assert_collection (board, report, "disk ", "on");
  assert_collection (board, report, "net ", "on");
}
