/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The text of a keyfile, line by line: what GKeyFile does not tell of it. It puts groups of the same name
 * together, and of keys of the same name it takes the last, without a word. Where an unknown escape is
 * followed by a backslash that ends the value, it sets one error over another, which GLib itself warns of
 * (2.74 and later). */

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
static const char *
skip_blanks (const char *line)
{
  while (g_ascii_isspace (*line))
    line++;
  return line;
}

static gboolean
take_line (Reader *reader, const char *line, GError **error)
{
  line = skip_blanks (line);
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

/* Not one that a backslash before it escapes. A comment may end as it likes. */
static gboolean
ends_with_lone_backslash (const char *line)
{
  gsize end = strlen (line), n = 0;

  if (*skip_blanks (line) == '#')
    return FALSE;
  end -= g_str_has_suffix (line, "\r") ? 1 : 0;
  while (n < end && line[end - n - 1] == '\\')
    n++;
  return n % 2 == 1;
}

/**
 * pf_key_text_load:
 * @file: a new keyfile
 * @data: its text
 * @length: its length in bytes
 * @flags: what to keep of it
 * @error: why it is no keyfile, as GKeyFile says it; PF_ERROR_INVALID_ARGUMENT naming the line that ends with
 * a lone backslash, which escapes nothing and makes GKeyFile warn
 *
 * Returns: whether it was loaded
 */
gboolean
pf_key_text_load (GKeyFile *file, const char *data, gsize length, GKeyFileFlags flags, GError **error)
{
  g_autofree char *text = g_strndup (data, length);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  for (guint i = 0; lines[i] != NULL; i++)
    if (ends_with_lone_backslash (lines[i]))
      {
        g_set_error (error, PF_ERROR, PF_ERROR_INVALID_ARGUMENT,
                     "Line %u ends with a backslash that escapes nothing.", i + 1);
        return FALSE;
      }
  return g_key_file_load_from_data (file, data, length, flags, error);
}
