/* SPDX-License-Identifier: GPL-3.0-or-later */

/* portferryctl doctor and report with everything real behind them but the kernel. Runs as root inside
 * with-board; the first argument is the board that with-board was given. */
#include <string.h>

#include <json-glib/json-glib.h>

#include "pf-desk.h"

/* Runs "portferryctl LINE" as @user. */
static int
run (const char *user, const char *line, char **out)
{
  g_autofree char *program = g_build_filename (g_getenv ("PF_BUILD"), "applet", "ctl", "portferryctl", NULL);
  g_autofree char *command = g_strconcat (program, " ", line, NULL);
  g_auto (GStrv) arguments = NULL;

  g_assert_true (g_shell_parse_argv (command, NULL, &arguments, NULL));
  return pf_desk_run_as (user, (const char *const *) arguments, out, NULL);
}

static void
assert_finds (const char *user, const char *code, const char *state, const char *words, int status)
{
  g_autofree char *out = NULL;
  g_autoptr (JsonNode) node = NULL;
  JsonArray *findings;

  g_assert_cmpint (run (user, "doctor --json", &out), ==, status);
  node = json_from_string (out, NULL);
  g_assert_nonnull (node);
  findings = json_node_get_array (node);
  for (guint i = 0; i < json_array_get_length (findings); i++)
    {
      JsonObject *finding = json_array_get_object_element (findings, i);

      if (!g_str_equal (json_object_get_string_member (finding, "code"), code))
        continue;
      g_assert_cmpstr (json_object_get_string_member (finding, "state"), ==, state);
      if (strstr (json_object_get_string_member (finding, "what"), words) == NULL)
        g_error ("%s says: %s", code, json_object_get_string_member (finding, "what"));
      return;
    }
  g_error ("the doctor says nothing of %s: %s", code, out);
}

static void
test_z97 (void)
{
  g_autofree char *text = NULL;

  assert_finds ("active", "iommu", "ok", "12 groups", 0);
  assert_finds ("active", "usb-mode", "ok", "14 ports", 0);
  assert_finds ("active", "permission", "ok", "without a password", 0);
  assert_finds ("active", "helper", "ok", "answers", 0);
  assert_finds ("remote", "permission", "hint", "administrator's password", 0);
  g_assert_cmpint (run ("active", "doctor", &text), ==, 0);
  g_assert_nonnull (strstr (text, "✓ OK: The IOMMU is on"));
}

static void
test_file (void)
{
  g_autofree char *folder = g_dir_make_tmp ("portferry-report-XXXXXX", NULL);
  g_autofree char *line = g_strdup_printf ("report %s/machine.board", folder);
  g_autofree char *path = g_build_filename (folder, "machine.board", NULL);
  g_autofree char *text = NULL;
  const char *clean[] = { "rm", "-r", folder, NULL };

  g_assert_cmpint (run ("root", line, NULL), ==, 0);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_nonnull (strstr (text, "\n[function 0000:00:14.0]\nid=8086:8cb1\n"));
  g_assert_cmpint (run ("active", "report /proc/nowhere/x", NULL), ==, 1);
  g_assert_cmpint (pf_desk_run_as ("root", clean, NULL, NULL), ==, 0);
}

static void
test_no_iommu (void)
{
  assert_finds ("active", "iommu", "problem", "kernel does not use it", 1);
}

static void
test_no_vfio (void)
{
  assert_finds ("active", "vfio", "problem", "no driver vfio-pci", 1);
}

static void
test_locked_down (void)
{
  assert_finds ("active", "lockdown", "warning", "integrity", 0);
}

static void
test_laptop (void)
{
  assert_finds ("active", "usb-mode", "ok", "No controller of this machine", 0);
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
    { "z97", "/doctor/desk/z97", test_z97 },
    { "z97", "/doctor/desk/file", test_file },
    { "no-iommu", "/doctor/desk/no-iommu", test_no_iommu },
    { "no-vfio", "/doctor/desk/no-vfio", test_no_vfio },
    { "locked-down", "/doctor/desk/locked-down", test_locked_down },
    { "laptop", "/doctor/desk/laptop", test_laptop },
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
