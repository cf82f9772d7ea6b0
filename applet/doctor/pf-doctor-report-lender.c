/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Of those who lend beside Portferry, what everybody may read: vfio-pci's parameter, what modprobe tells it, and
 * driverctl's files. The kernel's command line is told anyhow. */
#include <string.h>

#include "pf-doctor-file.h"
#include "pf-doctor-report-private.h"
#include "pf-lender.h"

#define MAX_FILES 256 /* of modprobe, in all of its folders */

/* Where they count in the order of modprobe.d(5). */
static const char *const folders[] = { "etc/modprobe.d", "run/modprobe.d", "usr/local/lib/modprobe.d",
                                       "usr/lib/modprobe.d", "lib/modprobe.d" };

/* Nothing but ids gets out of files that people write. */
static gboolean
are_ids (const char *text)
{
  return g_regex_match_simple ("^[0-9a-f][0-9a-fx:,]*$", text, G_REGEX_CASELESS, 0);
}

/* Of the files with one name only the first counts. */
static void
read_folder (const Report *report, const char *folder, GHashTable *known, PfLenderFacts *lenders)
{
  g_auto (GStrv) names = pf_doctor_file_list (report->root, folder);

  for (guint i = 0; names[i] != NULL && g_hash_table_size (known) < MAX_FILES; i++)
    {
      g_autofree char *text = NULL;

      if (!g_str_has_suffix (names[i], ".conf") || !g_hash_table_add (known, g_strdup (names[i])))
        continue;
      text = pf_doctor_file_read_attribute (report->root, folder, names[i]);
      if (text != NULL)
        pf_lender_facts_add_options (lenders, names[i], text);
    }
}

static void
add_modprobe (Report *report)
{
  g_autoptr (PfLenderFacts) lenders = pf_lender_facts_new ();
  g_autoptr (GHashTable) known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GString) lines = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (folders); i++)
    read_folder (report, folders[i], known, lenders);
  for (guint i = 0; i < lenders->options->len; i++)
    {
      const PfLenderOption *option = lenders->options->pdata[i];

      if (are_ids (option->ids))
        g_string_append_printf (lines, "options vfio-pci ids=%s;", option->ids);
    }
  if (lines->len > 0)
    pf_doctor_report_add (report, "modprobe", "%s", lines->str);
}

/**
 * pf_doctor_report_add_lenders:
 *
 * For the section of the board: what vfio-pci takes by itself.
 */
void
pf_doctor_report_add_lenders (Report *report)
{
  g_autofree char *ids = pf_doctor_file_read (report->root, "sys/module/vfio_pci/parameters/ids");

  if (ids != NULL && are_ids (ids))
    pf_doctor_report_add (report, "vfio-ids", "%s", g_strdelimit (ids, ",", ';'));
  add_modprobe (report);
}

/**
 * pf_doctor_report_add_driverctl:
 * @address: a function
 * @override: (nullable): its override
 *
 * For the section of the function: whether it is driverctl that keeps the override.
 */
void
pf_doctor_report_add_driverctl (Report *report, const char *address, const char *override)
{
  g_autofree char *kept = pf_doctor_file_read_attribute (report->root, "etc/driverctl.d", address);

  if (kept != NULL && g_strcmp0 (kept, override) == 0)
    pf_doctor_report_add (report, "driverctl", "true");
}
