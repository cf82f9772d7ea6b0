/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <sys/types.h>

#include <glib.h>

G_BEGIN_DECLS

/**
 * PfNode:
 * @uid: owner
 * @gid: group
 * @mode: permission bits
 *
 * Who may open /dev/vfio/GROUP.
 */
typedef struct
{
  uid_t uid;
  gid_t gid;
  mode_t mode;
} PfNode;

/* How the kernel makes the node at every bind. */
#define PF_NODE_DEFAULT ((PfNode){ .uid = 0, .gid = 0, .mode = 0600 })

/**
 * PfLoanMember:
 * @address: PCI address
 * @driver: (nullable): the driver it had before; NULL for none
 * @driver_override: (nullable): the override it had before; NULL for unset
 */
typedef struct
{
  char *address;
  char *driver;
  char *driver_override;
} PfLoanMember;

/**
 * PfLoan:
 * @group: number of the IOMMU group
 * @members: (element-type PfLoanMember): the functions that were moved
 * @node: who had the node before, where others had lent a part of the group already
 *
 * One group that Portferry itself gave to vfio-pci, and what it takes to bring it back.
 */
typedef struct
{
  int group;
  GPtrArray *members;
  PfNode node;
} PfLoan;

/**
 * PfLoans:
 * @profile: (nullable): id of the profile in force; NULL for home
 * @previous: (nullable): id of the profile before it, for Toggle
 * @loans: (element-type PfLoan)
 * @routings: (element-type utf8 guint32): for each router address the value of XUSB2PR at home, before the first
 *   switch away from home
 *
 * What is lent, as recorded in /run/portferry/loans: bindings belong to the boot.
 */
typedef struct
{
  char *profile;
  char *previous;
  GPtrArray *loans;
  GHashTable *routings;
} PfLoans;

PfLoans *pf_loans_new (void);
PfLoans *pf_loans_copy (const PfLoans *loans);
void pf_loans_free (PfLoans *loans);
PfLoan *pf_loans_find (const PfLoans *loans, int group);
PfLoan *pf_loans_find_by_member (const PfLoans *loans, const char *address);
PfLoan *pf_loans_add (PfLoans *loans, int group);
void pf_loan_add_member (PfLoan *loan, const char *address, const char *driver, const char *driver_override);
const PfLoanMember *pf_loan_find_member (const PfLoan *loan, const char *address);
gboolean pf_loans_remove (PfLoans *loans, int group);
gboolean pf_loans_get_home_routing (const PfLoans *loans, const char *router, guint32 *value);
void pf_loans_set_home_routing (PfLoans *loans, const char *router, guint32 value);
gboolean pf_loans_are_empty (const PfLoans *loans);

PfLoans *pf_loans_parse (const char *data, gsize length, GError **error);
char *pf_loans_serialize (const PfLoans *loans, gsize *length);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfLoans, pf_loans_free)

G_END_DECLS
