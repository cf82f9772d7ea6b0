/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-board.h"
#include "pf-names.h"
#include "pf-tree.h"

G_BEGIN_DECLS

/**
 * PfScanSource:
 * @tree: the kernel
 * @names: names of devices
 * @classes: (element-type utf8 guint): address of every PCI function -> its class
 * @groups: (element-type utf8 gint) (nullable): member -> IOMMU group, filled when it is first needed: only
 * saved copies that have no symbolic links need it
 *
 * What the functions of a board are read from.
 */
typedef struct
{
  PfTree *tree;
  PfNames *names;
  GHashTable *classes;
  GHashTable *groups;
} PfScanSource;

void pf_scan_function (PfScanSource *source, PfFunction *function);
void pf_scan_function_platform (PfScanSource *source, PfFunction *function, int group);

G_END_DECLS
