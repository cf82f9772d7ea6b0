/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-board.h"
#include "pf-tree.h"

G_BEGIN_DECLS

void pf_scan_interfaces (PfTree *tree, const char *directory, const GPtrArray *entries, PfUsbDevice *device);

G_END_DECLS
