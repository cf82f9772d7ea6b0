/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The text of a report, as its parts write it. */

#include <stdlib.h>

#include "pf-doctor-report-private.h"
#include "pf-doctor-scrub.h"

/**
 * pf_doctor_report_is_pci_address:
 *
 * Returns: whether @text is an address as the kernel writes it, for example "0000:00:14.0"
 */
gboolean
pf_doctor_report_is_pci_address (const char *text)
{
  return g_regex_match_simple ("^[0-9a-f]{4,8}:[0-9a-f]{2}:[0-9a-f]{2}\\.[0-7]$", text, 0, 0);
}

/**
 * pf_doctor_report_split_path:
 * @path: relative to the report's root
 *
 * Returns: (transfer full) (array zero-terminated=1): the parts of where @path leads to, without symbolic
 * links
 */
char **
pf_doctor_report_split_path (const Report *report, const char *path)
{
  g_autofree char *full = g_build_filename (report->root, path, NULL);
  char *real = realpath (full, NULL);
  char **parts = g_strsplit (real != NULL ? real : "", "/", -1);

  free (real);
  return parts;
}

void
pf_doctor_report_add_group (Report *report, const char *kind, const char *name)
{
  g_string_append_printf (report->text, "\n[%s%s%s]\n", kind, name != NULL ? " " : "",
                          name != NULL ? name : "");
}

void
pf_doctor_report_add (Report *report, const char *key, const char *format, ...)
{
  va_list arguments;

  g_string_append_printf (report->text, "%s=", key);
  va_start (arguments, format);
  g_string_append_vprintf (report->text, format, arguments);
  va_end (arguments);
  g_string_append_c (report->text, '\n');
}

/**
 * pf_doctor_report_add_text:
 * @value: (nullable): words of a stranger; without them nothing is added
 */
void
pf_doctor_report_add_text (Report *report, const char *key, const char *value)
{
  g_autofree char *clean = value != NULL ? pf_doctor_scrub (value, report->names) : NULL;

  if (clean != NULL && *clean != '\0')
    pf_doctor_report_add (report, key, "%s", clean);
}
