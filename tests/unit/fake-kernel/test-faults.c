/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pf-fake-mount.h"

#define EHCI2 "0000:00:1a.0"
#define OVERRIDE "sys/bus/pci/devices/" EHCI2 "/driver_override"
#define REAL_OVERRIDE "sys/devices/pci0000:00/" EHCI2 "/driver_override"
#define UNBIND "sys/bus/pci/drivers/ehci-pci/unbind"
#define XHCI "0000:00:14.0"
#define ROUTING 0xd0
#define A_WHILE_MS 200
#define PATIENCE_MS 5000

static PfFakeMount *
start (void)
{
  g_autofree char *board = g_build_filename (g_getenv ("PF_BOARDS"), "z97.board", NULL);

  return pf_fake_mount_start (board);
}

static void
assert_log (PfFakeMount *mount, const char *expected)
{
  g_autofree char *log = pf_fake_mount_read (mount, "control");

  g_assert_cmpstr (log, ==, expected);
}

static void
test_log (void)
{
  g_autoptr (PfFakeMount) mount = start ();
  g_autofree char *node = pf_fake_mount_get_path (mount, "dev/vfio/vfio");
  int status = 0;
  pid_t child;

  assert_log (mount, "");
  pf_fake_mount_write (mount, OVERRIDE, "vfio-pci\n");
  pf_fake_mount_write (mount, UNBIND, "nothing");
  pf_fake_mount_write_register (mount, XHCI, ROUTING, 0x12);
  g_assert_cmpint (chown (node, 1, -1), ==, 0);
  g_assert_cmpint (chmod (node, 0640), ==, 0);
  child = pf_fake_mount_write_in_child (mount, PF_FAKE_MOUNT_ROOT_UID, OVERRIDE, "\n");
  g_assert_true (pf_fake_mount_has_ended (child, PATIENCE_MS, &status));
  assert_log (mount, "1\t0\twrite\t" REAL_OVERRIDE "\tvfio-pci\\n\tok\n"
                     "2\t0\twrite\t" UNBIND "\tnothing\tENODEV\n"
                     "3\t0\twrite\tsys/devices/pci0000:00/" XHCI "/config\t0xd0:12000000\tok\n"
                     "4\t0\tchown\tdev/vfio/vfio\t1:-1\tok\n"
                     "5\t0\tchmod\tdev/vfio/vfio\t0640\tok\n"
                     "6\t4321\twrite\t" REAL_OVERRIDE "\t\\n\tok");
  g_assert_cmpint (pf_fake_mount_tell (mount, "clear-log"), ==, 0);
  assert_log (mount, "");
}

static void
test_reads_are_not_logged (void)
{
  g_autoptr (PfFakeMount) mount = start ();
  g_autofree char *text = pf_fake_mount_read (mount, OVERRIDE);

  g_assert_cmpstr (text, ==, "(null)");
  assert_log (mount, "");
}

static void
test_fail (void)
{
  g_autoptr (PfFakeMount) mount = start ();

  g_assert_cmpint (pf_fake_mount_tell (mount, "fail */driver_override EIO 2 1"), ==, 0);
  g_assert_cmpint (pf_fake_mount_write (mount, OVERRIDE, "a"), ==, 0);
  g_assert_cmpint (pf_fake_mount_write (mount, OVERRIDE, "b"), ==, EIO);
  g_assert_cmpint (pf_fake_mount_write (mount, OVERRIDE, "c"), ==, EIO);
  g_assert_cmpint (pf_fake_mount_write (mount, OVERRIDE, "d"), ==, 0);
}

static void
test_fail_for_ever (void)
{
  g_autoptr (PfFakeMount) mount = start ();

  g_assert_cmpint (pf_fake_mount_tell (mount, "fail *unbind EBUSY 0"), ==, 0);
  for (guint i = 0; i < 5; i++)
    g_assert_cmpint (pf_fake_mount_write (mount, UNBIND, EHCI2), ==, EBUSY);
  g_assert_cmpint (pf_fake_mount_tell (mount, "unblock"), ==, 0);
  g_assert_cmpint (pf_fake_mount_write (mount, UNBIND, EHCI2), ==, 0);
}

static void
test_fail_chown (void)
{
  g_autoptr (PfFakeMount) mount = start ();
  g_autofree char *node = pf_fake_mount_get_path (mount, "dev/vfio/vfio");

  g_assert_cmpint (pf_fake_mount_tell (mount, "fail dev/vfio/* EPERM"), ==, 0);
  g_assert_cmpint (chown (node, 1, 1), ==, -1);
  g_assert_cmpint (errno, ==, EPERM);
  g_assert_cmpint (chown (node, 1, 1), ==, 0);
}

static void
test_ignored (void)
{
  g_autoptr (PfFakeMount) mount = start ();

  g_assert_cmpint (pf_fake_mount_tell (mount, "fail *" XHCI "/config ignored"), ==, 0);
  g_assert_cmpint (pf_fake_mount_write_register (mount, XHCI, ROUTING, 0), ==, 0);
  g_assert_cmphex (pf_fake_mount_read_register (mount, XHCI, ROUTING), ==, 0x3fff);
  g_assert_cmpint (pf_fake_mount_write_register (mount, XHCI, ROUTING, 0), ==, 0);
  g_assert_cmphex (pf_fake_mount_read_register (mount, XHCI, ROUTING), ==, 0);
}

static void
test_short (void)
{
  g_autoptr (PfFakeMount) mount = start ();

  g_assert_cmpint (pf_fake_mount_tell (mount, "fail *" XHCI "/config short"), ==, 0);
  g_assert_cmpint (pf_fake_mount_write_register (mount, XHCI, ROUTING, 0), ==, -1);
  g_assert_cmphex (pf_fake_mount_read_register (mount, XHCI, ROUTING), ==, 0);
}

static void
test_block (void)
{
  g_autoptr (PfFakeMount) mount = start ();
  int status = 0;
  pid_t child;

  g_assert_cmpint (pf_fake_mount_tell (mount, "block *ehci-pci/unbind"), ==, 0);
  child = pf_fake_mount_write_in_child (mount, 0, UNBIND, EHCI2);
  g_assert_false (pf_fake_mount_has_ended (child, A_WHILE_MS, &status));
  assert_log (mount, "1\t0\twrite\t" UNBIND "\t" EHCI2);
  g_assert_cmpint (pf_fake_mount_tell (mount, "unblock"), ==, 0);
  g_assert_true (pf_fake_mount_has_ended (child, PATIENCE_MS, &status));
  g_assert_cmpint (WEXITSTATUS (status), ==, 0);
  g_assert_false (pf_fake_mount_has (mount, "sys/bus/pci/devices/" EHCI2 "/driver"));
}

static void
assert_killed (PfFakeMount *mount, const char *text)
{
  int status = 0;
  pid_t child = pf_fake_mount_write_in_child (mount, 0, OVERRIDE, text);

  g_assert_true (pf_fake_mount_has_ended (child, PATIENCE_MS, &status));
  g_assert_true (WIFSIGNALED (status) && WTERMSIG (status) == SIGKILL);
}

static void
test_kill (void)
{
  g_autoptr (PfFakeMount) mount = start ();
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;

  g_assert_cmpint (pf_fake_mount_tell (mount, "kill */driver_override before"), ==, 0);
  assert_killed (mount, "before");
  before = pf_fake_mount_read (mount, OVERRIDE);
  g_assert_cmpstr (before, ==, "(null)");
  g_assert_cmpint (pf_fake_mount_tell (mount, "kill */driver_override after 1"), ==, 0);
  g_assert_cmpint (pf_fake_mount_write (mount, OVERRIDE, "well"), ==, 0);
  assert_killed (mount, "after");
  after = pf_fake_mount_read (mount, OVERRIDE);
  g_assert_cmpstr (after, ==, "after");
}

static void
test_bad_commands (void)
{
  g_autoptr (PfFakeMount) mount = start ();

  g_assert_cmpint (pf_fake_mount_tell (mount, "dance"), ==, ENOTSUP);
  g_assert_cmpint (pf_fake_mount_tell (mount, "fail *"), ==, EINVAL);
  g_assert_cmpint (pf_fake_mount_tell (mount, "fail * ENOSUCH"), ==, EINVAL);
  g_assert_cmpint (pf_fake_mount_tell (mount, "kill * sometimes"), ==, EINVAL);
  g_assert_cmpint (pf_fake_mount_tell (mount, "poke 0000:00:14.0 fff 0"), ==, EINVAL);
  g_assert_cmpint (pf_fake_mount_tell (mount, "vanish 0000:00:13.0"), ==, ENODEV);
  g_assert_cmpint (pf_fake_mount_tell (mount, "hold 99 1 x"), ==, ENOENT);
  g_assert_cmpint (pf_fake_mount_tell (mount, "\n"), ==, EINVAL);
}

int
main (int argc, char **argv)
{
  pf_fake_mount_enter_namespaces ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/faults/log", test_log);
  g_test_add_func ("/faults/reads-are-not-logged", test_reads_are_not_logged);
  g_test_add_func ("/faults/fail", test_fail);
  g_test_add_func ("/faults/fail-for-ever", test_fail_for_ever);
  g_test_add_func ("/faults/fail-chown", test_fail_chown);
  g_test_add_func ("/faults/ignored", test_ignored);
  g_test_add_func ("/faults/short", test_short);
  g_test_add_func ("/faults/block", test_block);
  g_test_add_func ("/faults/kill", test_kill);
  g_test_add_func ("/faults/bad-commands", test_bad_commands);
  return g_test_run ();
}
