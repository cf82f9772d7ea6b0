/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "pf-error.h"
#include "pf-profile-file.h"
#include "pf-windows-bench.h"

#define XHCI "0000:00:14.0"
#define EHCI1 "0000:00:1d.0"
#define EXISTING 0x103u /* the ports of the bench */

typedef struct
{
  PfWindowsBench *bench;
  GPtrArray *sockets;
  PfProfileDraft *draft;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->bench = pf_windows_bench_new_z97 ();
  fixture->sockets = pf_sockets_build (fixture->bench->controllers, fixture->bench->routers);
  fixture->draft = pf_profile_draft_new ();
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  pf_profile_draft_free (fixture->draft);
  g_ptr_array_unref (fixture->sockets);
  pf_windows_bench_free (fixture->bench);
}

static void
pick (Fixture *fixture, const char *key, gboolean chosen)
{
  pf_profile_draft_set_socket (fixture->draft, pf_sockets_find (fixture->sockets, key), chosen, EXISTING);
}

static void
assert_settings (Fixture *fixture, const char *key, const char *expected)
{
  g_autoptr (GVariant) settings
      = g_variant_ref_sink (pf_profile_draft_to_settings (fixture->draft, fixture->sockets));
  g_autoptr (GVariant) value = g_variant_lookup_value (settings, key, NULL);
  g_autofree char *text = value != NULL ? g_variant_print (value, FALSE) : g_strdup ("none");

  g_assert_cmpstr (text, ==, expected);
}

/* A port that is chosen needs its EHCI, and no longer when it is not chosen any more. */
static void
test_ports (Fixture *fixture, gconstpointer data)
{
  g_assert_true (pf_profile_draft_is_empty (fixture->draft));
  assert_settings (fixture, "label", "none");
  pick (fixture, XHCI " ehci1/2", TRUE);
  assert_settings (fixture, "ports", "['ehci1/2']");
  assert_settings (fixture, "controllers", "['" EHCI1 "']");
  g_assert_false (pf_profile_draft_is_chosen (fixture->draft, EHCI1));
  pick (fixture, XHCI " ehci2/1", TRUE);
  assert_settings (fixture, "controllers", "['0000:00:1a.0', '" EHCI1 "']");
  pick (fixture, XHCI " ehci1/2", FALSE);
  pick (fixture, XHCI " ehci2/1", FALSE);
  assert_settings (fixture, "controllers", "[]");
  g_assert_true (pf_profile_draft_is_empty (fixture->draft));
}

/* With the xHCI lent, or the side said, ports need no EHCI. */
static void
test_sides (Fixture *fixture, gconstpointer data)
{
  pick (fixture, XHCI " ehci1/2", TRUE);
  fixture->draft->side = PF_SIDE_EHCI;
  assert_settings (fixture, "controllers", "[]");
  assert_settings (fixture, "side", "'ehci'");
  fixture->draft->side = PF_SIDE_AUTO;
  pf_profile_draft_set_controller (fixture->draft, XHCI, TRUE);
  assert_settings (fixture, "controllers", "['" XHCI "']");
}

/* A socket that does not move is its controller. */
static void
test_fixed (Fixture *fixture, gconstpointer data)
{
  const PfSocket *socket = pf_sockets_find (fixture->sockets, EHCI1 " usb/3");

  pick (fixture, EHCI1 " usb/3", TRUE);
  g_assert_true (pf_profile_draft_has_socket (fixture->draft, socket));
  g_assert_true (pf_profile_draft_is_chosen (fixture->draft, EHCI1));
  assert_settings (fixture, "ports", "[]");
  pick (fixture, EHCI1 " usb/3", FALSE);
  assert_settings (fixture, "controllers", "[]");
}

static PfDBusProfile *
create_profile (void)
{
  static const char *const controllers[] = { "0000:00:1a.0", NULL };
  static const char *const ports[] = { "all", NULL };
  PfDBusProfile *profile = pf_dbus_profile_skeleton_new ();

  pf_dbus_profile_set_id (profile, "games");
  pf_dbus_profile_set_label (profile, "Games");
  pf_dbus_profile_set_icon (profile, "input-gaming");
  pf_dbus_profile_set_controllers (profile, controllers);
  pf_dbus_profile_set_ports (profile, ports);
  pf_dbus_profile_set_side (profile, "auto");
  pf_dbus_profile_set_vfio_user (profile, "alice");
  pf_dbus_profile_set_vfio_group (profile, "");
  pf_dbus_profile_set_confirm (profile, "always");
  pf_dbus_profile_set_confirm_seconds (profile, 30);
  pf_dbus_profile_set_on_vm_exit (profile, "keep");
  pf_dbus_profile_set_super_speed_off (profile, TRUE);
  pf_dbus_profile_set_guest_may_switch (profile, TRUE);
  pf_dbus_profile_set_lock_on_switch (profile, TRUE);
  return profile;
}

/* What nobody touches is sent back as it was; "all" says which ones as soon as one of them is taken away. */
static void
test_from_bus (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PfDBusProfile) profile = create_profile ();

  pf_profile_draft_free (fixture->draft);
  fixture->draft = pf_profile_draft_new_from_bus (profile);
  assert_settings (fixture, "label", "'Games'");
  assert_settings (fixture, "ports", "['all']");
  assert_settings (fixture, "vfio-user", "'alice'");
  assert_settings (fixture, "confirm", "'always'");
  assert_settings (fixture, "confirm-seconds", "30");
  assert_settings (fixture, "on-vm-exit", "'keep'");
  assert_settings (fixture, "super-speed-off", "true");
  assert_settings (fixture, "guest-may-switch", "true");
  assert_settings (fixture, "lock-on-switch", "true");
  pick (fixture, XHCI " ehci1/2", TRUE);
  assert_settings (fixture, "ports", "['all']");
  pick (fixture, XHCI " ehci1/2", FALSE);
  assert_settings (fixture, "ports", "['ehci1/1', 'ehci2/1']");
}

static void
test_file (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PfDBusProfile) profile = create_profile ();
  g_autoptr (PfProfileDraft) games = pf_profile_draft_new_from_bus (profile);
  g_autofree char *text = pf_profile_file_export (games, fixture->sockets, fixture->bench->controllers);
  g_autofree char *again = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (strstr (text, "GuestMaySwitch=true\nLockOnSwitch=true\n"));
  g_assert_nonnull (strstr (text, "[Ports 0000:00:14.0]\nId=8086:8cb1\nGuest=all;\n"));
  g_assert_true (
      pf_profile_file_import (fixture->draft, text, strlen (text), fixture->bench->controllers, &error));
  g_assert_no_error (error);
  g_assert_null (fixture->draft->id);
  again = pf_profile_file_export (fixture->draft, fixture->sockets, fixture->bench->controllers);
  g_assert_cmpstr (again, ==, text);
}

static void
refuse (Fixture *fixture, const char *text, PfError code)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (
      pf_profile_file_import (fixture->draft, text, strlen (text), fixture->bench->controllers, &error));
  g_assert_error (error, PF_ERROR, (int) code);
  g_assert_true (pf_profile_draft_is_empty (fixture->draft));
  g_assert_cmpstr (fixture->draft->label, ==, "");
}

static void
test_bad_files (Fixture *fixture, gconstpointer data)
{
  refuse (fixture, "", PF_ERROR_INVALID_PROFILE);
  refuse (fixture, "[Profile]\nLabel=x\nColour=red\n", PF_ERROR_INVALID_PROFILE);
  refuse (fixture, "[Profile]\nLabel=x\n[Controller 0000:55:00.0]\n", PF_ERROR_BOARD_MISMATCH);
  refuse (fixture, "[Profile]\nLabel=x\n[Controller 0000:00:1a.0]\nId=1022:145c\n", PF_ERROR_BOARD_MISMATCH);
  refuse (fixture, "[Profile]\nLabel=x\n[Ports 0000:00:15.0]\nGuest=ehci1/1\n", PF_ERROR_BOARD_MISMATCH);
}

static void
assert_id (Fixture *fixture, const char *label, const char *expected)
{
  static const char *const taken[] = { "games", "games-2", NULL };
  g_autofree char *id = NULL;

  g_free (fixture->draft->label);
  fixture->draft->label = g_strdup (label);
  id = pf_profile_draft_suggest_id (fixture->draft, taken);
  g_assert_cmpstr (id, ==, expected);
  g_assert_true (pf_profile_id_is_valid (id, NULL));
}

static void
test_ids (Fixture *fixture, gconstpointer data)
{
  g_autofree char *longest = g_strnfill (64, 'x');
  g_autofree char *cut = g_strnfill (60, 'x');

  assert_id (fixture, "Windows 11", "windows-11");
  assert_id (fixture, "  Spiele & Ton  ", "spiele-ton");
  assert_id (fixture, "Games", "games-3");
  assert_id (fixture, "Home", "home-2");
  assert_id (fixture, "日本", "profile");
  assert_id (fixture, "…", "profile");
  assert_id (fixture, longest, cut);
}

#define ADD(name, function) g_test_add ("/profile-draft/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("ports", test_ports);
  ADD ("sides", test_sides);
  ADD ("fixed", test_fixed);
  ADD ("from-bus", test_from_bus);
  ADD ("file", test_file);
  ADD ("bad-files", test_bad_files);
  ADD ("ids", test_ids);
  return g_test_run ();
}
