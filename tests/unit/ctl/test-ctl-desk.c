/* SPDX-License-Identifier: GPL-3.0-or-later */
/* portferryctl with everything real behind it but the kernel: bus, polkitd, helper. Runs as root inside
 * with-board; the first argument is the board that with-board was given. */
#include <pty.h>
#include <sys/wait.h>
#include <unistd.h>

#include <json-glib/json-glib.h>

#include "pf-desk.h"

#define PATIENCE_SECONDS 30
#define DRIVER_OF_EHCI "sys/bus/pci/devices/0000:00:1a.0/driver"
#define XUSB2PR 0xd0

static char *
get_program (void)
{
  return g_build_filename (g_getenv ("PF_BUILD"), "applet", "ctl", "portferryctl", NULL);
}

/* Runs "portferryctl LINE" as @user, who has no terminal. */
static int
run (const char *user, const char *line, char **out, char **err)
{
  g_autofree char *program = get_program ();
  g_autofree char *command = g_strconcat (program, " ", line, NULL);
  g_auto (GStrv) arguments = NULL;

  g_assert_true (g_shell_parse_argv (command, NULL, &arguments, NULL));
  return pf_desk_run_as (user, (const char *const *) arguments, out, err);
}

static void
assert_runs (const char *user, const char *line)
{
  g_autofree char *err = NULL;
  int code = run (user, line, NULL, &err);

  if (code != 0)
    g_error ("“%s” as %s ended with %d: %s", line, user, code, err);
}

/* In words on standard error, and again in JSON on standard output. */
static void
assert_fails (const char *user, const char *line, int code, const char *error, const char *word)
{
  g_autofree char *json_line = g_strconcat (line, " --json", NULL);
  g_autofree char *out = NULL;
  g_autofree char *err = NULL;
  g_autoptr (JsonNode) node = NULL;
  JsonObject *object;

  g_assert_cmpint (run (user, line, NULL, &err), ==, code);
  if (strstr (err, word) == NULL)
    g_error ("“%s” says: %s", line, err);
  g_assert_cmpint (run (user, json_line, &out, NULL), ==, code);
  node = json_from_string (out, NULL);
  g_assert_nonnull (node);
  object = json_object_get_object_member (json_node_get_object (node), "error");
  g_assert_cmpstr (json_object_get_string_member (object, "code"), ==, error);
  g_assert_cmpstr (json_object_get_string_member (object, "message"), !=, "");
}

static void
assert_prints (const char *user, const char *line, const char *text)
{
  g_autofree char *out = NULL;

  g_assert_cmpint (run (user, line, &out, NULL), ==, 0);
  if (strstr (out, text) == NULL)
    g_error ("“%s” prints: %s", line, out);
}

/* --- Switching --- */

static void
test_switch (void)
{
  assert_runs ("root", "add windows --label 'Windows' --controller 00:1a.0 --port ehci2/3,0x2000");
  assert_prints ("remote", "preview windows", "XUSB2PR 0x3fff to 0x1bff");
  assert_prints ("active", "switch windows", "Switched to “Windows” (windows):\n");
  g_assert_cmphex (pf_desk_kernel_config ("0000:00:14.0", XUSB2PR), ==, 0x1bff);
  g_assert_cmpstr (pf_desk_kernel_link (DRIVER_OF_EHCI), ==, "vfio-pci");
  assert_prints ("remote", "status", "routing 0x1bff  00 |         011011 |         11111111");
  assert_prints ("remote", "status --json", "\"value-hex\" : \"0x1bff\"");
  assert_prints ("remote", "status --json", "\"active-profile\" : \"windows\"");
  assert_prints ("remote", "controllers", "0000:00:1a.0  ehci  vfio-pci  guest");
  assert_prints ("remote", "profiles", "*  windows  Windows  0000:00:1a.0, ehci2/3, ehci2/6\n");
  assert_fails ("root", "remove windows", 1, "Busy", "in force");
  assert_prints ("active", "toggle", "Everything is home:\n");
  g_assert_cmphex (pf_desk_kernel_config ("0000:00:14.0", XUSB2PR), ==, 0x3fff);
  assert_prints ("active", "toggle", "Switched to “Windows” (windows):\n");
  assert_prints ("active", "home", "EHCI Controller: guest → host\n");
  g_assert_cmpstr (pf_desk_kernel_link (DRIVER_OF_EHCI), ==, "ehci-pci");
  assert_prints ("active", "home", "Everything is home; nothing changed hands.\n");
}

/* A profile that moves ports between controllers of the host; at first it cannot be applied, and there is no plan. */
static void
test_routing_only (void)
{
  g_autofree char *out = NULL;

  assert_runs ("root", "add routed --port ehci2/3");
  g_assert_cmpint (run ("remote", "preview routed", &out, NULL), ==, 0);
  if (!g_str_has_prefix (out, "Speaks against it:\n"))
    g_error ("“preview routed” prints: %s", out);
  assert_runs ("root", "edit routed --side ehci");
  assert_prints ("remote", "preview routed", "XUSB2PR 0x3fff to 0x3bff");
  assert_prints ("active", "switch routed", "“routed” is in force; nothing changed hands.\n");
  g_assert_cmphex (pf_desk_kernel_config ("0000:00:14.0", XUSB2PR), ==, 0x3bff);
  assert_prints ("active", "home", "Everything is home; nothing changed hands.\n");
  g_assert_cmphex (pf_desk_kernel_config ("0000:00:14.0", XUSB2PR), ==, 0x3fff);
  assert_runs ("root", "remove routed");
}

static void
test_confirm (void)
{
  assert_prints ("active", "switch windows --confirm-seconds 60", "Keep it with: portferryctl confirm\n");
  assert_prints ("remote", "status", "Goes back by itself in ");
  assert_prints ("active", "revert", "Taken back: everything is as before the switch.\n");
  g_assert_cmphex (pf_desk_kernel_config ("0000:00:14.0", XUSB2PR), ==, 0x3fff);
  assert_fails ("active", "confirm", 1, "NoSuchTransaction", "No switch waits for confirmation.");
  assert_runs ("active", "switch windows --confirm-seconds 60");
  assert_prints ("active", "confirm", "Confirmed");
  assert_prints ("remote", "status --json", "\"deadline\" : 0");
  assert_runs ("active", "home");
}

static void
test_label (void)
{
  assert_runs ("root", "label 00:14.0 bit/10 'front left'");
  assert_prints ("remote", "ports", "ehci2/3   10  xHCI  host   front left");
  assert_runs ("root", "label 00:14.0 ehci2/3 --place front --colour blue");
  assert_prints ("remote", "ports --json", "\"label\" : \"front left\"");
  assert_prints ("remote", "ports --json", "\"place\" : \"front\"");
  assert_prints ("remote", "ports --json", "\"colour\" : \"blue\"");
  assert_fails ("root", "label 00:14.0 ehci2/3 --place attic", 2, "InvalidArgument", "rear, front, internal");
  assert_runs ("root", "edit windows --label 'Other' --no-ports");
  assert_prints ("remote", "profiles", "Other  0000:00:1a.0\n");
}

/* --- Errors --- */

static void
test_errors (void)
{
  static const char foreign[] = "[Profile]\nFormat=1\nLabel=From elsewhere\n\n"
                                "[Controller 0000:00:1a.0]\nId=8086:8d2d\nPath=pci0000:00/1a.0\n";
  g_autofree char *path
      = g_build_filename (g_getenv ("PF_STATE"), "etc/portferry/profiles.d/foreign.profile", NULL);

  assert_fails ("root", "add none --controller 55:00.0", 4, "NoSuchDevice", "0000:55:00.0");
  assert_fails ("root", "add none --controller 00:02.0", 4, "NotUsbController", "0000:00:02.0");
  assert_fails ("root", "add windows", 1, "ProfileExists", "windows");
  assert_fails ("root", "edit none --label x", 1, "NoSuchProfile", "none");
  assert_fails ("active", "switch none", 1, "NoSuchProfile", "none");
  assert_fails ("root", "add none --side left", 2, "InvalidArgument", "A side is");
  assert_fails ("active", "add none", 3, "AuthorizationRequired", "permission");
  assert_fails ("inactive", "switch windows --no-interaction", 3, "AuthorizationRequired", "permission");
  g_assert_true (g_file_set_contents (path, foreign, -1, NULL));
  g_assert_true (pf_desk_wait_for_property ("/org/portferry1/profiles/foreign", "org.portferry1.Profile",
                                            "Id", "'foreign'", 5000));
  assert_fails ("active", "switch foreign", 4, "BoardMismatch", "another machine");
  assert_runs ("root", "add keyboard --controller 00:1a.0 --port ehci2/1");
  assert_fails ("active", "switch keyboard", 4, "Objection", "--override last-keyboard");
}

static void
test_held (void)
{
  g_autofree char *out = NULL;

  assert_runs ("active", "switch windows");
  g_assert_true (pf_desk_kernel_control ("hold 7 4242 qemu-system-x86", NULL));
  g_assert_cmpint (run ("active", "home", &out, NULL), ==, 4);
  g_assert_nonnull (strstr (out, "Not home yet:\n"));
  g_assert_nonnull (strstr (out, "qemu-system-x86 (4242)"));
  assert_prints ("remote", "controllers", "  in use by qemu-system-x86 (4242)\n");
  g_assert_true (pf_desk_kernel_control ("release 7", NULL));
  assert_runs ("active", "home");
}

static void
test_no_iommu (void)
{
  assert_runs ("root", "add guest --controller 00:1a.0");
  assert_fails ("active", "switch guest", 4, "NoIommu", "intel_iommu=on");
  assert_prints ("remote", "status", "Problem: ");
  assert_prints ("remote", "controllers", "No controller can be lent.");
}

static void
test_no_vfio (void)
{
  assert_runs ("root", "add guest --controller 00:1a.0");
  assert_fails ("active", "switch guest", 4, "VfioUnavailable", "vfio-pci");
}

static void
test_not_viable (void)
{
  assert_runs ("root", "add guest --controller 00:18.0");
  assert_fails ("active", "switch guest", 4, "GroupNotViable", "0000:00:18.1");
}

static void
test_no_register (void)
{
  assert_fails ("root", "add guest --port all", 4, "NoRoutingRegister", "can still be lent");
  assert_prints ("remote", "ports", "No controller here can move single ports.");
}

static void
test_lockdown (void)
{
  assert_runs ("root", "add guest --controller 00:1a.0 --port ehci2/3");
  assert_fails ("active", "switch guest", 4, "Lockdown", "lockdown");
}

/* --- What others have lent --- */

/* Who has lent it, and how it is given back, wherever it is listed. */
static void
test_others_listed (void)
{
  g_autofree char *out = NULL;

  assert_prints ("remote", "status", "Lent by others (kernel parameters, driverctl, libvirt ...):\n");
  assert_prints ("remote", "controllers", "  lent by the kernel's command line (vfio-pci.ids=1b21:1142)\n");
  assert_prints ("remote", "controllers", "  Now: portferryctl take-home 0000:07:00.0.\n");
  g_assert_cmpint (run ("remote", "controllers", &out, NULL), ==, 0);
  /* A member of that group would go to vfio-pci again. */
  g_assert_nonnull (strstr (out, "  Not now: "));
  g_assert_null (strstr (out, "take-home 0000:08:00.2"));
  assert_prints ("remote", "doctor", "Lent by driverctl (/etc/driverctl.d/0000:05:00.0): ");
}

static void
test_take_home (void)
{
  static const char driver[] = "sys/bus/pci/devices/0000:06:00.0/driver";

  assert_fails ("root", "take-home 08:00.2", 4, "Objection", "would give it to vfio-pci again");
  assert_fails ("root", "take-home 00:14.0", 4, "Objection", "it is not lent");
  assert_fails ("active", "take-home 06:00.0", 3, "AuthorizationRequired", "permission");
  g_assert_true (pf_desk_kernel_control ("hold 6 4242 qemu-system-x86", NULL));
  assert_fails ("root", "take-home 06:00.0", 4, "Held", "qemu-system-x86 (4242)");
  g_assert_true (pf_desk_kernel_control ("release 6", NULL));
  g_assert_cmpstr (pf_desk_kernel_link (driver), ==, "vfio-pci");
  assert_prints ("root", "take-home 06:00.0", "home (xhci_hcd).\n");
  g_assert_cmpstr (pf_desk_kernel_link (driver), ==, "xhci_hcd");
  assert_fails ("root", "take-home 06:00.0", 4, "Objection", "it is not lent");
  assert_prints ("root", "take-home 07:00.0 --json", "\"driver\" : \"xhci_hcd\"");
}

/* --- A terminal that has no agent but ours --- */

/* Runs "portferryctl LINE" as @user on a terminal of its own, and types @answer when it asks for a password.
 */
static int
run_on_terminal (const char *user, const char *line, const char *answer, char **shown)
{
  g_autofree char *program = get_program ();
  g_autofree char *as_user = g_build_filename (g_getenv ("PF_DESK"), "as-user", NULL);
  g_autofree char *command = g_strdup_printf ("%s %s %s %s", as_user, user, program, line);
  g_autoptr (GString) out = g_string_new (NULL);
  g_auto (GStrv) arguments = NULL;
  gboolean asked = FALSE;
  char buffer[512];
  ssize_t length;
  int terminal, status;
  pid_t child;

  g_assert_true (g_shell_parse_argv (command, NULL, &arguments, NULL));
  child = forkpty (&terminal, NULL, NULL, NULL);
  if (child == 0)
    {
      alarm (PATIENCE_SECONDS);
      execv (arguments[0], arguments);
      _exit (127);
    }
  while ((length = read (terminal, buffer, sizeof buffer)) > 0)
    {
      g_string_append_len (out, buffer, length);
      if (asked || strstr (out->str, "Password: ") == NULL)
        continue;
      asked = TRUE;
      g_usleep (G_USEC_PER_SEC / 5); /* the listener throws away what was typed before it reads */
      g_assert_cmpint (write (terminal, answer, strlen (answer)), ==, (int) strlen (answer));
    }
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  close (terminal);
  g_assert_true (asked);
  *shown = g_strdup (out->str);
  return WIFEXITED (status) ? WEXITSTATUS (status) : 128 + WTERMSIG (status);
}

static void
test_agent (void)
{
  g_autofree char *right = NULL;
  g_autofree char *wrong = NULL;
  g_autofree char *interrupted = NULL;

  g_assert_cmpint (run_on_terminal ("remote", "remove keyboard", "landlubber\n", &wrong), ==, 3);
  g_assert_nonnull (strstr (wrong, "portferryctl: "));
  g_assert_cmpint (run_on_terminal ("remote", "remove keyboard", "\003", &interrupted), ==, 128 + SIGINT);
  assert_prints ("remote", "profiles", "keyboard");
  g_assert_cmpint (run_on_terminal ("remote", "remove keyboard", "ferryman\n", &right), ==, 0);
  g_assert_nonnull (strstr (right, "Removed profile “keyboard”."));
  g_assert_null (strstr (right, "ferryman"));
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *board;
    const char *path;
    GTestFunc test;
  } tests[] = {
    { "z97", "/ctl/desk/switch", test_switch },
    { "z97", "/ctl/desk/routing-only", test_routing_only },
    { "z97", "/ctl/desk/confirm", test_confirm },
    { "z97", "/ctl/desk/label", test_label },
    { "z97", "/ctl/desk/errors", test_errors },
    { "z97", "/ctl/desk/held", test_held },
    { "z97", "/ctl/desk/agent", test_agent },
    { "no-iommu", "/ctl/desk/no-iommu", test_no_iommu },
    { "no-vfio", "/ctl/desk/no-vfio", test_no_vfio },
    { "odd", "/ctl/desk/not-viable", test_not_viable },
    { "laptop", "/ctl/desk/no-register", test_no_register },
    { "locked-down", "/ctl/desk/lockdown", test_lockdown },
    { "others", "/ctl/desk/others-listed", test_others_listed },
    { "others", "/ctl/desk/take-home", test_take_home },
  };
  guint n = 0;

  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, ==, 2);
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    if (g_str_equal (tests[i].board, argv[1]))
      {
        g_test_add_func (tests[i].path, tests[i].test);
        n++;
      }
  g_assert_cmpuint (n, >, 0);
  return g_test_run ();
}
