/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A board file as text, line by line: what GKeyFile does not tell of it. Boards come from strangers' bug
 * reports. */

#include "pf-fake-board-text.h"

#include <string.h>

#define MAX_SIZE (256 * 1024)
#define MAX_GROUPS 2048
#define MAX_LINE 8192
#define MAX_FILE_NAME 64

typedef struct
{
  GHashTable *seen; /* of "group" and "group\nkey" */
  char *group;
  guint groups;
} Reader;

G_GNUC_PRINTF (3, 4)
static gboolean
refuse (GError **error, guint line, const char *format, ...)
{
  g_autofree char *reason = NULL;
  va_list arguments;

  va_start (arguments, format);
  reason = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error (error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_PARSE, "%u: %s", line, reason);
  return FALSE;
}

/* A comment may be longer than that, but not have in it what drives a terminal. */
static gboolean
check_characters (const char *line, guint number, GError **error)
{
  if (!g_utf8_validate (line, -1, NULL))
    return refuse (error, number, "this is not UTF-8");
  for (const char *c = line; *c != '\0'; c = g_utf8_next_char (c))
    if (g_unichar_iscntrl (g_utf8_get_char (c)) && *c != '\t')
      return refuse (error, number, "there is a control character in it");
  return *line == '#' || strlen (line) <= MAX_LINE
         || refuse (error, number, "it is longer than %d bytes", MAX_LINE);
}

/* Returns: (transfer full) (nullable): what is between the brackets */
static char *
get_group (const char *line)
{
  const char *end = *line == '[' ? strchr (line, ']') : NULL;

  return end != NULL ? g_strndup (line + 1, (gsize) (end - line - 1)) : NULL;
}

/* Returns: (transfer full) (nullable): what is before "=" */
static char *
get_key (const char *line)
{
  const char *end = strchr (line, '=');

  return *line != '#' && end != NULL ? g_strchomp (g_strndup (line, (gsize) (end - line))) : NULL;
}

/* GKeyFile puts groups of the same name together, and of keys of the same name it takes the last, without a
 * word. */
static gboolean
check_names (Reader *reader, const char *line, guint number, GError **error)
{
  g_autofree char *group = get_group (line);
  g_autofree char *key = group == NULL && reader->group != NULL ? get_key (line) : NULL;

  if (group != NULL)
    {
      g_free (reader->group);
      reader->group = g_strdup (group);
      if (++reader->groups > MAX_GROUPS)
        return refuse (error, number, "it has more than %d groups", MAX_GROUPS);
      return g_hash_table_add (reader->seen, g_steal_pointer (&group))
             || refuse (error, number, "[%s] is there twice", reader->group);
    }
  return key == NULL || g_hash_table_add (reader->seen, g_strconcat (reader->group, "\n", key, NULL))
         || refuse (error, number, "[%s] %s: this key is there twice", reader->group, key);
}

/**
 * pf_fake_board_text_check:
 * @text: of a board file, any bytes with a zero behind them
 * @length: how many
 * @error: "LINE: REASON"
 *
 * Returns: whether it is text that is not too large, with no group and no key twice
 */
gboolean
pf_fake_board_text_check (const char *text, gsize length, GError **error)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_auto (GStrv) lines = NULL;
  Reader reader = { .seen = seen };
  gboolean fine = TRUE;

  if (length > MAX_SIZE)
    return refuse (error, 1, "the file is larger than %d bytes", MAX_SIZE);
  lines = g_strsplit (text, "\n", -1);
  if (strlen (text) < length)
    return refuse (error, g_strv_length (lines), "there is a zero byte in it");
  for (guint i = 0; fine && lines[i] != NULL; i++)
    {
      const char *line = lines[i] + strspn (lines[i], " \t");

      g_strchomp (lines[i]);
      fine = check_characters (lines[i], i + 1, error) && check_names (&reader, line, i + 1, error);
    }
  g_free (reader.group);
  return fine;
}

/**
 * pf_fake_board_text_find_line:
 * @text: of a board file
 * @group: one of its groups
 * @key: (nullable): what may be a key in it
 *
 * Returns: the number of the key's line, or that of the group's; 0 where neither is there
 */
guint
pf_fake_board_text_find_line (const char *text, const char *group, const char *key)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  gboolean inside = FALSE;
  guint found = 0;

  for (guint i = 0; lines[i] != NULL; i++)
    {
      const char *line = lines[i] + strspn (lines[i], " \t");
      g_autofree char *name = get_group (line);
      g_autofree char *its_key = name == NULL && inside ? get_key (line) : NULL;

      if (name != NULL)
        inside = strcmp (name, group) == 0;
      if (name != NULL && inside)
        found = i + 1;
      if (its_key != NULL && g_strcmp0 (its_key, key) == 0)
        return i + 1;
    }
  return found;
}

/**
 * pf_fake_board_text_is_file_name:
 * @name: UTF-8
 *
 * Returns: whether a file or folder can be called so
 */
gboolean
pf_fake_board_text_is_file_name (const char *name)
{
  return *name != '\0' && strlen (name) <= MAX_FILE_NAME && strchr (name, '/') == NULL
         && strcmp (name, ".") != 0 && strcmp (name, "..") != 0 && *name != ' '
         && !g_str_has_suffix (name, " ");
}
