/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * PfLender:
 * @PF_LENDER_COMMAND_LINE: vfio-pci.ids= on the kernel's command line names the device
 * @PF_LENDER_MODPROBE: a line "options vfio-pci ids=" in a modprobe.d folder does
 * @PF_LENDER_MODULE: the loaded module's parameter does, and neither of the two before: whoever loaded it
 * said so
 * @PF_LENDER_DRIVERCTL: driverctl sets the function's override at each boot
 * @PF_LENDER_OVERRIDE: the function's driver_override is set, by whatever program
 *
 * Who lent a function that we did not lend; more than one may have. None of them: a script, by new_id or
 * bind.
 */
typedef enum
{
  PF_LENDER_COMMAND_LINE = 1 << 0,
  PF_LENDER_MODPROBE = 1 << 1,
  PF_LENDER_MODULE = 1 << 2,
  PF_LENDER_DRIVERCTL = 1 << 3,
  PF_LENDER_OVERRIDE = 1 << 4,
} PfLender;

/* They give the device away again at the next boot. */
#define PF_LENDER_AT_BOOT (PF_LENDER_COMMAND_LINE | PF_LENDER_MODPROBE | PF_LENDER_DRIVERCTL)
/* A probe without an override gives the device to vfio-pci again. */
#define PF_LENDER_AT_PROBE (PF_LENDER_COMMAND_LINE | PF_LENDER_MODPROBE | PF_LENDER_MODULE)

/**
 * PfLenderOption:
 * @file: path of the file that has the line
 * @ids: what it gives to vfio-pci
 */
typedef struct
{
  char *file;
  char *ids;
} PfLenderOption;

/**
 * PfLenderFacts:
 * @cmdline: (nullable): the kernel's command line
 * @module_ids: (nullable): the parameter ids of the module vfio_pci, where the kernel shows it
 * @options: (element-type PfLenderOption): what modprobe tells vfio-pci
 * @driverctl: (element-type utf8 utf8): address to driver, of the files that driverctl keeps
 *
 * What can be known of those who lend beside us.
 */
typedef struct
{
  char *cmdline;
  char *module_ids;
  GPtrArray *options;
  GHashTable *driverctl;
} PfLenderFacts;

/**
 * PfLenderDevice:
 * @address: PCI address
 * @driver: that it is bound to: vfio-pci or a variant
 * @driver_override: (nullable): NULL where it is unset
 *
 * What the facts are compared with.
 */
typedef struct
{
  const char *address;
  const char *driver;
  const char *driver_override;
  guint16 vendor;
  guint16 device;
  guint16 subsystem_vendor;
  guint16 subsystem_device;
  guint32 class_code;
} PfLenderDevice;

PfLenderFacts *pf_lender_facts_new (void);
void pf_lender_facts_free (PfLenderFacts *facts);
void pf_lender_facts_add_options (PfLenderFacts *facts, const char *file, const char *text);
void pf_lender_facts_add_driverctl (PfLenderFacts *facts, const char *address, const char *driver);

guint pf_lender_find (const PfLenderFacts *facts, const PfLenderDevice *device);
const char *pf_lender_get_code (guint lenders);
char *pf_lender_describe (const PfLenderFacts *facts, const PfLenderDevice *device);
char *pf_lender_advise (const PfLenderFacts *facts, const PfLenderDevice *device, gboolean held, const char *refused);
char *pf_lender_advise_for_good (const PfLenderFacts *facts, const PfLenderDevice *device);
gboolean pf_lender_ids_match (const char *ids, const PfLenderDevice *device);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfLenderFacts, pf_lender_facts_free)

G_END_DECLS
