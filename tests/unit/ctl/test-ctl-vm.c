/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The commands of portferryctl that are about the virtual machine. */
#include <glib/gstdio.h>

#include "ctl-run.h"

static void
expect_failure (const char *line, int code)
{
  g_autoptr (CtlRun) run = ctl_run (line);

  g_assert_cmpint (run->code, ==, code);
  g_assert_cmpstr (run->out, ==, "");
  g_assert_cmpstr (run->err, !=, "");
}

static void
test_vm_config (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CtlRun) qemu = ctl_run ("vm-config games --qemu");
  g_autoptr (CtlRun) libvirt = ctl_run ("vm-config games --libvirt");
  g_autoptr (CtlRun) as_json = ctl_run ("vm-config games --qemu --json");
  g_autoptr (CtlRun) xml_as_json = ctl_run ("vm-config games --libvirt --json");
  g_autoptr (JsonNode) node = ctl_run_parse (as_json);
  g_autoptr (JsonNode) xml_node = ctl_run_parse (xml_as_json);
  JsonArray *arguments = json_object_get_array_member (json_node_get_object (node), "arguments");

  g_assert_cmpstr (qemu->err, ==, "");
  g_assert_cmpstr (qemu->out, ==,
                   "-device vfio-pci,host=0000:00:1a.0,id=pf-0000-00-1a-0\n"
                   "-chardev socket,id=pf,path=/run/portferry/guest.sock,reconnect=1\n"
                   "-device isa-serial,chardev=pf\n");
  g_assert_cmpuint (json_array_get_length (arguments), ==, 6);
  g_assert_cmpstr (json_array_get_string_element (arguments, 5), ==, "isa-serial,chardev=pf");
  g_assert_true (g_str_has_prefix (libvirt->out, "<hostdev "));
  g_assert_cmpstr (json_object_get_string_member (json_node_get_object (xml_node), "xml"), ==, libvirt->out);
  expect_failure ("vm-config games", 2);
  expect_failure ("vm-config games --qemu --libvirt", 2);
  expect_failure ("vm-config --qemu", 2);
  expect_failure ("vm-config none --qemu", 1);
}

/* Returns: the exit code, after looking for @part in what was said. */
static int
run_and_find (const char *line, const char *part)
{
  g_autoptr (CtlRun) run = ctl_run (line);

  if (g_strstr_len (run->err, -1, part) == NULL)
    g_error ("“%s” does not say “%s” but “%s”", line, part, run->err);
  return run->code;
}

/* Nothing is plugged into a machine that the host still has, and nothing without a socket. */
static void
test_attach (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CtlRun) ports = ctl_run ("vm-config games --qemu --hot-plug");
  g_autoptr (GDBusInterface) ehci
      = g_dbus_object_manager_get_interface (G_DBUS_OBJECT_MANAGER (fixture->mock->server),
                                             PF_BUS_CONTROLLERS_PATH "/0000_00_1a_0",
                                             PF_BUS_NAME ".Controller");

  g_assert_true (
      g_str_has_prefix (ports->out, "-device pcie-root-port,id=pf-port-0000-00-1a-0,chassis=100\n-chardev "));
  g_assert_cmpint (run_and_find ("attach games --qmp /nowhere", "/nowhere"), ==, 1);
  g_assert_cmpint (run_and_find ("detach games --qmp /nowhere", "/nowhere"), ==, 1);
  expect_failure ("attach games", 2);
  expect_failure ("detach none --qmp /nowhere", 1);
  g_object_set (ehci, "owner", "host", NULL);
  g_assert_cmpint (run_and_find ("attach games --qmp /nowhere", "0000:00:1a.0 is not lent"), ==, 1);
  g_assert_cmpint (run_and_find ("detach games --qmp /nowhere", "/nowhere"), ==, 1);
}

/* All that the source has, unchanged, and nothing written over. */
static void
test_guest_kit (Fixture *fixture, gconstpointer data)
{
  g_autofree char *parent = g_dir_make_tmp ("portferry-kit-XXXXXX", NULL);
  g_autofree char *folder = g_build_filename (parent, "new", "kit", NULL);
  g_autofree char *line = g_strdup_printf ("guest-kit '%s'", folder);
  g_autoptr (CtlRun) run = ctl_run (line);
  g_autoptr (GDir) source = g_dir_open (g_getenv ("PF_TEST_GUEST_KIT"), 0, NULL);
  g_autofree char *script = g_build_filename (folder, "portferry.sh", NULL);
  g_autofree char *remove = g_strdup_printf ("-r '%s'", parent);
  g_autoptr (CtlRun) removed = NULL;
  guint n_files = 0;
  const char *name;

  g_assert_cmpint (run->code, ==, 0);
  while ((name = g_dir_read_name (source)) != NULL)
    {
      g_autofree char *before = g_build_filename (g_getenv ("PF_TEST_GUEST_KIT"), name, NULL);
      g_autofree char *after = g_build_filename (folder, name, NULL);
      g_autofree char *expected = NULL;
      g_autofree char *written = NULL;

      if (g_str_equal (name, "meson.build"))
        continue;
      g_assert_true (g_file_get_contents (before, &expected, NULL, NULL));
      g_assert_true (g_file_get_contents (after, &written, NULL, NULL));
      g_assert_cmpstr (written, ==, expected);
      n_files++;
    }
  g_assert_cmpuint (n_files, ==, 6);
  g_assert_true (g_file_test (script, G_FILE_TEST_IS_EXECUTABLE));
  expect_failure (line, 1);
  expect_failure ("guest-kit /proc/portferry", 1);
  removed = ctl_run_program ("rm", remove);
  g_assert_cmpint (removed->code, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function)                                                                                  \
  g_test_add ("/ctl/vm/" name, Fixture, NULL, fixture_set_up, function, fixture_tear_down)
  ADD ("vm-config", test_vm_config);
  ADD ("attach", test_attach);
  ADD ("guest-kit", test_guest_kit);
  return g_test_run ();
}
