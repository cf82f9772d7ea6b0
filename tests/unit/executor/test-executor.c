/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Plans carried out on a fake kernel, where all goes well or where one thing is in the way. */

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "pf-error.h"
#include "pf-test-kernel.h"

#define EHCI1 "0000:00:1d.0"
#define EHCI2 "0000:00:1a.0"
#define XHCI "0000:00:14.0"
#define SHARED "0000:21:00.3"
#define NOBODY_DONE(kernel) g_assert_cmpstr ((kernel)->record->str, ==, "")

static void
assert_done (PfTestKernel *kernel, const char *controllers, const char *ports, const char *record)
{
  g_autoptr (PfPlan) plan = pf_test_kernel_plan (kernel, controllers, ports);
  g_autoptr (PfPlan) again = NULL;

  pf_test_kernel_run (kernel, plan, FALSE);
  g_assert_no_error (kernel->error);
  if (record != NULL)
    g_assert_cmpstr (kernel->record->str, ==, record);
  again = pf_test_kernel_plan (kernel, controllers, ports);
  g_assert_true (pf_plan_is_empty (again));
}

/* Nothing of a plan stays when it fails. */
static void
assert_fails (PfTestKernel *kernel, const char *controllers, const char *ports, PfError code)
{
  g_autofree char *before = pf_test_kernel_describe (kernel);
  g_autoptr (PfPlan) plan = pf_test_kernel_plan (kernel, controllers, ports);
  g_autofree char *after = NULL;

  pf_test_kernel_run (kernel, plan, FALSE);
  g_assert_error (kernel->error, PF_ERROR, (int) code);
  g_test_message ("%s", kernel->error->message);
  g_assert_true (kernel->restored);
  after = pf_test_kernel_describe (kernel);
  g_assert_cmpstr (before, ==, after);
}

static void
assert_home (PfTestKernel *kernel, const char *start)
{
  g_autofree char *end = NULL;

  assert_done (kernel, "", "", NULL);
  end = pf_test_kernel_describe (kernel);
  g_assert_cmpstr (start, ==, end);
  g_assert_cmpuint (kernel->loans->loans->len, ==, 0);
}

static void
assert_bound (PfTestKernel *kernel, const char *address, const char *driver, const char *driver_override)
{
  g_autofree char *is = pf_fake_mount_get_driver (kernel->mount, address);
  g_autofree char *path = g_strdup_printf ("sys/bus/pci/devices/%s/driver_override", address);
  g_autofree char *text = pf_fake_mount_read (kernel->mount, path);

  g_assert_cmpstr (is, ==, driver);
  g_assert_cmpstr (text, ==, driver_override);
}

static void
assert_node (PfTestKernel *kernel, int group, uid_t uid, gid_t gid, mode_t mode)
{
  g_autofree char *path = g_strdup_printf ("%s/dev/vfio/%d", kernel->mount->path, group);
  struct stat status;

  g_assert_cmpint (stat (path, &status), ==, 0);
  g_assert_cmpuint (status.st_uid, ==, uid);
  g_assert_cmpuint (status.st_gid, ==, gid);
  g_assert_cmphex (status.st_mode & 07777, ==, mode);
}

static guint32
read_register (PfTestKernel *kernel)
{
  return pf_fake_mount_read_register (kernel->mount, XHCI, 0xd0);
}

/* The HOWTO from its beginning to its end. */
static void
test_lend_route_home (void)
{
  g_autoptr (PfTestKernel) kernel = pf_test_kernel_new ("z97");
  g_autofree char *start = pf_test_kernel_describe (kernel);

  assert_done (kernel, EHCI2, "ehci2", "begin lend 7\ndone lend 7\nbegin route 0x00ff\ndone route 0x00ff\n");
  assert_bound (kernel, EHCI2, "vfio-pci", "vfio-pci");
  assert_bound (kernel, EHCI1, "ehci-pci", "(null)");
  assert_node (kernel, 7, 1000, 1000, 0600);
  g_assert_cmphex (read_register (kernel), ==, 0x00ff);
  g_assert_nonnull (pf_loans_find_by_member (kernel->loans, EHCI2));
  assert_home (kernel, start);
  g_assert_cmpstr (kernel->record->str, ==,
                   "begin route 0x3fff\ndone route 0x3fff\nbegin return 7\ndone return 7\n");
}

/* With the EHCIs lent, a toggle is one write of one register, and there is nothing to write the second time.
 */
static void
test_toggle_is_one_write (void)
{
  g_autoptr (PfTestKernel) kernel = pf_test_kernel_new ("z97");

  assert_done (kernel, EHCI1 " " EHCI2, "", NULL);
  pf_test_kernel_tell (kernel, "clear-log");
  assert_done (kernel, EHCI1 " " EHCI2, "all", "begin route 0x0000\ndone route 0x0000\n");
  g_assert_cmpuint (pf_test_kernel_count_writes (kernel), ==, 1);
  assert_done (kernel, EHCI1 " " EHCI2, "all", "");
  g_assert_cmpuint (pf_test_kernel_count_writes (kernel), ==, 1);
  assert_done (kernel, EHCI1 " " EHCI2, "ehci1/1 ehci2/1", "begin route 0x3efe\ndone route 0x3efe\n");
  g_assert_cmpuint (pf_test_kernel_count_writes (kernel), ==, 2);
}

/* The router itself can go, and come back. */
static void
test_lend_xhci (void)
{
  g_autoptr (PfTestKernel) kernel = pf_test_kernel_new ("z97");
  g_autofree char *start = pf_test_kernel_describe (kernel);

  assert_done (kernel, XHCI, "ehci1/1", "begin route 0x0001\ndone route 0x0001\nbegin lend 4\ndone lend 4\n");
  assert_bound (kernel, XHCI, "vfio-pci", "vfio-pci");
  assert_home (kernel, start);
}

/* A group of many goes as a whole, its bridges stay, and what had no driver has none again. */
static void
test_shared_group (void)
{
  g_autoptr (PfTestKernel) kernel = pf_test_kernel_new ("amd-shared");
  g_autofree char *start = pf_test_kernel_describe (kernel);
  g_autoptr (PfBoard) board = pf_test_kernel_scan (kernel);
  const PfGroup *group = pf_board_find_controller (board, SHARED)->group;

  assert_done (kernel, SHARED, "", "begin lend 15\ndone lend 15\n");
  g_assert_cmpuint (group->members->len, >=, 6);
  for (guint i = 0; i < group->members->len; i++)
    {
      const PfFunction *member = group->members->pdata[i];

      if (pf_function_is_bridge (member))
        assert_bound (kernel, member->address, member->driver, "(null)");
      else
        assert_bound (kernel, member->address, "vfio-pci", "vfio-pci");
    }
  assert_node (kernel, 15, 1000, 1000, 0600);
  assert_home (kernel, start);
}

/* What others had set before is found again: an override, a function of theirs on vfio-pci, the owner of its
 * node. */
static void
test_others_find_it_again (void)
{
  g_autoptr (PfTestKernel) kernel = pf_test_kernel_new ("amd-shared");
  g_autofree char *node = pf_fake_mount_get_path (kernel->mount, "dev/vfio/15");
  g_autofree char *start = NULL;

  pf_test_kernel_tell (kernel, "bind 0000:21:00.2 vfio-pci");
  g_assert_cmpint (chown (node, 107, 36), ==, 0);
  g_assert_cmpint (chmod (node, 0660), ==, 0);
  pf_fake_mount_write (kernel->mount, "sys/bus/pci/devices/" SHARED "/driver_override", "xhci_hcd");
  start = pf_test_kernel_describe (kernel);
  assert_done (kernel, SHARED, "", NULL);
  g_assert_null (pf_loans_find_by_member (kernel->loans, "0000:21:00.2"));
  assert_node (kernel, 15, 1000, 1000, 0600);
  assert_home (kernel, start);
}

static PfPlan *
make_node_plan (void)
{
  PfPlan *plan = pf_plan_new ("test");
  PfStep *step = pf_step_new (PF_STEP_NODE);

  step->group = 7;
  step->node_before = (PfNode){ 1000, 1000, 0600 };
  step->node = (PfNode){ 1001, 104, 0660 };
  g_ptr_array_add (plan->steps, step);
  return plan;
}

/* The node of what is lent goes to another user and back, with a VM that has it open, and nothing else is
 * touched. */
static void
test_node_alone (void)
{
  g_autoptr (PfTestKernel) kernel = pf_test_kernel_new ("z97");
  g_autoptr (PfPlan) plan = make_node_plan ();
  g_autoptr (PfPlan) inverse = pf_plan_invert (plan);

  assert_done (kernel, EHCI2, "", NULL);
  pf_test_kernel_tell (kernel, "hold 7 4242 qemu");
  pf_test_kernel_tell (kernel, "clear-log");
  pf_test_kernel_run (kernel, plan, FALSE);
  g_assert_no_error (kernel->error);
  assert_node (kernel, 7, 1001, 104, 0660);
  pf_test_kernel_run (kernel, inverse, FALSE);
  g_assert_no_error (kernel->error);
  assert_node (kernel, 7, 1000, 1000, 0600);
  /* Owner and mode, twice. */
  g_assert_cmpuint (pf_test_kernel_count_writes (kernel), ==, 4);
  pf_test_kernel_tell (kernel, "release 7");
}

/* Half of it is refused: it goes back to whom it belonged. */
static void
test_node_is_refused (void)
{
  g_autoptr (PfTestKernel) kernel = pf_test_kernel_new ("z97");
  g_autoptr (PfPlan) plan = make_node_plan ();

  assert_done (kernel, EHCI2, "", NULL);
  pf_test_kernel_tell (kernel, "fail dev/vfio/7 EPERM 1 1");
  pf_test_kernel_run (kernel, plan, FALSE);
  g_assert_error (kernel->error, PF_ERROR, PF_ERROR_WRITE_FAILED);
  g_assert_true (kernel->restored);
  assert_node (kernel, 7, 1000, 1000, 0600);
}

/* Bits beyond the mask are not ours, and others may set them between the look at the board and the switch. */
static void
test_other_bits (void)
{
  g_autoptr (PfTestKernel) kernel
      = pf_test_kernel_new_with ("z97", "[function " XHCI "]", "routing-extra=0x7fffc000");
  g_autoptr (PfPlan) plan = NULL;

  pf_test_kernel_tell (kernel, "poke " XHCI " d0 25003fff");
  g_assert_cmphex (read_register (kernel), ==, 0x25003fff);
  plan = pf_test_kernel_plan (kernel, EHCI2, "ehci2");
  pf_test_kernel_tell (kernel, "poke " XHCI " d0 5a007fff");
  pf_test_kernel_run (kernel, plan, FALSE);
  g_assert_no_error (kernel->error);
  g_assert_cmphex (read_register (kernel), ==, 0x5a0040ff);
}

static void
test_module_is_loaded (void)
{
  g_autoptr (PfTestKernel) kernel = pf_test_kernel_new_with ("z97", "[board]", "vfio-pci=module");
  g_autofree char *start = pf_test_kernel_describe (kernel);

  assert_done (kernel, EHCI2, "ehci2/1", NULL);
  g_assert_cmpstr (kernel->module, ==, "vfio-pci");
  g_clear_pointer (&kernel->module, g_free);
  assert_home (kernel, start);
  assert_done (kernel, EHCI1, "", NULL);
  g_assert_null (kernel->module);
}

/* Loading went well, it is said, and there is no driver all the same. */
static void
test_module_is_of_no_use (void)
{
  g_autoptr (PfTestKernel) kernel = pf_test_kernel_new ("no-vfio");

  kernel->module_is_useless = TRUE;
  assert_fails (kernel, EHCI2, "", PF_ERROR_VFIO_UNAVAILABLE);
  g_assert_nonnull (strstr (kernel->error->message, "was loaded"));
  g_assert_cmpuint (pf_test_kernel_count_writes (kernel), ==, 0);
}

static void
test_module_is_missing (void)
{
  g_autoptr (PfTestKernel) kernel = pf_test_kernel_new ("no-vfio");

  assert_fails (kernel, EHCI2, "ehci2", PF_ERROR_VFIO_UNAVAILABLE);
  g_assert_cmpuint (pf_test_kernel_count_writes (kernel), ==, 0);
  NOBODY_DONE (kernel);
}

/* The probe succeeds, as it does where no driver takes a device. */
static void
test_member_is_refused (void)
{
  g_autoptr (PfTestKernel) kernel = pf_test_kernel_new ("amd-shared");

  pf_test_kernel_tell (kernel, "fail sys/bus/pci/drivers_probe ignored 1 2");
  assert_fails (kernel, SHARED, "", PF_ERROR_VERIFY_FAILED);
  g_assert_nonnull (strstr (kernel->error->message, "vfio-pci did not take 0000:2"));
  g_assert_cmpstr (kernel->record->str, ==, "begin lend 15\nundone lend 15\n");
  g_assert_cmpuint (kernel->loans->loans->len, ==, 0);
}

static void
test_register_does_not_take (void)
{
  g_autoptr (PfTestKernel) kernel = pf_test_kernel_new ("z97");

  pf_test_kernel_tell (kernel, "fail */" XHCI "/config ignored 0");
  assert_fails (kernel, EHCI2, "ehci2", PF_ERROR_VERIFY_FAILED);
  g_assert_nonnull (strstr (kernel->error->message, XHCI));
  g_assert_nonnull (strstr (kernel->error->message, "0x00ff"));
  g_assert_nonnull (strstr (kernel->error->message, "0x3fff"));
  g_assert_cmpstr (
      kernel->record->str, ==,
      "begin lend 7\ndone lend 7\nbegin route 0x00ff\nundone route 0x00ff\nbegin return 7\ndone return 7\n");
}

static void
test_lockdown (void)
{
  g_autoptr (PfTestKernel) kernel = pf_test_kernel_new ("z97");
  g_autoptr (PfTestKernel) locked = pf_test_kernel_new ("locked-down");
  g_autoptr (PfBoard) board = pf_test_kernel_scan (locked);

  pf_test_kernel_tell (kernel, "fail */" XHCI "/config EPERM 0");
  assert_fails (kernel, EHCI2, "ehci2", PF_ERROR_LOCKDOWN);
  g_assert_nonnull (strstr (kernel->error->message, "lockdown"));
  g_assert_nonnull (strstr (kernel->error->message, "Secure Boot"));
  g_assert_nonnull (strstr (kernel->error->message, "whole controllers"));
  g_assert_cmpuint (board->routers->len, ==, 1);
  assert_fails (locked, EHCI2, "ehci2", PF_ERROR_LOCKDOWN);
}

/* While a VM has the group, unbinding would hang: it is not even tried. */
static void
test_held (void)
{
  g_autoptr (PfTestKernel) kernel = pf_test_kernel_new ("z97");
  g_autofree char *start = pf_test_kernel_describe (kernel);

  assert_done (kernel, EHCI2, "", NULL);
  pf_test_kernel_tell (kernel, "hold 7 4242 qemu-system-x86");
  pf_test_kernel_tell (kernel, "clear-log");
  assert_fails (kernel, "", "", PF_ERROR_HELD);
  g_assert_nonnull (strstr (kernel->error->message, "qemu-system-x86 (4242)"));
  g_assert_nonnull (strstr (kernel->error->message, "group 7"));
  g_assert_cmpuint (pf_test_kernel_count_writes (kernel), ==, 0);
  g_assert_nonnull (pf_loans_find (kernel->loans, 7));
  pf_test_kernel_tell (kernel, "release 7");
  assert_home (kernel, start);
}

/* Ports that went home before it turned out that a controller cannot come are given back to the guest. */
static void
test_held_after_routing (void)
{
  g_autoptr (PfTestKernel) kernel = pf_test_kernel_new ("z97");

  assert_done (kernel, EHCI2, "ehci2", NULL);
  pf_test_kernel_tell (kernel, "hold 7 4242 qemu-system-x86");
  assert_fails (kernel, "", "", PF_ERROR_HELD);
  g_assert_cmphex (read_register (kernel), ==, 0x00ff);
}

/* Home never waits: what can come home does, and what cannot stays on record. */
static void
test_keep_going (void)
{
  g_autoptr (PfTestKernel) kernel = pf_test_kernel_new ("z97");
  g_autofree char *start = pf_test_kernel_describe (kernel);
  g_autoptr (PfPlan) home = NULL;

  assert_done (kernel, EHCI1 " " EHCI2, "all", NULL);
  pf_test_kernel_tell (kernel, "hold 7 4242 qemu-system-x86");
  home = pf_test_kernel_plan (kernel, "", "");
  pf_test_kernel_run (kernel, home, TRUE);
  g_assert_error (kernel->error, PF_ERROR, PF_ERROR_HELD);
  g_assert_cmphex (read_register (kernel), ==, 0x3fff);
  assert_bound (kernel, EHCI1, "ehci-pci", "(null)");
  assert_bound (kernel, EHCI2, "vfio-pci", "vfio-pci");
  assert_node (kernel, 7, 1000, 1000, 0600);
  g_assert_nonnull (pf_loans_find (kernel->loans, 7));
  g_assert_null (pf_loans_find (kernel->loans, 10));
  pf_test_kernel_tell (kernel, "release 7");
  assert_home (kernel, start);
}

static void
test_keep_going_after_a_failure (void)
{
  g_autoptr (PfTestKernel) kernel = pf_test_kernel_new ("z97");
  g_autofree char *start = pf_test_kernel_describe (kernel);
  g_autoptr (PfPlan) home = NULL;

  assert_done (kernel, EHCI1 " " EHCI2, "all", NULL);
  home = pf_test_kernel_plan (kernel, "", "");
  pf_test_kernel_tell (kernel, "fail */vfio-pci/unbind EIO 2 0");
  pf_test_kernel_run (kernel, home, TRUE);
  g_assert_error (kernel->error, PF_ERROR, PF_ERROR_WRITE_FAILED);
  g_assert_true (kernel->restored);
  g_assert_cmphex (read_register (kernel), ==, 0x3fff);
  g_assert_cmpuint (kernel->loans->loans->len, ==, 1);
  assert_home (kernel, start);
}

/* A function that is gone cannot be restored, and that is said. */
static void
test_vanished (void)
{
  g_autoptr (PfTestKernel) kernel = pf_test_kernel_new ("z97");
  g_autoptr (PfPlan) plan = pf_test_kernel_plan (kernel, EHCI2, "");

  pf_test_kernel_tell (kernel, "vanish " EHCI2);
  pf_test_kernel_run (kernel, plan, FALSE);
  g_assert_error (kernel->error, PF_ERROR, PF_ERROR_NO_SUCH_DEVICE);
  g_assert_nonnull (strstr (kernel->error->message, EHCI2));
  g_assert_false (kernel->restored);
}

static gboolean
on_tick (gpointer user_data)
{
  guint *ticks_left = user_data;

  return --*ticks_left > 0;
}

/* A kernel that takes its time holds up nobody but the switch. */
static void
test_slow_kernel (void)
{
  g_autoptr (PfTestKernel) kernel = pf_test_kernel_new ("z97");
  g_autoptr (PfPlan) plan = pf_test_kernel_plan (kernel, EHCI2, "ehci2");
  gboolean finished = FALSE;
  guint ticks_left = 20;

  pf_test_kernel_tell (kernel, "block */ehci-pci/unbind");
  pf_test_kernel_start (kernel, plan, FALSE, &finished);
  g_timeout_add (10, on_tick, &ticks_left);
  while (ticks_left > 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_false (finished);
  g_assert_cmpstr (kernel->record->str, ==, "begin lend 7\n");
  pf_test_kernel_tell (kernel, "unblock");
  pf_test_kernel_wait_for (&finished);
  g_assert_no_error (kernel->error);
  g_assert_cmphex (read_register (kernel), ==, 0x00ff);
}

/* Where an unset override reads as nothing. */
static void
test_other_kernel (void)
{
  g_autoptr (PfTestKernel) kernel = pf_test_kernel_new_with ("z97", "[board]", "unset-override=");
  g_autofree char *start = pf_test_kernel_describe (kernel);

  assert_done (kernel, EHCI2, "ehci2", NULL);
  assert_home (kernel, start);
  assert_bound (kernel, EHCI2, "ehci-pci", "");
}

typedef struct
{
  char *folder;
  gint stop;
} Renaming;

static gpointer
rename_on (gpointer data)
{
  Renaming *renaming = data;
  g_autofree char *here = g_build_filename (renaming->folder, "here", NULL);
  g_autofree char *there = g_build_filename (renaming->folder, "there", NULL);

  g_assert_true (g_file_set_contents (here, "", 0, NULL));
  while (!g_atomic_int_get (&renaming->stop))
    {
      g_assert_cmpint (rename (here, there), ==, 0);
      g_assert_cmpint (rename (there, here), ==, 0);
      g_usleep (20);
    }
  g_unlink (here);
  return NULL;
}

/* While files are renamed all the time, anywhere on the machine, the kernel cannot tell at once whether a
 * link with ".." leads out of /sys, which is made of such links. */
static void
test_busy_machine (void)
{
  g_autoptr (PfTestKernel) kernel = pf_test_kernel_new ("z97");
  g_autofree char *start = pf_test_kernel_describe (kernel);
  Renaming renaming = { .folder = g_dir_make_tmp (NULL, NULL) };
  GThread *thread = g_thread_new ("rename", rename_on, &renaming);

  for (guint i = 0; i < 15; i++)
    {
      assert_done (kernel, EHCI2, "ehci2", NULL);
      assert_home (kernel, start);
    }
  g_atomic_int_set (&renaming.stop, TRUE);
  g_thread_join (thread);
  g_rmdir (renaming.folder);
  g_free (renaming.folder);
}

static void
assert_recorded (PfTestKernel *kernel, PfRouterSetting setting, guint32 expected)
{
  guint32 value = ~expected;

  g_assert_true (pf_loans_get_home (kernel->loans, XHCI, setting, &value));
  g_assert_cmphex (value, ==, expected);
}

/* The way home once more, as after a crash when all was done already and the record of what is lent was
 * empty: what goes on record is what is there, and not what was there when the plan was made. */
static void
test_done_again (void)
{
  g_autoptr (PfTestKernel) kernel = pf_test_kernel_new_with ("z97", "[function 0000:00:14.0]", "power=auto");
  g_autofree char *start = pf_test_kernel_describe (kernel);
  g_autoptr (PfPlan) home = NULL;
  g_autofree char *end = NULL;

  assert_done (kernel, EHCI2, "ehci2", NULL);
  assert_recorded (kernel, PF_SETTING_ROUTING, 0x3fff);
  assert_recorded (kernel, PF_SETTING_POWER, PF_POWER_AUTO);
  home = pf_test_kernel_plan (kernel, "", "");
  pf_test_kernel_run (kernel, home, TRUE);
  g_assert_no_error (kernel->error);
  pf_loans_free (kernel->loans);
  kernel->loans = pf_loans_new ();
  pf_test_kernel_run (kernel, home, TRUE);
  g_assert_no_error (kernel->error);
  assert_recorded (kernel, PF_SETTING_ROUTING, 0x3fff);
  assert_recorded (kernel, PF_SETTING_POWER, PF_POWER_AUTO);
  end = pf_test_kernel_describe (kernel);
  g_assert_cmpstr (start, ==, end);
}

static void
test_empty_plan (void)
{
  g_autoptr (PfTestKernel) kernel = pf_test_kernel_new ("z97");

  assert_done (kernel, "", "", "");
  g_assert_cmpuint (pf_test_kernel_count_writes (kernel), ==, 0);
}

int
main (int argc, char **argv)
{
  pf_fake_mount_enter_namespaces ();
  g_test_init (&argc, &argv, NULL);
  g_log_set_always_fatal (G_LOG_FATAL_MASK | G_LOG_LEVEL_CRITICAL);
  g_test_add_func ("/executor/lend-route-home", test_lend_route_home);
  g_test_add_func ("/executor/toggle", test_toggle_is_one_write);
  g_test_add_func ("/executor/lend-xhci", test_lend_xhci);
  g_test_add_func ("/executor/shared-group", test_shared_group);
  g_test_add_func ("/executor/others", test_others_find_it_again);
  g_test_add_func ("/executor/node-alone", test_node_alone);
  g_test_add_func ("/executor/node-is-refused", test_node_is_refused);
  g_test_add_func ("/executor/other-bits", test_other_bits);
  g_test_add_func ("/executor/module/loaded", test_module_is_loaded);
  g_test_add_func ("/executor/module/no-use", test_module_is_of_no_use);
  g_test_add_func ("/executor/module/missing", test_module_is_missing);
  g_test_add_func ("/executor/member-refused", test_member_is_refused);
  g_test_add_func ("/executor/register-does-not-take", test_register_does_not_take);
  g_test_add_func ("/executor/lockdown", test_lockdown);
  g_test_add_func ("/executor/held", test_held);
  g_test_add_func ("/executor/held-after-routing", test_held_after_routing);
  g_test_add_func ("/executor/keep-going/held", test_keep_going);
  g_test_add_func ("/executor/keep-going/failure", test_keep_going_after_a_failure);
  g_test_add_func ("/executor/vanished", test_vanished);
  g_test_add_func ("/executor/slow-kernel", test_slow_kernel);
  g_test_add_func ("/executor/other-kernel", test_other_kernel);
  g_test_add_func ("/executor/busy-machine", test_busy_machine);
  g_test_add_func ("/executor/done-again", test_done_again);
  g_test_add_func ("/executor/empty-plan", test_empty_plan);
  return g_test_run ();
}
