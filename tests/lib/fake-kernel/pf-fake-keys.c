/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-fake-keys.h"

#include <string.h>

static gboolean
parse_unsigned (const char *text, guint base, guint64 limit, guint64 *value)
{
  if (g_str_has_prefix (text, "0x"))
    {
      text += 2;
      base = 16;
    }
  return g_ascii_string_to_unsigned (text, base, 0, limit, value, NULL);
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
parse_number (const char *text, int *number)
{
  guint64 value;

  if (strcmp (text, "none") == 0)
    *number = -1;
  else if (parse_unsigned (text, 10, G_MAXINT32, &value))
    *number = value;
  else
    return FALSE;
  return TRUE;
}

static gboolean
parse_hex (const char *text, guint32 *number)
{
  guint64 value;

  if (!parse_unsigned (text, 16, G_MAXUINT32, &value))
    return FALSE;
  *number = value;
  return TRUE;
}

static gboolean
parse_boolean (const char *text, gboolean *boolean)
{
  *boolean = strcmp (text, "true") == 0;
  return *boolean || strcmp (text, "false") == 0;
}

static void
split_list (const char *text, char ***list)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new ();
  g_auto (GStrv) parts = g_strsplit (text, ";", -1);

  for (guint i = 0; parts[i] != NULL; i++)
    if (*g_strstrip (parts[i]) != '\0')
      g_ptr_array_add (items, g_strdup (parts[i]));
  g_ptr_array_add (items, NULL);
  g_strfreev (*list);
  *list = (char **) g_ptr_array_steal (items, NULL);
}

static gboolean
is_choice (const char *choices, const char *value)
{
  g_auto (GStrv) list = g_strsplit (choices, "|", -1);

  return g_strv_contains ((const char *const *) list, value);
}

static const char *
describe_type (const PfFakeKey *key)
{
  switch (key->type)
    {
    case PF_FAKE_KEY_BOOLEAN:
      return "true or false";
    case PF_FAKE_KEY_NUMBER:
      return "a number, or \"none\"";
    case PF_FAKE_KEY_HEX:
      return "a hexadecimal number";
    case PF_FAKE_KEY_ID:
      return "two IDs as in 8086:8cb1";
    case PF_FAKE_KEY_STRING:
    case PF_FAKE_KEY_LIST:
    default:
      return key->choices;
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
  gboolean valid = TRUE;
  gpointer field;

  while (keys->name != NULL && strcmp (keys->name, name) != 0)
    keys++;
  if (keys->name == NULL)
    {
      g_set_error (error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_KEY_NOT_FOUND, "%s: there is no such key", name);
      return FALSE;
    }
  field = G_STRUCT_MEMBER_P (object, keys->offset);
  switch (keys->type)
    {
    case PF_FAKE_KEY_STRING:
      g_free (*(char **) field);
      *(char **) field = g_strdup (value);
      valid = keys->choices == NULL || is_choice (keys->choices, value);
      break;
    case PF_FAKE_KEY_LIST:
      split_list (value, field);
      break;
    case PF_FAKE_KEY_BOOLEAN:
      valid = parse_boolean (value, field);
      break;
    case PF_FAKE_KEY_NUMBER:
      valid = parse_number (value, field);
      break;
    case PF_FAKE_KEY_HEX:
      valid = parse_hex (value, field);
      break;
    case PF_FAKE_KEY_ID:
      valid = parse_id (value, field);
      break;
    default:
      g_assert_not_reached ();
    }
  if (!valid)
    g_set_error (error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_INVALID_VALUE, "%s=%s: expected %s", name, value,
                 describe_type (keys));
  return valid;
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
      g_autofree char *value = g_key_file_get_string (file, group, names[i], error);

      if (value == NULL || !pf_fake_keys_set (keys, object, names[i], g_strchomp (value), error))
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

      if (keys->type == PF_FAKE_KEY_STRING)
        g_clear_pointer ((char **) field, g_free);
      else if (keys->type == PF_FAKE_KEY_LIST)
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

      if (keys->type == PF_FAKE_KEY_STRING)
        *(char **) field = g_strdup (*(char *const *) source);
      else if (keys->type == PF_FAKE_KEY_LIST)
        *(char ***) field = g_strdupv (*(char **const *) source);
    }
}
