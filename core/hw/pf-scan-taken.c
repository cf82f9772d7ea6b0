/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-scan-taken.h"

#include "pf-taken.h"

/* How long a switch, or its preview, may be put off by looking through /proc. */
#define PATIENCE (2 * G_USEC_PER_SEC)

/**
 * pf_scan_taken:
 * @tree: the kernel
 * @board: (inout): as it was just read
 * @plan: a plan for it
 *
 * Looks closer at what @plan takes from the host, and adds to @board's uses what is there, and which
 * processes have it open. pf_scan() does not: it runs at each event of the kernel, and a look through all
 * processes takes time. Adds nothing twice when it is called again.
 */
void
pf_scan_taken (PfTree *tree, PfBoard *board, const PfPlan *plan)
{
  g_autoptr (GPtrArray) places = pf_taken_list (board, plan);

  pf_board_drop_close_uses (board);
  pf_scan_contents (tree, board, places);
  pf_scan_openers (tree, board, places, PATIENCE);
}
