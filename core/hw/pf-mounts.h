/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-tree.h"

G_BEGIN_DECLS

/**
 * PfMount:
 * @number: device number, "8:17"; "0:45" for file systems that have no device of their own (btrfs, ZFS);
 * empty when it is not known
 * @where: mount point
 * @type: of the file system
 * @source: what was mounted, for example "/dev/sdb1"
 * @options: those of the file system, separated by commas; empty when they are not known
 *
 * A mounted file system.
 */
typedef struct
{
  char *number;
  char *where;
  char *type;
  char *source;
  char *options;
} PfMount;

/**
 * PfSwap:
 * @path: of a device or a file
 * @is_file: whether it is a file
 *
 * Swap space in use.
 */
typedef struct
{
  char *path;
  gboolean is_file;
} PfSwap;

GPtrArray *pf_mounts_read (PfTree *tree);
GPtrArray *pf_mounts_read_swaps (PfTree *tree);
char *pf_mounts_find_block (PfTree *tree, const char *number, const char *source);

G_END_DECLS
