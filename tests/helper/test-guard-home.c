/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The helper takes back what a dead VM had, and brings home what a VM lets go, from whatever state. Board:
 * z97. */
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pf-test-guard.h"

#define MANAGER PF_BUS_MANAGER_PATH
#define PROFILE(id) PF_BUS_PROFILES_PATH "/" id
#define EHCI_OBJECT PF_BUS_CONTROLLERS_PATH "/0000_00_1a_0"

static PfTestWatch *watch;

/* A process that has the group open, as a VM does. */
static pid_t
start_vm (void)
{
  g_autofree char *path = g_build_filename (g_getenv ("PF_KERNEL"), "dev/vfio/7", NULL);
  g_autofree char *holder = NULL;
  pid_t pid = fork ();

  g_assert_cmpint (pid, >=, 0);
  if (pid == 0)
    {
      int fd = open (path, O_RDWR);

      /* On the first signal it lets go, on the second it ends. */
      signal (SIGUSR1, SIG_IGN);
      if (fd < 0)
        _exit (1);
      for (;;)
        {
          sigset_t set;
          int number;

          sigemptyset (&set);
          sigaddset (&set, SIGUSR2);
          sigprocmask (SIG_BLOCK, &set, NULL);
          sigwait (&set, &number);
          close (fd);
        }
    }
  for (guint i = 0; i < 300 && (holder == NULL || strstr (holder, "(") == NULL); i++)
    {
      g_free (holder);
      holder = pf_test_get (EHCI_OBJECT, PF_TEST_CONTROLLER, "Holder");
      g_usleep (10000);
    }
  g_assert_nonnull (strstr (holder, "("));
  return pid;
}

static void
stop_vm (pid_t pid)
{
  g_assert_cmpint (kill (pid, SIGKILL), ==, 0);
  g_assert_cmpint (waitpid (pid, NULL, 0), ==, pid);
}

static void
expect_guard (const char *profile)
{
  g_autofree char *text = g_strdup_printf ("Switched " MANAGER " ('%s', 'guard'", profile);

  pf_test_watch_expect (watch, text);
}

/* With a keyboard lent, everything comes home; but not before a VM has had it. */
static void
test_vm_exit (void)
{
  pid_t vm;

  pf_test_guard_apply_quietly ("keyboard");
  g_usleep (1500000);
  pf_test_guard_expect_active ("keyboard");
  vm = start_vm ();
  pf_test_watch_clear (watch);
  stop_vm (vm);
  expect_guard (PF_TEST_HOME);
  pf_test_guard_expect_active ("home");
  pf_test_guard_check_kernel_at_home ();
}

/* So it is with a helper that was started anew while the VM ran, or died together with it. */
static void
test_vm_exit_after_restart (void)
{
  pid_t vm;

  pf_test_guard_apply_quietly ("keyboard");
  vm = start_vm ();
  pf_test_watch_kill_helper (watch);
  pf_test_guard_expect_active ("keyboard");
  stop_vm (vm);
  pf_test_guard_expect_active ("home");
  pf_test_guard_check_kernel_at_home ();

  pf_test_guard_apply_quietly ("keyboard");
  vm = start_vm ();
  pf_test_watch_kill_helper (watch);
  stop_vm (vm);
  pf_test_guard_expect_active ("home");
  pf_test_guard_check_kernel_at_home ();
}

static void
test_vm_exit_keep (void)
{
  pid_t vm;

  pf_test_update_profile ("keyboard", "{'on-vm-exit': <'keep'>}");
  pf_test_guard_apply_quietly ("keyboard");
  vm = start_vm ();
  stop_vm (vm);
  pf_test_expect (EHCI_OBJECT, PF_TEST_CONTROLLER, "Holder", "''");
  g_usleep (300000);
  pf_test_guard_expect_active ("keyboard");
  pf_test_guard_expect_register (0xd0, PF_TEST_GUARD_KEYBOARD_VALUE);
  pf_test_update_profile ("keyboard", "{'on-vm-exit': <'auto'>}");
  pf_test_go_home ();
  /* Without a keyboard, that is what "auto" means. */
  pf_test_guard_apply_quietly ("idle");
  vm = start_vm ();
  stop_vm (vm);
  pf_test_expect (EHCI_OBJECT, PF_TEST_CONTROLLER, "Holder", "''");
  g_usleep (300000);
  pf_test_guard_expect_active ("idle");
  pf_test_go_home ();
}

static void
test_vm_exit_previous (void)
{
  g_autofree char *transaction = NULL;
  pid_t vm;

  pf_test_update_profile ("keyboard", "{'on-vm-exit': <'previous'>}");
  pf_test_guard_apply_quietly ("idle");
  pf_test_guard_apply_quietly ("keyboard");
  vm = start_vm ();
  pf_test_watch_clear (watch);
  stop_vm (vm);
  expect_guard (PROFILE ("idle"));
  pf_test_guard_expect_active ("idle");
  pf_test_guard_expect_register (0xd0, PF_TEST_GUARD_HOME_VALUE);
  /* The same where nobody has confirmed the switch yet. */
  pf_test_update_profile ("keyboard", "{'confirm': <'always'>}");
  transaction = pf_test_guard_apply ("keyboard");
  vm = start_vm ();
  pf_test_watch_clear (watch);
  stop_vm (vm);
  pf_test_watch_expect (watch, "Switched " MANAGER " ('" PROFILE ("idle") "'");
  pf_test_guard_expect_state ("idle");
  pf_test_guard_expect_active ("idle");
  pf_test_guard_expect_register (0xd0, PF_TEST_GUARD_HOME_VALUE);
  pf_test_go_home ();
  pf_test_update_profile ("keyboard", "{'on-vm-exit': <'auto'>, 'confirm': <'never'>}");
}

static void
go_home_but_held (void)
{
  g_autoptr (GVariant) answer = pf_test_manager ("active", "ReturnAll", "(@a{sv} {},)");
  g_autofree char *left = g_variant_print (answer, FALSE);

  /* What is left is named, with who has it; the ports are home at once. */
  g_assert_nonnull (strstr (left, "'address': <'0000:00:1a.0'>"));
  g_assert_nonnull (strstr (left, "is held by"));
  pf_test_guard_expect_register (0xd0, PF_TEST_GUARD_HOME_VALUE);
}

/* What a VM holds comes home when it lets go, whether it dies or only closes it, and across a helper's death.
 */
static void
test_home_when_free (void)
{
  pf_test_update_profile ("keyboard", "{'on-vm-exit': <'keep'>}");
  for (guint way = 0; way < 3; way++)
    {
      pid_t vm;

      pf_test_guard_apply_quietly ("keyboard");
      vm = start_vm ();
      go_home_but_held ();
      pf_test_watch_clear (watch);
      if (way == 2)
        pf_test_watch_kill_helper (watch);
      if (way == 1)
        g_assert_cmpint (kill (vm, SIGUSR2), ==, 0);
      else
        stop_vm (vm);
      pf_test_guard_expect_active ("home");
      pf_test_guard_check_kernel_at_home ();
      if (way == 1)
        stop_vm (vm);
    }
  pf_test_update_profile ("keyboard", "{'on-vm-exit': <'auto'>}");
}

/* So does what a VM has taken of a switch that is taken back, whatever the profile that is in force again says of VMs:
 * nobody has agreed to lend that. */
static void
test_home_when_free_after_revert (void)
{
  g_autofree char *transaction = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *parameters = NULL;
  pid_t vm;

  pf_test_update_profile ("webcam", "{'on-vm-exit': <'keep'>}");
  pf_test_update_profile ("keyboard", "{'confirm': <'always'>}");
  pf_test_guard_apply_quietly ("webcam");
  transaction = pf_test_guard_apply ("keyboard");
  vm = start_vm ();
  parameters = g_strdup_printf ("('%s',)", transaction);
  g_assert_null (pf_test_try ("active", PF_DESK_CALL_NONE,
                              &(PfTestCall){ "Manager", "Revert", MANAGER, parameters }, &error));
  g_assert_nonnull (strstr (error->message, "in use by"));
  pf_test_guard_expect_state ("degraded");
  pf_test_guard_expect_active ("webcam");
  stop_vm (vm);
  pf_test_guard_expect_active ("home");
  pf_test_guard_expect_state ("idle");
  pf_test_guard_check_kernel_at_home ();
  pf_test_update_profile ("keyboard", "{'confirm': <'never'>}");
}

/* Whoever switches again meanwhile has changed his mind. */
static void
test_home_forgotten (void)
{
  pid_t vm;

  pf_test_update_profile ("keyboard", "{'on-vm-exit': <'keep'>}");
  pf_test_guard_apply_quietly ("keyboard");
  vm = start_vm ();
  go_home_but_held ();
  pf_test_guard_apply_quietly ("keyboard");
  stop_vm (vm);
  pf_test_expect (EHCI_OBJECT, PF_TEST_CONTROLLER, "Holder", "''");
  g_usleep (300000);
  pf_test_guard_expect_active ("keyboard");
  pf_test_go_home ();
  pf_test_guard_check_kernel_at_home ();
  pf_test_update_profile ("keyboard", "{'on-vm-exit': <'auto'>}");
}

static void
refuse_half_way (const char *method, const char *parameters)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (pf_test_try ("active", PF_DESK_CALL_NONE, &(PfTestCall){ "Manager", method, MANAGER, parameters },
                              &error));
  g_assert_error (error, PF_ERROR, PF_ERROR_HELD);
  g_assert_nonnull (strstr (error->message, "is held by"));
  pf_test_guard_expect_state ("idle");
  pf_test_guard_expect_register (0xd0, PF_TEST_GUARD_HOME_VALUE);
}

/* A switch to home, or a toggle that leads there, is no other way than everybody's: the ports come at once. From there a
 * toggle leads back to what the VM still has. */
static void
test_home_as_switch (void)
{
  g_autoptr (GVariant) again = NULL;
  pid_t vm;

  pf_test_update_profile ("keyboard", "{'on-vm-exit': <'keep'>}");
  pf_test_guard_apply_quietly ("keyboard");
  vm = start_vm ();
  pf_test_expect (MANAGER, PF_TEST_MANAGER, "ToggleProfile", "'" PROFILE ("home") "'");
  refuse_half_way ("Toggle", "(@a{sv} {},)");
  pf_test_expect (MANAGER, PF_TEST_MANAGER, "ToggleProfile", "'" PROFILE ("keyboard") "'");
  again = pf_test_manager ("active", "Toggle", "(@a{sv} {},)");
  pf_test_guard_expect_register (0xd0, PF_TEST_GUARD_KEYBOARD_VALUE);
  refuse_half_way ("Apply", "(objectpath '" PROFILE ("home") "', {'release-seconds': <uint32 60>})");
  stop_vm (vm);
  pf_test_guard_expect_active ("home");
  pf_test_guard_check_kernel_at_home ();
  pf_test_update_profile ("keyboard", "{'on-vm-exit': <'auto'>}");
}

/* From any state: while a switch is under way ... */
static void
test_home_while_applying (void)
{
  PfDeskCall *applying;
  PfDeskCall *returning;
  g_autoptr (GVariant) applied = NULL;
  g_autoptr (GVariant) returned = NULL;
  g_autoptr (GError) error = NULL;

  pf_test_control ("block sys/bus/pci/drivers_probe");
  applying = pf_desk_call_start ("active", PF_DESK_CALL_NONE, MANAGER, PF_TEST_MANAGER, "Apply",
                                 g_variant_new_parsed ("(objectpath '" PROFILE ("keyboard") "', @a{sv} {})"),
                                 PF_TEST_TIMEOUT_MS);
  pf_test_guard_expect_state ("applying");
  returning = pf_desk_call_start ("active", PF_DESK_CALL_NONE, MANAGER, PF_TEST_MANAGER, "ReturnAll",
                                  g_variant_new_parsed ("(@a{sv} {},)"), PF_TEST_TIMEOUT_MS);
  g_usleep (300000);
  pf_test_guard_expect_state ("applying");
  pf_test_control ("unblock");
  applied = pf_desk_call_finish (applying, &error);
  g_assert_no_error (error);
  returned = pf_desk_call_finish (returning, &error);
  g_assert_no_error (error);
  pf_test_guard_expect_active ("home");
  pf_test_guard_expect_state ("idle");
  pf_test_guard_check_kernel_at_home ();
}

/* ... and while one waits for confirmation, or something could not be put back. */
static void
test_home_while_waiting (void)
{
  g_autofree char *transaction = NULL;
  g_autoptr (GError) error = NULL;

  pf_test_update_profile ("keyboard", "{'confirm': <'always'>}");
  transaction = pf_test_guard_apply ("keyboard");
  pf_test_guard_expect_state ("awaiting-confirmation");
  pf_test_go_home ();
  pf_test_guard_expect_state ("idle");
  pf_test_guard_check_kernel_at_home ();
  pf_test_update_profile ("keyboard", "{'confirm': <'never'>}");

  pf_test_control ("fail sys/bus/pci/drivers_probe EIO 0");
  g_assert_null (pf_test_try ("active", PF_DESK_CALL_NONE,
                              &(PfTestCall){ "Manager", "Apply", MANAGER,
                                             "(objectpath '" PROFILE ("keyboard") "', @a{sv} {})" },
                              &error));
  pf_test_control ("unblock");
  pf_test_guard_expect_state ("degraded");
  pf_test_go_home ();
  pf_test_guard_expect_state ("idle");
  pf_test_guard_check_kernel_at_home ();
}

int
main (int argc, char **argv)
{
  int status;

  watch = pf_test_guard_set_up (&argc, &argv);
  pf_test_update_profile ("keyboard", "{'confirm': <'never'>}");
  g_test_add_func ("/guard/vm-exit/home", test_vm_exit);
  g_test_add_func ("/guard/vm-exit/after-restart", test_vm_exit_after_restart);
  g_test_add_func ("/guard/vm-exit/keep", test_vm_exit_keep);
  g_test_add_func ("/guard/vm-exit/previous", test_vm_exit_previous);
  g_test_add_func ("/guard/home/when-free", test_home_when_free);
  g_test_add_func ("/guard/home/when-free-after-revert", test_home_when_free_after_revert);
  g_test_add_func ("/guard/home/forgotten", test_home_forgotten);
  g_test_add_func ("/guard/home/as-switch", test_home_as_switch);
  g_test_add_func ("/guard/home/while-applying", test_home_while_applying);
  g_test_add_func ("/guard/home/while-waiting", test_home_while_waiting);
  status = g_test_run ();
  pf_test_watch_free (watch);
  return status;
}
