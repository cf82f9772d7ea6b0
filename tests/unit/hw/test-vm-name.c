/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "pf-holders.h"
#include "pf-test-tree.h"

#define QEMU "/usr/bin/qemu-system-x86_64\0"

static void
add_holder (const PfTestTree *tree, const char *process, const char *comm, const char *line, gsize length)
{
  g_autofree char *comm_path = g_strdup_printf ("proc/%s/comm", process);
  g_autofree char *line_path = g_strdup_printf ("proc/%s/cmdline", process);
  g_autofree char *link = g_strdup_printf ("proc/%s/fd/23", process);

  pf_test_tree_write (tree, comm_path, comm);
  pf_test_tree_write_bytes (tree, line_path, line, length);
  pf_test_tree_link (tree, link, "/dev/vfio/12");
}

/* The process number is behind the last parenthesis, whatever the others are called. */
static void
test_holder (void)
{
  static const char line[] = QEMU "-name\0guest=of “Ada” (1),debug-threads=on\0-S";
  g_autoptr (PfTestTree) tree = pf_test_tree_new ();
  g_autoptr (PfTree) opened = pf_test_tree_open (tree);
  g_autofree char *holder = NULL;
  gboolean is_held;

  pf_test_tree_write (tree, "dev/vfio/12", "");
  add_holder (tree, "4242", "qemu (7\n", line, sizeof line);
  holder = pf_holders_find (opened, 12);
  g_assert_cmpstr (holder, ==, "qemu (7 “of “Ada” (1)” (4242)");
  is_held = g_str_has_suffix (strrchr (holder, '('), "(4242)");
  g_assert_true (is_held);
}

/* A command line without end is read up to a bound; a name before that is found, one behind it is not. */
static void
test_endless (void)
{
  g_autoptr (PfTestTree) tree = pf_test_tree_new ();
  g_autoptr (PfTree) opened = pf_test_tree_open (tree);
  g_autoptr (GString) line = g_string_new_len (QEMU, sizeof QEMU - 1);
  g_autofree char *before = NULL;
  g_autofree char *behind = NULL;
  gssize end = (gssize) line->len;

  pf_test_tree_write (tree, "dev/vfio/12", "");
  for (guint i = 0; i < 100000; i++)
    g_string_append_len (line, "-device\0x", 10);
  g_string_append_len (line, "-name\0late", 11);
  add_holder (tree, "4242", "qemu\n", line->str, line->len);
  behind = pf_holders_find (opened, 12);
  g_assert_cmpstr (behind, ==, "qemu (4242)");
  g_string_insert_len (line, end, "-name\0early", 12);
  add_holder (tree, "4000", "qemu\n", line->str, line->len);
  before = pf_holders_find (opened, 12);
  g_assert_cmpstr (before, ==, "qemu “early” (4000)");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/vm-name/holder", test_holder);
  g_test_add_func ("/vm-name/endless", test_endless);
  return g_test_run ();
}
