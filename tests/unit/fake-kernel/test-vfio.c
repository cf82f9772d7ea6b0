/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pf-fake-mount.h"

#define EHCI2 "0000:00:1a.0"
#define DEVICES "sys/bus/pci/devices/"
#define UNBIND "sys/bus/pci/drivers/vfio-pci/unbind"
#define NODE "dev/vfio/7"
#define A_WHILE_MS 200
#define PATIENCE_MS 5000

static PfFakeMount *
start (const char *name)
{
  g_autofree char *board = g_build_filename (g_getenv ("PF_BOARDS"), name, NULL);

  return pf_fake_mount_start (board);
}

static PfFakeMount *
start_lent (void)
{
  PfFakeMount *mount = start ("z97.board");

  g_assert_cmpint (pf_fake_mount_tell (mount, "bind " EHCI2 " vfio-pci"), ==, 0);
  return mount;
}

static int
open_node (PfFakeMount *mount)
{
  g_autofree char *path = pf_fake_mount_get_path (mount, NODE);

  return open (path, O_RDWR | O_CLOEXEC);
}

static void
test_holder_in_proc (void)
{
  g_autoptr (PfFakeMount) mount = start_lent ();
  g_autofree char *comm = NULL;
  g_autofree char *link = NULL;
  g_autofree char *path = NULL;
  struct stat through_proc, node;

  g_assert_cmpint (pf_fake_mount_tell (mount, "hold 7 4242 qemu-system-x86"), ==, 0);
  comm = pf_fake_mount_read (mount, "proc/4242/comm");
  g_assert_cmpstr (comm, ==, "qemu-system-x86");
  link = pf_fake_mount_get_path (mount, "proc/4242/fd/24");
  path = pf_fake_mount_get_path (mount, NODE);
  g_assert_cmpint (stat (link, &through_proc), ==, 0);
  g_assert_cmpint (stat (path, &node), ==, 0);
  g_assert_cmpint (through_proc.st_ino, ==, node.st_ino);
  g_assert_cmpint (pf_fake_mount_tell (mount, "hold 7 4243 other"), ==, EBUSY);
  g_assert_cmpint (open_node (mount), ==, -1);
  g_assert_cmpint (errno, ==, EBUSY);
  g_assert_cmpint (pf_fake_mount_tell (mount, "release 7"), ==, 0);
  g_assert_false (pf_fake_mount_has (mount, "proc/4242"));
}

static void
test_command_line_in_proc (void)
{
  static const char expected[] = "/usr/bin/qemu\0-name\0my guest";
  g_autoptr (PfFakeMount) mount = start_lent ();
  g_autofree char *path = pf_fake_mount_get_path (mount, "proc/4242/cmdline");
  g_autofree char *bytes = NULL;
  gsize length = 0;

  g_assert_cmpint (pf_fake_mount_tell (mount, "hold 7 4242 qemu /usr/bin/qemu -name 'my guest'"), ==, 0);
  g_assert_true (g_file_get_contents (path, &bytes, &length, NULL));
  g_assert_cmpmem (bytes, length, expected, sizeof expected);
}

static void
test_real_holder_in_proc (void)
{
  g_autoptr (PfFakeMount) mount = start_lent ();
  g_autofree char *folder = g_strdup_printf ("proc/%d/comm", getpid ());
  g_autofree char *comm = NULL;
  int node = open_node (mount);

  g_assert_cmpint (node, >=, 0);
  comm = pf_fake_mount_read (mount, folder);
  g_assert_cmpstr (comm, ==, "test-vfio");
  close (node);
  g_assert_true (pf_fake_mount_wait_for (mount, folder, FALSE));
}

static void
test_not_viable (void)
{
  g_autoptr (PfFakeMount) mount = start ("amd-shared.board");

  g_assert_cmpint (pf_fake_mount_tell (mount, "hold 15 4242 qemu"), ==, ENODEV);
  g_assert_cmpint (pf_fake_mount_tell (mount, "bind 0000:21:00.3 vfio-pci"), ==, 0);
  g_assert_cmpint (pf_fake_mount_tell (mount, "hold 15 4242 qemu"), ==, EPERM);
  g_assert_cmpint (pf_fake_mount_tell (mount, "unbind 0000:21:00.2"), ==, 0);
  g_assert_cmpint (pf_fake_mount_tell (mount, "bind 0000:22:00.3 vfio-pci"), ==, 0);
  g_assert_cmpint (pf_fake_mount_tell (mount, "hold 15 4242 qemu"), ==, 0); /* bridges keep pcieport */
}

static void
test_no_driver_beside_a_holder (void)
{
  g_autoptr (PfFakeMount) mount = start ("amd-shared.board");

  pf_fake_mount_tell (mount, "bind 0000:21:00.3 vfio-pci");
  pf_fake_mount_tell (mount, "unbind 0000:21:00.2");
  pf_fake_mount_tell (mount, "bind 0000:22:00.3 vfio-pci");
  g_assert_cmpint (pf_fake_mount_tell (mount, "hold 15 4242 qemu"), ==, 0);
  g_assert_cmpint (pf_fake_mount_write (mount, "sys/bus/pci/drivers/ccp/bind", "0000:21:00.2"), ==, EBUSY);
}

static void
test_node_lives_as_long_as_any_member (void)
{
  g_autoptr (PfFakeMount) mount = start ("amd-shared.board");

  pf_fake_mount_tell (mount, "bind 0000:21:00.3 vfio-pci");
  pf_fake_mount_tell (mount, "bind 0000:22:00.3 vfio-pci");
  pf_fake_mount_tell (mount, "unbind 0000:21:00.3");
  g_assert_true (pf_fake_mount_has (mount, "dev/vfio/15"));
  pf_fake_mount_tell (mount, "unbind 0000:22:00.3");
  g_assert_false (pf_fake_mount_has (mount, "dev/vfio/15"));
}

static void
test_unbind_waits_for_holder (void)
{
  g_autoptr (PfFakeMount) mount = start_lent ();
  pid_t writer;
  int status = 0;

  pf_fake_mount_tell (mount, "hold 7 4242 qemu");
  writer = pf_fake_mount_write_in_child (mount, 0, UNBIND, EHCI2);
  g_assert_false (pf_fake_mount_has_ended (writer, A_WHILE_MS, &status));
  g_assert_cmpint (kill (writer, SIGKILL), ==, 0);
  g_assert_false (pf_fake_mount_has_ended (writer, A_WHILE_MS, &status)); /* not even that helps */
  g_assert_cmpint (pf_fake_mount_tell (mount, "release 7"), ==, 0);
  g_assert_true (pf_fake_mount_has_ended (writer, PATIENCE_MS, &status));
  g_assert_false (pf_fake_mount_has (mount, DEVICES EHCI2 "/driver"));
}

/* Other functions can be moved meanwhile; what needs the lock of the one that hangs, hangs too. */
static void
test_what_else_hangs (void)
{
  g_autoptr (PfFakeMount) mount = start_lent ();
  pid_t writer, other;
  int status = 0;

  pf_fake_mount_tell (mount, "bind 0000:00:1d.0 vfio-pci");
  pf_fake_mount_tell (mount, "hold 7 4242 qemu");
  writer = pf_fake_mount_write_in_child (mount, 0, UNBIND, EHCI2);
  g_assert_false (pf_fake_mount_has_ended (writer, A_WHILE_MS, &status));
  other = pf_fake_mount_write_in_child (mount, 0, DEVICES EHCI2 "/driver_override", "\n");
  g_assert_false (pf_fake_mount_has_ended (other, A_WHILE_MS, &status));
  g_assert_cmpint (pf_fake_mount_write (mount, DEVICES "0000:00:1d.0/driver_override", "\n"), ==, 0);
  g_assert_cmpint (pf_fake_mount_tell (mount, "release 7"), ==, 0);
  g_assert_true (pf_fake_mount_has_ended (writer, PATIENCE_MS, &status));
  g_assert_true (pf_fake_mount_has_ended (other, PATIENCE_MS, &status));
}

static void
test_ownership (void)
{
  g_autoptr (PfFakeMount) mount = start_lent ();
  g_autofree char *path = pf_fake_mount_get_path (mount, NODE);
  struct stat status;
  pid_t child = fork ();
  int result = 0;

  if (child == 0)
    _exit (setuid (PF_FAKE_MOUNT_OTHER_UID) != 0 || chown (path, PF_FAKE_MOUNT_OTHER_UID, -1) == 0 ? 1
                                                                                                   : errno);
  waitpid (child, &result, 0);
  g_assert_cmpint (WEXITSTATUS (result), ==, EPERM);
  g_assert_cmpint (chown (path, PF_FAKE_MOUNT_OTHER_UID, 100), ==, 0);
  g_assert_cmpint (chmod (path, 0660), ==, 0);
  g_assert_cmpint (stat (path, &status), ==, 0);
  g_assert_cmpint (status.st_uid, ==, PF_FAKE_MOUNT_OTHER_UID);
  g_assert_cmpint (status.st_gid, ==, 100);
  g_assert_cmphex (status.st_mode & 07777, ==, 0660);
  child = fork ();
  if (child == 0)
    _exit (setuid (PF_FAKE_MOUNT_OTHER_UID) == 0 && open (path, O_RDWR) >= 0 ? 0 : errno);
  waitpid (child, &result, 0);
  g_assert_cmpint (WEXITSTATUS (result), ==, 0);
}

static void
test_vanishing_while_held (void)
{
  g_autoptr (PfFakeMount) mount = start_lent ();

  pf_fake_mount_tell (mount, "hold 7 4242 qemu");
  g_assert_cmpint (pf_fake_mount_tell (mount, "vanish " EHCI2), ==, 0);
  g_assert_false (pf_fake_mount_has (mount, NODE));
  g_assert_false (pf_fake_mount_has (mount, "proc/4242"));
}

int
main (int argc, char **argv)
{
  pf_fake_mount_enter_namespaces ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/vfio/holder-in-proc", test_holder_in_proc);
  g_test_add_func ("/vfio/command-line-in-proc", test_command_line_in_proc);
  g_test_add_func ("/vfio/real-holder-in-proc", test_real_holder_in_proc);
  g_test_add_func ("/vfio/not-viable", test_not_viable);
  g_test_add_func ("/vfio/no-driver-beside-a-holder", test_no_driver_beside_a_holder);
  g_test_add_func ("/vfio/node-lives-as-long-as-any-member", test_node_lives_as_long_as_any_member);
  g_test_add_func ("/vfio/unbind-waits-for-holder", test_unbind_waits_for_holder);
  g_test_add_func ("/vfio/what-else-hangs", test_what_else_hangs);
  g_test_add_func ("/vfio/ownership", test_ownership);
  g_test_add_func ("/vfio/vanishing-while-held", test_vanishing_while_held);
  return g_test_run ();
}
