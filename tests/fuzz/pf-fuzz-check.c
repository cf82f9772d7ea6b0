/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What more than one fuzz target checks or needs. */
#include "pf-fuzz.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>

/**
 * pf_fuzz_check_error:
 * @done: what a function returned: whether it did what it was asked for
 * @error: (nullable): what it said then
 *
 * A function that fails says why, and one that does not says nothing.
 */
void
pf_fuzz_check_error (gboolean done, const GError *error)
{
  g_assert_true (done == (error == NULL));
  if (error != NULL)
    pf_fuzz_check_text (error->message);
}

static void
check (const char *text, gboolean may_break)
{
  g_assert_nonnull (text);
  if (!g_utf8_validate (text, -1, NULL))
    g_error ("not UTF-8: %s", text);
  for (const char *c = text; *c != '\0'; c = g_utf8_next_char (c))
    {
      gunichar character = g_utf8_get_char (c);

      if (g_unichar_iscntrl (character) && !(may_break && (character == '\n' || character == '\t')))
        g_error ("U+%04X in: %s", character, text);
    }
}

/**
 * pf_fuzz_check_text:
 * @text: what is shown to people
 *
 * It is UTF-8, and without control characters other than tab and newline: it cannot drive a terminal.
 */
void
pf_fuzz_check_text (const char *text)
{
  check (text, TRUE);
}

/**
 * pf_fuzz_check_line:
 * @text: what is shown to people on one line, or written into a line of a file
 */
void
pf_fuzz_check_line (const char *text)
{
  check (text, FALSE);
}

/**
 * pf_fuzz_to_text:
 * @data: an input
 *
 * Returns: (transfer full): it as a string, which ends where it has a zero byte
 */
char *
pf_fuzz_to_text (const guint8 *data, gsize size)
{
  return g_strndup ((const char *) data, size);
}

static char *folder;

static int
remove_entry (const char *path, const struct stat *status, int type, struct FTW *state)
{
  return remove (path);
}

static void
remove_folder (void)
{
  nftw (folder, remove_entry, 32, FTW_DEPTH | FTW_PHYS);
  g_free (folder);
}

/**
 * pf_fuzz_get_folder:
 *
 * Returns: (transfer none): a folder of this process's own, for what is read from files; removed at its end
 */
const char *
pf_fuzz_get_folder (void)
{
  g_autoptr (GError) error = NULL;

  if (folder == NULL)
    {
      folder = g_dir_make_tmp ("portferry-fuzz-XXXXXX", &error);
      g_assert_no_error (error);
      atexit (remove_folder);
    }
  return folder;
}
