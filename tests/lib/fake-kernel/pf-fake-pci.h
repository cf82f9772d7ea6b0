/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-fake-kernel.h"

G_BEGIN_DECLS

#define PF_FAKE_PCI_CONFIG_SIZE 4096

/**
 * PfFakePci:
 * @spec: (unowned): as in the board file
 * @node: its folder below sys/devices
 * @override: (nullable)
 * @native: (nullable): the driver that claims it by itself
 * @driver: (nullable): that it is bound to
 * @group: (nullable): its IOMMU group
 * @config: config space as it reads now
 * @writable: bits of it that a write can change
 * @config_size: 256 or 4096
 * @control: power/control
 * @unbinding: (nullable): a call that has to wait before it can unbind it; it holds the device's lock
 * meanwhile
 * @cdev: (nullable): dev/vfio/devices/vfioN, while it is on vfio-pci of a kernel that has such nodes
 * @cdev_number: that N
 * @cdev_opener: process that has it open; 0 for none
 * @cdev_bound: that process has taken the function over
 * @host: (nullable): its USB buses, while a host controller driver has it
 *
 * A PCI function that is there.
 */
struct _PfFakePci
{
  PfFakeKernel *kernel;
  const PfFakeFunction *spec;
  PfFakeNode *node;
  char *override;
  const char *native;
  PfFakeDriver *driver;
  PfFakeGroup *group;
  guint8 *config;
  guint8 *writable;
  gsize config_size;
  char *control;
  PfFakeCall *unbinding;
  PfFakeNode *cdev;
  guint cdev_number;
  pid_t cdev_opener;
  gboolean cdev_bound;
  PfFakeHost *host;
};

PfFakePci *pf_fake_pci_new (PfFakeKernel *kernel, const PfFakeFunction *spec, GError **error);
void pf_fake_pci_free (PfFakePci *pci);
void pf_fake_pci_vanish (PfFakePci *pci);
gboolean pf_fake_pci_is_bridge (const PfFakePci *pci);
int pf_fake_pci_get_header_type (const PfFakePci *pci);
void pf_fake_pci_append_environment (const PfFakePci *pci, GString *text);
void pf_fake_pci_emit (PfFakePci *pci, const char *action);

G_END_DECLS
