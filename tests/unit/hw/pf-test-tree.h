/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-scan.h"

G_BEGIN_DECLS

/**
 * PfTestTree:
 * @root: a temporary directory, with sys, dev, proc and udev in it
 * @chipsets: the 9 series, which is what the tests route
 * @names: names of devices
 *
 * A small copy of the kernel's file systems, in the kernel's own formats. Plain files: nothing happens in it.
 */
typedef struct
{
  char *root;
  PfChipsetTable *chipsets;
  PfNames *names;
} PfTestTree;

/**
 * PfTestFunction:
 * @place: below sys/devices, for example "pci0000:00/0000:00:1c.4/0000:03:00.0"
 * @ids: vendor, device, subsystem vendor, subsystem device
 * @class_code: 24 bits
 * @driver: (nullable)
 * @group: IOMMU group, or -1
 * @header_type: config byte 0x0e
 *
 * What pf_test_tree_add_function() makes a PCI function of.
 */
typedef struct
{
  const char *place;
  guint16 ids[4];
  guint32 class_code;
  const char *driver;
  int group;
  guint8 header_type;
} PfTestFunction;

PfTestTree *pf_test_tree_new (void);
void pf_test_tree_free (PfTestTree *tree);
PfTree *pf_test_tree_open (const PfTestTree *tree);
PfBoard *pf_test_tree_scan (const PfTestTree *tree);

G_GNUC_PRINTF (2, 3)
char *pf_test_tree_path (const PfTestTree *tree, const char *format, ...);
void pf_test_tree_write (const PfTestTree *tree, const char *path, const char *text);
void pf_test_tree_write_bytes (const PfTestTree *tree, const char *path, const void *bytes, gsize length);
void pf_test_tree_link (const PfTestTree *tree, const char *path, const char *target);
void pf_test_tree_make_directory (const PfTestTree *tree, const char *path);
void pf_test_tree_remove (const PfTestTree *tree, const char *path);

void pf_test_tree_add_function (const PfTestTree *tree, const PfTestFunction *function);
void pf_test_tree_set (const PfTestTree *tree,
                       const PfTestFunction *function,
                       const char *attribute,
                       const char *text);
void pf_test_tree_set_registers (const PfTestTree *tree,
                                 const PfTestFunction *function,
                                 const guint32 registers[4]);
void pf_test_tree_add_usb (const PfTestTree *tree, const char *place, const char *attributes);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfTestTree, pf_test_tree_free)

G_END_DECLS
