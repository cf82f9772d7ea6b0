/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the firmware says of IOMMU groups. */

#include "pf-doctor-file.h"
#include "pf-doctor-report-private.h"

#define GROUPS "sys/kernel/iommu_groups"
#define REGION "^0x[0-9a-f]{1,16} 0x[0-9a-f]{1,16} [a-z-]+$"
/* Every group on x86 has it. */
#define INTERRUPTS "0x00000000fee00000 0x00000000feefffff msi"

static char *
read_regions (const Report *report, const char *group)
{
  g_autofree char *folder = g_build_filename (GROUPS, group, NULL);
  g_autofree char *path = g_build_filename (folder, "reserved_regions", NULL);
  g_autofree char *text = pf_doctor_file_read_all (report->root, path);
  g_auto (GStrv) lines = g_strsplit (text != NULL ? text : "", "\n", -1);
  GString *list = g_string_new (NULL);

  for (guint i = 0; lines[i] != NULL; i++)
    if (g_regex_match_simple (REGION, lines[i], 0, 0) && !g_str_equal (lines[i], INTERRUPTS))
      g_string_append_printf (list, "%s%s", list->len > 0 ? ";" : "", lines[i]);
  return g_string_free (list, FALSE);
}

/**
 * pf_doctor_report_add_groups:
 * @report: a report
 *
 * Adds the reserved memory of each group that has more of it than all have.
 */
void
pf_doctor_report_add_groups (Report *report)
{
  g_auto (GStrv) groups = pf_doctor_file_list (report->root, GROUPS);

  for (guint i = 0; groups[i] != NULL; i++)
    {
      g_autofree char *regions = read_regions (report, groups[i]);

      if (*regions == '\0')
        continue;
      pf_doctor_report_add_group (report, "group", groups[i]);
      pf_doctor_report_add (report, "reserved-regions", "%s", regions);
    }
}
