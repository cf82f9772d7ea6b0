/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What udev's rules have said of a device. */

#include "pf-test-tree.h"
#include "pf-udev-db.h"

static char *
read_property (const char *id, const char *property)
{
  g_autoptr (PfTestTree) tree = pf_test_tree_new ();
  g_autoptr (PfTree) opened = NULL;

  pf_test_tree_write (tree, "udev/+input:input3",
                      "I:123456\nE:ID_INPUT=1\nE:ID_INPUT_KEYBOARD=1\nE:ID_SEAT_NAME=x\nE:ID_SEAT=seat1\nG:seat\n");
  opened = pf_test_tree_open (tree);
  return pf_udev_db_read (opened, id, property);
}

static void
test_property (void)
{
  g_autofree char *seat = read_property ("+input:input3", "ID_SEAT");
  g_autofree char *input = read_property ("+input:input3", "ID_INPUT");

  g_assert_cmpstr (seat, ==, "seat1");
  g_assert_cmpstr (input, ==, "1");
}

static void
test_unsaid (void)
{
  g_assert_null (read_property ("+input:input3", "ID_INPUT_MOUSE"));
  g_assert_null (read_property ("+input:input3", "I"));
}

static void
test_unknown_device (void)
{
  g_assert_null (read_property ("+input:input4", "ID_SEAT"));
  g_assert_null (read_property ("", "ID_SEAT"));
  g_assert_null (read_property ("../udev/+input:input3", "ID_SEAT"));
}

static void
test_no_udev (void)
{
  g_autoptr (PfTestTree) tree = pf_test_tree_new ();
  g_autoptr (PfTree) opened = NULL;
  g_autofree char *none = pf_test_tree_path (tree, "none");
  g_autofree char *sys = pf_test_tree_path (tree, "sys");

  opened = pf_tree_new (sys, NULL, NULL, NULL);
  g_assert_null (pf_udev_db_read (opened, "+input:input3", "ID_SEAT"));
  pf_tree_set_udev (opened, none);
  g_assert_null (pf_udev_db_read (opened, "+input:input3", "ID_SEAT"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/hw/udev-db/property", test_property);
  g_test_add_func ("/hw/udev-db/unsaid", test_unsaid);
  g_test_add_func ("/hw/udev-db/unknown-device", test_unknown_device);
  g_test_add_func ("/hw/udev-db/no-udev", test_no_udev);
  return g_test_run ();
}
