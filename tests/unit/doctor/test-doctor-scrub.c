/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "pf-doctor-scrub.h"

static void
assert_scrubs (const char *text, const char *wanted)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  g_autofree char *clean = NULL;

  g_ptr_array_add (names, (gpointer) "workbench.example.org");
  g_ptr_array_add (names, (gpointer) "workbench");
  g_ptr_array_add (names, (gpointer) "Ada");
  clean = pf_doctor_scrub (text, names);
  g_assert_cmpstr (clean, ==, wanted);
}

static void
test_kept (void)
{
  assert_scrubs ("HD Pro Webcam C920", "HD Pro Webcam C920");
  assert_scrubs ("BCM20702A0", "BCM20702A0");
  assert_scrubs ("Cruzer Blade, 12 ports at 0000:00:14.0", "Cruzer Blade, 12 ports at 0000:00:14.0");
  assert_scrubs ("XUSB2PR 0x3fff to 0x1bff", "XUSB2PR 0x3fff to 0x1bff");
}

static void
test_taken_out (void)
{
  assert_scrubs ("RTL8153 00:e0:4C:68:00:01", "RTL8153 xxx");
  assert_scrubs ("dongle 00-E0-4C-68-00-01.", "dongle xxx.");
  assert_scrubs ("root=UUID=0f3b2a1c-1111-2222-3333-444455556666", "root=UUID=xxx");
  assert_scrubs ("Disk 4C530001181023117153", "Disk xxx");
  assert_scrubs ("ada's phone on Workbench.example.org", "xxx's phone on xxx");
  assert_scrubs ("two\nlines\tand \\ a sign ", "two lines and   a sign");
}

/* The system holds any bytes as a user's name; a report, which is text, cannot have those in it. */
static void
test_no_text (void)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  g_autofree char *clean = NULL;

  g_ptr_array_add (names, (gpointer) "M\xfcller");
  g_ptr_array_add (names, (gpointer) "Ada");
  clean = pf_doctor_scrub ("Ada M\xc3\xbcller", names);
  g_assert_cmpstr (clean, ==, "xxx M\xc3\xbcller");
}

/* Whatever they stand next to, and however they are written. */
static void
test_neighbours (void)
{
  assert_scrubs ("usb-SanDisk_4C530001181023117153-0:0", "usb-SanDisk_xxx-0:0");
  assert_scrubs ("hci_00:e0:4C:68:00:01_x", "hci_xxx_x");
  assert_scrubs ("Ada00:e0:4C:68:00:01", "xxxxxx");
  assert_scrubs ("dev_00_E0_4C_68_00_01", "dev_xxx");
  assert_scrubs ("id0f3b2a1c-1111-2222-3333-444455556666", "idxxx");
}

/* What drives a terminal, turns text around, or is no text. */
static void
test_bytes (void)
{
  assert_scrubs ("Key\033[2Jboard\rx", "Key\357\277\275[2Jboard\357\277\275x");
  assert_scrubs ("Ada\377\302\205", "xxx\357\277\275\357\277\275");
  assert_scrubs ("\342\200\256draobyek", "\357\277\275draobyek");
}

static void
test_parameter_bytes (void)
{
  g_autofree char *kept = pf_doctor_scrub_parameters ("iommu=\033[2Jpt kvm.x=\377 ro\riommu=pt");

  g_assert_cmpstr (kept, ==, "iommu=\357\277\275[2Jpt kvm.x=\357\277\275");
}

static void
test_parameters (void)
{
  g_autofree char *kept
      = pf_doctor_scrub_parameters ("BOOT_IMAGE=/vmlinuz root=UUID=0f3b ro ip=10.0.0.7::workbench "
                                    "intel_iommu=on,sm_on iommu=pt vfio-pci.ids=1:2 "
                                    "cryptdevice=/dev/sda2:ada pcie_acs_override=downstream");

  g_assert_cmpstr (kept, ==, "intel_iommu=on,sm_on iommu=pt vfio-pci.ids=1:2 pcie_acs_override=downstream");
}

static void
test_names (void)
{
  g_autoptr (GPtrArray) names = pf_doctor_scrub_list_names ();

  for (guint i = 0; i < names->len; i++)
    g_assert_cmpuint (strlen (g_ptr_array_index (names, i)), >=, 3);
  if (!g_str_equal (g_get_host_name (), "localhost") && strlen (g_get_host_name ()) >= 3)
    g_assert_true (g_ptr_array_find_with_equal_func (names, g_get_host_name (), g_str_equal, NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/doctor/scrub/kept", test_kept);
  g_test_add_func ("/doctor/scrub/taken-out", test_taken_out);
  g_test_add_func ("/doctor/scrub/no-text", test_no_text);
  g_test_add_func ("/doctor/scrub/neighbours", test_neighbours);
  g_test_add_func ("/doctor/scrub/bytes", test_bytes);
  g_test_add_func ("/doctor/scrub/parameter-bytes", test_parameter_bytes);
  g_test_add_func ("/doctor/scrub/parameters", test_parameters);
  g_test_add_func ("/doctor/scrub/names", test_names);
  return g_test_run ();
}
