/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Reading what modprobe, driverctl and the kernel say of those who lend beside us. */

#include "pf-scan-lender.h"

#include "pf-test-tree.h"

#define ADDRESS "0000:02:00.0"

static PfBoard *
make_board (const char *driver)
{
  PfBoard *board = pf_board_new ();
  PfFunction *function = pf_board_add_function (board, ADDRESS);

  function->is_pci = TRUE;
  function->driver = g_strdup (driver);
  function->driver_override = g_strdup ("vfio-pci");
  function->vendor = 0x1b21;
  function->device = 0x1142;
  return board;
}

static guint
find (PfBoard *board)
{
  PfLenderDevice device = pf_function_get_lender_device (board->functions->pdata[0]);

  return pf_lender_find (board->lenders, &device);
}

static void
test_files (void)
{
  PfTestTree *made_up = pf_test_tree_new ();
  PfTree *tree = pf_test_tree_open (made_up);
  g_autoptr (PfBoard) none = make_board ("xhci_hcd");
  g_autoptr (PfBoard) before = make_board ("vfio-pci");
  g_autoptr (PfBoard) after = make_board ("vfio-pci");

  pf_scan_lenders (tree, before);
  g_assert_cmphex (find (before), ==, PF_LENDER_OVERRIDE);
  pf_test_tree_write (made_up, "etc/modprobe.d/a.conf", "# nothing\noptions vfio-pci ids=1b21:1142\n");
  pf_test_tree_write (made_up, "etc/modprobe.d/b.conf.bak", "options vfio-pci ids=1b21:1143\n");
  pf_test_tree_write (made_up, "etc/driverctl.d/" ADDRESS, "vfio-pci\n");
  pf_test_tree_write (made_up, "proc/cmdline", "quiet vfio_pci.ids=1b21:1142\n");
  pf_scan_lenders (tree, after);
  g_assert_cmphex (find (after), ==, PF_LENDER_MODPROBE | PF_LENDER_DRIVERCTL | PF_LENDER_COMMAND_LINE);
  g_assert_cmpuint (after->lenders->options->len, ==, 1);
  /* Where nothing is lent nothing is read. */
  pf_scan_lenders (tree, none);
  g_assert_null (none->lenders->cmdline);
  pf_tree_unref (tree);
  pf_test_tree_free (made_up);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/hw/lender/files", test_files);
  return g_test_run ();
}
