/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-fake-pci.h"

G_BEGIN_DECLS

/**
 * PfFakeDriver:
 * @node: its folder below sys/bus/pci/drivers
 * @ids: (element-type guint32): added through new_id
 *
 * A PCI driver that is registered.
 */
struct _PfFakeDriver
{
  PfFakeKernel *kernel;
  char *name;
  PfFakeNode *node;
  GArray *ids;
};

PfFakeDriver *pf_fake_driver_register (PfFakeKernel *kernel, const char *name);
void pf_fake_driver_free (PfFakeDriver *driver);
int pf_fake_driver_bind (PfFakePci *pci, PfFakeDriver *driver);
int pf_fake_driver_probe (PfFakePci *pci);
void pf_fake_driver_unbind (PfFakePci *pci);
gboolean pf_fake_driver_is_ordinary (const PfFakeDriver *driver);
void pf_fake_driver_add_bus_files (PfFakeKernel *kernel, PfFakeNode *bus);

G_END_DECLS
