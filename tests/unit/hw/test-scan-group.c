/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is read of a group: the nodes of its functions, and the memory that the firmware has reserved. */

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "pf-error.h"
#include "pf-holders.h"
#include "pf-node-giver.h"
#include "pf-test-tree.h"

#define EHCI "0000:00:1a.0"
#define CDEV "dev/vfio/devices/vfio5"
#define REGIONS "sys/kernel/iommu_groups/6/reserved_regions"

static const PfTestFunction ehci
    = { "pci0000:00/" EHCI, { 0x8086, 0x8cad, 0x1849, 0x8cad }, 0x0c0320, "vfio-pci", 6, 0 };

static PfTestTree *
make_tree (void)
{
  PfTestTree *tree = pf_test_tree_new ();

  pf_test_tree_add_function (tree, &ehci);
  pf_test_tree_write (tree, "dev/vfio/6", "");
  return tree;
}

static void
add_cdev (PfTestTree *tree, const char *number)
{
  pf_test_tree_make_directory (tree, "sys/devices/pci0000:00/" EHCI "/vfio-dev/vfio5");
  if (number != NULL)
    pf_test_tree_write (tree, "sys/devices/pci0000:00/" EHCI "/vfio-dev/vfio5/dev", number);
}

static void
assert_regions (const char *text, guint expected)
{
  g_autoptr (PfTestTree) tree = make_tree ();
  g_autoptr (PfBoard) board = NULL;

  if (text != NULL)
    pf_test_tree_write (tree, REGIONS, text);
  board = pf_test_tree_scan (tree);
  g_assert_cmpuint (pf_board_find_group (board, 6)->reserved->len, ==, expected);
}

static void
test_reserved (void)
{
  g_autoptr (PfTestTree) tree = make_tree ();
  g_autoptr (PfBoard) board = NULL;
  const PfRegion *region;

  pf_test_tree_write (tree, REGIONS,
                      "0x00000000dd000000 0x00000000dd0fffff direct\n"
                      "0x00000000de000000 0x00000000de0fffff direct-relaxable\n"
                      "0x00000000fee00000 0x00000000feefffff msi\n"
                      "0x000000fd00000000 0x000000ffffffffff reserved\n");
  board = pf_test_tree_scan (tree);
  g_assert_cmpuint (pf_board_find_group (board, 6)->reserved->len, ==, 1);
  region = &g_array_index (pf_board_find_group (board, 6)->reserved, PfRegion, 0);
  g_assert_cmphex (region->start, ==, 0xdd000000);
  g_assert_cmphex (region->end, ==, 0xdd0fffff);
}

/* A file that cannot be read, or makes no sense, counts as empty. */
static void
test_reserved_malformed (void)
{
  g_autoptr (GString) many = g_string_new (NULL);

  assert_regions (NULL, 0);
  assert_regions ("", 0);
  assert_regions ("\n\n \n", 0);
  assert_regions ("0x1000 0x1fff", 0);
  assert_regions ("0x1000 0x1fff directly\n", 0);
  assert_regions ("0x1000 0x1fff direct more\n", 0);
  assert_regions ("1000 1fff direct\n", 0);
  assert_regions ("0x2000 0x1fff direct\n", 0);
  assert_regions ("0x-1 0x1fff direct\n", 0);
  assert_regions ("0x1 0x10000000000000000 direct\n", 0);
  assert_regions ("\xff\xfe 0x1 direct\n0x1000 0x1fff direct", 1);
  for (guint i = 0; i < 1000; i++)
    g_string_append_printf (many, "0x%x 0x%x direct\n", i * 0x1000, i * 0x1000 + 0xfff);
  assert_regions (many->str, 64);
}

static void
test_device_node (void)
{
  g_autoptr (PfTestTree) tree = make_tree ();
  g_autofree char *path = pf_test_tree_path (tree, CDEV);
  g_autoptr (PfBoard) board = NULL;
  g_autoptr (PfBoard) without = NULL;

  /* Linux 6.1 has the folder, and no number. */
  add_cdev (tree, NULL);
  pf_test_tree_write (tree, CDEV, "");
  without = pf_test_tree_scan (tree);
  g_assert_false (pf_board_find_function (without, EHCI)->has_node);
  add_cdev (tree, "511:5\n");
  g_assert_no_errno (chmod (path, 0640));
  board = pf_test_tree_scan (tree);
  g_assert_true (pf_board_find_function (board, EHCI)->has_node);
  g_assert_cmphex (pf_board_find_function (board, EHCI)->node.mode, ==, 0640);
}

static PfStep *
make_step (void)
{
  PfStep *step = pf_step_new (PF_STEP_BIND);

  step->lends = TRUE;
  step->group = 6;
  step->node = (PfNode){ 1000, 104, 0660 };
  pf_step_add_move (step, EHCI, &(PfBinding){ NULL, NULL }, &(PfBinding){ (char *) "vfio-pci", NULL });
  return step;
}

static void
assert_owner (PfTestTree *tree, const char *name, uid_t uid)
{
  g_autofree char *path = pf_test_tree_path (tree, "%s", name);
  struct stat status;

  g_assert_no_errno (lstat (path, &status));
  g_assert_cmpuint (status.st_uid, ==, uid);
}

/* The number in sysfs decides, not the name. */
static void
test_number (void)
{
  g_autoptr (PfTestTree) tree = make_tree ();
  g_autoptr (PfTree) opened = pf_test_tree_open (tree);
  g_autofree char *path = pf_test_tree_path (tree, CDEV);
  g_autoptr (PfStep) step = make_step ();
  g_autoptr (PfBoard) board = NULL;
  g_autoptr (GError) error = NULL;

  if (geteuid () != 0)
    {
      g_test_skip ("needs root");
      return;
    }
  add_cdev (tree, "1:5\n");
  pf_test_tree_make_directory (tree, "dev/vfio/devices");
  g_assert_no_errno (mknod (path, S_IFCHR | 0600, makedev (1, 3)));
  board = pf_test_tree_scan (tree);
  g_assert_false (pf_board_find_function (board, EHCI)->has_node);
  g_assert_false (pf_node_giver_give (opened, step, &error));
  g_assert_error (error, PF_ERROR, PF_ERROR_VERIFY_FAILED);
  assert_owner (tree, CDEV, 0);
  add_cdev (tree, "1:3\n");
  g_assert_true (pf_node_giver_give (opened, step, NULL));
  assert_owner (tree, CDEV, 1000);
  assert_owner (tree, "dev/vfio/6", 1000);
}

static void
test_link (void)
{
  g_autoptr (PfTestTree) tree = make_tree ();
  g_autoptr (PfTree) opened = pf_test_tree_open (tree);
  g_autoptr (PfStep) step = make_step ();
  g_autoptr (GError) error = NULL;

  add_cdev (tree, "1:3\n");
  pf_test_tree_write (tree, "dev/target", "");
  pf_test_tree_link (tree, CDEV, "../../target");
  g_assert_false (pf_node_giver_give (opened, step, &error));
  g_assert_error (error, PF_ERROR, PF_ERROR_VERIFY_FAILED);
  assert_owner (tree, "dev/target", geteuid ());
}

/* A kernel without nodes of groups. */
static void
test_devices_only (void)
{
  g_autoptr (PfTestTree) tree = make_tree ();
  g_autoptr (PfTree) opened = pf_test_tree_open (tree);
  g_autofree char *group = pf_test_tree_path (tree, "dev/vfio/6");
  g_autoptr (PfStep) step = make_step ();
  g_autoptr (GError) error = NULL;

  step->node = (PfNode){ geteuid (), getegid (), 0640 };
  g_assert_no_errno (unlink (group));
  g_assert_false (pf_node_giver_give (opened, step, &error));
  g_assert_error (error, PF_ERROR, PF_ERROR_VERIFY_FAILED);
  add_cdev (tree, "511:5\n");
  pf_test_tree_write (tree, CDEV, "");
  g_assert_true (pf_node_giver_give (opened, step, NULL));
}

/* Who has only opened a device keeps it from being unbound, and the group's node says nothing of it. */
static void
test_held_by_device (void)
{
  g_autoptr (PfTestTree) tree = make_tree ();
  g_autoptr (PfTree) opened = pf_test_tree_open (tree);
  g_autofree char *group = pf_test_tree_path (tree, "dev/vfio/6");
  g_autofree char *holder = NULL;
  g_autofree char *again = NULL;

  add_cdev (tree, "511:5\n");
  pf_test_tree_write (tree, CDEV, "");
  g_assert_false (pf_holders_group_is_held (opened, 6, NULL));
  pf_test_tree_write (tree, "proc/4242/comm", "qemu\n");
  pf_test_tree_link (tree, "proc/4242/fd/23", "/" CDEV);
  g_assert_true (pf_holders_group_is_held (opened, 6, &holder));
  g_assert_cmpstr (holder, ==, "qemu (4242)");
  g_assert_no_errno (unlink (group));
  g_assert_true (pf_holders_group_is_held (opened, 6, &again));
  g_assert_cmpstr (again, ==, "qemu (4242)");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/scan-group/reserved", test_reserved);
  g_test_add_func ("/scan-group/reserved-malformed", test_reserved_malformed);
  g_test_add_func ("/scan-group/device-node", test_device_node);
  g_test_add_func ("/scan-group/number", test_number);
  g_test_add_func ("/scan-group/link", test_link);
  g_test_add_func ("/scan-group/devices-only", test_devices_only);
  g_test_add_func ("/scan-group/held-by-device", test_held_by_device);
  return g_test_run ();
}
