/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Profiles as values: what may be set, and which controller a key means on which machine. */

#include <string.h>

#include "pf-error.h"
#include "pf-test-plan.h"

#define EHCI1 "0000:00:1d.0"
#define EHCI2 "0000:00:1a.0"
#define XHCI "0000:00:14.0"
#define CARD "0000:03:00.0"

static void
test_ids (void)
{
  static const char *const good[] = { "a", "0", "home", "windows", "gaming-rig", "a_b-c", "9lives" };
  static const char *const bad[]
      = { "", "-a", "_a", "A", "a b", "a/b", "..", ".", "a.profile", "ä", "a\n", "\xff", "a;", "a\x01" };
  g_autofree char *longest = g_strnfill (PF_PROFILE_MAX_ID, 'a');
  g_autofree char *too_long = g_strnfill (PF_PROFILE_MAX_ID + 1, 'a');
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    g_assert_true (pf_profile_id_is_valid (good[i], NULL));
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_false (pf_profile_id_is_valid (bad[i], NULL));
  g_assert_true (pf_profile_id_is_valid (longest, NULL));
  g_assert_false (pf_profile_id_is_valid (too_long, &error));
  g_assert_error (error, PF_ERROR, PF_ERROR_INVALID_ARGUMENT);
}

typedef gboolean (*Setter) (PfProfile *profile, const char *text, GError **error);

static void
assert_set (Setter set, const char *text, gboolean accepted)
{
  g_autoptr (PfProfile) profile = pf_profile_new ("test");
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (set (profile, text, &error), ==, accepted);
  if (accepted)
    g_assert_no_error (error);
  else
    g_assert_error (error, PF_ERROR, PF_ERROR_INVALID_ARGUMENT);
}

static void
test_labels (void)
{
  g_autofree char *longest = g_strnfill (PF_PROFILE_MAX_LABEL, 'x');
  g_autofree char *too_long = g_strnfill (PF_PROFILE_MAX_LABEL + 1, 'x');
  g_autoptr (GString) wide = g_string_new (NULL);

  for (guint i = 0; i < PF_PROFILE_MAX_LABEL; i++)
    g_string_append (wide, "漢");
  assert_set (pf_profile_set_label, "Spiele & Büro", TRUE);
  assert_set (pf_profile_set_label, longest, TRUE);
  assert_set (pf_profile_set_label, wide->str, TRUE);
  assert_set (pf_profile_set_label, too_long, FALSE);
  assert_set (pf_profile_set_label, "", FALSE);
  assert_set (pf_profile_set_label, "two\nlines", FALSE);
  assert_set (pf_profile_set_label, "tab\t", FALSE);
  assert_set (pf_profile_set_label, "\x1b[31mred", FALSE);
  assert_set (pf_profile_set_label, "\xe2\x80\xaereversed", FALSE);
  assert_set (pf_profile_set_label, "\xff", FALSE);
}

static void
test_names (void)
{
  static const Setter setters[]
      = { pf_profile_set_icon, pf_profile_set_vfio_user, pf_profile_set_vfio_group };
  g_autofree char *long_name = g_strnfill (65, 'x');

  for (guint i = 0; i < G_N_ELEMENTS (setters); i++)
    {
      assert_set (setters[i], "", TRUE);
      assert_set (setters[i], "alice", TRUE);
      assert_set (setters[i], "Alice.B-2_x", TRUE);
      assert_set (setters[i], "a b", FALSE);
      assert_set (setters[i], "a/b", FALSE);
      assert_set (setters[i], "a:b", FALSE);
      assert_set (setters[i], "ä", FALSE);
      assert_set (setters[i], long_name, FALSE);
    }
}

static void
test_vm (void)
{
  static const char *const sockets[] = { "", "/run/a b", "%t/games.qmp", "/tmp/ä", NULL };
  static const char *const no_sockets[]
      = { "a", "/", "%t", "%t/", "%tmp/a", "/%t/a", "%t/a%t", "/a\nb", "/a\xff", "@abstract", NULL };
  static const char *const domains[] = { "", "win10", "Windows 10 (games)", "Büro", NULL };
  static const char *const no_domains[] = { "a/b", "two\nlines", "\xe2\x80\xaereversed", NULL };
  static const char *const uris[] = { "", "qemu:///system", "qemu:///session", "test:///default", NULL };
  static const char *const no_uris[]
      = { "qemu", "qemu://host/system", "qemu+ssh:///system", "qemu+ext:///system?command=/bin/sh",
          "qemu:///system?socket=/tmp/s", "qemu:///", "qemu:////a b", ":///system", NULL };
  const struct
  {
    Setter set;
    const char *const *good;
    const char *const *bad;
    guint max;
    const char *start;
  } cases[] = { { pf_profile_set_qmp, sockets, no_sockets, PF_PROFILE_MAX_QMP, "/" },
                { pf_profile_set_libvirt_domain, domains, no_domains, PF_PROFILE_MAX_DOMAIN, "" },
                { pf_profile_set_libvirt_uri, uris, no_uris, PF_PROFILE_MAX_URI, "qemu:///" } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *fill = g_strnfill (cases[i].max - strlen (cases[i].start), 'x');
      g_autofree char *longest = g_strconcat (cases[i].start, fill, NULL);
      g_autofree char *too_long = g_strconcat (longest, "x", NULL);

      for (guint j = 0; cases[i].good[j] != NULL; j++)
        assert_set (cases[i].set, cases[i].good[j], TRUE);
      for (guint j = 0; cases[i].bad[j] != NULL; j++)
        assert_set (cases[i].set, cases[i].bad[j], FALSE);
      assert_set (cases[i].set, longest, TRUE);
      assert_set (cases[i].set, too_long, FALSE);
    }
}

static void
test_one_vm (void)
{
  g_autoptr (PfProfile) profile = pf_profile_new ("test");

  g_assert_false (pf_profile_names_vm (profile));
  g_assert_true (pf_profile_set_qmp (profile, "/run/a", NULL));
  g_assert_true (pf_profile_names_vm (profile));
  g_assert_true (pf_profile_check_vm (profile, NULL));
  g_assert_true (pf_profile_set_libvirt_domain (profile, "a", NULL));
  g_assert_false (pf_profile_check_vm (profile, NULL));
  g_assert_true (pf_profile_set_qmp (profile, "", NULL));
  g_assert_true (pf_profile_check_vm (profile, NULL));
  g_assert_true (pf_profile_names_vm (profile));
}

static void
test_empty_name_means_none (void)
{
  g_autoptr (PfProfile) profile = pf_profile_new ("test");

  g_assert_true (pf_profile_set_vfio_user (profile, "alice", NULL));
  g_assert_cmpstr (profile->vfio_user, ==, "alice");
  g_assert_true (pf_profile_set_vfio_user (profile, "", NULL));
  g_assert_null (profile->vfio_user);
}

static void
test_sides (void)
{
  static const char *const sides[] = { "auto", "ehci", "xhci" };
  g_autoptr (PfProfile) profile = pf_profile_new ("test");

  for (guint i = 0; i < G_N_ELEMENTS (sides); i++)
    {
      g_assert_true (pf_profile_set_side (profile, sides[i], NULL));
      g_assert_cmpstr (pf_side_to_string (profile->side), ==, sides[i]);
    }
  assert_set (pf_profile_set_side, "", FALSE);
  assert_set (pf_profile_set_side, "both", FALSE);
}

static void
assert_controllers_refused (const PfBoard *board, const char *address, PfError code)
{
  g_autoptr (PfProfile) profile = pf_profile_new ("test");
  const char *const before[] = { "00:1a.0", NULL };
  const char *const addresses[] = { "00:1d.0", address, NULL };
  g_autoptr (GError) error = NULL;

  g_assert_true (pf_profile_set_controllers (profile, board, before, NULL));
  g_assert_false (pf_profile_set_controllers (profile, board, addresses, &error));
  g_assert_error (error, PF_ERROR, (int) code);
  g_assert_nonnull (strstr (error->message, address));
  g_assert_cmpuint (profile->controllers->len, ==, 1);
}

static void
test_set_controllers (void)
{
  g_autoptr (PfTestBoard) made_up = pf_test_board_new_z97 ();
  g_autoptr (PfBoard) board = pf_test_board_read (made_up);
  g_autoptr (PfProfile) profile = pf_profile_new ("test");
  const char *const addresses[] = { "00:1a.0", "0000:03:00.0", "0000:00:1A.0", NULL };
  const char *const none[] = { NULL };
  const PfDeviceKey *key;

  g_assert_true (pf_profile_set_controllers (profile, board, addresses, NULL));
  g_assert_cmpuint (profile->controllers->len, ==, 2);
  key = profile->controllers->pdata[1];
  g_assert_cmpstr (key->address, ==, CARD);
  g_assert_cmpstr (key->path, ==, "pci0000:00/1c.03/00.0");
  g_assert_cmphex (key->vendor, ==, 0x1b21);
  g_assert_cmphex (key->device, ==, 0x1242);
  g_assert_true (pf_profile_set_controllers (profile, board, none, NULL));
  g_assert_cmpuint (profile->controllers->len, ==, 0);
  assert_controllers_refused (board, "0000:00:14x0", PF_ERROR_INVALID_ARGUMENT);
  assert_controllers_refused (board, "0000:05:00.0", PF_ERROR_NO_SUCH_DEVICE);
  assert_controllers_refused (board, "0000:00:1f.0", PF_ERROR_NOT_USB_CONTROLLER);
}

/* People copy addresses from lspci: a member of the group means the controller it goes along with, a bridge
 * does not. */
static void
test_members_stand_for_controllers (void)
{
  g_autoptr (PfTestBoard) made_up = pf_test_board_new_amd ();
  g_autoptr (PfBoard) board = pf_test_board_read (made_up);
  g_autoptr (PfProfile) profile = pf_profile_new ("test");
  const char *const addresses[] = { "21:00.6", "21:00.0", "21:00.3", NULL };
  const char *const bridges[][2] = { { "00:07.0", NULL }, { "00:07.1", NULL } };

  g_assert_true (pf_profile_set_controllers (profile, board, addresses, NULL));
  g_assert_cmpuint (profile->controllers->len, ==, 1);
  g_assert_cmpstr (((const PfDeviceKey *) profile->controllers->pdata[0])->address, ==, "0000:21:00.3");
  for (guint i = 0; i < G_N_ELEMENTS (bridges); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (pf_profile_set_controllers (profile, board, bridges[i], &error));
      g_assert_error (error, PF_ERROR, PF_ERROR_NOT_USB_CONTROLLER);
    }
}

static void
test_controllers_have_a_limit (void)
{
  g_autoptr (PfTestBoard) made_up = pf_test_board_new (PF_CPU_VENDOR_INTEL);
  g_autoptr (PfProfile) profile = pf_profile_new ("test");
  g_autoptr (PfBoard) board = NULL;
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) addresses = NULL;
  g_autoptr (GError) error = NULL;

  for (int i = 0; i <= PF_PROFILE_MAX_CONTROLLERS; i++)
    {
      g_autofree char *address = g_strdup_printf ("0000:%02x:00.0", i + 1);

      pf_test_board_add (made_up, address, 0x1b211242, 0x0c0330, "Card", "xhci_hcd", i);
      g_strv_builder_add (builder, address);
    }
  addresses = g_strv_builder_end (builder);
  board = pf_test_board_read (made_up);
  g_assert_false (pf_profile_set_controllers (profile, board, (const char *const *) addresses, &error));
  g_assert_error (error, PF_ERROR, PF_ERROR_LIMIT_EXCEEDED);
}

static void
test_set_ports (void)
{
  g_autoptr (PfTestBoard) made_up = pf_test_board_new_z97 ();
  g_autoptr (PfBoard) board = pf_test_board_read (made_up);
  g_autoptr (PfProfile) profile = pf_profile_new ("test");
  const char *const names[] = { "ehci2/3", "bit/0", NULL };
  const char *const wrong[] = { "ehci2/3", "usb1", NULL };
  const char *const none[] = { NULL };
  g_autoptr (GError) error = NULL;

  g_assert_true (pf_profile_set_ports (profile, board, names, NULL));
  g_assert_cmphex (profile->ports.bits, ==, 0x0401);
  g_assert_cmpstr (profile->router->address, ==, XHCI);
  g_assert_cmphex (profile->router->device, ==, 0x8cb1);
  g_assert_false (pf_profile_set_ports (profile, board, wrong, &error));
  g_assert_error (error, PF_ERROR, PF_ERROR_INVALID_ARGUMENT);
  g_assert_cmphex (profile->ports.bits, ==, 0x0401);
  g_assert_true (pf_profile_set_ports (profile, board, none, NULL));
  g_assert_null (profile->router);
}

static void
assert_no_routing (const PfTestBoard *made_up, const char *word)
{
  g_autoptr (PfBoard) board = pf_test_board_read (made_up);
  g_autoptr (PfProfile) profile = pf_profile_new ("test");
  const char *const names[] = { "all", NULL };
  const char *const none[] = { NULL };
  g_autoptr (GError) error = NULL;

  g_assert_false (pf_profile_set_ports (profile, board, names, &error));
  g_assert_error (error, PF_ERROR, PF_ERROR_NO_ROUTING_REGISTER);
  g_assert_nonnull (strstr (error->message, word));
  g_assert_nonnull (strstr (error->message, "whole controllers can still be lent"));
  g_assert_true (pf_profile_set_ports (profile, board, none, NULL));
}

static void
test_no_routing (void)
{
  g_autoptr (PfTestBoard) amd = pf_test_board_new_amd ();
  g_autoptr (PfTestBoard) laptop = pf_test_board_new_laptop ();

  assert_no_routing (amd, "no USB controller with a USB2 routing register");
  assert_no_routing (laptop, "absent");
}

static void
assert_resolves (const PfDeviceKey *key, const PfTestBoard *made_up, const char *address)
{
  g_autoptr (PfBoard) board = pf_test_board_read (made_up);
  g_autoptr (PfProfile) profile = pf_profile_new ("gaming");
  g_autoptr (GError) error = NULL;
  const PfController *controller = pf_device_key_resolve (key, profile, board, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (controller->function->address, ==, address);
}

static void
assert_mismatch (const PfDeviceKey *key, const PfTestBoard *made_up, PfError code, const char *word)
{
  g_autoptr (PfBoard) board = pf_test_board_read (made_up);
  g_autoptr (PfProfile) profile = pf_profile_new ("gaming");
  g_autoptr (GError) error = NULL;

  g_assert_null (pf_device_key_resolve (key, profile, board, &error));
  g_assert_error (error, PF_ERROR, (int) code);
  g_assert_nonnull (strstr (error->message, word));
  g_assert_null (strstr (error->message, "0000:0000"));
  if (code == PF_ERROR_BOARD_MISMATCH)
    g_assert_nonnull (strstr (error->message, "“gaming”"));
}

static void
rename_function (PfTestBoard *board, const char *from, const char *to)
{
  PfTestFunction *function = pf_test_board_get (board, from);

  g_free (function->address);
  function->address = g_strdup (to);
}

/* A new card renumbers the buses: the address is another, and the place the same. */
static void
test_resolve_by_path (void)
{
  g_autoptr (PfTestBoard) board = pf_test_board_new_z97 ();
  g_autoptr (PfProfile) profile = pf_test_plan_make_profile (board, "gaming", CARD, "");
  const PfDeviceKey *key = profile->controllers->pdata[0];
  PfTestFunction *newcomer;

  assert_resolves (key, board, CARD);
  rename_function (board, CARD, "0000:04:00.0");
  newcomer = pf_test_board_add (board, CARD, 0x1b211242, 0x0c0330, "A twin in another slot", "xhci_hcd", 14);
  g_free (newcomer->path);
  newcomer->path = g_strdup ("pci0000:00/1c.00/00.0");
  assert_resolves (key, board, "0000:04:00.0");
  pf_test_board_get (board, "0000:04:00.0")->ids = 0x19120014;
  assert_mismatch (key, board, PF_ERROR_BOARD_MISMATCH, "1b21:1242");
  assert_mismatch (key, board, PF_ERROR_BOARD_MISMATCH, "ASMedia ASM1142 (0000:04:00.0)");
  g_ptr_array_remove (board->functions, pf_test_board_get (board, "0000:04:00.0"));
  assert_mismatch (key, board, PF_ERROR_BOARD_MISMATCH, "there is none");
}

static void
test_resolve_by_address (void)
{
  g_autoptr (PfTestBoard) board = pf_test_board_new_z97 ();
  g_autoptr (PfDeviceKey) bare = pf_device_key_new (EHCI2);
  g_autoptr (PfDeviceKey) with_ids = pf_device_key_new (EHCI2);
  g_autoptr (PfDeviceKey) with_path = pf_device_key_new (EHCI2);
  g_autoptr (PfDeviceKey) missing = pf_device_key_new ("0000:07:00.0");
  g_autoptr (PfDeviceKey) other = pf_device_key_new ("0000:00:1f.0");

  with_ids->vendor = 0x8086;
  with_ids->device = 0x8cad;
  with_path->path = g_strdup ("pci0000:00/1a.0");
  assert_resolves (bare, board, EHCI2);
  assert_resolves (with_ids, board, EHCI2);
  assert_resolves (with_path, board, EHCI2);
  assert_mismatch (missing, board, PF_ERROR_NO_SUCH_DEVICE, "0000:07:00.0");
  assert_mismatch (other, board, PF_ERROR_NOT_USB_CONTROLLER, "0000:00:1f.0");
  with_ids->device = 0x8c2d;
  assert_mismatch (with_ids, board, PF_ERROR_BOARD_MISMATCH, "8086:8c2d");
  g_free (with_path->path);
  with_path->path = g_strdup ("pci0000:00/1b.0");
  assert_mismatch (with_path, board, PF_ERROR_BOARD_MISMATCH, EHCI2);
}

static void
test_home (void)
{
  g_autoptr (PfProfile) home = pf_profile_new_home ();
  g_autoptr (PfProfile) other = pf_profile_new ("homes");

  g_assert_true (pf_profile_is_home (home));
  g_assert_false (pf_profile_is_home (other));
  g_assert_cmpstr (home->label, ==, "Home");
  g_assert_cmpuint (home->controllers->len, ==, 0);
  g_assert_true (pf_port_set_is_empty (&home->ports));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model/profile/ids", test_ids);
  g_test_add_func ("/model/profile/labels", test_labels);
  g_test_add_func ("/model/profile/names", test_names);
  g_test_add_func ("/model/profile/vm", test_vm);
  g_test_add_func ("/model/profile/one-vm", test_one_vm);
  g_test_add_func ("/model/profile/empty-name", test_empty_name_means_none);
  g_test_add_func ("/model/profile/sides", test_sides);
  g_test_add_func ("/model/profile/controllers", test_set_controllers);
  g_test_add_func ("/model/profile/group-members", test_members_stand_for_controllers);
  g_test_add_func ("/model/profile/controller-limit", test_controllers_have_a_limit);
  g_test_add_func ("/model/profile/ports", test_set_ports);
  g_test_add_func ("/model/profile/no-routing", test_no_routing);
  g_test_add_func ("/model/profile/resolve/path", test_resolve_by_path);
  g_test_add_func ("/model/profile/resolve/address", test_resolve_by_address);
  g_test_add_func ("/model/profile/home", test_home);
  return g_test_run ();
}
