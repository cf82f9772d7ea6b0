/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a switch asks for, who is trusted, and what is made of a change by others. */

#include "pf-trust.h"

#include <string.h>

#include "pf-drift-cause.h"
#include "pf-test-plan.h"

static PfProfile *
make_profile (PfConfirm confirm)
{
  PfProfile *profile = pf_profile_new ("test");

  profile->confirm = confirm;
  profile->confirm_seconds = 20;
  return profile;
}

static void
test_seconds (void)
{
  static const struct
  {
    PfConfirm confirm;
    guint requested;
    gboolean overrides;
    gboolean takes_input;
    gboolean trusted;
    guint seconds;
  } cases[] = {
    { PF_CONFIRM_FIRST, 0, FALSE, FALSE, FALSE, 0 },  { PF_CONFIRM_FIRST, 0, FALSE, TRUE, FALSE, 20 },
    { PF_CONFIRM_FIRST, 0, FALSE, TRUE, TRUE, 0 },    { PF_CONFIRM_FIRST, 0, TRUE, TRUE, TRUE, 20 },
    { PF_CONFIRM_FIRST, 0, TRUE, FALSE, FALSE, 20 },  { PF_CONFIRM_FIRST, 60, FALSE, FALSE, TRUE, 60 },
    { PF_CONFIRM_ALWAYS, 0, FALSE, TRUE, TRUE, 20 },  { PF_CONFIRM_ALWAYS, 0, FALSE, FALSE, FALSE, 0 },
    { PF_CONFIRM_ALWAYS, 60, TRUE, TRUE, FALSE, 60 }, { PF_CONFIRM_NEVER, 0, FALSE, TRUE, FALSE, 0 },
    { PF_CONFIRM_NEVER, 0, TRUE, TRUE, TRUE, 20 },    { PF_CONFIRM_NEVER, 5, FALSE, TRUE, TRUE, 5 },
  };
  g_autoptr (PfProfile) home = pf_profile_new_home ();

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (PfProfile) profile = make_profile (cases[i].confirm);

      g_test_message ("case %u", i);
      g_assert_cmpuint (pf_confirm_find_seconds (profile, cases[i].requested, cases[i].overrides,
                                                 cases[i].takes_input, cases[i].trusted),
                        ==, cases[i].seconds);
    }
  /* The way home asks nothing. */
  g_assert_cmpuint (pf_confirm_find_seconds (home, 0, FALSE, TRUE, FALSE), ==, 0);
}

/* The same as long as it means the same. */
static void
test_profile_fingerprint (void)
{
  g_autoptr (PfProfile) profile = make_profile (PF_CONFIRM_FIRST);
  g_autoptr (PfProfile) copy = pf_profile_copy (profile);
  g_autofree char *first = pf_trust_fingerprint_profile (profile);
  g_autofree char *same = pf_trust_fingerprint_profile (copy);
  g_autofree char *other = NULL;

  g_assert_cmpstr (first, ==, same);
  copy->ports.bits = 1;
  copy->router = pf_device_key_new ("0000:00:14.0");
  other = pf_trust_fingerprint_profile (copy);
  g_assert_cmpstr (first, !=, other);
}

static char *
fingerprint (const PfTestBoard *made_up, const PfProfile *profile)
{
  g_autoptr (PfBoard) board = pf_test_board_read (made_up);

  return pf_trust_fingerprint_board (board, profile);
}

static void
test_board_fingerprint (void)
{
  g_autoptr (PfTestBoard) board = pf_test_board_new_z97 ();
  g_autoptr (PfTestBoard) other = pf_test_board_new_x99 ();
  g_autoptr (PfProfile) profile = pf_test_plan_make_profile (board, "test", "00:1a.0", "ehci2/1");
  g_autofree char *first = fingerprint (board, profile);
  g_autofree char *elsewhere = fingerprint (other, profile);
  g_autofree char *switched = NULL;
  g_autofree char *plugged = NULL;
  g_autofree char *more = NULL;

  g_assert_cmpstr (first, !=, elsewhere);
  pf_test_plan_switch (board, profile);
  switched = fingerprint (board, profile);
  g_assert_cmpstr (first, ==, switched);
  pf_test_board_plug (board, 0, "Keyboard", PF_TEST_KEYBOARD);
  plugged = fingerprint (board, profile);
  g_assert_cmpstr (first, ==, plugged);
  pf_test_board_add (board, "0000:04:00.0", 0x1b212142, 0x0c0330, "Dock", "xhci_hcd", 30);
  more = fingerprint (board, profile);
  g_assert_cmpstr (first, ==, more);
}

/* What a profile touches: its controllers, what goes along with them, its router and that one's companions. */
static void
test_board_touched (void)
{
  g_autoptr (PfTestBoard) board = pf_test_board_new_z97 ();
  g_autoptr (PfProfile) lends = pf_test_plan_make_profile (board, "lends", "00:1a.0", "");
  g_autoptr (PfProfile) routes = pf_test_plan_make_profile (board, "routes", "00:1a.0", "ehci2/1");
  int group = pf_test_board_get (board, "0000:00:1a.0")->group;
  g_autofree char *first = fingerprint (board, lends);
  g_autofree char *with_router = fingerprint (board, routes);
  g_autofree char *other_companion = NULL;
  g_autofree char *still = NULL;
  g_autofree char *bridge = NULL;
  g_autofree char *member = NULL;
  g_autofree char *ids = NULL;

  pf_test_board_get (board, "0000:00:1d.0")->ids = 0x80860001;
  still = fingerprint (board, lends);
  other_companion = fingerprint (board, routes);
  g_assert_cmpstr (first, ==, still);
  g_assert_cmpstr (with_router, !=, other_companion);
  pf_test_board_add (board, "0000:00:1b.0", 0x80868c90, 0x060400, "Bridge", "pcieport", group)->header_type = 1;
  bridge = fingerprint (board, lends);
  g_assert_cmpstr (first, ==, bridge);
  pf_test_board_add (board, "0000:00:1b.1", 0x80868ca0, 0x040300, "Sound", "snd_hda_intel", group);
  member = fingerprint (board, lends);
  g_assert_cmpstr (first, !=, member);
  pf_test_board_get (board, "0000:00:1a.0")->ids = 0x80860002;
  ids = fingerprint (board, lends);
  g_assert_cmpstr (member, !=, ids);
}

static gboolean
takes_input (PfTestBoard *made_up, const PfProfile *profile)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PfBoard) board = pf_test_board_read (made_up);
  g_autoptr (PfPlan) plan = pf_test_plan_compute (made_up, profile, &error);
  g_autoptr (GPtrArray) changes = NULL;

  g_assert_no_error (error);
  changes = pf_changes_compute (board, plan);
  return pf_changes_take_input (changes);
}

static void
test_takes_input (void)
{
  g_autoptr (PfTestBoard) board = pf_test_board_new_z97 ();
  g_autoptr (PfProfile) one = pf_test_plan_make_profile (board, "one", "00:1a.0", "ehci2/3");
  g_autoptr (PfProfile) two = pf_test_plan_make_profile (board, "two", "00:1a.0", "ehci2/4");
  g_autoptr (PfProfile) home = pf_profile_new_home ();

  g_assert_false (takes_input (board, one));
  pf_test_board_plug (board, 10, "Stick", PF_TEST_STORAGE);
  g_assert_false (takes_input (board, one));
  pf_test_board_plug (board, 11, "Mouse", PF_TEST_POINTER);
  g_assert_false (takes_input (board, one));
  g_assert_true (takes_input (board, two));
  pf_test_plan_switch (board, two);
  g_assert_false (takes_input (board, home));
}

#define A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define B "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"

static void
test_record (void)
{
  g_autoptr (PfTrust) trust = pf_trust_new ();
  g_autoptr (PfTrust) back = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  gsize length;

  g_assert_false (pf_trust_has (trust, "one", A, B));
  pf_trust_add (trust, "one", A, B);
  pf_trust_add (trust, "two", A, A);
  pf_trust_add (trust, "two", B, B);
  text = pf_trust_serialize (trust, &length);
  back = pf_trust_parse (text, length, &error);
  g_assert_no_error (error);
  g_assert_true (pf_trust_has (back, "one", A, B));
  g_assert_false (pf_trust_has (back, "one", B, B));
  g_assert_false (pf_trust_has (back, "one", A, A));
  g_assert_true (pf_trust_has (back, "two", B, B));
  g_assert_false (pf_trust_has (back, "two", A, A));
  g_assert_false (pf_trust_has (back, "three", A, B));
}

static void
test_damaged (void)
{
  static const char *const texts[] = {
    "",
    "[Confirmed]\n",
    "[Confirmed]\nFormat=2\n",
    "nonsense",
    "[Confirmed]\nFormat=1\n[Profile ../x]\nText=" A "\nBoard=" B "\n",
    "[Confirmed]\nFormat=1\n[Profile one]\nText=" A "\n",
    "[Confirmed]\nFormat=1\n[Profile one]\nText=" A "a\nBoard=" B "\n",
    "[Confirmed]\nFormat=1\n[Profile one]\nText=A\nBoard=" B "\n",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (pf_trust_parse (texts[i], strlen (texts[i]), &error));
      g_assert_error (error, PF_ERROR, PF_ERROR_FAILED);
    }
}

static void
test_on_vm_exit (void)
{
  g_autoptr (PfProfile) profile = pf_profile_new ("test");

  g_assert_cmpint (pf_on_vm_exit_decide (profile, TRUE), ==, PF_ON_VM_EXIT_HOME);
  g_assert_cmpint (pf_on_vm_exit_decide (profile, FALSE), ==, PF_ON_VM_EXIT_KEEP);
  g_assert_cmpint (pf_on_vm_exit_decide (NULL, TRUE), ==, PF_ON_VM_EXIT_HOME);
  g_assert_cmpint (pf_on_vm_exit_decide (NULL, FALSE), ==, PF_ON_VM_EXIT_KEEP);
  profile->on_vm_exit = PF_ON_VM_EXIT_PREVIOUS;
  g_assert_cmpint (pf_on_vm_exit_decide (profile, TRUE), ==, PF_ON_VM_EXIT_PREVIOUS);
  profile->on_vm_exit = PF_ON_VM_EXIT_KEEP;
  g_assert_cmpint (pf_on_vm_exit_decide (profile, TRUE), ==, PF_ON_VM_EXIT_KEEP);
}

static void
test_drift_cause (void)
{
  static const struct
  {
    PfDriftFacts facts;
    const char *cause;
  } cases[] = {
    { { 0x3fff, 0x3fff, TRUE, FALSE, PF_OWNER_HOST, FALSE }, "resume" },
    { { 0x7fff, 0x3fff, TRUE, FALSE, PF_OWNER_HOST, FALSE }, "resume" },
    { { 0x3ffe, 0x3fff, TRUE, FALSE, PF_OWNER_HOST, FALSE }, "firmware" },
    { { 0x3fff, 0x3fff, TRUE, FALSE, PF_OWNER_NOBODY, FALSE }, "firmware" },
    { { 0x3fff, 0x3fff, TRUE, FALSE, PF_OWNER_GUEST, TRUE }, "firmware" },
    { { 0x3fff, 0x3fff, FALSE, FALSE, PF_OWNER_GUEST, TRUE }, "guest" },
    { { 0x3fff, 0x3fff, FALSE, FALSE, PF_OWNER_GUEST, FALSE }, "unknown" },
    { { 0x3fff, 0x3fff, FALSE, TRUE, PF_OWNER_HOST, FALSE }, "runtime-pm" },
    { { 0x3ffe, 0x3fff, FALSE, TRUE, PF_OWNER_HOST, FALSE }, "unknown" },
    { { 0x3fff, 0x3fff, FALSE, FALSE, PF_OWNER_HOST, FALSE }, "unknown" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_test_message ("case %u", i);
      g_assert_cmpstr (pf_drift_find_cause (&cases[i].facts), ==, cases[i].cause);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model/trust/seconds", test_seconds);
  g_test_add_func ("/model/trust/profile", test_profile_fingerprint);
  g_test_add_func ("/model/trust/board", test_board_fingerprint);
  g_test_add_func ("/model/trust/board-touched", test_board_touched);
  g_test_add_func ("/model/trust/takes-input", test_takes_input);
  g_test_add_func ("/model/trust/record", test_record);
  g_test_add_func ("/model/trust/damaged", test_damaged);
  g_test_add_func ("/model/trust/on-vm-exit", test_on_vm_exit);
  g_test_add_func ("/model/trust/drift-cause", test_drift_cause);
  return g_test_run ();
}
