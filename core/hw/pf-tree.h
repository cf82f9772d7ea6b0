/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <sys/stat.h>

#include "pf-pending.h"

G_BEGIN_DECLS

/**
 * PfTree:
 *
 * The kernel's file systems, /sys, /dev and /proc, udev's database, /etc and modprobe's other folders, as seen beneath
 * directory descriptors. Every path is relative and is resolved with RESOLVE_BENEATH, so that no symbolic link and no ".."
 * leads out of them.
 */
typedef struct _PfTree PfTree;

typedef enum
{
  PF_TREE_SYS,
  PF_TREE_DEV,
  PF_TREE_PROC,
  PF_TREE_UDEV,
  PF_TREE_ETC,
  PF_TREE_MODPROBE_RUN,
  PF_TREE_MODPROBE_LOCAL,
  PF_TREE_MODPROBE_USR,
  PF_TREE_MODPROBE_LIB,
} PfTreeRoot;

#define PF_TREE_N_ROOTS 9
#define PF_TREE_N_MODPROBE 4 /* from PF_TREE_MODPROBE_RUN on */

PfTree *pf_tree_new (const char *sys, const char *dev, const char *proc, GError **error);
void pf_tree_set_udev (PfTree *tree, const char *udev);
void pf_tree_set_etc (PfTree *tree, const char *etc);
void pf_tree_set_modprobe (PfTree *tree, guint number, const char *folder);
PfTree *pf_tree_new_below (PfTree *tree, const char *path);
PfTree *pf_tree_ref (PfTree *tree);
void pf_tree_unref (PfTree *tree);

void pf_tree_close_others_quiet (PfTree *tree, int keep, gboolean is_witness);
void pf_tree_set_witness (PfTree *tree, int descriptor);
void pf_tree_set_deadline (PfTree *tree, guint deadline);
guint pf_tree_get_deadline (const PfTree *tree, guint usual);
PfPending *pf_tree_get_pending (PfTree *tree);

int pf_tree_open (PfTree *tree, PfTreeRoot root, const char *path, int flags, GError **error);
int pf_tree_open_quiet (PfTree *tree, PfTreeRoot root, const char *path, int flags);
char *pf_tree_read_text (PfTree *tree, PfTreeRoot root, const char *path);
char *pf_tree_read_table (PfTree *tree, PfTreeRoot root, const char *path);
gboolean pf_tree_read_uint (PfTree *tree, PfTreeRoot root, const char *path, guint base, guint64 *value);
gssize pf_tree_read_bytes (PfTree *tree, PfTreeRoot root, const char *path, goffset offset, void *buffer, gsize size);
char *pf_tree_read_link_name (PfTree *tree, PfTreeRoot root, const char *path);
char *pf_tree_read_link (PfTree *tree, PfTreeRoot root, const char *path);
GPtrArray *pf_tree_list (PfTree *tree, PfTreeRoot root, const char *path);
gboolean pf_tree_stat (PfTree *tree, PfTreeRoot root, const char *path, struct stat *status);
void pf_tree_set_companion (PfTree *tree, gpointer companion, GDestroyNotify free_companion);
gpointer pf_tree_get_companion (PfTree *tree);
void pf_tree_set_error (GError **error, int number, gboolean writing, PfTreeRoot root, const char *path);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfTree, pf_tree_unref)

G_END_DECLS
