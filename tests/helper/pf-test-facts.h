/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a board file says, read without the fake kernel's reader: a test in which both sides read alike shows
 * nothing. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* In no IOMMU group; in one of its own, whose number the file does not tell. */
#define PF_TEST_NO_GROUP (-1)
#define PF_TEST_OWN_GROUP (-2)

/**
 * PfTestFunction:
 * @address: its PCI address; of a member that is not on PCI its name
 * @is_pci: whether it is a PCI function
 * @class_code: 24 bits; 0 where it is not on PCI
 * @id: for example "8086:8cb1"
 * @driver: (nullable): the driver that the file gives it, "none" included; NULL where it follows from the
 * chip
 * @group: number of its IOMMU group
 *
 * A [function ADDRESS] or [member NAME] of a board file.
 */
typedef struct
{
  char *address;
  gboolean is_pci;
  guint32 class_code;
  char *id;
  char *driver;
  int group;
} PfTestFunction;

GPtrArray *pf_test_facts_load (const char *path);
gboolean pf_test_facts_is_bridge (const PfTestFunction *function);
const char *pf_test_facts_get_kind (const PfTestFunction *function);
gboolean pf_test_facts_is_host_controller (const PfTestFunction *function);
PfTestFunction *pf_test_facts_find (GPtrArray *functions, const char *address);
GPtrArray *pf_test_facts_list_group (GPtrArray *functions, const PfTestFunction *function);

G_END_DECLS
