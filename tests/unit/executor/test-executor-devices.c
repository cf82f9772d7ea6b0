/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The nodes of single functions, on a fake kernel with iommufd. */

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pf-error.h"
#include "pf-test-kernel.h"

#define EHCI2 "0000:00:1a.0"
#define SHARED "0000:21:00.3"
#define OTHER "0000:21:00.2"

static PfTestKernel *
start (const char *board)
{
  return pf_test_kernel_new_with (board, "[board]", "iommufd=true");
}

static void
run (PfTestKernel *kernel, const char *controllers)
{
  g_autoptr (PfPlan) plan = pf_test_kernel_plan (kernel, controllers, "");
  g_autoptr (PfPlan) again = NULL;

  pf_test_kernel_run (kernel, plan, FALSE);
  g_assert_no_error (kernel->error);
  again = pf_test_kernel_plan (kernel, controllers, "");
  g_assert_true (pf_plan_is_empty (again));
}

static void
assert_says (PfTestKernel *kernel, const char *words)
{
  g_autofree char *text = pf_test_kernel_describe (kernel);

  g_test_message ("%s", text);
  g_assert_nonnull (strstr (text, words));
}

static void
test_lend_and_home (void)
{
  g_autoptr (PfTestKernel) kernel = start ("z97");
  g_autofree char *before = pf_test_kernel_describe (kernel);
  g_autofree char *after = NULL;

  for (guint i = 0; i < 2; i++)
    {
      run (kernel, EHCI2);
      assert_says (kernel, EHCI2 " node 1000:1000 600\n");
      assert_says (kernel, "\nnode 7 1000:1000 600\n");
      run (kernel, "");
      g_clear_pointer (&after, g_free);
      after = pf_test_kernel_describe (kernel);
      g_assert_cmpstr (before, ==, after);
    }
}

/* Every function of the group has its own. */
static void
test_shared_group (void)
{
  g_autoptr (PfTestKernel) kernel = start ("amd-shared");

  run (kernel, SHARED);
  assert_says (kernel, SHARED " node 1000:1000 600\n");
  assert_says (kernel, OTHER " node 1000:1000 600\n");
  run (kernel, "");
}

/* A function that others had on vfio-pci, with a node that they had given somebody. */
static void
test_of_others (void)
{
  g_autoptr (PfTestKernel) kernel = start ("amd-shared");
  g_autofree char *node = pf_fake_mount_get_path (kernel->mount, "dev/vfio/devices/vfio0");
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;

  pf_test_kernel_tell (kernel, "bind " OTHER " vfio-pci");
  g_assert_cmpint (chown (node, 107, 36), ==, 0);
  g_assert_cmpint (chmod (node, 0640), ==, 0);
  before = pf_test_kernel_describe (kernel);
  run (kernel, SHARED);
  assert_says (kernel, OTHER " node 1000:1000 600\n");
  run (kernel, "");
  after = pf_test_kernel_describe (kernel);
  g_assert_cmpstr (before, ==, after);
}

/* The kernel refuses to give one away: nothing of the switch stays. */
static void
test_refused (void)
{
  g_autoptr (PfTestKernel) kernel = start ("z97");
  g_autofree char *before = pf_test_kernel_describe (kernel);
  g_autoptr (PfPlan) plan = pf_test_kernel_plan (kernel, EHCI2, "");
  g_autofree char *after = NULL;

  pf_test_kernel_tell (kernel, "fail dev/vfio/devices/* EPERM 1 1");
  pf_test_kernel_run (kernel, plan, FALSE);
  g_assert_error (kernel->error, PF_ERROR, PF_ERROR_WRITE_FAILED);
  g_assert_true (kernel->restored);
  after = pf_test_kernel_describe (kernel);
  g_assert_cmpstr (before, ==, after);
}

/* The return fails after the function has left vfio-pci: its node is new then, and belongs to whom it did. */
static void
test_return_is_undone (void)
{
  g_autoptr (PfTestKernel) kernel = start ("z97");
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  g_autoptr (PfPlan) plan = NULL;

  run (kernel, EHCI2);
  before = pf_test_kernel_describe (kernel);
  plan = pf_test_kernel_plan (kernel, "", "");
  pf_test_kernel_tell (kernel, "fail */drivers_probe EIO 1");
  pf_test_kernel_run (kernel, plan, FALSE);
  g_assert_nonnull (kernel->error);
  after = pf_test_kernel_describe (kernel);
  g_assert_cmpstr (before, ==, after);
}

static void
assert_held (PfTestKernel *kernel, const char *command)
{
  g_autoptr (PfPlan) plan = pf_test_kernel_plan (kernel, "", "");

  pf_test_kernel_tell (kernel, command);
  pf_test_kernel_run (kernel, plan, FALSE);
  g_assert_error (kernel->error, PF_ERROR, PF_ERROR_HELD);
  g_assert_nonnull (strstr (kernel->error->message, "qemu (4242)"));
  pf_test_kernel_tell (kernel, "release 7");
}

/* By its own node, taken over or only opened. */
static void
test_held (void)
{
  g_autoptr (PfTestKernel) kernel = start ("z97");

  run (kernel, EHCI2);
  assert_held (kernel, "hold-device " EHCI2 " 4242 qemu");
  assert_held (kernel, "open-device " EHCI2 " 4242 qemu");
  run (kernel, "");
}

int
main (int argc, char **argv)
{
  pf_fake_mount_enter_namespaces ();
  g_test_init (&argc, &argv, NULL);
  g_log_set_always_fatal (G_LOG_FATAL_MASK | G_LOG_LEVEL_CRITICAL);
  g_test_add_func ("/executor/devices/lend-and-home", test_lend_and_home);
  g_test_add_func ("/executor/devices/shared-group", test_shared_group);
  g_test_add_func ("/executor/devices/of-others", test_of_others);
  g_test_add_func ("/executor/devices/refused", test_refused);
  g_test_add_func ("/executor/devices/return-is-undone", test_return_is_undone);
  g_test_add_func ("/executor/devices/held", test_held);
  return g_test_run ();
}
