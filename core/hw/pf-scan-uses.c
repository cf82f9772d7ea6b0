/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-scan-uses.h"

/**
 * pf_scan_uses:
 * @tree: the kernel
 * @board: (inout): a linked board
 *
 * Looks what the host uses of the functions on the board, and of what is plugged in below them: that is what
 * it would lose. Everything else of the machine is left alone. Who has what open is asked for a plan only:
 * pf_scan_taken().
 */
void
pf_scan_uses (PfTree *tree, PfBoard *board)
{
  pf_scan_uses_of_disks (tree, board);
  pf_scan_uses_of_networks (tree, board);
  pf_scan_uses_of_screens (tree, board);
  pf_scan_uses_of_docks (tree, board);
  pf_scan_uses_of_sound (tree, board);
}
