/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PCI addresses, and the object paths made of them. */

#include <string.h>

#include "pf-bus.h"
#include "pf-error.h"
#include "pf-pci-address.h"
#include "pf-profile.h"

static void
assert_normalizes (const char *text, const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *address = pf_pci_address_normalize (text, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (address, ==, expected);
  g_assert_true (pf_pci_address_is_canonical (address));
}

static void
test_accepted (void)
{
  assert_normalizes ("21:00.3", "0000:21:00.3");
  assert_normalizes ("0000:21:00.3", "0000:21:00.3");
  assert_normalizes ("00:1f.7", "0000:00:1f.7");
  assert_normalizes ("FF:1F.7", "0000:ff:1f.7");
  assert_normalizes ("0001:00:00.0", "0001:00:00.0");
  assert_normalizes ("10000:e1:00.0", "10000:e1:00.0");
  assert_normalizes ("10000:E1:00.0", "10000:e1:00.0");
  assert_normalizes ("123456:00:00.0", "123456:00:00.0");
  assert_normalizes ("ffffffff:ff:1f.7", "ffffffff:ff:1f.7");
}

static void
test_canonical (void)
{
  g_assert_true (pf_pci_address_is_canonical ("0000:00:14.0"));
  g_assert_true (pf_pci_address_is_canonical ("10000:e1:00.0"));
  g_assert_false (pf_pci_address_is_canonical ("00:14.0"));
  g_assert_false (pf_pci_address_is_canonical ("0000:00:1D.0"));
  g_assert_false (pf_pci_address_is_canonical ("nothing"));
  g_assert_false (pf_pci_address_is_canonical (""));
}

static const char *const malformed[] = {
  "",
  " ",
  ":",
  ".",
  "::.",
  "0000:00:14x0",
  "0000:00:14",
  "0000:00:14.",
  "0000:00:14.8",
  "0000:00:14.g",
  "0000:00:14.00",
  "0000:00:14.0 ",
  " 0000:00:14.0",
  "0000:00:14.0\n",
  "0000:00:14.0/driver",
  "0000:00:20.0",
  "0000:00:ff.0",
  "0000:00:1.0",
  "0000:00:114.0",
  "0000:0:14.0",
  "0000:000:14.0",
  "0000::14.0",
  "0000:00.14.0",
  "0000.00.14.0",
  "0000_00_14_0",
  "0000:00:14:0",
  "00:00:14.0",
  "000:00:14.0",
  "00000:00:14.0",
  "00001:00:14.0",
  "010000:e1:00.0",
  "00000000:00:14.0",
  "100000000:00:14.0",
  "x000:00:14.0",
  "0x00:00:14.0",
  "-001:00:14.0",
  "+001:00:14.0",
  "0000:+1:14.0",
  "0000:-1:14.0",
  "0000:0x:14.0",
  "0000:00:0x.0",
  "0000: 0:14.0",
  "0000:00: 4.0",
  "0000:00:14. 0",
  "0000:0000:00:14.0",
  ":00:14.0",
  "0000:00:14.0:",
  "1:00.0",
  "100:00.0",
  "21:00",
  "21.00.3",
  "21:00.3.0",
  "2g:00.3",
  "21:00,3",
  "pci0000:00",
  "pci0000:00/0000:00:14.0",
  "../0000:00:14.0",
  "/sys/bus/pci/devices/0000:00:14.0",
  "%s%s%s%n",
  "0000:00:14.\xd9\xa3",
  "\xff\xfe",
  "0000:00:14.0\xff",
  "usb1",
  "1-1.2",
  "home",
};

static void
test_refused (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (malformed); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *address = pf_pci_address_normalize (malformed[i], &error);
      g_autofree char *shown = g_strescape (malformed[i], NULL);

      g_test_message ("%s", shown);
      g_assert_null (address);
      g_assert_error (error, PF_ERROR, PF_ERROR_INVALID_ARGUMENT);
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
      g_assert_nonnull (strstr (error->message, "is not a PCI address"));
      g_assert_nonnull (strstr (error->message, "0000:21:00.3"));
      g_assert_false (pf_pci_address_is_canonical (malformed[i]));
    }
}

/* Every text one byte away from an address: what is accepted must read back as what was meant. */
static void
test_one_byte_off (void)
{
  static const char address[] = "0000:00:14.0";

  for (gsize at = 0; at < strlen (address); at++)
    for (guint byte = 1; byte < 256; byte++)
      {
        g_autofree char *text = g_strdup (address);
        g_autofree char *lower = NULL;
        g_autofree char *result = NULL;

        text[at] = (char) byte;
        result = pf_pci_address_normalize (text, NULL);
        lower = g_ascii_strdown (text, -1);
        if (result != NULL)
          g_assert_cmpstr (result, ==, lower);
        if (!g_ascii_isxdigit (byte) && text[at] != address[at])
          g_assert_null (result);
      }
}

static void
test_long_text (void)
{
  g_autofree char *text = g_strnfill (1 << 20, '0');
  g_autoptr (GError) error = NULL;

  g_assert_null (pf_pci_address_normalize (text, &error));
  g_assert_error (error, PF_ERROR, PF_ERROR_INVALID_ARGUMENT);
  g_assert_cmpuint (strlen (error->message), <, 300);
}

static void
test_order (void)
{
  static const char *const ordered[] = {
    "0000:00:00.0",     "0000:00:00.7", "0000:00:01.0", "0000:00:1f.7",  "0000:01:00.0",
    "0000:ff:1f.7",     "0001:00:00.0", "ffff:00:00.0", "10000:00:00.0", "10000:e1:00.0",
    "ffffffff:00:00.0", "arm-smmu",     "platform.0",
  };

  for (guint i = 0; i < G_N_ELEMENTS (ordered); i++)
    for (guint j = 0; j < G_N_ELEMENTS (ordered); j++)
      {
        int result = pf_pci_address_compare (ordered[i], ordered[j]);

        g_assert_cmpint ((result > 0) - (result < 0), ==, (i > j) - (i < j));
      }
  g_assert_cmpint (pf_pci_address_compare ("21:00.3", "0000:21:00.3"), ==, 0);
}

static void
test_path_element (void)
{
  g_autofree char *element = pf_pci_address_to_path_element ("0000:21:00.3");
  g_autofree char *big = pf_pci_address_to_path_element ("10000:e1:00.0");

  g_assert_cmpstr (element, ==, "0000_21_00_3");
  g_assert_cmpstr (big, ==, "10000_e1_00_0");
}

static void
test_controller_path_round_trip (void)
{
  static const char *const addresses[]
      = { "0000:00:14.0", "0000:21:00.3", "10000:e1:00.0", "ffffffff:ff:1f.7" };

  for (guint i = 0; i < G_N_ELEMENTS (addresses); i++)
    {
      g_autofree char *path = pf_bus_controller_path (addresses[i]);
      g_autoptr (GError) error = NULL;
      g_autofree char *back = pf_bus_controller_address_from_path (path, &error);

      g_assert_no_error (error);
      g_assert_true (g_variant_is_object_path (path));
      g_assert_cmpstr (back, ==, addresses[i]);
    }
}

static void
test_controller_path_refused (void)
{
  static const char *const paths[] = {
    "/",
    "",
    "/org/portferry1/controllers",
    "/org/portferry1/controllers/",
    "/org/portferry1/controllers/0000_00_14",
    "/org/portferry1/controllers/00_14_0",
    "/org/portferry1/controllers/0000_00_14_0_0",
    "/org/portferry1/controllers/0000_00_14_0/",
    "/org/portferry1/controllers/0000_00_1D_0",
    "/org/portferry1/controllers/00000_00_14_0",
    "/org/portferry1/controllers/____",
    "/org/portferry1/controllersX/0000_00_14_0",
    "/org/portferry1/profiles/0000_00_14_0",
    "/org/portferry2/controllers/0000_00_14_0",
  };

  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autoptr (GError) error = NULL;

      g_test_message ("“%s”", paths[i]);
      g_assert_null (pf_bus_controller_address_from_path (paths[i], &error));
      g_assert_error (error, PF_ERROR, PF_ERROR_NO_SUCH_DEVICE);
      g_assert_nonnull (strstr (error->message, paths[i]));
    }
}

static void
test_profile_path_round_trip (void)
{
  static const char *const ids[] = { "home", "a", "0", "gaming-rig", "a_b", "a-_-_b", "z_2d", "5f-2d" };

  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    {
      g_autofree char *path = pf_bus_profile_path (ids[i]);
      g_autoptr (GError) error = NULL;
      g_autofree char *back = pf_bus_profile_id_from_path (path, &error);

      g_assert_no_error (error);
      g_assert_true (g_variant_is_object_path (path));
      g_assert_cmpstr (back, ==, ids[i]);
    }
}

static void
test_profile_path_is_documented (void)
{
  g_autofree char *path = pf_bus_profile_path ("my-first_one");

  g_assert_cmpstr (path, ==, "/org/portferry1/profiles/my_2dfirst_5fone");
}

/* One object has one path: what decodes to an id, but is not how that id is written, is no path of ours. */
static void
test_profile_path_refused (void)
{
  static const char *const paths[] = {
    "",
    "/",
    "/org/portferry1/profiles",
    "/org/portferry1/profiles/",
    "/org/portferry1/profiles/_",
    "/org/portferry1/profiles/a_",
    "/org/portferry1/profiles/a_b",
    "/org/portferry1/profiles/a_2D",
    "/org/portferry1/profiles/_61",
    "/org/portferry1/profiles/a_00",
    "/org/portferry1/profiles/_2d",
    "/org/portferry1/profiles/_2e_2e_2fetc",
    "/org/portferry1/profiles/UPPER",
    "/org/portferry1/profiles/a/b",
    "/org/portferry1/profiles/a-b",
    "/org/portferry1/controllers/home",
  };

  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autoptr (GError) error = NULL;

      g_test_message ("“%s”", paths[i]);
      g_assert_null (pf_bus_profile_id_from_path (paths[i], &error));
      g_assert_error (error, PF_ERROR, PF_ERROR_NO_SUCH_PROFILE);
    }
}

static void
test_error_names (void)
{
  for (guint code = 0; code < PF_N_ERRORS; code++)
    {
      const char *name = pf_error_get_name (code);
      PfError back = PF_N_ERRORS;

      g_assert_nonnull (name);
      g_assert_true (pf_error_from_name (name, &back));
      g_assert_cmpuint (back, ==, code);
    }
}

static void
test_unknown_error_name (void)
{
  PfError code = PF_ERROR_BUSY;

  g_assert_false (pf_error_from_name ("NoSuchError", &code));
  g_assert_false (pf_error_from_name ("", &code));
  g_assert_false (pf_error_from_name ("noiommu", &code));
  g_assert_cmpuint (code, ==, PF_ERROR_BUSY);
}

static void
test_objection_codes (void)
{
  g_autofree char *no_iommu = pf_error_get_objection_code (PF_ERROR_NO_IOMMU);
  g_autofree char *held = pf_error_get_objection_code (PF_ERROR_HELD);
  g_autofree char *mismatch = pf_error_get_objection_code (PF_ERROR_BOARD_MISMATCH);

  g_assert_cmpstr (no_iommu, ==, "no-iommu");
  g_assert_cmpstr (held, ==, "held");
  g_assert_cmpstr (mismatch, ==, "board-mismatch");
}

/* Each error keeps its code on its way over the bus and back. */
static void
test_errors_travel (void)
{
  pf_bus_register_errors ();
  for (guint code = 0; code < PF_N_ERRORS; code++)
    {
      g_autoptr (GError) sent = g_error_new (PF_ERROR, (int) code, "the reason");
      g_autofree char *name = g_dbus_error_encode_gerror (sent);
      g_autofree char *expected = g_strconcat ("org.portferry1.Error.", pf_error_get_name (code), NULL);
      g_autoptr (GError) received = g_dbus_error_new_for_dbus_error (name, "the reason");

      g_assert_cmpstr (name, ==, expected);
      g_assert_true (g_dbus_is_error_name (name));
      g_assert_error (received, PF_ERROR, (int) code);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model/pci-address/accepted", test_accepted);
  g_test_add_func ("/model/pci-address/canonical", test_canonical);
  g_test_add_func ("/model/pci-address/refused", test_refused);
  g_test_add_func ("/model/pci-address/one-byte-off", test_one_byte_off);
  g_test_add_func ("/model/pci-address/long-text", test_long_text);
  g_test_add_func ("/model/pci-address/order", test_order);
  g_test_add_func ("/model/pci-address/path-element", test_path_element);
  g_test_add_func ("/model/bus/controller-path/round-trip", test_controller_path_round_trip);
  g_test_add_func ("/model/bus/controller-path/refused", test_controller_path_refused);
  g_test_add_func ("/model/bus/profile-path/round-trip", test_profile_path_round_trip);
  g_test_add_func ("/model/bus/profile-path/documented", test_profile_path_is_documented);
  g_test_add_func ("/model/bus/profile-path/refused", test_profile_path_refused);
  g_test_add_func ("/model/error/names", test_error_names);
  g_test_add_func ("/model/error/unknown-name", test_unknown_error_name);
  g_test_add_func ("/model/error/objection-codes", test_objection_codes);
  g_test_add_func ("/model/error/travel", test_errors_travel);
  return g_test_run ();
}
