/* SPDX-License-Identifier: GPL-3.0-or-later */

/* An unbind that hangs, because a VM holds the device, holds the device's lock, and whoever reads
 * driver_override waits for that lock. A scan must not. */

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "pf-binder.h"
#include "pf-error.h"
#include "pf-fake-mount.h"
#include "pf-holders.h"
#include "pf-override.h"
#include "pf-scan.h"

#define EHCI2 "0000:00:1a.0"
#define UNBIND "sys/bus/pci/drivers/vfio-pci/unbind"
#define PATIENCE_MS 5000

static PfChipsetTable *chipsets;
static PfNames *names;

typedef struct
{
  PfFakeMount *mount;
  PfTree *tree;
  pid_t unbinder;
} Fixture;

static PfTree *
open_tree (PfFakeMount *mount)
{
  g_autofree char *sys = pf_fake_mount_get_path (mount, "sys");
  g_autofree char *dev = pf_fake_mount_get_path (mount, "dev");
  g_autofree char *proc = pf_fake_mount_get_path (mount, "proc");
  g_autoptr (GError) error = NULL;
  PfTree *tree = pf_tree_new (sys, dev, proc, &error);

  g_assert_no_error (error);
  return tree;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autofree char *board = g_build_filename (g_getenv ("PF_BOARDS"), "z97.board", NULL);

  fixture->mount = pf_fake_mount_start (board);
  fixture->tree = open_tree (fixture->mount);
  g_assert_cmpint (pf_fake_mount_tell (fixture->mount, "bind " EHCI2 " vfio-pci"), ==, 0);
  g_assert_cmpint (pf_fake_mount_tell (fixture->mount, "hold 7 4242 qemu-system-x86"), ==, 0);
  fixture->unbinder = pf_fake_mount_write_in_child (fixture->mount, PF_FAKE_MOUNT_ROOT_UID, UNBIND, EHCI2);
  g_assert_false (pf_fake_mount_has_ended (fixture->unbinder, 200, NULL));
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  pf_tree_unref (fixture->tree);
  pf_fake_mount_stop (fixture->mount);
}

static void
let_go (Fixture *fixture)
{
  int status;

  g_assert_cmpint (pf_fake_mount_tell (fixture->mount, "release 7"), ==, 0);
  g_assert_true (pf_fake_mount_has_ended (fixture->unbinder, PATIENCE_MS, &status));
}

/* Scans, within so many milliseconds. */
static PfBoard *
scan (Fixture *fixture, guint limit)
{
  g_autoptr (GError) error = NULL;
  gint64 start = g_get_monotonic_time ();
  PfBoard *board = pf_scan (fixture->tree, chipsets, names, NULL, &error);
  gint64 took = (g_get_monotonic_time () - start) / 1000;

  g_assert_no_error (error);
  g_test_message ("%" G_GINT64_FORMAT " ms", took);
  g_assert_cmpint (took, <, limit);
  return board;
}

static guint
count_children (void)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/task/%d/children", getpid (), getpid ());
  g_autofree char *text = NULL;
  g_auto (GStrv) words = NULL;
  g_autoptr (GError) error = NULL;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  words = g_strsplit (g_strchomp (text), " ", -1);
  return g_strv_length (words);
}

/* The scan ends, says which function it is and knows all others; the next one does not even wait, and starts
 * no second process that would hang as well. */
static void
test_scan (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PfBoard) first = scan (fixture, 4000);
  g_autoptr (PfBoard) second = NULL;
  g_autoptr (PfBoard) third = NULL;
  g_autoptr (GError) error = NULL;
  guint children = count_children ();

  for (guint i = 0; i < first->functions->len; i++)
    {
      const PfFunction *function = g_ptr_array_index (first->functions, i);

      g_assert_cmpint (function->is_stuck, ==, strcmp (function->address, EHCI2) == 0);
    }
  g_assert_false (pf_controller_can_be_lent (first, pf_board_find_controller (first, EHCI2), &error));
  g_assert_error (error, PF_ERROR, PF_ERROR_STUCK);
  g_assert_nonnull (strstr (error->message, EHCI2));
  second = scan (fixture, 1000);
  g_assert_true (pf_board_find_function (second, EHCI2)->is_stuck);
  g_assert_cmpuint (count_children (), ==, children);

  let_go (fixture);
  /* What ends late is noticed by a later scan. */
  for (guint i = 0; i < 50 && count_children () > children - 2; i++)
    {
      g_clear_pointer (&third, pf_board_free);
      third = scan (fixture, 4000);
    }
  g_assert_false (pf_board_find_function (third, EHCI2)->is_stuck);
  g_assert_cmpuint (count_children (), ==, children - 2); /* the unbinder, and the one that read */
}

static void
test_read_one (Fixture *fixture, gconstpointer data)
{
  g_autofree char *value = NULL;
  g_autofree char *other = NULL;

  g_assert_false (pf_override_read (fixture->tree, EHCI2, &value));
  g_assert_null (value);
  g_assert_true (pf_override_read (fixture->tree, "0000:00:1d.0", &other));
  g_assert_null (other);
  let_go (fixture);
}

/* Anybody can give a file of his own the name of a group's node, on a file system that never answers (a
 * network's, or FUSE's), and have it open while we look for who holds the group. */
static void
test_file_of_others (void)
{
  g_autofree char *board = g_build_filename (g_getenv ("PF_BOARDS"), "z97.board", NULL);
  g_autoptr (PfFakeMount) mount = pf_fake_mount_start (board);
  g_autofree char *path = pf_fake_mount_get_path (mount, "sys/kernel/iommu_groups/7");
  g_autofree char *folder = g_dir_make_tmp ("portferry-test-XXXXXX", NULL);
  g_autofree char *node = g_build_filename (folder, "vfio", "7", NULL);
  g_autofree char *nodes = g_path_get_dirname (node);
  g_autoptr (PfTree) tree = pf_tree_new (folder, folder, "/proc", NULL);
  g_autofree char *holder = NULL;
  int descriptor = open (path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

  g_assert_cmpint (descriptor, >=, 0);
  g_assert_cmpint (g_mkdir (nodes, 0700), ==, 0);
  g_assert_true (g_file_set_contents (node, "", -1, NULL));
  g_assert_cmpint (kill (mount->pid, SIGSTOP), ==, 0);
  alarm (PATIENCE_MS / 1000);
  holder = pf_holders_find (tree, 7);
  alarm (0);
  g_assert_cmpint (kill (mount->pid, SIGCONT), ==, 0);
  g_assert_null (holder);
  close (descriptor);
  g_unlink (node);
  g_rmdir (nodes);
  g_rmdir (folder);
}

static void
on_settled (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GError **error = user_data;

  g_assert_false (pf_binder_settle_finish (result, error));
}

/* The binder neither hangs nor says that all is well. What the writer cannot write ends with an error. */
static void
test_binder (Fixture *fixture, gconstpointer data)
{
  const PfBinding lent = { (char *) "vfio-pci", (char *) "vfio-pci" };
  g_autoptr (PfStep) step = pf_step_new (PF_STEP_BIND);
  g_autoptr (GError) error = NULL;
  gint64 start = g_get_monotonic_time ();

  step->lends = TRUE;
  step->group = 7;
  pf_step_add_move (step, EHCI2, &lent, &lent);
  g_assert_cmpint (pf_fake_mount_tell (fixture->mount, "fail */driver_override EIO 0"), ==, 0);
  pf_binder_settle_async (fixture->tree, step, on_settled, &error);
  while (error == NULL && g_get_monotonic_time () - start < 10 * G_USEC_PER_SEC)
    g_main_context_iteration (NULL, TRUE);
  g_assert_nonnull (error);
  g_assert_cmpint (g_get_monotonic_time () - start, <, 10 * G_USEC_PER_SEC);
  let_go (fixture);
}

int
main (int argc, char **argv)
{
  g_autofree char *data = NULL;
  gsize length;

  pf_fake_mount_enter_namespaces ();
  g_test_init (&argc, &argv, NULL);
  chipsets = pf_chipset_table_new ();
  names = pf_names_new ();
  g_assert_true (g_file_get_contents (PF_TEST_CHIPSETS, &data, &length, NULL));
  g_assert_true (pf_chipset_table_add (chipsets, data, length, NULL));
  g_test_add ("/stuck/scan", Fixture, NULL, set_up, test_scan, tear_down);
  g_test_add_func ("/stuck/file-of-others", test_file_of_others);
  g_test_add ("/stuck/read-one", Fixture, NULL, set_up, test_read_one, tear_down);
  g_test_add ("/stuck/binder", Fixture, NULL, set_up, test_binder, tear_down);
  return g_test_run ();
}
