/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-words.h"

#include <string.h>

#include <glib/gi18n.h>

/**
 * pf_words_shorten:
 * @text: valid UTF-8
 * @max_chars: how long it may be, in characters; at least 2
 *
 * Returns: (transfer full): @text, its end replaced by "…" where it is longer
 */
char *
pf_words_shorten (const char *text, guint max_chars)
{
  g_autofree char *start = NULL;

  if (g_utf8_strlen (text, -1) <= (glong) max_chars)
    return g_strdup (text);
  start = g_utf8_substring (text, 0, max_chars - 1);
  return g_strconcat (g_strchomp (start), "…", NULL);
}

static void
remove_all (GString *text, const char *part)
{
  g_string_replace (text, part, "", 0);
}

/**
 * pf_words_shorten_name:
 * @name: a name from the hardware database, for example "Intel Corporation 9 Series Chipset Family USB xHCI
 * Controller"
 *
 * Returns: (transfer full): what is needed to tell it from others: "Intel 9 Series Chipset Family USB xHCI"
 */
char *
pf_words_shorten_name (const char *name)
{
  static const char *const noise[]
      = { " Corporation", " Corp.", " Electronics", " Semiconductor", " Technology",
          ", Inc. [AMD]", ", Inc.", " Inc.",        " Co., Ltd.",     " Co. Ltd.",
          ", Ltd.",       " Ltd.",  " Limited" };
  static const char *const endings[] = { " Host Controller", " Controller" };
  GString *text = g_string_new (name);

  for (guint i = 0; i < G_N_ELEMENTS (noise); i++)
    remove_all (text, noise[i]);
  g_string_replace (text, "Advanced Micro Devices", "AMD", 0);
  g_string_replace (text, " Host Controller #", " #", 0);
  g_string_replace (text, " Controller #", " #", 0);
  for (guint i = 0; i < G_N_ELEMENTS (endings); i++)
    if (g_str_has_suffix (text->str, endings[i]) && text->len > strlen (endings[i]))
      g_string_truncate (text, text->len - strlen (endings[i]));
  return g_string_free (text, FALSE);
}

/**
 * pf_words_shorten_address:
 * @address: a PCI address, for example "0000:00:14.0"
 *
 * Returns: (transfer none): @address without the domain, where that is the usual one: "00:14.0"
 */
const char *
pf_words_shorten_address (const char *address)
{
  return g_str_has_prefix (address, "0000:") ? address + strlen ("0000:") : address;
}

/**
 * pf_words_join:
 * @names: (array zero-terminated=1): at least one name
 * @max_names: how many to name; at least 1
 *
 * Returns: (transfer full): the names as one would list them in a sentence: "a", "a and b", "a, b and 3 more"
 */
char *
pf_words_join (const char *const *names, guint max_names)
{
  guint n_names = g_strv_length ((char **) names);
  guint n_shown = MIN (n_names, max_names);
  g_autoptr (GString) list = g_string_new (names[0]);

  for (guint i = 1; i < n_shown; i++)
    {
      if (i == n_names - 1)
        /* Translators: comes before the last name in a list: "keyboard, mouse and webcam" */
        g_string_append_printf (list, _ (" and %s"), names[i]);
      else
        g_string_append_printf (list, ", %s", names[i]);
    }
  if (n_shown < n_names)
    g_string_append_printf (list, ngettext (" and %u more", " and %u more", n_names - n_shown),
                            n_names - n_shown);
  return g_string_free (g_steal_pointer (&list), FALSE);
}

/**
 * pf_words_wrap:
 * @text: valid UTF-8
 * @columns: how long a line may be, in characters
 *
 * Returns: (transfer full) (array zero-terminated=1): its lines; a word that is longer than a line stays
 * whole
 */
char **
pf_words_wrap (const char *text, guint columns)
{
  g_autoptr (GStrvBuilder) lines = g_strv_builder_new ();
  g_autoptr (GString) line = g_string_new (NULL);
  g_auto (GStrv) words = g_strsplit_set (text, " \t\r\n", -1);

  for (guint i = 0; words[i] != NULL; i++)
    {
      if (words[i][0] == '\0')
        continue;
      if (line->len > 0 && g_utf8_strlen (line->str, -1) + 1 + g_utf8_strlen (words[i], -1) > (glong) columns)
        {
          g_strv_builder_add (lines, line->str);
          g_string_truncate (line, 0);
        }
      if (line->len > 0)
        g_string_append_c (line, ' ');
      g_string_append (line, words[i]);
    }
  if (line->len > 0)
    g_strv_builder_add (lines, line->str);
  return g_strv_builder_end (lines);
}
