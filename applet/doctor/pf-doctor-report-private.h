/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-doctor-report.h"

G_BEGIN_DECLS

/**
 * Report:
 * @root: below which /sys and /proc are
 * @facts: what is known
 * @names: (element-type utf8): what must not get out
 * @text: the report so far
 *
 * For the files of the report: one that is being written.
 */
typedef struct
{
  const char *root;
  const PfDoctorFacts *facts;
  GPtrArray *names;
  GString *text;
} Report;

gboolean pf_doctor_report_is_pci_address (const char *text);
gboolean pf_doctor_report_is_usb_device (const char *name);
char **pf_doctor_report_split_path (const Report *report, const char *path);
void pf_doctor_report_add_group (Report *report, const char *kind, const char *name);
void pf_doctor_report_add (Report *report, const char *key, const char *format, ...) G_GNUC_PRINTF (3, 4);
void pf_doctor_report_add_text (Report *report, const char *key, const char *value);
void pf_doctor_report_add_hubs (Report *report, const char *address, guint class_code);
void pf_doctor_report_add_groups (Report *report);
void pf_doctor_report_add_devices (Report *report);
gboolean pf_doctor_report_has_empty_overrides (const Report *report, char **addresses);
void pf_doctor_report_add_unusual (Report *report, const char *folder, const char *address, guint class_code);
void pf_doctor_report_add_uses (Report *report);
void pf_doctor_report_add_graphics (Report *report, const char *folder);
void pf_doctor_report_add_inputs (Report *report);
void pf_doctor_report_add_lenders (Report *report);
void pf_doctor_report_add_driverctl (Report *report, const char *address, const char *override);
void pf_doctor_report_add_chassis (Report *report);

G_END_DECLS
