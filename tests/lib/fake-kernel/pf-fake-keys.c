/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-fake-keys.h"

#include <string.h>

#include "pf-fake-board-text.h"

#define MAX_ITEMS 1024
#define MAX_ITEMS_OF_NAMES 64

typedef struct
{
  gboolean none;
  guint64 min;
  guint64 max;
} Range;

/* A number that is not bounded by what it is a number of is bounded by what it is kept in. */
static Range
get_range (const PfFakeKey *key)
{
  gboolean none = key->choices == NULL || g_str_has_prefix (key->choices, "none|");
  const char *text = key->choices != NULL && none ? key->choices + strlen ("none|") : key->choices;
  char *end = NULL;
  Range range = { .none = none, .max = key->type == PF_FAKE_KEY_HEX ? G_MAXUINT32 : G_MAXINT32 };

  if (text != NULL)
    {
      range.min = g_ascii_strtoull (text, &end, 0);
      range.max = g_ascii_strtoull (end + strlen (".."), NULL, 0);
    }
  return range;
}

static gboolean
parse_unsigned (const char *text, guint base, const Range *range, guint64 *value)
{
  if (g_str_has_prefix (text, "0x"))
    {
      text += 2;
      base = 16;
    }
  return g_ascii_string_to_unsigned (text, base, range->min, range->max, value, NULL);
}

static gboolean
parse_id (const char *text, guint32 *id)
{
  g_auto (GStrv) halves = g_strsplit (text, ":", -1);
  guint64 vendor, device;

  if (g_strv_length (halves) != 2 || !g_ascii_string_to_unsigned (halves[0], 16, 0, 0xffff, &vendor, NULL)
      || !g_ascii_string_to_unsigned (halves[1], 16, 0, 0xffff, &device, NULL))
    return FALSE;
  *id = vendor << 16 | device;
  return TRUE;
}

static gboolean
parse_number (const PfFakeKey *key, const char *text, int *number)
{
  Range range = get_range (key);
  guint64 value;

  if (range.none && strcmp (text, "none") == 0)
    *number = -1;
  else if (parse_unsigned (text, 10, &range, &value))
    *number = (int) value;
  else
    return FALSE;
  return TRUE;
}

static gboolean
parse_hex (const PfFakeKey *key, const char *text, guint32 *number)
{
  Range range = get_range (key);
  guint64 value;

  if (!parse_unsigned (text, 16, &range, &value))
    return FALSE;
  *number = (guint32) value;
  return TRUE;
}

static gboolean
parse_boolean (const char *text, gboolean *boolean)
{
  *boolean = strcmp (text, "true") == 0;
  return *boolean || strcmp (text, "false") == 0;
}

static gboolean
split_list (const char *text, guint max, char ***list)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new ();
  g_auto (GStrv) parts = g_strsplit (text, ";", -1);

  for (guint i = 0; parts[i] != NULL; i++)
    if (*g_strstrip (parts[i]) != '\0')
      g_ptr_array_add (items, g_strdup (parts[i]));
  g_ptr_array_add (items, NULL);
  g_strfreev (*list);
  *list = (char **) g_ptr_array_steal (items, NULL);
  return g_strv_length (*list) <= max;
}

static gboolean
split_names (const char *text, char ***list)
{
  if (!split_list (text, MAX_ITEMS_OF_NAMES, list))
    return FALSE;
  for (guint i = 0; (*list)[i] != NULL; i++)
    if (!pf_fake_board_text_is_file_name ((*list)[i]))
      return FALSE;
  return TRUE;
}

static gboolean
is_choice (const char *choices, const char *value)
{
  g_auto (GStrv) list = g_strsplit (choices, "|", -1);

  return g_strv_contains ((const char *const *) list, value);
}

/* Returns: (transfer full): what would be right */
static char *
describe_type (const PfFakeKey *key)
{
  gboolean is_number = key->type == PF_FAKE_KEY_NUMBER || key->type == PF_FAKE_KEY_HEX;
  Range range = is_number ? get_range (key) : (Range){ 0 };

  switch (key->type)
    {
    case PF_FAKE_KEY_BOOLEAN:
      return g_strdup ("true or false");
    case PF_FAKE_KEY_NUMBER:
      return g_strdup_printf ("a number from %" G_GUINT64_FORMAT " to %" G_GUINT64_FORMAT "%s", range.min,
                              range.max, range.none ? ", or \"none\"" : "");
    case PF_FAKE_KEY_HEX:
      return g_strdup_printf ("a hexadecimal number from %" G_GINT64_MODIFIER "x to %" G_GINT64_MODIFIER "x",
                              range.min, range.max);
    case PF_FAKE_KEY_ID:
      return g_strdup ("two IDs as in 8086:8cb1");
    case PF_FAKE_KEY_NAME:
      return g_strdup ("what a file can be called");
    case PF_FAKE_KEY_NAMES:
      return g_strdup_printf ("at most %d names, each of which a file can be called by", MAX_ITEMS_OF_NAMES);
    case PF_FAKE_KEY_LIST:
      return g_strdup_printf ("at most %d items", MAX_ITEMS);
    case PF_FAKE_KEY_STRING:
    default:
      return g_strdup (key->choices);
    }
}

/* Sets @field to what @value says. Returns: whether it can be that. */
static gboolean
set_field (const PfFakeKey *key, gpointer field, const char *value)
{
  switch (key->type)
    {
    case PF_FAKE_KEY_STRING:
    case PF_FAKE_KEY_NAME:
      g_free (*(char **) field);
      *(char **) field = g_strdup (value);
      if (key->type == PF_FAKE_KEY_NAME)
        return pf_fake_board_text_is_file_name (value);
      return key->choices == NULL || is_choice (key->choices, value);
    case PF_FAKE_KEY_LIST:
      return split_list (value, MAX_ITEMS, field);
    case PF_FAKE_KEY_NAMES:
      return split_names (value, field);
    case PF_FAKE_KEY_BOOLEAN:
      return parse_boolean (value, field);
    case PF_FAKE_KEY_NUMBER:
      return parse_number (key, value, field);
    case PF_FAKE_KEY_HEX:
      return parse_hex (key, value, field);
    case PF_FAKE_KEY_ID:
      return parse_id (value, field);
    default:
      g_assert_not_reached ();
    }
}

/**
 * pf_fake_keys_set:
 *
 * Sets the field of @object that the key @name stands for.
 *
 * Returns: FALSE with @error set when there is no such key or it cannot have that value
 */
gboolean
pf_fake_keys_set (const PfFakeKey *keys, gpointer object, const char *name, const char *value, GError **error)
{
  while (keys->name != NULL && strcmp (keys->name, name) != 0)
    keys++;
  if (keys->name == NULL)
    {
      g_set_error (error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_KEY_NOT_FOUND, "%s: there is no such key", name);
      return FALSE;
    }
  if (!set_field (keys, G_STRUCT_MEMBER_P (object, keys->offset), value))
    {
      g_autofree char *expected = describe_type (keys);

      g_set_error (error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_INVALID_VALUE, "%s=%s: expected %s", name, value,
                   expected);
      return FALSE;
    }
  return TRUE;
}

static gboolean
is_string (const PfFakeKey *key)
{
  return key->type == PF_FAKE_KEY_STRING || key->type == PF_FAKE_KEY_NAME;
}

static gboolean
is_list (const PfFakeKey *key)
{
  return key->type == PF_FAKE_KEY_LIST || key->type == PF_FAKE_KEY_NAMES;
}

/**
 * pf_fake_keys_read:
 *
 * Reads all keys of @group into @object.
 *
 * Returns: FALSE with @error set, naming the key, when one is unknown, missing or wrong
 */
gboolean
pf_fake_keys_read (const PfFakeKey *keys, gpointer object, GKeyFile *file, const char *group, GError **error)
{
  g_auto (GStrv) names = g_key_file_get_keys (file, group, NULL, error);

  if (names == NULL)
    return FALSE;
  for (guint i = 0; names[i] != NULL; i++)
    {
      g_autoptr (GError) wrong = NULL;
      /* It can give a text and an error at once. */
      g_autofree char *value = g_key_file_get_string (file, group, names[i], &wrong);

      if (wrong != NULL)
        {
          g_propagate_prefixed_error (error, g_steal_pointer (&wrong), "%s: ", names[i]);
          return FALSE;
        }
      if (!pf_fake_keys_set (keys, object, names[i], g_strchomp (value), error))
        return FALSE;
    }
  for (; keys->name != NULL; keys++)
    if (keys->required && !g_key_file_has_key (file, group, keys->name, NULL))
      {
        g_set_error (error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_KEY_NOT_FOUND, "%s: this key is missing",
                     keys->name);
        return FALSE;
      }
  return TRUE;
}

/**
 * pf_fake_keys_clear:
 *
 * Frees all strings and lists of @object.
 */
void
pf_fake_keys_clear (const PfFakeKey *keys, gpointer object)
{
  for (; keys->name != NULL; keys++)
    {
      gpointer field = G_STRUCT_MEMBER_P (object, keys->offset);

      if (is_string (keys))
        g_clear_pointer ((char **) field, g_free);
      else if (is_list (keys))
        g_clear_pointer ((char ***) field, g_strfreev);
    }
}

/**
 * pf_fake_keys_copy:
 *
 * Turns the strings and lists of @to, a plain copy of @from, into copies of their own.
 */
void
pf_fake_keys_copy (const PfFakeKey *keys, gconstpointer from, gpointer to)
{
  for (; keys->name != NULL; keys++)
    {
      gconstpointer source = (const char *) from + keys->offset;
      gpointer field = G_STRUCT_MEMBER_P (to, keys->offset);

      if (is_string (keys))
        *(char **) field = g_strdup (*(char *const *) source);
      else if (is_list (keys))
        *(char ***) field = g_strdupv (*(char **const *) source);
    }
}
