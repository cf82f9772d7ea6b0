/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the helper does by itself: it asks whether a keyboard shall stay away, takes back what a dead VM had, puts right
 * what others change, and brings home what a VM lets go. Board: z97. */
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "pf-test-watch.h"

#define MANAGER PF_BUS_MANAGER_PATH
#define PROFILE(id) PF_BUS_PROFILES_PATH "/" id
#define XHCI "0000:00:14.0"
#define XHCI_OBJECT PF_BUS_CONTROLLERS_PATH "/0000_00_14_0"
#define EHCI_OBJECT PF_BUS_CONTROLLERS_PATH "/0000_00_1a_0"
#define POWER "sys/bus/pci/devices/0000:00:14.0/power/control"
#define HOME_VALUE 0x3fff
#define KEYBOARD_VALUE 0x3eff /* ehci2/1 is bit 8 */

static PfTestWatch *watch;
static GDBusConnection *logind;

static void
control (const char *line)
{
  g_autoptr (GError) error = NULL;

  pf_desk_kernel_control (line, &error);
  g_assert_no_error (error);
}

static void
expect (const char *object, const char *interface, const char *property, const char *value)
{
  if (!pf_desk_wait_for_property (object, interface, property, value, 3000))
    {
      g_autofree char *is = pf_test_get (object, interface, property);

      g_error ("%s is %s, not %s", property, is, value);
    }
}

static void
expect_active (const char *id)
{
  g_autofree char *value = g_strdup_printf ("'" PF_BUS_PROFILES_PATH "/%s'", id);

  expect (MANAGER, PF_TEST_MANAGER, "ActiveProfile", value);
}

static void
expect_state (const char *state)
{
  g_autofree char *value = g_strdup_printf ("'%s'", state);

  expect (MANAGER, PF_TEST_MANAGER, "State", value);
}

/* Waits until the kernel has it. */
static void
expect_register (guint offset, guint32 value)
{
  gint64 end = g_get_monotonic_time () + 3 * G_USEC_PER_SEC;

  while (pf_desk_kernel_config (XHCI, offset) != value && g_get_monotonic_time () < end)
    g_usleep (10000);
  g_assert_cmphex (pf_desk_kernel_config (XHCI, offset), ==, value);
}

static void
check_kernel_at_home (void)
{
  g_autofree char *link = pf_desk_kernel_link ("sys/bus/pci/devices/0000:00:1a.0/driver");
  g_autofree char *text = pf_desk_read_kernel ("sys/bus/pci/devices/0000:00:1a.0/driver_override");

  g_assert_cmpstr (link, ==, "ehci-pci");
  g_assert_cmpstr (text, ==, "(null)");
  g_assert_null (pf_desk_kernel_link ("dev/vfio/7"));
  expect_register (0xd0, HOME_VALUE);
  expect_register (0xd8, 0x3f);
}

static void
update (const char *id, const char *settings)
{
  g_autofree char *path = pf_bus_profile_path (id);
  g_autofree char *parameters = g_strdup_printf ("(%s,)", settings);
  g_autoptr (GVariant) answer
      = pf_test_call ("root", PF_DESK_CALL_NONE, &(PfTestCall){ "Profile", "Update", path, parameters });
}

static char *
apply (const char *id)
{
  return pf_test_apply ("active", id, "@a{sv} {}");
}

static void
confirm (const char *transaction)
{
  g_autoptr (GVariant) answer = pf_test_manager ("active", "Confirm", "('%s',)", transaction);
}

static void
apply_quietly (const char *id)
{
  g_autofree char *transaction = apply (id);

  g_test_message ("%s, quietly", id);
  expect_state ("idle");
  expect_active (id);
}

static void
apply_and_confirm (const char *id)
{
  g_autofree char *transaction = apply (id);

  g_test_message ("%s, and confirm", id);
  expect_state ("awaiting-confirmation");
  confirm (transaction);
  expect_state ("idle");
  expect_active (id);
}

static void
kill_helper (void)
{
  guint32 pid = pf_test_watch_get_pid (watch);

  g_assert_cmpint (kill ((pid_t) pid, SIGKILL), ==, 0);
  while (kill ((pid_t) pid, 0) == 0)
    g_usleep (10000);
}

/* Until the profile was confirmed as it reads, and again when it reads otherwise. */
static void
test_confirm_first (void)
{
  apply_and_confirm ("keyboard");
  pf_test_go_home ();
  apply_quietly ("keyboard");
  pf_test_go_home ();
  /* That is kept: a helper that is started anew knows it. */
  kill_helper ();
  apply_quietly ("keyboard");
  pf_test_go_home ();
  update ("keyboard", "{'label': <'Another'>}");
  apply_and_confirm ("keyboard");
  pf_test_go_home ();
  check_kernel_at_home ();
}

static void
test_confirm_by_board (void)
{
  apply_and_confirm ("mouse");
  pf_test_go_home ();
  control ("vanish 0000:00:1d.0");
  apply_and_confirm ("mouse");
  pf_test_go_home ();
  control ("unbind " XHCI);
  control ("bind " XHCI " xhci_hcd");
  apply_quietly ("mouse");
  pf_test_go_home ();
}

static void
test_confirm_file (void)
{
  g_autofree char *path = g_build_filename (g_getenv ("PF_STATE"), "var/lib/portferry/confirmed", NULL);
  g_autofree char *text = NULL;
  struct stat status;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_nonnull (strstr (text, "[Profile keyboard]"));
  g_assert_cmpint (stat (path, &status), ==, 0);
  g_assert_cmphex (status.st_mode & 022, ==, 0);
  /* What cannot be read asks again. */
  g_assert_true (g_file_set_contents (path, "[Confirmed]\nFormat=7\n", -1, NULL));
  apply_and_confirm ("keyboard");
  pf_test_go_home ();
  apply_quietly ("keyboard");
  pf_test_go_home ();
}

static void
test_confirm_always_and_never (void)
{
  gint64 begin;
  g_autofree char *transaction = NULL;

  update ("keyboard", "{'confirm': <'never'>}");
  apply_quietly ("keyboard");
  pf_test_go_home ();
  update ("keyboard", "{'confirm': <'always'>, 'confirm-seconds': <uint32 5>}");
  apply_and_confirm ("keyboard");
  pf_test_go_home ();
  begin = g_get_monotonic_time ();
  pf_test_watch_clear (watch);
  transaction = apply ("keyboard");
  expect_register (0xd0, KEYBOARD_VALUE);
  g_assert_cmpint (pf_test_watch_wait (watch, "Switched " MANAGER " ('" PF_TEST_HOME "', 'guard'", 10000), >, 0);
  g_assert_cmpint (g_get_monotonic_time () - begin, >=, 5 * G_USEC_PER_SEC);
  check_kernel_at_home ();
  update ("keyboard", "{'confirm': <'never'>, 'confirm-seconds': <uint32 15>}");
}

/* What moves no keyboard and no pointer asks nothing. */
static void
test_no_input (void)
{
  apply_quietly ("webcam");
  pf_test_go_home ();
}

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

  apply_quietly ("keyboard");
  g_usleep (1500000);
  expect_active ("keyboard");
  vm = start_vm ();
  pf_test_watch_clear (watch);
  stop_vm (vm);
  expect_guard (PF_TEST_HOME);
  expect_active ("home");
  check_kernel_at_home ();
}

/* So it is with a helper that was started anew while the VM ran, or died together with it. */
static void
test_vm_exit_after_restart (void)
{
  pid_t vm;

  apply_quietly ("keyboard");
  vm = start_vm ();
  kill_helper ();
  expect_active ("keyboard");
  stop_vm (vm);
  expect_active ("home");
  check_kernel_at_home ();

  apply_quietly ("keyboard");
  vm = start_vm ();
  kill_helper ();
  stop_vm (vm);
  expect_active ("home");
  check_kernel_at_home ();
}

static void
test_vm_exit_keep (void)
{
  pid_t vm;

  update ("keyboard", "{'on-vm-exit': <'keep'>}");
  apply_quietly ("keyboard");
  vm = start_vm ();
  stop_vm (vm);
  expect (EHCI_OBJECT, PF_TEST_CONTROLLER, "Holder", "''");
  g_usleep (300000);
  expect_active ("keyboard");
  expect_register (0xd0, KEYBOARD_VALUE);
  update ("keyboard", "{'on-vm-exit': <'auto'>}");
  pf_test_go_home ();
  /* Without a keyboard, that is what "auto" means. */
  apply_quietly ("idle");
  vm = start_vm ();
  stop_vm (vm);
  expect (EHCI_OBJECT, PF_TEST_CONTROLLER, "Holder", "''");
  g_usleep (300000);
  expect_active ("idle");
  pf_test_go_home ();
}

static void
test_vm_exit_previous (void)
{
  pid_t vm;

  update ("keyboard", "{'on-vm-exit': <'previous'>}");
  apply_quietly ("idle");
  apply_quietly ("keyboard");
  vm = start_vm ();
  pf_test_watch_clear (watch);
  stop_vm (vm);
  expect_guard (PROFILE ("idle"));
  expect_active ("idle");
  expect_register (0xd0, HOME_VALUE);
  pf_test_go_home ();
  update ("keyboard", "{'on-vm-exit': <'auto'>}");
}

static void
go_home_but_held (void)
{
  g_autoptr (GVariant) answer = pf_test_manager ("active", "ReturnAll", "(@a{sv} {},)");
  g_autofree char *left = g_variant_print (answer, FALSE);

  /* What is left is named, with who has it; the ports are home at once. */
  g_assert_nonnull (strstr (left, "'address': <'0000:00:1a.0'>"));
  g_assert_nonnull (strstr (left, "is held by"));
  expect_register (0xd0, HOME_VALUE);
}

/* What a VM holds comes home when it lets go, whether it dies or only closes it, and across a helper's death. */
static void
test_home_when_free (void)
{
  update ("keyboard", "{'on-vm-exit': <'keep'>}");
  for (guint way = 0; way < 3; way++)
    {
      pid_t vm;

      apply_quietly ("keyboard");
      vm = start_vm ();
      go_home_but_held ();
      pf_test_watch_clear (watch);
      if (way == 2)
        kill_helper ();
      if (way == 1)
        g_assert_cmpint (kill (vm, SIGUSR2), ==, 0);
      else
        stop_vm (vm);
      expect_active ("home");
      check_kernel_at_home ();
      if (way == 1)
        stop_vm (vm);
    }
  update ("keyboard", "{'on-vm-exit': <'auto'>}");
}

/* Whoever switches again meanwhile has changed his mind. */
static void
test_home_forgotten (void)
{
  pid_t vm;

  update ("keyboard", "{'on-vm-exit': <'keep'>}");
  apply_quietly ("keyboard");
  vm = start_vm ();
  go_home_but_held ();
  apply_quietly ("keyboard");
  stop_vm (vm);
  expect (EHCI_OBJECT, PF_TEST_CONTROLLER, "Holder", "''");
  g_usleep (300000);
  expect_active ("keyboard");
  pf_test_go_home ();
  check_kernel_at_home ();
  update ("keyboard", "{'on-vm-exit': <'auto'>}");
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

  control ("block sys/bus/pci/drivers_probe");
  applying = pf_desk_call_start ("active", PF_DESK_CALL_NONE, MANAGER, PF_TEST_MANAGER, "Apply",
                                 g_variant_new_parsed ("(objectpath '" PROFILE ("keyboard") "', @a{sv} {})"),
                                 PF_TEST_TIMEOUT_MS);
  expect_state ("applying");
  returning = pf_desk_call_start ("active", PF_DESK_CALL_NONE, MANAGER, PF_TEST_MANAGER, "ReturnAll",
                                  g_variant_new_parsed ("(@a{sv} {},)"), PF_TEST_TIMEOUT_MS);
  g_usleep (300000);
  expect_state ("applying");
  control ("unblock");
  applied = pf_desk_call_finish (applying, &error);
  g_assert_no_error (error);
  returned = pf_desk_call_finish (returning, &error);
  g_assert_no_error (error);
  expect_active ("home");
  expect_state ("idle");
  check_kernel_at_home ();
}

/* ... and while one waits for confirmation, or something could not be put back. */
static void
test_home_while_waiting (void)
{
  g_autofree char *transaction = NULL;
  g_autoptr (GError) error = NULL;

  update ("keyboard", "{'confirm': <'always'>}");
  transaction = apply ("keyboard");
  expect_state ("awaiting-confirmation");
  pf_test_go_home ();
  expect_state ("idle");
  check_kernel_at_home ();
  update ("keyboard", "{'confirm': <'never'>}");

  control ("fail sys/bus/pci/drivers_probe EIO 0");
  g_assert_null (pf_test_try ("active", PF_DESK_CALL_NONE,
                              &(PfTestCall){ "Manager", "Apply", MANAGER,
                                             "(objectpath '" PROFILE ("keyboard") "', @a{sv} {})" },
                              &error));
  control ("unblock");
  expect_state ("degraded");
  pf_test_go_home ();
  expect_state ("idle");
  check_kernel_at_home ();
}

/* What somebody else changes is put right twice; then it is said, and left to people. */
static void
test_drift (void)
{
  g_autofree char *problem = NULL;

  apply_quietly ("keyboard");
  for (guint i = 0; i < 2; i++)
    {
      pf_test_watch_clear (watch);
      control ("poke " XHCI " d0 3fff");
      control (i == 0 ? "unplug front-1" : "plug front-1");
      pf_test_watch_expect (watch, "Drifted " MANAGER " ('" XHCI_OBJECT "', 16127, 16383, 'unknown')");
      expect_register (0xd0, KEYBOARD_VALUE);
      expect_state ("idle");
    }
  pf_test_watch_clear (watch);
  control ("poke " XHCI " d0 3fff");
  control ("unplug front-1");
  pf_test_watch_expect (watch, "Drifted");
  expect_state ("degraded");
  problem = pf_test_get (MANAGER, PF_TEST_MANAGER, "Problem");
  g_assert_nonnull (strstr (problem, "again and again"));
  g_usleep (300000);
  expect_register (0xd0, HOME_VALUE);
  control ("plug front-1");
  /* A person's switch counts for more, and begins anew. */
  apply_quietly ("keyboard");
  control ("poke " XHCI " d0 3fff");
  control ("unplug front-1");
  expect_register (0xd0, KEYBOARD_VALUE);
  control ("plug front-1");
  pf_test_go_home ();
  check_kernel_at_home ();
}

/* While a switch waits, it is not fought over; once it is confirmed it is put right. */
static void
test_drift_while_waiting (void)
{
  g_autofree char *transaction = NULL;

  update ("keyboard", "{'confirm': <'always'>}");
  transaction = apply ("keyboard");
  pf_test_watch_clear (watch);
  control ("poke " XHCI " d0 3fff");
  control ("unplug front-1");
  pf_test_watch_expect (watch, "Drifted");
  expect_state ("awaiting-confirmation");
  confirm (transaction);
  expect_register (0xd0, KEYBOARD_VALUE);
  expect_state ("idle");
  control ("plug front-1");
  pf_test_go_home ();
  update ("keyboard", "{'confirm': <'never'>}");
  check_kernel_at_home ();
}

static void
say_sleep (gboolean begins)
{
  g_autoptr (GError) error = NULL;

  g_dbus_connection_emit_signal (logind, NULL, "/org/freedesktop/login1", "org.freedesktop.login1.Manager",
                                 "PrepareForSleep", g_variant_new ("(b)", begins), &error);
  g_assert_no_error (error);
  g_dbus_connection_flush_sync (logind, NULL, &error);
  g_assert_no_error (error);
}

/* A resume routes all ports to the xHCI. Where it makes no event at all, logind tells of it. */
static void
test_resume (void)
{
  apply_quietly ("keyboard");
  pf_test_watch_clear (watch);
  say_sleep (TRUE);
  g_usleep (100000);
  control ("suspend");
  say_sleep (FALSE);
  pf_test_watch_expect (watch, "Drifted " MANAGER " ('" XHCI_OBJECT "', 16127, 16383, 'resume')");
  expect_register (0xd0, KEYBOARD_VALUE);
  expect_state ("idle");
  /* No event at all but logind's. */
  pf_test_watch_clear (watch);
  control ("poke " XHCI " d0 3ff0");
  say_sleep (FALSE);
  pf_test_watch_expect (watch, "Drifted " MANAGER " ('" XHCI_OBJECT "', 16127, 16368, 'firmware')");
  expect_register (0xd0, KEYBOARD_VALUE);
  pf_test_go_home ();
}

static void
write_power (const char *text)
{
  g_autofree char *path = g_build_filename (g_getenv ("PF_KERNEL"), POWER, NULL);
  int fd = open (path, O_WRONLY | O_CLOEXEC);

  g_assert_cmpint (fd, >=, 0);
  g_assert_cmpint (write (fd, text, strlen (text)), ==, (gssize) strlen (text));
  close (fd);
}

static void
check_power (const char *expected)
{
  g_autofree char *text = pf_desk_read_kernel (POWER);

  g_strchomp (text);
  g_assert_cmpstr (text, ==, expected);
}

/* The xHCI is kept awake while ports are away, and may sleep again after, whichever helper brings them home. */
static void
test_power (void)
{
  write_power ("auto");
  apply_quietly ("keyboard");
  check_power ("on");
  kill_helper ();
  pf_test_go_home ();
  check_power ("auto");
  apply_quietly ("keyboard");
  /* Somebody lets it sleep all the same. */
  write_power ("auto");
  pf_test_watch_clear (watch);
  control ("runtime-resume " XHCI);
  pf_test_watch_expect (watch, "Drifted " MANAGER " ('" XHCI_OBJECT "', 16127, 16383, 'runtime-pm')");
  expect_register (0xd0, KEYBOARD_VALUE);
  check_power ("on");
  pf_test_go_home ();
  check_power ("auto");
  write_power ("on");
}

/* The SuperSpeed half of a port that goes to the EHCI is switched off after it, and on again before it comes back. */
static void
test_super_speed (void)
{
  g_autofree char *log = NULL;
  g_autofree char *back = NULL;

  control ("clear-log");
  apply_quietly ("webcam");
  expect_register (0xd8, 0x3e);
  log = pf_desk_read_kernel ("control");
  g_assert_true (strstr (log, "0xd0:") < strstr (log, "0xd8:"));
  kill_helper ();
  control ("clear-log");
  pf_test_go_home ();
  back = pf_desk_read_kernel ("control");
  g_assert_true (strstr (back, "0xd8:") < strstr (back, "0xd0:"));
  expect_register (0xd8, 0x3f);
  /* Whoever changes only that half is noticed as well. */
  apply_quietly ("webcam");
  pf_test_watch_clear (watch);
  control ("poke " XHCI " d8 3f");
  control ("unplug front-1");
  pf_test_watch_expect (watch, "Drifted " MANAGER " ('" XHCI_OBJECT "', 62, 63, 'unknown')");
  expect_register (0xd8, 0x3e);
  control ("plug front-1");
  pf_test_go_home ();
  expect_register (0xd8, 0x3f);
}

static void
own_logind (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer = NULL;

  logind = pf_test_watch_get_bus (watch);
  answer = g_dbus_connection_call_sync (logind, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
                                        "RequestName", g_variant_new ("(su)", "org.freedesktop.login1", 4), NULL,
                                        G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);
  g_assert_no_error (error);
}

static void
add_tests (void)
{
  g_test_add_func ("/guard/confirm/first", test_confirm_first);
  g_test_add_func ("/guard/confirm/file", test_confirm_file);
  g_test_add_func ("/guard/confirm/always-and-never", test_confirm_always_and_never);
  g_test_add_func ("/guard/confirm/no-input", test_no_input);
  g_test_add_func ("/guard/vm-exit/home", test_vm_exit);
  g_test_add_func ("/guard/vm-exit/after-restart", test_vm_exit_after_restart);
  g_test_add_func ("/guard/vm-exit/keep", test_vm_exit_keep);
  g_test_add_func ("/guard/vm-exit/previous", test_vm_exit_previous);
  g_test_add_func ("/guard/home/when-free", test_home_when_free);
  g_test_add_func ("/guard/home/forgotten", test_home_forgotten);
  g_test_add_func ("/guard/home/while-applying", test_home_while_applying);
  g_test_add_func ("/guard/home/while-waiting", test_home_while_waiting);
  g_test_add_func ("/guard/drift/twice", test_drift);
  g_test_add_func ("/guard/drift/while-waiting", test_drift_while_waiting);
  g_test_add_func ("/guard/drift/resume", test_resume);
  g_test_add_func ("/guard/power/hold", test_power);
  g_test_add_func ("/guard/super-speed/off", test_super_speed);
  /* The last one: that controller does not come back. */
  g_test_add_func ("/guard/last/by-board", test_confirm_by_board);
}

int
main (int argc, char **argv)
{
  int status;

  pf_test_init (&argc, &argv);
  watch = pf_test_watch_new ();
  own_logind ();
  /* Beside the keyboard and the mouse that are lent, one of each stays. */
  control ("plug rear-3 id=046d:c52b kind=receiver product=Receiver");
  pf_test_add_profile ("keyboard", "{'controllers': <['00:1a.0']>, 'ports': <['ehci2/1']>}");
  pf_test_add_profile ("mouse", "{'controllers': <['00:1a.0']>, 'ports': <['ehci2/2']>}");
  pf_test_add_profile ("idle", "{'controllers': <['00:1a.0']>}");
  pf_test_add_profile ("webcam",
                       "{'controllers': <['00:1d.0']>, 'ports': <['ehci1/1']>, 'super-speed-off': <true>}");
  add_tests ();
  status = g_test_run ();
  pf_test_watch_free (watch);
  return status;
}
