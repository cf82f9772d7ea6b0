/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Within the scan of disks only. */
#pragma once

#include "pf-mounts.h"
#include "pf-board.h"

G_BEGIN_DECLS

#define BLOCKS "class/block"

/* Something that a block device is used for. */
typedef struct
{
  gboolean is_swap;
  char *where; /* mount point, or the swap file */
} PfBlockUse;

typedef struct
{
  PfTree *tree;
  PfBoard *board;
  GPtrArray *mounts; /* of process 1: PfMount */
  GHashTable *uses;  /* block device → GPtrArray of PfBlockUse */
  GHashTable *pools; /* block device → the file system or pool that it is one of several disks of */
  GHashTable
      *loops;     /* block device → GPtrArray of names of loop devices that are on it, or on a file on it */
  char *zfs_pool; /* one that is imported */
} PfDiskScan;

void pf_scan_disk_add_use (PfDiskScan *scan, const char *block, gboolean is_swap, const char *where);
char *pf_scan_disk_find_below_file (const PfDiskScan *scan, const char *file);
void pf_scan_loops (PfDiskScan *scan);
void pf_scan_pools (PfDiskScan *scan);
char *pf_scan_pools_guess_zfs (const PfDiskScan *scan, const char *block);

G_END_DECLS
