/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-test-tree.h"

G_BEGIN_DECLS

/* A board with a USB controller, what shares its group, a stick, and a disk that is none of its business. */
#define ROOT "pci0000:00"
#define XHCI ROOT "/0000:00:14.0"
#define STICK XHCI "/usb3/3-1"
#define USB_DISK STICK "/3-1:1.0/host6/target6:0:0/6:0:0:0/block/sdb"
#define SATA_DISK ROOT "/0000:00:17.0/ata1/host0/target0:0:0/0:0:0:0/block/sda"
#define ELSEWHERE ROOT "/0000:00:1d.0/0000:03:00.0"
#define MOUNT_OF_1 "proc/1/mountinfo"

PfTestTree *pf_test_uses_make_tree (void);
void pf_test_uses_add_class (const PfTestTree *tree, const char *class, const char *place);
void pf_test_uses_add_block (const PfTestTree *tree, const char *place, const char *number);
void pf_test_uses_add_holder (const PfTestTree *tree, const char *place, const char *holder);
void pf_test_uses_set (const PfTestTree *tree, const char *place, const char *attribute, const char *text);
void pf_test_uses_open_node (const PfTestTree *tree, const char *process, const char *name, const char *node);
char *pf_test_uses_describe (const PfBoard *board);
void pf_test_uses_assert_uses (const PfTestTree *tree, const char *expected);

G_END_DECLS
