/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What of a machine gets into its report, over a folder that looks like one: what no desk can show. */
#include <string.h>

#include <gio/gio.h>
#include <glib/gstdio.h>

#include "pf-doctor-report.h"

#define FUNCTION "sys/devices/pci0000:00/0000:00:1f.6"

static void
put (const char *root, const char *path, const char *text)
{
  g_autofree char *full = g_build_filename (root, path, NULL);
  g_autofree char *folder = g_path_get_dirname (full);

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_assert_true (g_file_set_contents (full, text, -1, NULL));
}

static void
put_link (const char *root, const char *path, const char *target)
{
  g_autofree char *full = g_build_filename (root, path, NULL);
  g_autofree char *folder = g_path_get_dirname (full);
  g_autofree char *to = g_build_filename (root, target, NULL);
  g_autoptr (GFile) link = g_file_new_for_path (full);

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_assert_true (g_file_make_symbolic_link (link, to, NULL, NULL));
}

static void
put_machine (const char *root)
{
  put (root, FUNCTION "/vendor", "0x8086\n");
  put (root, FUNCTION "/device", "0x15b8\n");
  put (root, FUNCTION "/class", "0x020000\n");
  put (root, FUNCTION "/driver_override", "vfio-pci\n");
  put_link (root, "sys/bus/pci/devices/0000:00:1f.6", FUNCTION);
  put (root, "proc/cpuinfo", "vendor_id\t:   Shanghai  \n");
  put_link (root, "sys/class/net/adas-lan/device", FUNCTION);
  put_link (root, "sys/class/net/wlx001122334455/device", FUNCTION);
  put (root, "sys/class/net/br0/address", "00:11:22:33:44:55\n");
  put (root, "proc/1/net/route",
       "Iface\tDestination\tGateway\nadas-lan\t00000000\t0100A8C0\nbr0\t00000000\t0100A8C0\n");
}

static void
assert_has (const char *text, const char *what)
{
  if (strstr (text, what) == NULL)
    g_error ("“%s” is not in: %s", what, text);
}

static void
remove_tree (const char *path)
{
  const char *command[] = { "rm", "-rf", path, NULL };

  g_assert_true (
      g_spawn_sync (NULL, (char **) command, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, NULL));
}

/* Interfaces are numbered: their names may be a person's, or have an address in them. One that hangs on
 * nothing is left out. */
static void
test_networks (void)
{
  g_autofree char *root = g_dir_make_tmp ("portferry-report-XXXXXX", NULL);
  g_autoptr (GPtrArray) findings = g_ptr_array_new ();
  g_autoptr (PfDoctorFacts) facts = NULL;
  g_autofree char *report = NULL;

  put_machine (root);
  facts = pf_doctor_facts_read (root);
  report = pf_doctor_report_build (root, facts, findings);
  assert_has (report, "[net eth0]\non=0000:00:1f.6\ndefault-route=true\n");
  assert_has (report, "[net wlan0]\non=0000:00:1f.6\n");
  assert_has (report, "override=vfio-pci\n");
  assert_has (report, "cpu=zhaoxin\n");
  g_assert_null (strstr (report, "adas"));
  g_assert_null (strstr (report, "001122334455"));
  g_assert_null (strstr (report, "br0"));
  remove_tree (root);
}

static char *
build_report (const char *root)
{
  g_autoptr (GPtrArray) findings = g_ptr_array_new ();
  g_autoptr (PfDoctorFacts) facts = pf_doctor_facts_read (root);

  return pf_doctor_report_build (root, facts, findings);
}

/* Who lends beside Portferry; and of people's files nothing but that. */
static void
test_lenders (void)
{
  g_autofree char *root = g_dir_make_tmp ("portferry-report-XXXXXX", NULL);
  g_autofree char *before = NULL;
  g_autofree char *other = NULL;
  g_autofree char *report = NULL;

  put_machine (root);
  before = build_report (root);
  put (root, "etc/driverctl.d/0000:00:1f.6", "e1000e\n");
  other = build_report (root);
  g_assert_null (strstr (before, "vfio-ids"));
  g_assert_null (strstr (before, "modprobe"));
  g_assert_null (strstr (before, "driverctl"));
  g_assert_null (strstr (other, "driverctl"));
  put (root, "sys/module/vfio_pci/parameters/ids", "8086:15b8,1b21:1142\n");
  put (root, "etc/driverctl.d/0000:00:1f.6", "vfio-pci\n");
  put (root, "etc/modprobe.d/a.conf", "# of adas cellar\noptions vfio_pci disable_vga=1 ids=8086:15b8\n");
  put (root, "usr/lib/modprobe.d/a.conf", "options vfio-pci ids=dead:beef\n");
  put (root, "usr/lib/modprobe.d/b.conf", "options vfio-pci ids=1b21:1142,10de:1ad8\noptions vfio-pci ids=adas\n");
  report = build_report (root);
  assert_has (report, "\nvfio-ids=8086:15b8;1b21:1142\n");
  assert_has (report, "\nmodprobe=options vfio-pci ids=8086:15b8;options vfio-pci ids=1b21:1142,10de:1ad8;\n");
  assert_has (report, "\noverride=vfio-pci\ndriverctl=true\n");
  g_assert_null (strstr (report, "adas"));
  remove_tree (root);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/doctor-report/networks", test_networks);
  g_test_add_func ("/doctor-report/lenders", test_lenders);
  return g_test_run ();
}
