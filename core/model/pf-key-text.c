/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The text of a keyfile, line by line: what GKeyFile does not tell of it. It puts groups of the same name together, and
 * of keys of the same name it takes the last, without a word. */

#include "pf-key-text.h"

#include <string.h>

#include "pf-error.h"

typedef struct
{
  GHashTable *seen; /* of "group" and "group\nkey": neither can have a line's end in it */
  char *group;
  guint line;
} Reader;

static gboolean
refuse (const Reader *reader, const char *what, const char *name, GError **error)
{
  g_set_error (error, PF_ERROR, PF_ERROR_INVALID_ARGUMENT, "Line %u: %s %s is there twice.", reader->line, what, name);
  return FALSE;
}

static gboolean
take_group (Reader *reader, const char *line, GError **error)
{
  const char *end = strchr (line, ']');

  if (end == NULL)
    return TRUE;
  g_free (reader->group);
  reader->group = g_strndup (line + 1, (gsize) (end - line - 1));
  if (!g_hash_table_add (reader->seen, g_strdup (reader->group)))
    {
      g_autofree char *name = g_strdup_printf ("[%s]", reader->group);

      return refuse (reader, "the group", name, error);
    }
  return TRUE;
}

static gboolean
take_key (Reader *reader, const char *line, GError **error)
{
  const char *end = strchr (line, '=');
  g_autofree char *key = end != NULL ? g_strndup (line, (gsize) (end - line)) : NULL;

  if (key == NULL || reader->group == NULL)
    return TRUE;
  g_strchomp (key);
  if (!g_hash_table_add (reader->seen, g_strconcat (reader->group, "\n", key, NULL)))
    {
      g_autofree char *name = g_strdup_printf ("“%s” of [%s]", key, reader->group);

      return refuse (reader, "the key", name, error);
    }
  return TRUE;
}

/* As g_key_file_parse_line() does, blanks before anything are passed over. */
static gboolean
take_line (Reader *reader, const char *line, GError **error)
{
  while (g_ascii_isspace (*line))
    line++;
  if (*line == '#' || *line == '\0')
    return TRUE;
  return *line == '[' ? take_group (reader, line, error) : take_key (reader, line, error);
}

/**
 * pf_key_text_check_unique:
 * @data: text of a keyfile that GKeyFile can load
 * @length: its length in bytes
 * @error: PF_ERROR_INVALID_ARGUMENT naming the line, and the group or key
 *
 * Returns: whether no group is in it twice, and in none of them a key
 */
gboolean
pf_key_text_check_unique (const char *data, gsize length, GError **error)
{
  g_autofree char *text = g_strndup (data, length);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  Reader reader = { .seen = seen };
  gboolean fine = TRUE;

  for (guint i = 0; fine && lines[i] != NULL; i++)
    {
      reader.line = i + 1;
      fine = take_line (&reader, lines[i], error);
    }
  g_free (reader.group);
  return fine;
}
