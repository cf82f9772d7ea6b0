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
  g_test_add_func ("/doctor/scrub/parameters", test_parameters);
  g_test_add_func ("/doctor/scrub/names", test_names);
  return g_test_run ();
}
