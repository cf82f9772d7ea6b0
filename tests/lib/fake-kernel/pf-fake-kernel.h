/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-fake-board.h"
#include "pf-fake-node.h"

G_BEGIN_DECLS

typedef struct _PfFakeKernel PfFakeKernel;
typedef struct _PfFakePci PfFakePci;
typedef struct _PfFakeDriver PfFakeDriver;
typedef struct _PfFakeGroup PfFakeGroup;
typedef struct _PfFakeHost PfFakeHost;
typedef struct _PfFakeOps PfFakeOps;
typedef struct _PfFakeUevent PfFakeUevent;

/**
 * PfFakeForget:
 *
 * Called when a name that was marked as stable is about to go, so that nobody remembers it.
 */
typedef void (*PfFakeForget) (PfFakeNode *parent, PfFakeNode *node, gpointer user_data);

/**
 * PfFakeKernel:
 * @board: (owned)
 * @root: the mount: sys, dev, proc, udev (its database, /run/udev/data), etc and control
 * @pci: (element-type PfFakePci): functions that are there, in address order
 * @drivers: (element-type utf8 PfFakeDriver): PCI drivers
 * @groups: (element-type int PfFakeGroup): IOMMU groups
 * @plugs: (element-type PfFakePlug): USB devices that are plugged in, enumerated or not
 * @disks: (element-type PfFakeDiskState): block devices
 * @seen_disks: (element-type utf8): USB devices whose disks have been there before
 * @buses: numbers of USB buses in use, as bits
 * @builtins: inputs that are not on USB, and Bluetooth adapters
 * @uevent: (nullable): where uevents go
 * @last_cdev: number of the last function's node in dev/vfio/devices
 * @ops: the log of what was written, and faults
 * @problem: (nullable): what could not be made of the board as it says; the first of it
 *
 * Everything the fake kernel knows. One thread, no locks.
 */
struct _PfFakeKernel
{
  PfFakeBoard *board;
  PfFakeNode *root;
  PfFakeNode *sys;
  PfFakeNode *dev;
  PfFakeNode *proc;
  PfFakeNode *udev;
  PfFakeNode *etc;
  GPtrArray *pci;
  GHashTable *drivers;
  GHashTable *groups;
  GPtrArray *plugs;
  GPtrArray *disks;
  GHashTable *seen_disks;
  GPtrArray *builtins;
  guint8 buses[32];
  guint settle_source;
  guint last_cdev;
  guint last_input;
  guint last_hid;
  guint last_hci;
  guint last_scsi_host;
  PfFakeUevent *uevent;
  PfFakeOps *ops;
  GError *problem;
  PfFakeForget forget;
  gpointer forget_data;
};

PfFakeKernel *pf_fake_kernel_new (PfFakeBoard *board, PfFakeUevent *uevent, GError **error);
void pf_fake_kernel_free (PfFakeKernel *kernel);
void pf_fake_kernel_rescan (PfFakeKernel *kernel);
PfFakePci *pf_fake_kernel_find_pci (PfFakeKernel *kernel, const char *address);
void pf_fake_kernel_object (
    PfFakeKernel *kernel, const char *group, const char *name, const char *key, const char *message);
gboolean pf_fake_kernel_fail (PfFakeKernel *kernel,
                              const char *group,
                              const char *name,
                              const char *key,
                              GError **error,
                              const char *format,
                              ...) G_GNUC_PRINTF (6, 7);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfFakeKernel, pf_fake_kernel_free)

G_END_DECLS
