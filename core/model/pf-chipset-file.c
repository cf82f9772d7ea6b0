/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-chipset-file.h"

#include <string.h>

#include "pf-error.h"
#include "pf-text.h"

/**
 * pf_chipset_file_fail:
 * @error: (out): PF_ERROR_INVALID_ARGUMENT
 * @group: of the file
 * @key: in that group
 * @format: as for printf: what is wrong with it
 *
 * The message quotes the file. GLib lets control characters pass, so they are replaced here.
 *
 * Returns: FALSE
 */
gboolean
pf_chipset_file_fail (GError **error, const char *group, const char *key, const char *format, ...)
{
  g_autofree char *detail = NULL;
  g_autofree char *message = NULL;
  g_autofree char *clean = NULL;
  va_list arguments;

  va_start (arguments, format);
  detail = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  message = g_strdup_printf ("chipset table, [%s] %s: %s", group, key, detail);
  clean = pf_text_clean (message, strlen (message));
  g_set_error_literal (error, PF_ERROR, PF_ERROR_INVALID_ARGUMENT, clean);
  return FALSE;
}

/**
 * pf_chipset_file_read_text:
 * @file: a chipset table
 * @group: in it
 * @key: that may be left out, but not be unreadable: a wrong escape sequence is no text
 * @text: (out) (transfer full): its value; untouched where it is left out
 * @error: PF_ERROR_INVALID_ARGUMENT
 *
 * Returns: whether it is left out or could be read
 */
gboolean
pf_chipset_file_read_text (GKeyFile *file, const char *group, const char *key, char **text, GError **error)
{
  g_autoptr (GError) wrong = NULL;

  if (!g_key_file_has_key (file, group, key, NULL))
    return TRUE;
  *text = g_key_file_get_string (file, group, key, &wrong);
  return wrong == NULL || pf_chipset_file_fail (error, group, key, "%s", wrong->message);
}
