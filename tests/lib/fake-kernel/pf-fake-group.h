/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <sys/types.h>

#include "pf-fake-pci.h"

G_BEGIN_DECLS

/**
 * PfFakeGroup:
 * @id: the kernel's number
 * @members: (element-type PfFakePci)
 * @others: (element-type PfFakeMember): members that are no PCI functions
 * @node: sys/kernel/iommu_groups/ID
 * @device: (nullable): dev/vfio/ID, while a member is on vfio-pci
 * @users: how many members are on vfio-pci
 * @holder: process that has the group open, or a device of it by the device's own node and its DMA taken
 * over; 0 for none
 * @by_device: it is by a device's own node
 *
 * An IOMMU group.
 */
struct _PfFakeGroup
{
  PfFakeKernel *kernel;
  int id;
  GPtrArray *members;
  GPtrArray *others;
  PfFakeNode *node;
  PfFakeNode *device;
  guint users;
  pid_t holder;
  gboolean by_device;
};

PfFakeGroup *pf_fake_group_get (PfFakeKernel *kernel, int id);
void pf_fake_group_free (PfFakeGroup *group);
void pf_fake_group_add_pci (PfFakeGroup *group, PfFakePci *pci);
void pf_fake_group_remove_pci (PfFakeGroup *group, PfFakePci *pci);
void pf_fake_group_add_member (PfFakeGroup *group, const PfFakeMember *member);
void pf_fake_group_join_vfio (PfFakeGroup *group);
void pf_fake_group_leave_vfio (PfFakeGroup *group);
gboolean pf_fake_group_is_viable (const PfFakeGroup *group);
int pf_fake_group_hold (PfFakeGroup *group, pid_t pid, const char *command, const char *const *arguments);
void pf_fake_group_show_process (PfFakeKernel *kernel,
                                 pid_t pid,
                                 const char *command,
                                 const char *const *arguments,
                                 guint descriptor,
                                 PfFakeNode *device);
void pf_fake_group_hide_process (PfFakeKernel *kernel, pid_t pid, guint descriptor);
void pf_fake_group_release (PfFakeGroup *group);
PfFakeGroup *pf_fake_group_from_device (PfFakeKernel *kernel, const PfFakeNode *node);

G_END_DECLS
