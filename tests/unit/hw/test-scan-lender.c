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

static void
write_option (PfTestTree *made_up, const char *path, const char *device)
{
  g_autofree char *text = g_strdup_printf ("options vfio-pci ids=%s\n", device);

  pf_test_tree_write (made_up, path, text);
}

static void
assert_option (const PfBoard *board, guint number, const char *file, const char *ids)
{
  const PfLenderOption *option = board->lenders->options->pdata[number];

  g_assert_cmpstr (option->file, ==, file);
  g_assert_cmpstr (option->ids, ==, ids);
}

/* All of modprobe's folders; a file hides those with its name in the folders that come after, even if it is empty. */
static void
test_folders (void)
{
  PfTestTree *made_up = pf_test_tree_new ();
  g_autoptr (PfBoard) board = make_board ("vfio-pci");
  PfTree *tree;

  write_option (made_up, "etc/modprobe.d/a.conf", "1b21:0001");
  pf_test_tree_write (made_up, "etc/modprobe.d/hidden.conf", "");
  write_option (made_up, "modprobe/0/b.conf", "1b21:0002");
  write_option (made_up, "modprobe/0/a.conf", "1b21:1142");
  write_option (made_up, "modprobe/1/c.conf", "1b21:0003");
  write_option (made_up, "modprobe/2/d.conf", "1b21:0004");
  write_option (made_up, "modprobe/2/hidden.conf", "1b21:1142");
  write_option (made_up, "modprobe/3/d.conf", "1b21:0004");
  write_option (made_up, "modprobe/3/e.conf", "1b21:1142");
  tree = pf_test_tree_open (made_up);
  pf_scan_lenders (tree, board);
  g_assert_cmpuint (board->lenders->options->len, ==, 5);
  assert_option (board, 0, "/etc/modprobe.d/a.conf", "1b21:0001");
  assert_option (board, 1, "/run/modprobe.d/b.conf", "1b21:0002");
  assert_option (board, 2, "/usr/local/lib/modprobe.d/c.conf", "1b21:0003");
  assert_option (board, 3, "/usr/lib/modprobe.d/d.conf", "1b21:0004");
  assert_option (board, 4, "/lib/modprobe.d/e.conf", "1b21:1142");
  g_assert_cmphex (find (board), ==, PF_LENDER_MODPROBE | PF_LENDER_OVERRIDE);
  pf_tree_unref (tree);
  pf_test_tree_free (made_up);
}

/* However many files there are, there is an end. */
static void
test_many_files (void)
{
  PfTestTree *made_up = pf_test_tree_new ();
  g_autoptr (PfBoard) board = make_board ("vfio-pci");
  PfTree *tree;

  for (guint i = 0; i < 300; i++)
    {
      g_autofree char *path = g_strdup_printf ("modprobe/2/%03u.conf", i);

      pf_test_tree_write (made_up, path, "\n");
    }
  write_option (made_up, "etc/modprobe.d/a.conf", "1b21:1142");
  write_option (made_up, "modprobe/2/255.conf", "1b21:0005");
  write_option (made_up, "modprobe/3/b.conf", "1b21:0006");
  tree = pf_test_tree_open (made_up);
  pf_scan_lenders (tree, board);
  g_assert_cmpuint (board->lenders->options->len, ==, 1);
  pf_tree_unref (tree);
  pf_test_tree_free (made_up);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/hw/lender/files", test_files);
  g_test_add_func ("/hw/lender/folders", test_folders);
  g_test_add_func ("/hw/lender/many-files", test_many_files);
  return g_test_run ();
}
