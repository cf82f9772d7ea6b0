/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What speaks against taking away what the host itself uses, each kind by itself. */

#include <string.h>

#include "pf-objection.h"
#include "pf-test-plan.h"

#define EHCI1 "0000:00:1d.0"
#define EHCI2 "0000:00:1a.0"
#define XHCI "0000:00:14.0"
#define CARD "0000:03:00.0"
#define SHARED "0000:21:00.3"
#define NEIGHBOUR "0000:21:00.6"

/* The stick in ehci2/1 (bit 8) is on the xHCI: bus 1, and there it is port 5. */
#define STICK "1-5"

/* Kinds, with an example, the code, and what the message has to have in it. */
typedef struct
{
  PfUseKind kind;
  const char *what;
  const char *where;
  const char *code;
  const char *words;
} Case;

static const Case hard_disks[] = {
  { PF_USE_ROOT, "sdb1", "/", "root-disk", "root file system" },
  { PF_USE_BOOT, "sdb2", "/boot/efi", "boot-disk", "/boot/efi" },
  { PF_USE_HOME, "sdb3", "/home", "home-disk", "/home" },
  { PF_USE_SYSTEM, "sdb4", "/var/lib", "system-disk", "/var/lib" },
  { PF_USE_SWAP, "sdb5", "swap", "swap", "swapoff" },
  { PF_USE_VOLUME, "sdb6", "vg-data", "volume-member", "vg-data" },
};

static const Case soft_sessions[] = {
  { PF_USE_AUDIO, "Headset", "pipewire (77)", "audio-in-use", "pipewire (77)" },
  { PF_USE_PRINTER, "bus/usb/001/004", "usb (78)", "print-session", "usb (78)" },
  { PF_USE_FINGERPRINT, "bus/usb/001/005", "fprintd (79)", "fingerprint-session", "fprintd (79)" },
};

static GPtrArray *
compute (const PfTestBoard *made_up,
         const PfProfile *profile,
         const Case *uses,
         guint n_uses,
         const PfUsePlace *place,
         guint other_routes)
{
  g_autoptr (PfBoard) board = pf_test_board_read (made_up);
  g_autoptr (GError) error = NULL;
  g_autoptr (PfPlan) plan = pf_test_plan_compute (made_up, profile, &error);

  g_assert_no_error (error);
  for (guint i = 0; i < n_uses; i++)
    pf_board_add_use (board, uses[i].kind, place, uses[i].what, uses[i].where);
  board->other_routes = other_routes;
  return pf_objections_compute (board, plan, profile);
}

static void
assert_objection (const PfTestBoard *made_up,
                  const PfProfile *profile,
                  const Case *use,
                  const PfUsePlace *place,
                  PfSeverity severity,
                  const char *name)
{
  g_autoptr (GPtrArray) objections = compute (made_up, profile, use, 1, place, 0);
  const PfObjection *objection;

  g_assert_cmpuint (objections->len, ==, 1);
  objection = objections->pdata[0];
  g_test_message ("%s: %s", objection->code, objection->message);
  g_assert_cmpstr (objection->code, ==, use->code);
  g_assert_true (pf_objection_code_exists (objection->code));
  g_assert_cmpint (objection->severity, ==, severity);
  g_assert_cmpint (objection->error, ==, PF_ERROR_OBJECTION);
  g_assert_cmpstr (objection->address, ==, place->usb != NULL ? place->usb : place->address);
  g_assert_nonnull (strstr (objection->message, use->words));
  g_assert_nonnull (strstr (objection->message, name));
  g_assert_null (strstr (objection->message, "(null)"));
}

static void
assert_none (const PfTestBoard *made_up, const PfProfile *profile, const Case *use, const PfUsePlace *place)
{
  g_autoptr (GPtrArray) objections = compute (made_up, profile, use, 1, place, 0);

  g_assert_cmpuint (objections->len, ==, 0);
}

static PfTestBoard *
new_board_with_stick (void)
{
  PfTestBoard *board = pf_test_board_new_z97 ();

  pf_test_board_plug (board, 8, "SanDisk Extreme", PF_TEST_STORAGE);
  return board;
}

static const PfUsePlace stick = { (char *) XHCI, (char *) STICK };

/* A disk in a port that goes to the guest: every use that the host cannot do without. */
static void
test_disks (void)
{
  g_autoptr (PfTestBoard) board = new_board_with_stick ();
  g_autoptr (PfProfile) profile = pf_test_plan_make_profile (board, "test", EHCI2, "ehci2/1");
  g_autoptr (PfProfile) other = pf_test_plan_make_profile (board, "other", EHCI2, "ehci2/2");

  for (guint i = 0; i < G_N_ELEMENTS (hard_disks); i++)
    {
      assert_objection (board, profile, &hard_disks[i], &stick, PF_SEVERITY_HARD, "SanDisk Extreme");
      assert_none (board, other, &hard_disks[i], &stick);
    }
}

/* No word overrides them. */
static void
test_no_override (void)
{
  g_autoptr (PfTestBoard) board = new_board_with_stick ();
  g_autoptr (PfProfile) profile = pf_test_plan_make_profile (board, "test", EHCI2, "ehci2/1");
  g_autoptr (GPtrArray) objections
      = compute (board, profile, hard_disks, G_N_ELEMENTS (hard_disks), &stick, 0);
  const char *const all[]
      = { "root-disk", "boot-disk", "home-disk", "system-disk", "swap", "volume-member", "all", NULL };
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (objections->len, ==, G_N_ELEMENTS (hard_disks));
  g_assert_false (pf_objections_check (objections, all, &error));
  g_assert_error (error, PF_ERROR, PF_ERROR_OBJECTION);
}

static void
test_mounted (void)
{
  static const Case use = { PF_USE_MOUNT, "sdb1", "/media/stick", "mounted", "/media/stick" };
  const char *const override[] = { "mounted", NULL };
  g_autoptr (PfTestBoard) board = new_board_with_stick ();
  g_autoptr (PfProfile) profile = pf_test_plan_make_profile (board, "test", EHCI2, "ehci2/1");
  g_autoptr (GPtrArray) objections = compute (board, profile, &use, 1, &stick, 0);

  assert_objection (board, profile, &use, &stick, PF_SEVERITY_SOFT, "SanDisk Extreme");
  g_assert_false (pf_objections_check (objections, NULL, NULL));
  g_assert_true (pf_objections_check (objections, override, NULL));
}

/* From one controller of the host to another: a disk does not survive that, sound and networks come back. */
static void
test_replugged (void)
{
  static const Case net = { PF_USE_DEFAULT_ROUTE, "usb0", "default route", "default-route", "usb0" };
  g_autoptr (PfTestBoard) board = new_board_with_stick ();
  g_autoptr (PfProfile) profile = pf_test_plan_make_profile (board, "test", XHCI, "");

  for (guint i = 0; i < G_N_ELEMENTS (hard_disks); i++)
    assert_objection (board, profile, &hard_disks[i], &stick, PF_SEVERITY_HARD, "SanDisk Extreme");
  for (guint i = 0; i < G_N_ELEMENTS (soft_sessions); i++)
    assert_none (board, profile, &soft_sessions[i], &stick);
  assert_none (board, profile, &net, &stick);
}

static void
test_sessions (void)
{
  g_autoptr (PfTestBoard) board = pf_test_board_new_z97 ();
  g_autoptr (PfProfile) profile = pf_test_plan_make_profile (board, "test", EHCI2, "ehci2/1");

  pf_test_board_plug (board, 8, "Some Gadget", PF_TEST_PLAIN);
  for (guint i = 0; i < G_N_ELEMENTS (soft_sessions); i++)
    assert_objection (board, profile, &soft_sessions[i], &stick, PF_SEVERITY_SOFT, "Some Gadget");
}

/* Below a controller that goes as a whole. */
static void
test_controller (void)
{
  static const PfUsePlace place = { (char *) CARD, (char *) "7-1" };
  g_autoptr (PfTestBoard) board = pf_test_board_new_z97 ();
  g_autoptr (PfProfile) profile = pf_test_plan_make_profile (board, "test", CARD, "");
  g_autoptr (PfProfile) other = pf_test_plan_make_profile (board, "other", EHCI2, "ehci2/1");

  pf_test_board_plug_at (board, CARD, 1, "Backup Disk", PF_TEST_STORAGE);
  assert_objection (board, profile, &hard_disks[0], &place, PF_SEVERITY_HARD, "Backup Disk");
  assert_none (board, other, &hard_disks[0], &place);
}

/* A device that the scan saw a disk of, but not the device itself, goes with its controller. */
static void
test_unknown_device (void)
{
  static const PfUsePlace place = { (char *) CARD, (char *) "7-1.1.1.1.1.1.1.1" };
  g_autoptr (PfTestBoard) board = pf_test_board_new_z97 ();
  g_autoptr (PfProfile) profile = pf_test_plan_make_profile (board, "test", CARD, "");

  assert_objection (board, profile, &hard_disks[0], &place, PF_SEVERITY_HARD, "ASMedia");
}

/* Another member of the group: a disk controller, a network card, a graphics card, a sound card. */
static void
test_member (void)
{
  static const PfUsePlace place = { (char *) NEIGHBOUR, NULL };
  static const Case display = { PF_USE_DISPLAY, "HDMI-A-1", "screen", "display", "HDMI-A-1" };
  static const Case sound = { PF_USE_AUDIO, "Generic", "pipewire (77)", "audio-in-use", "Generic" };
  g_autoptr (PfTestBoard) board = pf_test_board_new_amd ();
  g_autoptr (PfProfile) profile = pf_test_plan_make_profile (board, "test", SHARED, "");
  g_autoptr (PfProfile) alone = pf_test_plan_make_profile (board, "alone", "0000:02:00.0", "");

  assert_objection (board, profile, &display, &place, PF_SEVERITY_HARD, "AMD HD Audio (" NEIGHBOUR ")");
  assert_objection (board, profile, &sound, &place, PF_SEVERITY_SOFT, NEIGHBOUR);
  assert_objection (board, profile, &hard_disks[0], &place, PF_SEVERITY_HARD, NEIGHBOUR);
  assert_none (board, alone, &display, &place);
}

/* Hard, unless another way stays. */
static void
test_default_route (void)
{
  static const Case use
      = { PF_USE_DEFAULT_ROUTE, "enp3s0", "default route", "default-route", "there is no other" };
  static const PfUsePlace place = { (char *) NEIGHBOUR, NULL };
  g_autoptr (PfTestBoard) board = pf_test_board_new_amd ();
  g_autoptr (PfProfile) profile = pf_test_plan_make_profile (board, "test", SHARED, "");
  g_autoptr (GPtrArray) with_other = compute (board, profile, &use, 1, &place, 1);

  assert_objection (board, profile, &use, &place, PF_SEVERITY_HARD, NEIGHBOUR);
  g_assert_cmpuint (with_other->len, ==, 1);
  g_assert_cmpstr (((PfObjection *) with_other->pdata[0])->code, ==, "default-route");
  g_assert_cmpint (((PfObjection *) with_other->pdata[0])->severity, ==, PF_SEVERITY_SOFT);
}

/* Two ways that both go are none; one of them that stays is one. */
static void
test_two_routes (void)
{
  static const PfUsePlace first = { (char *) NEIGHBOUR, NULL };
  static const PfUsePlace second = { (char *) SHARED, NULL };
  static const PfUsePlace stays = { (char *) "0000:02:00.0", NULL };
  g_autoptr (PfTestBoard) made_up = pf_test_board_new_amd ();
  g_autoptr (PfProfile) profile = pf_test_plan_make_profile (made_up, "test", SHARED, "");
  g_autoptr (PfBoard) board = pf_test_board_read (made_up);
  g_autoptr (PfPlan) plan = pf_test_plan_compute (made_up, profile, NULL);
  g_autoptr (GPtrArray) both = NULL;
  g_autoptr (GPtrArray) one = NULL;

  pf_board_add_use (board, PF_USE_DEFAULT_ROUTE, &first, "eth0", "default route");
  pf_board_add_use (board, PF_USE_DEFAULT_ROUTE, &second, "usb0", "default route");
  both = pf_objections_compute (board, plan, profile);
  g_assert_cmpuint (both->len, ==, 2);
  g_assert_cmpint (((PfObjection *) both->pdata[0])->severity, ==, PF_SEVERITY_HARD);
  g_assert_cmpint (((PfObjection *) both->pdata[1])->severity, ==, PF_SEVERITY_HARD);
  pf_board_add_use (board, PF_USE_DEFAULT_ROUTE, &stays, "wlan0", "default route");
  one = pf_objections_compute (board, plan, profile);
  g_assert_cmpuint (one->len, ==, 2);
  g_assert_cmpint (((PfObjection *) one->pdata[0])->severity, ==, PF_SEVERITY_SOFT);
  g_assert_cmpint (((PfObjection *) one->pdata[1])->severity, ==, PF_SEVERITY_SOFT);
}

/* What the guest has is no use of the host's, and coming home takes nothing away. */
static void
test_way_home (void)
{
  static const PfUsePlace place = { (char *) NEIGHBOUR, NULL };
  g_autoptr (PfTestBoard) board = pf_test_board_new_amd ();
  g_autoptr (PfProfile) profile = pf_test_plan_make_profile (board, "test", SHARED, "");
  g_autoptr (PfProfile) home = pf_profile_new_home ();

  pf_test_plan_switch (board, profile);
  assert_none (board, profile, &hard_disks[0], &place);
  assert_none (board, home, &hard_disks[0], &place);
}

/* A hundred mount points of one partition are one objection, of a length that can be read. */
static void
test_many_mounts (void)
{
  g_autoptr (PfTestBoard) made_up = new_board_with_stick ();
  g_autoptr (PfProfile) profile = pf_test_plan_make_profile (made_up, "test", EHCI2, "ehci2/1");
  g_autoptr (PfBoard) board = pf_test_board_read (made_up);
  g_autoptr (PfPlan) plan = pf_test_plan_compute (made_up, profile, NULL);
  g_autoptr (GPtrArray) objections = NULL;

  for (guint i = 0; i < 100; i++)
    {
      g_autofree char *where = g_strdup_printf ("/media/%u", i / 2);

      pf_board_add_use (board, PF_USE_MOUNT, &stick, "sdb1", where);
    }
  g_assert_cmpuint (board->uses->len, ==, 1);
  objections = pf_objections_compute (board, plan, profile);
  g_assert_cmpuint (objections->len, ==, 1);
  g_assert_nonnull (strstr (((PfObjection *) objections->pdata[0])->message, "/media/0, /media/1,"));
  g_assert_cmpuint (strlen (((PfObjection *) objections->pdata[0])->message), <, 500);
  for (guint i = 0; i < 2 * PF_USE_MAX; i++)
    {
      g_autofree char *what = g_strdup_printf ("sd%u", i);

      pf_board_add_use (board, PF_USE_MOUNT, &stick, what, "/media/x");
    }
  g_assert_cmpuint (board->uses->len, ==, PF_USE_MAX);
  pf_board_add_use (board, PF_USE_ROOT, &stick, "sdz1", "/");
  g_ptr_array_unref (objections);
  objections = pf_objections_compute (board, plan, profile);
  g_assert_cmpuint (objections->len, ==, PF_USE_MAX + 1);
  g_assert_cmpstr (((PfObjection *) objections->pdata[PF_USE_MAX])->code, ==, "root-disk");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model/objections/disks", test_disks);
  g_test_add_func ("/model/objections/no-override", test_no_override);
  g_test_add_func ("/model/objections/mounted", test_mounted);
  g_test_add_func ("/model/objections/replugged", test_replugged);
  g_test_add_func ("/model/objections/sessions", test_sessions);
  g_test_add_func ("/model/objections/controller", test_controller);
  g_test_add_func ("/model/objections/unknown-device", test_unknown_device);
  g_test_add_func ("/model/objections/member", test_member);
  g_test_add_func ("/model/objections/default-route", test_default_route);
  g_test_add_func ("/model/objections/two-routes", test_two_routes);
  g_test_add_func ("/model/objections/way-home", test_way_home);
  g_test_add_func ("/model/objections/many-mounts", test_many_mounts);
  return g_test_run ();
}
