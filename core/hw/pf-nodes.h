/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-use.h"
#include "pf-tree.h"

G_BEGIN_DECLS

/**
 * PfNodes:
 *
 * The device nodes of what a plan takes from the host, found by device number or by name.
 */
typedef struct _PfNodes PfNodes;

/**
 * PfOpenNode:
 * @place: the function, and the USB device below it, that the node is of
 * @path: below /dev
 * @number: its device number
 * @is_block: whether it is a block device
 * @is_usb: the node of the USB device itself, through which programs speak to it without a driver
 * @is_graphics: a node of a graphics card: picture or calculation
 */
typedef struct
{
  PfUsePlace place;
  char *path;
  dev_t number;
  gboolean is_block;
  gboolean is_usb;
  gboolean is_graphics;
} PfOpenNode;

PfNodes *pf_nodes_new (void);
void pf_nodes_free (PfNodes *nodes);
void pf_nodes_add_below (PfNodes *nodes, PfTree *tree, const PfUsePlace *place, gint64 deadline);
void
pf_nodes_add (PfNodes *nodes, const PfUsePlace *place, const char *path, dev_t number, gboolean is_block);
guint pf_nodes_count (const PfNodes *nodes);
gboolean pf_nodes_is_cut (const PfNodes *nodes);
gboolean pf_nodes_know_name (const PfNodes *nodes, const char *path);
const PfOpenNode *pf_nodes_find_number (const PfNodes *nodes, dev_t number, gboolean is_block);
const PfOpenNode *pf_nodes_find_path (const PfNodes *nodes, const char *path);
const PfOpenNode *pf_nodes_find_usb (const PfNodes *nodes, const PfUsePlace *place);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfNodes, pf_nodes_free)

G_END_DECLS
