/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-tree.h"

G_BEGIN_DECLS

/**
 * PfInputKinds:
 * @found: there is an input device
 * @keyboard: one of them has letter keys
 * @pointer: one of them moves a pointer
 *
 * What the input devices of a USB device are good for.
 */
typedef struct
{
  gboolean found;
  gboolean keyboard;
  gboolean pointer;
} PfInputKinds;

void pf_scan_input (PfTree *tree, const char *directory, PfInputKinds *kinds);

G_END_DECLS
