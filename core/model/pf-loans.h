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
 * Who may open /dev/vfio/GROUP, or /dev/vfio/devices/vfioN.
 */
typedef struct
{
  uid_t uid;
  gid_t gid;
  mode_t mode;
} PfNode;

/* How the kernel makes the node at every bind. */
#define PF_NODE_DEFAULT ((PfNode){ .uid = 0, .gid = 0, .mode = 0600 })

/* What of a router is changed while ports are away from home, and put back after. */
typedef enum
{
  PF_SETTING_ROUTING,     /* XUSB2PR, config dword 0xD0 */
  PF_SETTING_SUPER_SPEED, /* USB3_PSSEN, config dword 0xD8 */
  PF_SETTING_POWER,       /* power/control: a PfPower */
} PfRouterSetting;

#define PF_N_ROUTER_SETTINGS 3

/* Whether the kernel may put a function to sleep: a runtime resume of xhci_hcd takes all ports back to the xHCI
 * (xhci_pci_resume() in drivers/usb/host/xhci-pci.c). */
typedef enum
{
  PF_POWER_AUTO,
  PF_POWER_ON,
} PfPower;

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
 * PfDeviceNode:
 * @address: PCI address
 * @node: who may open its node
 *
 * The node of one function, /dev/vfio/devices/vfioN. The kernel makes another N at every bind, so that only
 * the address tells which one it is.
 */
typedef struct
{
  char *address;
  PfNode node;
} PfDeviceNode;

/**
 * PfLoan:
 * @group: number of the IOMMU group
 * @members: (element-type PfLoanMember): the functions that were moved
 * @node: who had the node before, where others had lent a part of the group already
 * @devices: (element-type PfDeviceNode): who had the nodes of the functions that others had lent
 * @taken: a process has had the group open since it was lent
 * @wanted_home: everything was called home, or the switch that lent it was taken back, while a process had
 * it: it comes when that lets go
 *
 * One group that Portferry itself gave to vfio-pci, and what it takes to bring it back.
 */
typedef struct
{
  int group;
  GPtrArray *members;
  PfNode node;
  GPtrArray *devices;
  gboolean taken;
  gboolean wanted_home;
} PfLoan;

/**
 * PfLoans:
 * @profile: (nullable): id of the profile in force; NULL for home
 * @previous: (nullable): id of the profile before it, for Toggle
 * @loans: (element-type PfLoan)
 * @input: since the last time at home, a keyboard or pointer was lent
 * @is_checked: it was read from a file whose checksum is right
 * @homes: (element-type utf8 guint32): for each #PfRouterSetting and router address the value at home, before the
 *   first switch away from home
 *
 * What is lent, as recorded in /run/portferry/loans: bindings belong to the boot.
 */
typedef struct
{
  char *profile;
  char *previous;
  GPtrArray *loans;
  gboolean input;
  gboolean is_checked;
  GHashTable *homes[PF_N_ROUTER_SETTINGS];
} PfLoans;

PfLoans *pf_loans_new (void);
PfLoans *pf_loans_copy (const PfLoans *loans);
void pf_loans_free (PfLoans *loans);
PfLoan *pf_loans_find (const PfLoans *loans, int group);
PfLoan *pf_loans_find_by_member (const PfLoans *loans, const char *address);
PfLoan *pf_loans_add (PfLoans *loans, int group);
void pf_loan_add_member (PfLoan *loan, const char *address, const char *driver, const char *driver_override);
const PfLoanMember *pf_loan_find_member (const PfLoan *loan, const char *address);
gboolean pf_loan_add_device (PfLoan *loan, const char *address, const PfNode *node);
const PfDeviceNode *pf_loan_find_device (const PfLoan *loan, const char *address);
gboolean pf_loans_remove (PfLoans *loans, int group);
gboolean pf_loans_get_home_routing (const PfLoans *loans, const char *router, guint32 *value);
void pf_loans_set_home_routing (PfLoans *loans, const char *router, guint32 value);
gboolean pf_loans_get_home (const PfLoans *loans, const char *router, PfRouterSetting setting, guint32 *value);
void pf_loans_set_home (PfLoans *loans, const char *router, PfRouterSetting setting, guint32 value);
gboolean pf_loans_have_nothing_out (const PfLoans *loans);
gboolean pf_loans_are_empty (const PfLoans *loans);

PfLoans *pf_loans_parse (const char *data, gsize length, GError **error);
gboolean pf_loans_parse_node (const char *text, PfNode *node);
char *pf_loans_serialize (const PfLoans *loans, gsize *length);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfLoans, pf_loans_free)

G_END_DECLS
