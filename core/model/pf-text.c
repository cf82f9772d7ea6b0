/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-text.h"

/* U+FFFD, the same that g_utf8_make_valid() uses */
#define REPLACEMENT "\357\277\275"

/**
 * pf_text_clean:
 * @bytes: what a device, or a file that anybody may have written, says
 * @length: number of bytes
 *
 * Makes text out of untrusted bytes. What is not UTF-8, control characters other than tab and newline, and
 * the invisible characters that turn text around are replaced, so that it can neither drive a terminal nor
 * break a D-Bus message.
 *
 * Returns: (transfer full): valid UTF-8, without white space at its end
 */
char *
pf_text_clean (const char *bytes, gsize length)
{
  g_autofree char *valid = g_utf8_make_valid (bytes, (gssize) length);
  GString *text = g_string_sized_new (length);

  for (const char *c = valid; *c != '\0'; c = g_utf8_next_char (c))
    {
      gunichar character = g_utf8_get_char (c);

      if (g_unichar_isprint (character) || character == '\n' || character == '\t')
        g_string_append_unichar (text, character);
      else
        g_string_append (text, REPLACEMENT);
    }
  return g_strchomp (g_string_free (text, FALSE));
}

/**
 * pf_text_to_name:
 * @text: (nullable): from pf_text_clean()
 *
 * Returns: (transfer full) (nullable): a name on one line, of PF_TEXT_MAX_NAME characters at most; NULL when
 * nothing is left
 */
char *
pf_text_to_name (const char *text)
{
  g_autofree char *line = NULL;
  g_autofree char *name = NULL;

  if (text == NULL)
    return NULL;
  line = g_strstrip (g_strdelimit (g_strdup (text), "\n\t", ' '));
  name = g_strchomp (g_utf8_substring (line, 0, MIN (g_utf8_strlen (line, -1), PF_TEXT_MAX_NAME)));
  return *name == '\0' ? NULL : g_steal_pointer (&name);
}

/**
 * pf_text_is_printable:
 * @text: any bytes
 * @max_characters: how many it may have
 *
 * Returns: whether it is UTF-8, short enough, and has no control character or one that turns text around
 */
gboolean
pf_text_is_printable (const char *text, gsize max_characters)
{
  if (!g_utf8_validate (text, -1, NULL) || (gsize) g_utf8_strlen (text, -1) > max_characters)
    return FALSE;
  for (const char *c = text; *c != '\0'; c = g_utf8_next_char (c))
    if (!g_unichar_isprint (g_utf8_get_char (c)))
      return FALSE;
  return TRUE;
}
