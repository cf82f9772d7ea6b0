/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What virtual machines are told, judged by those who have to understand it: QEMU, and libvirt's schema. */
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>

#include "pf-vm-config.h"

#define SCHEMA "/usr/share/libvirt/schemas/domain.rng"

static const char *const two[] = { "0000:00:1a.0", "10000:e1:00.7", NULL };
static const char *const none[] = { NULL };
static const char *const wrong[] = { "", "0000:00:1a", "'/>", "0000:00:1a.0,x=y", NULL };

static void
test_qemu (void)
{
  g_auto (GStrv) arguments = pf_vm_config_get_qemu (two, FALSE);
  g_auto (GStrv) few = pf_vm_config_get_qemu (none, FALSE);
  g_auto (GStrv) skipped = pf_vm_config_get_qemu (wrong, FALSE);
  g_autofree char *line = g_strjoinv (" ", arguments);
  g_autofree char *short_line = g_strjoinv (" ", few);
  g_autofree char *skipped_line = g_strjoinv (" ", skipped);

  g_assert_cmpstr (line, ==,
                   "-device vfio-pci,host=0000:00:1a.0,id=pf-0000-00-1a-0 "
                   "-device vfio-pci,host=10000:e1:00.7,id=pf-10000-e1-00-7 "
                   "-chardev socket,id=pf,path=/run/portferry/guest.sock,reconnect=1 "
                   "-device isa-serial,chardev=pf");
  g_assert_cmpstr (short_line, ==,
                   "-chardev socket,id=pf,path=/run/portferry/guest.sock,reconnect=1 "
                   "-device isa-serial,chardev=pf");
  g_assert_cmpstr (skipped_line, ==, short_line);
}

/* Nothing in it needs quotes, whatever is in a profile. */
static void
test_plain (void)
{
  g_auto (GStrv) arguments = pf_vm_config_get_qemu (two, FALSE);

  for (guint i = 0; arguments[i] != NULL; i++)
    g_assert_cmpuint (strspn (arguments[i], "abcdefghijklmnopqrstuvwxyz0123456789-,=:./"), ==,
                      strlen (arguments[i]));
}

/* Starts QEMU, stopped, has it quit, and returns what it says to that. */
static char *
run_qemu (char **arguments, int *status)
{
  static const char *const machine[]
      = { "qemu-system-x86_64", "-M",       "q35",  "-accel", "tcg",      "-nodefaults",
          "-no-user-config",    "-display", "none", "-S",     "-monitor", "stdio" };
  g_autoptr (GPtrArray) line = g_ptr_array_new ();
  g_autoptr (GSubprocess) qemu = NULL;
  g_autoptr (GError) error = NULL;
  char *said = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (machine); i++)
    g_ptr_array_add (line, (char *) machine[i]);
  for (guint i = 0; arguments[i] != NULL; i++)
    g_ptr_array_add (line, arguments[i]);
  g_ptr_array_add (line, NULL);
  qemu = g_subprocess_newv ((const char *const *) line->pdata,
                            G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE
                                | G_SUBPROCESS_FLAGS_STDERR_MERGE,
                            &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_communicate_utf8 (qemu, "info chardev\nquit\n", NULL, &said, NULL, &error));
  g_assert_no_error (error);
  *status = g_subprocess_get_exit_status (qemu);
  return said;
}

/* The service behind the socket need not be there: it is tried again every second. */
static void
test_qemu_accepts_serial (void)
{
  g_auto (GStrv) arguments = pf_vm_config_get_qemu (none, FALSE);
  g_autofree char *said = NULL;
  int status;

  said = run_qemu (arguments, &status);
  g_assert_cmpint (status, ==, 0);
  g_assert_nonnull (strstr (said, "pf: filename=disconnected:unix:/run/portferry/guest.sock"));
}

/* A controller that is not here: the option is understood, and then there is no such device. */
static void
test_qemu_accepts_controller (void)
{
  static const char *const absent[] = { "0000:ff:1f.7", NULL };
  g_auto (GStrv) arguments = pf_vm_config_get_qemu (absent, FALSE);
  g_autofree char *said = NULL;
  int status;

  said = run_qemu (arguments, &status);
  g_assert_cmpint (status, ==, 1);
  g_assert_nonnull (strstr (said, "0000:ff:1f.7: no such host device"));
}

static void
test_qemu_accepts_ports (void)
{
  g_auto (GStrv) arguments = pf_vm_config_get_qemu (two, TRUE);
  g_autofree char *line = g_strjoinv (" ", arguments);
  g_autofree char *said = NULL;
  int status;

  g_assert_true (g_str_has_prefix (line,
                                   "-device pcie-root-port,id=pf-port-0000-00-1a-0,chassis=100 "
                                   "-device pcie-root-port,id=pf-port-10000-e1-00-7,chassis=101 -chardev "));
  said = run_qemu (arguments, &status);
  g_assert_cmpint (status, ==, 0);
}

static int
validate (const char *devices)
{
  g_autofree char *domain = g_strconcat (
      "<domain type='kvm'><name>x</name><memory>65536</memory><os><type>hvm</type></os><devices>\n", devices,
      "</devices></domain>\n", NULL);
  g_autoptr (GFileIOStream) stream = NULL;
  g_autoptr (GFile) file = g_file_new_tmp ("portferry-domain-XXXXXX.xml", &stream, NULL);
  g_autoptr (GSubprocess) xmllint = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (file);
  g_file_set_contents (g_file_peek_path (file), domain, -1, &error);
  g_assert_no_error (error);
  xmllint = g_subprocess_new (G_SUBPROCESS_FLAGS_STDERR_SILENCE, &error, "xmllint", "--noout", "--nonet",
                              "--relaxng", SCHEMA, g_file_peek_path (file), NULL);
  g_assert_no_error (error);
  g_subprocess_wait (xmllint, NULL, &error);
  g_assert_no_error (error);
  g_unlink (g_file_peek_path (file));
  return g_subprocess_get_exit_status (xmllint);
}

static void
test_libvirt (void)
{
  g_autofree char *xml = pf_vm_config_get_libvirt (two, FALSE);
  g_autofree char *few = pf_vm_config_get_libvirt (none, FALSE);
  g_autofree char *skipped = pf_vm_config_get_libvirt (wrong, FALSE);
  g_autofree char *ports = pf_vm_config_get_libvirt (two, TRUE);
  g_autofree char *skipped_ports = pf_vm_config_get_libvirt (wrong, TRUE);

  g_assert_nonnull (strstr (xml, "<address domain='0x0000' bus='0x00' slot='0x1a' function='0x0'/>"));
  g_assert_nonnull (strstr (xml, "<address domain='0x10000' bus='0xe1' slot='0x00' function='0x7'/>"));
  g_assert_nonnull (strstr (xml, "managed='no'"));
  g_assert_null (strstr (few, "hostdev"));
  g_assert_cmpstr (skipped, ==, few);
  g_assert_cmpint (validate (xml), ==, 0);
  g_assert_cmpint (validate (few), ==, 0);
  g_assert_cmpstr (skipped_ports, ==, few);
  g_assert_null (strstr (ports, "hostdev"));
  g_assert_nonnull (strstr (ports, "<controller type='pci' model='pcie-root-port'/>\n<controller "));
  g_assert_cmpint (validate (ports), ==, 0);
  /* That it says no to something. */
  g_assert_cmpint (validate ("<serial type='unix'><target type='isa-port'/><sources/></serial>"), !=, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/vm-config/qemu", test_qemu);
  g_test_add_func ("/vm-config/plain", test_plain);
  g_test_add_func ("/vm-config/qemu-accepts-serial", test_qemu_accepts_serial);
  g_test_add_func ("/vm-config/qemu-accepts-controller", test_qemu_accepts_controller);
  g_test_add_func ("/vm-config/qemu-accepts-ports", test_qemu_accepts_ports);
  g_test_add_func ("/vm-config/libvirt", test_libvirt);
  return g_test_run ();
}
