/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-ctl-screen.h"

#include <string.h>

#define HANG 2

/**
 * pf_ctl_text_or_empty:
 * @text: (nullable): a property that a helper of another version may lack
 *
 * Returns: (transfer none): @text, or ""
 */
const char *
pf_ctl_text_or_empty (const char *text)
{
  return text != NULL ? text : "";
}

static guint
get_character_width (gunichar c)
{
  if (g_unichar_iszerowidth (c))
    return 0;
  return g_unichar_iswide (c) ? 2 : 1;
}

/**
 * pf_ctl_text_get_width:
 * @text: UTF-8
 *
 * Returns: how many columns of a terminal @text takes
 */
guint
pf_ctl_text_get_width (const char *text)
{
  guint width = 0;

  for (const char *c = text; *c != '\0'; c = g_utf8_next_char (c))
    width += get_character_width (g_utf8_get_char (c));
  return width;
}

/**
 * pf_ctl_text_clean:
 * @text: any bytes; names come from whatever was plugged in
 *
 * Returns: (transfer full): valid UTF-8 in which nothing can steer a terminal; line breaks stay
 */
char *
pf_ctl_text_clean (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  GString *clean = g_string_new (NULL);

  for (const char *c = valid; *c != '\0'; c = g_utf8_next_char (c))
    {
      gunichar character = g_utf8_get_char (c);
      GUnicodeType type = g_unichar_type (character);
      gboolean steers = type == G_UNICODE_CONTROL || type == G_UNICODE_FORMAT
                        || type == G_UNICODE_LINE_SEPARATOR || type == G_UNICODE_PARAGRAPH_SEPARATOR;

      if (steers && character != '\n')
        g_string_append_c (clean, '?');
      else
        g_string_append_unichar (clean, character);
    }
  return g_string_free (clean, FALSE);
}

static char *
replace_pattern (const char *text, const char *pattern, const char *replacement)
{
  g_autoptr (GRegex) regex = g_regex_new (pattern, G_REGEX_OPTIMIZE, 0, NULL);

  return g_regex_replace (regex, text, -1, 0, replacement, 0, NULL);
}

/**
 * pf_ctl_text_shorten_vendor:
 * @name: vendor and device in words, from the hardware database; UTF-8
 *
 * "Advanced Micro Devices, Inc. [AMD] Starship" becomes "AMD Starship", "Intel Corporation 9 Series" "Intel 9
 * Series": in a line of a terminal the device is what matters.
 *
 * Returns: (transfer full): a name for people, not for comparing
 */
char *
pf_ctl_text_shorten_vendor (const char *name)
{
  static const char company[] = ",? (Corporation|Corp\\.|Inc\\.|Co\\., ?Ltd\\.|Ltd\\.|Limited)";
  g_autofree char *by_bracket_pattern = g_strconcat ("^[^\\[]*", company, " \\[([^]]+)\\] ", NULL);
  g_autofree char *by_bracket = NULL;
  g_autofree char *valid = g_utf8_make_valid (name, -1);

  by_bracket = replace_pattern (valid, by_bracket_pattern, "\\2 ");
  return replace_pattern (by_bracket, company, "");
}

/* Returns: the end of what of @text fits into @width columns. */
static const char *
find_fit (const char *text, guint width)
{
  guint used = 0;

  for (const char *c = text;; c = g_utf8_next_char (c))
    {
      if (*c == '\0')
        return c;
      used += get_character_width (g_utf8_get_char (c));
      if (used > width)
        return c;
    }
}

/**
 * pf_ctl_text_ellipsize:
 * @text: UTF-8
 * @width: columns
 * @ellipsis: what stands for the part left out, one column wide
 *
 * Returns: (transfer full): @text, cut to fit into @width
 */
char *
pf_ctl_text_ellipsize (const char *text, guint width, const char *ellipsis)
{
  const char *end;

  if (pf_ctl_text_get_width (text) <= width)
    return g_strdup (text);
  if (width == 0)
    return g_strdup ("");
  end = find_fit (text, width - 1);
  while (end > text && end[-1] == ' ')
    end--;
  return g_strdup_printf ("%.*s%s", (int) (end - text), text, ellipsis);
}

/**
 * pf_ctl_text_ellipsize_middle:
 * @text: UTF-8
 * @width: columns
 * @ellipsis: what stands for the part left out, one column wide
 *
 * For names that differ at their ends, such as "... EHCI Controller #2".
 *
 * Returns: (transfer full): @text, cut in its middle to fit into @width
 */
char *
pf_ctl_text_ellipsize_middle (const char *text, guint width, const char *ellipsis)
{
  const char *head_end, *tail;
  guint tail_width;

  if (pf_ctl_text_get_width (text) <= width)
    return g_strdup (text);
  if (width == 0)
    return g_strdup ("");
  tail_width = (width - 1) / 2;
  head_end = find_fit (text, width - 1 - tail_width);
  tail = head_end;
  while (pf_ctl_text_get_width (tail) > tail_width)
    tail = g_utf8_next_char (tail);
  return g_strdup_printf ("%.*s%s%s", (int) (head_end - text), text, ellipsis, tail);
}

/**
 * pf_ctl_text_wrap:
 * @text: UTF-8
 * @width: columns
 * @indent: spaces before each line, which count
 *
 * Breaks @text at spaces; a word that is too long for a line stays whole. What is indented hangs from its
 * first line.
 *
 * Returns: (transfer full): lines, the last one without its line break
 */
char *
pf_ctl_text_wrap (const char *text, guint width, guint indent)
{
  g_auto (GStrv) words = g_strsplit_set (text, " \n", -1);
  GString *lines = g_string_new (NULL);
  guint hang = indent > 0 ? indent + HANG : 0;
  guint margin = indent, column = 0;

  for (char **word = words; *word != NULL; word++)
    {
      guint length = pf_ctl_text_get_width (*word);

      if (length == 0)
        continue;
      if (column > margin && column + 1 + length > width)
        {
          g_string_append_c (lines, '\n');
          margin = hang;
          column = 0;
        }
      if (column == 0)
        g_string_append_printf (lines, "%*s", (int) margin, "");
      else
        g_string_append_c (lines, ' ');
      g_string_append (lines, *word);
      column = (column == 0 ? margin : column + 1) + length;
    }
  return g_string_free (lines, FALSE);
}
