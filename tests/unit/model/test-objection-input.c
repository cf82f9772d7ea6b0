/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Which keyboard stays when one leaves. */

#include <string.h>

#include "pf-test-plan.h"
#include "pf-trust.h"

#define EHCI1 "0000:00:1d.0"
#define XHCI "0000:00:14.0"
#define SHARED "0000:21:00.3"

/* A machine with a keyboard in ehci1/1, which the profile lends. */
typedef struct
{
  PfTestBoard *board;
  PfProfile *profile;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->board = pf_test_board_new_z97 ();
  fixture->board->other_keyboards = 0;
  fixture->profile = pf_test_plan_make_profile (fixture->board, "test", EHCI1, "ehci1/1");
  pf_test_board_plug (fixture->board, 0, "Cherry Keyboard", PF_TEST_KEYBOARD);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  pf_test_board_free (fixture->board);
  pf_profile_free (fixture->profile);
}

static gboolean
is_about_inputs (const PfObjection *objection)
{
  static const char *const codes[] = { "last-keyboard", "last-pointer", "keyboard-stays", NULL };

  return g_strv_contains (codes, objection->code);
}

/* What is said of inputs, the one thing, with its code and severity before it. */
static char *
look (const PfTestBoard *made_up, const PfProfile *profile)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PfBoard) board = pf_test_board_read (made_up);
  g_autoptr (PfPlan) plan = pf_test_plan_compute (made_up, profile, &error);
  g_autoptr (GPtrArray) objections = NULL;
  const PfObjection *objection;

  g_assert_no_error (error);
  objections = pf_objections_compute (board, plan, profile);
  for (guint i = objections->len; i > 0; i--)
    if (!is_about_inputs (objections->pdata[i - 1]))
      g_ptr_array_remove_index (objections, i - 1);
  if (objections->len == 0)
    return g_strdup ("");
  g_assert_cmpuint (objections->len, ==, 1);
  objection = objections->pdata[0];
  g_assert_true (pf_objection_code_exists (objection->code));
  return g_strdup_printf ("%s %s %s: %s", objection->code, pf_severity_to_string (objection->severity),
                          objection->address != NULL ? objection->address : "-", objection->message);
}

static void
assert_said (const PfTestBoard *made_up, const PfProfile *profile, const char *begin, const char *word)
{
  g_autofree char *text = look (made_up, profile);

  g_test_message ("%s", text);
  g_assert_true (g_str_has_prefix (text, begin));
  g_assert_nonnull (strstr (text, word));
}

static void
assert_silent (const PfTestBoard *made_up, const PfProfile *profile)
{
  g_autofree char *text = look (made_up, profile);

  g_assert_cmpstr (text, ==, "");
}

static gboolean
takes_input (const PfTestBoard *made_up, const PfProfile *profile, const char *name)
{
  g_autoptr (PfBoard) board = pf_test_board_read (made_up);
  g_autoptr (PfPlan) plan = pf_test_plan_compute (made_up, profile, NULL);
  g_autoptr (GPtrArray) changes = pf_changes_compute (board, plan);
  gboolean found = FALSE;

  for (guint i = 0; i < changes->len; i++)
    {
      const PfChange *change = changes->pdata[i];

      found |= strstr (change->name, name) != NULL && (change->is_keyboard || change->is_pointer)
               && g_str_equal (change->kind, "device") && change->to != PF_OWNER_HOST;
    }
  g_assert_true (found == pf_changes_take_input (changes));
  return found;
}

/* What is built in stays, and is named. */
static void
test_built_in (Fixture *fixture, gconstpointer data)
{
  pf_test_board_add_input (fixture->board, "AT Translated Set 2 keyboard", PF_TEST_KEYBOARD, NULL, NULL);
  assert_said (fixture->board, fixture->profile, "keyboard-stays note -",
               "AT Translated Set 2 keyboard is taken to be");
}

/* Nobody writes a password on a security key. */
static void
test_security_key (Fixture *fixture, gconstpointer data)
{
  pf_test_board_plug (fixture->board, 5, "YubiKey", PF_TEST_SECURITY_KEY);
  assert_said (fixture->board, fixture->profile, "last-keyboard soft 1-1",
               "What stays, YubiKey, is a security key.");
}

/* A keyboard that is probably a mouse is named, but does not count as one that stays. */
static void
test_doubtful (Fixture *fixture, gconstpointer data)
{
  pf_test_board_plug (fixture->board, 5, "YubiKey", PF_TEST_SECURITY_KEY);
  pf_test_board_plug (fixture->board, 6, "Optical Mouse",
                      PF_TEST_KEYBOARD | PF_TEST_POINTER | PF_TEST_DOUBTFUL);
  assert_said (fixture->board, fixture->profile, "last-keyboard soft",
               "What stays, Optical Mouse, is a mouse");
  pf_test_board_plug (fixture->board, 7, "Das Keyboard", PF_TEST_KEYBOARD);
  assert_said (fixture->board, fixture->profile, "keyboard-stays note", "Das Keyboard is taken");
}

/* It is missed where there is nothing better; where there is, nothing needs to be said. */
static void
test_doubtful_leaves (void)
{
  g_autoptr (PfTestBoard) board = pf_test_board_new_z97 ();
  g_autoptr (PfProfile) profile = pf_test_plan_make_profile (board, "test", EHCI1, "ehci1/1");

  pf_test_board_plug (board, 0, "Optical Mouse", PF_TEST_KEYBOARD | PF_TEST_DOUBTFUL);
  assert_silent (board, profile);
  board->other_keyboards = 0;
  assert_said (board, profile, "last-keyboard soft", "Optical Mouse may be the last keyboard");
  pf_test_board_plug (board, 5, "Other Mouse", PF_TEST_KEYBOARD | PF_TEST_DOUBTFUL);
  assert_silent (board, profile);
}

/* A security key that leaves is no keyboard that leaves. */
static void
test_security_key_leaves (void)
{
  g_autoptr (PfTestBoard) board = pf_test_board_new_z97 ();
  g_autoptr (PfProfile) profile = pf_test_plan_make_profile (board, "test", EHCI1, "ehci1/1");

  board->other_keyboards = 0;
  pf_test_board_plug (board, 0, "YubiKey", PF_TEST_SECURITY_KEY);
  assert_silent (board, profile);
  g_assert_false (takes_input (board, profile, "YubiKey"));
}

/* It goes with its adapter, which is named, and asks to be confirmed. */
static void
test_bluetooth (void)
{
  g_autoptr (PfTestBoard) board = pf_test_board_new_z97 ();
  g_autoptr (PfProfile) profile = pf_test_plan_make_profile (board, "test", EHCI1, "ehci1/1");

  board->other_keyboards = 0;
  pf_test_board_plug (board, 0, "Intel AX200", PF_TEST_PLAIN);
  g_assert_false (takes_input (board, profile, "K380"));
  pf_test_board_add_input (board, "K380", PF_TEST_KEYBOARD, NULL, "Intel AX200");
  assert_said (board, profile, "last-keyboard soft",
               "K380 (by the Bluetooth adapter Intel AX200) is the last keyboard");
  g_assert_true (takes_input (board, profile, "K380 (by the Bluetooth adapter Intel AX200)"));
}

/* It stays only if each adapter does that it may be connected by. */
static void
test_bluetooth_stays (Fixture *fixture, gconstpointer data)
{
  pf_test_board_plug (fixture->board, 5, "CSR Dongle", PF_TEST_PLAIN);
  pf_test_board_plug (fixture->board, 6, "Intel AX200", PF_TEST_PLAIN);
  pf_test_board_add_input (fixture->board, "K380", PF_TEST_KEYBOARD, NULL, "CSR Dongle,Intel AX200");
  assert_said (fixture->board, fixture->profile, "keyboard-stays note",
               "K380 (by the Bluetooth adapter CSR Dongle)");
}

static void
test_bluetooth_in_doubt (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PfProfile) both = pf_test_plan_make_profile (fixture->board, "both", EHCI1, "ehci1/1 ehci1/2");

  pf_test_board_plug (fixture->board, 1, "CSR Dongle", PF_TEST_PLAIN);
  pf_test_board_plug (fixture->board, 6, "Intel AX200", PF_TEST_PLAIN);
  pf_test_board_add_input (fixture->board, "K380", PF_TEST_KEYBOARD, NULL, "Intel AX200,CSR Dongle");
  assert_said (fixture->board, both, "last-keyboard soft", "last keyboard");
}

/* A touch pad on the I2C host of the controller's group. */
static void
test_group_member (void)
{
  g_autoptr (PfTestBoard) board = pf_test_board_new_amd ();
  g_autoptr (PfProfile) profile = pf_test_plan_make_profile (board, "test", SHARED, "");

  board->other_pointers = 0;
  pf_test_board_add_input (board, "Touchpad", PF_TEST_POINTER, "0000:21:00.2", NULL);
  assert_said (board, profile, "last-pointer soft 0000:21:00.2", "Touchpad is the last pointer");
  g_assert_true (takes_input (board, profile, "Touchpad"));
  board->other_pointers = 1;
  assert_silent (board, profile);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/model/inputs/built-in", Fixture, NULL, set_up, test_built_in, tear_down);
  g_test_add ("/model/inputs/security-key", Fixture, NULL, set_up, test_security_key, tear_down);
  g_test_add ("/model/inputs/doubtful", Fixture, NULL, set_up, test_doubtful, tear_down);
  g_test_add_func ("/model/inputs/doubtful-leaves", test_doubtful_leaves);
  g_test_add_func ("/model/inputs/security-key-leaves", test_security_key_leaves);
  g_test_add_func ("/model/inputs/bluetooth", test_bluetooth);
  g_test_add ("/model/inputs/bluetooth-stays", Fixture, NULL, set_up, test_bluetooth_stays, tear_down);
  g_test_add ("/model/inputs/bluetooth-in-doubt", Fixture, NULL, set_up, test_bluetooth_in_doubt, tear_down);
  g_test_add_func ("/model/inputs/group-member", test_group_member);
  return g_test_run ();
}
