/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-board.h"
#include "pf-tree.h"

G_BEGIN_DECLS

gboolean pf_scan_place (PfTree *tree, const PfBoard *board, const char *path, PfUsePlace *place);
gboolean pf_scan_place_is_usb_device (const char *name);
void pf_scan_place_clear (PfUsePlace *place);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PfUsePlace, pf_scan_place_clear)

G_END_DECLS
