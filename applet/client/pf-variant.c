/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-variant.h"

/**
 * pf_variant_get_string:
 * @dict: an a{sv}
 * @key: a key
 *
 * Returns: (transfer none): the string at @key, valid as long as @dict; "" where there is none
 */
const char *
pf_variant_get_string (GVariant *dict, const char *key)
{
  const char *value = "";

  g_variant_lookup (dict, key, "&s", &value);
  return value;
}

/**
 * pf_variant_get_uint:
 * @dict: an a{sv}
 * @key: a key
 *
 * Returns: the number at @key; 0 where there is none
 */
guint32
pf_variant_get_uint (GVariant *dict, const char *key)
{
  guint32 value = 0;

  g_variant_lookup (dict, key, "u", &value);
  return value;
}

/**
 * pf_variant_get_boolean:
 * @dict: an a{sv}
 * @key: a key
 *
 * Returns: the truth value at @key; FALSE where there is none
 */
gboolean
pf_variant_get_boolean (GVariant *dict, const char *key)
{
  gboolean value = FALSE;

  g_variant_lookup (dict, key, "b", &value);
  return value;
}

/**
 * pf_variant_get_strv:
 * @dict: an a{sv}
 * @key: a key
 *
 * Returns: (transfer container): the strings at @key, each valid as long as @dict; empty where there are
 * none. Free it with g_free().
 */
const char **
pf_variant_get_strv (GVariant *dict, const char *key)
{
  const char **value = NULL;

  if (!g_variant_lookup (dict, key, "^a&s", &value))
    value = g_new0 (const char *, 1);
  return value;
}
