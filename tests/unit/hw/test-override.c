/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Overrides that the kernel tells. tests/unit/fake-kernel/test-stuck.c has one that it does not tell. */

#include <string.h>
#include <sys/wait.h>

#include "pf-override.h"
#include "pf-test-tree.h"

#define N_FUNCTIONS 5

static const PfTestFunction functions[N_FUNCTIONS] = {
  { "pci0000:00/0000:00:14.0", { 0x8086, 0x8cb1, 0, 0 }, 0x0c0330, "xhci_hcd", 4, 0 },
  { "pci0000:00/0000:00:1a.0", { 0x8086, 0x8cad, 0, 0 }, 0x0c0320, "ehci-pci", 6, 0 },
  { "pci0000:00/0000:00:1a.7", { 0x8086, 0x0001, 0, 0 }, 0x0c0320, "ehci-pci", 6, 0 },
  { "pci0000:00/0000:00:1b.0", { 0x8086, 0x0002, 0, 0 }, 0x0c0320, "ehci-pci", 8, 0 },
  { "pci0000:00/0000:00:1d.0", { 0x8086, 0x8ca6, 0, 0 }, 0x0c0320, "ehci-pci", 7, 0 },
};

static PfTestTree *
make_tree (void)
{
  PfTestTree *tree = pf_test_tree_new ();

  for (guint i = 0; i < N_FUNCTIONS; i++)
    pf_test_tree_add_function (tree, &functions[i]);
  return tree;
}

static PfBoard *
scan (const PfTestTree *tree, PfTree *opened)
{
  g_autoptr (GError) error = NULL;
  PfBoard *board = pf_scan (opened, tree->chipsets, tree->names, NULL, &error);

  g_assert_no_error (error);
  return board;
}

static void
assert_override (const PfBoard *board, const char *address, const char *override, gboolean is_stuck)
{
  const PfFunction *function = pf_board_find_function (board, address);

  g_assert_cmpstr (function->driver_override, ==, override);
  g_assert_cmpint (function->is_stuck, ==, is_stuck);
}

static void
test_all_told (void)
{
  g_autoptr (PfTestTree) tree = make_tree ();
  g_autoptr (PfTree) opened = pf_test_tree_open (tree);
  g_autoptr (PfBoard) board = NULL;
  g_autofree char *value = NULL;

  pf_test_tree_set (tree, &functions[1], "driver_override", "vfio-pci\n");
  pf_test_tree_set (tree, &functions[2], "driver_override", "\n");
  pf_test_tree_remove (tree, "sys/devices/pci0000:00/0000:00:1b.0/driver_override");
  board = scan (tree, opened);
  assert_override (board, "0000:00:14.0", NULL, FALSE);
  assert_override (board, "0000:00:1a.0", "vfio-pci", FALSE);
  assert_override (board, "0000:00:1a.7", NULL, FALSE);
  assert_override (board, "0000:00:1b.0", NULL, FALSE);
  g_assert_true (pf_override_read (opened, "0000:00:1a.0", &value));
  g_assert_cmpstr (value, ==, "vfio-pci");
  /* The child waits for the next question, and ends with the tree. */
  g_assert_cmpint (waitpid (-1, NULL, WNOHANG), ==, 0);
  g_clear_pointer (&opened, pf_tree_unref);
  g_assert_cmpint (waitpid (-1, NULL, WNOHANG), ==, -1);
}

static gpointer
read_first (gpointer opened)
{
  g_autofree char *value = NULL;

  g_assert_true (pf_override_read (opened, functions[0].place + strlen ("pci0000:00/"), &value));
  g_assert_cmpstr (value, ==, "vfio-pci");
  return NULL;
}

/* A child ends with the thread that started it. Whoever asks next is told all the same. */
static void
test_child_gone (void)
{
  g_autoptr (PfTestTree) tree = make_tree ();
  g_autoptr (PfTree) opened = pf_test_tree_open (tree);
  siginfo_t child = { 0 };

  pf_test_tree_set (tree, &functions[0], "driver_override", "vfio-pci\n");
  g_thread_join (g_thread_new ("asks", read_first, opened));
  g_assert_cmpint (waitid (P_ALL, 0, &child, WEXITED | WNOWAIT), ==, 0);
  g_assert_cmpint (child.si_code, ==, CLD_KILLED);
  read_first (opened);
}

/* More than the kernel gives for one attribute. */
static void
test_long (void)
{
  g_autoptr (PfTestTree) tree = make_tree ();
  g_autoptr (PfTree) opened = pf_test_tree_open (tree);
  g_autoptr (PfBoard) board = NULL;
  g_autofree char *huge = g_strnfill (100000, 'v');

  for (guint i = 0; i < N_FUNCTIONS; i++)
    pf_test_tree_set (tree, &functions[i], "driver_override", huge);
  board = scan (tree, opened);
  for (guint i = 0; i < board->functions->len; i++)
    {
      const PfFunction *function = g_ptr_array_index (board->functions, i);

      g_assert_false (function->is_stuck);
      g_assert_cmpuint (strlen (function->driver_override), ==, 128);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/hw/override/all-told", test_all_told);
  g_test_add_func ("/hw/override/child-gone", test_child_gone);
  g_test_add_func ("/hw/override/long", test_long);
  return g_test_run ();
}
